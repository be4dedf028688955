"""What others measure of the pages: the HTML validator, Lighthouse, and how much a first visit weighs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.compressed import serve
from browser.site import AXE, chromium, kinds, require
from browser.test_pages import NAMES
from demo import ROOT, Demo

pytestmark = pytest.mark.browser
NODE = ROOT / ".judges" / "node"
MOST = 100_000  # bytes of HTML, CSS and JavaScript, as they go over the line
VISITED = [name for name in NAMES if name not in ("not-found", "verify")]


def judged(script: str, *arguments: str) -> str:
    require((NODE / script).exists(), "the judges are not installed: make judges")
    done = subprocess.run(
        ["node", NODE / script, *arguments], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_page_is_valid_html(signed_demo: Demo) -> None:
    report = json.loads(judged("html.mjs", str(signed_demo.public)))
    assert report["faults"] == []
    assert report["pages"] > 300


def test_the_validator_finds_faults(tmp_path: Any) -> None:
    page = (
        '<!doctype html>\n<html lang="en"><head><title>A</title></head><body><p><div></div></p></body></html>'
    )
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert json.loads(judged("html.mjs", str(tmp_path)))["faults"]


@pytest.fixture(scope="module")
def address(signed_demo: Demo) -> Iterator[str]:
    with serve(signed_demo) as found:
        yield found


TRIES = 3
"""Lighthouse measures time, of which other programs may take some: one good run is proof enough."""
PHONE, DESKTOP = 400, 4
"""The speed of a phone of the middle, as Lighthouse counts, and how many times as fast it takes a machine to
be. One that is slower than that, or busy, is measured again as what it was found to be."""
QUICK, LEAST = 1700, 70
"""Of a machine that is slower than this, or as busy with other tests, the time that pages take says little: a
score this low is enough."""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "not-found"])
def test_lighthouse(signed_demo: Demo, address: str, name: str) -> None:
    """95 in every category; what search engines want only where they may look."""
    program = chromium()
    require(program, "there is no Chromium: apt-get install chromium")
    page = address + ("ar/" if name == "passport" else "") + kinds(signed_demo)[name]
    path = re.split("[?#]", kinds(signed_demo)[name])[0]
    html = (signed_demo.public / path / "index.html").read_text(encoding="utf-8")
    hidden = 'name="robots" content="noindex"' in html
    slowdown, bad = float(DESKTOP), []
    for _ in range(TRIES):
        report = json.loads(judged("lighthouse.mjs", str(program), str(slowdown), page))
        wanted = {of: 95 for of in report["scores"] if of != "seo" or not hidden}
        if report["speed"] < QUICK:
            wanted["performance"] = LEAST
        if all(report["scores"][of] >= least for of, least in wanted.items()) and report["shift"] < 0.02:
            return
        bad.append((slowdown, report))
        slowdown = max(1, min(slowdown, report["speed"] / PHONE))
    pytest.fail(str(bad))


@pytest.mark.parametrize("name", VISITED)
def test_a_first_visit_is_light(signed_demo: Demo, browser: Browser, address: str, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    weight: dict[str, int] = {}

    def count(response: Any) -> None:
        kind = response.request.resource_type
        if kind in ("document", "stylesheet", "script", "xhr", "fetch"):
            weight[response.url] = int(response.headers.get("content-length", "0"))

    context.on("response", count)
    page.goto(address + kinds(signed_demo)[name])
    page.wait_for_load_state("networkidle")
    context.close()
    assert all(weight.values())
    assert sum(weight.values()) <= MOST, weight
    assert not any("search" in url.rsplit("/", 1)[1].replace("lazy-search", "") for url in weight)


@pytest.mark.parametrize(
    "name", ["home", "badges", "passport", "award", "award-revoked", "statistics", "verify"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_contrast_is_given_to_whom_asks_for_it(
    demo: Demo, browser: Browser, origin: str, name: str, scheme: Any
) -> None:
    """WCAG 2.2 AAA (7 to 1) for text, and forced colours keep what is told by a border."""
    require(AXE.exists(), "axe-core is not installed: make judges")
    context = browser.new_context(color_scheme=scheme, contrast="more", bypass_csp=True)
    page = context.new_page()
    page.goto(origin + kinds(demo)[name])
    page.wait_for_load_state("networkidle")
    page.add_script_tag(path=str(AXE))
    only = {"type": "rule", "values": ["color-contrast-enhanced"]}
    report = page.evaluate("only => axe.run('article', {runOnly: only})", only)
    assert [(n["target"], n["failureSummary"]) for v in report["violations"] for n in v["nodes"]] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgb(0, 0, 0)",
    )
    context.close()
