"""What other sites show of ours: frames, and the web component."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from browser.sharing import award_of, serve, shared_pages
from browser.site import AXE, Hosted, View, look, require
from browser.test_pages import violations
from demo import Demo

pytestmark = pytest.mark.browser


class Allowing(Hosted):
    """A host that lets pages of other origins read, as the hosting page asks."""

    def end_headers(self) -> None:
        if self.path.endswith((".json", ".png", ".svg")):
            self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
        pass


@pytest.fixture(scope="module")
def allowing(demo: Demo) -> Iterator[str]:
    """The demo on a host with CORS."""
    prefix = urlsplit(demo.base).path
    server, root = serve(partial(Allowing, directory=str(demo.public), prefix=prefix))
    yield root.rstrip("/") + prefix
    server.shutdown()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder that is served as another site, and its address."""
    server, root = serve(partial(Quiet, directory=str(tmp_path)))
    yield tmp_path, root
    server.shutdown()


@pytest.mark.parametrize(("tag", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_frame_shows_the_award_on_another_site(
    demo: Demo, browser: Browser, origin: str, elsewhere: tuple[Path, str], tag: str, direction: str
) -> None:
    folder, root = elsewhere
    award = award_of(demo)
    seen = look(browser, origin, f"{'' if tag == 'en' else tag + '/'}awards/{award.id}/", View(scripts=False))
    code = seen.page.locator("#ps-frame").text_content() or ""
    seen.page.context.close()
    html = code.replace(demo.base, origin)
    (folder / "index.html").write_text(f"<!doctype html><title>x</title>{html}", encoding="utf-8")
    for width in (900, 320):
        context = browser.new_context(viewport={"width": width, "height": 600})
        page = context.new_page()
        page.goto(root)
        page.wait_for_load_state("networkidle")
        frame = page.frame_locator("iframe")
        article = frame.locator("article:visible")
        article.wait_for()
        assert article.count() == 1
        assert article.get_attribute("lang") == tag and article.get_attribute("dir") == direction
        assert article.locator("h1").inner_text() == award.badge.record.name.get(tag, "en")
        assert article.locator(".badge").evaluate("i => i.complete && i.naturalWidth") > 0
        overflow = article.evaluate(
            "() => (root => [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight])"
            "(document.documentElement)"
        )
        assert overflow[0] <= 0, width
        assert overflow[1] <= 0 or width < 400
        context.close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(root)
    page.wait_for_load_state("networkidle")
    page.frame_locator("iframe").locator("article:visible h1 a").click()
    page.wait_for_url(re.compile(re.escape(origin) + rf".*awards/{award.id}/"))  # the whole page follows
    context.close()


@pytest.mark.parametrize(("tag", "schemes"), [("en", ("light", "dark")), ("ar", ("dark", "light"))])
def test_embed_pages_are_accessible(
    demo: Demo, browser: Browser, origin: str, tag: str, schemes: tuple[Any, Any]
) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    revoked = next(a for a in demo.registry.awards.values() if a.revoked)
    paths = [*shared_pages(demo).values(), f"awards/{revoked.id}/"]
    for path, scheme in zip(paths, cycle(schemes), strict=False):  # light in one language, dark in the other
        seen = look(browser, origin, f"{path}embed/#{tag}", View(420, scheme))
        page = seen.page
        assert page.locator("article:visible").get_attribute("lang") == tag
        page.add_script_tag(path=str(AXE))
        assert violations(page) == [], path
        page.set_viewport_size({"width": 240, "height": 300})
        assert page.evaluate("document.documentElement.scrollWidth") <= 240
        assert seen.errors == [] and all(u.startswith(origin) for u in seen.requests)
        page.context.close()
    page_path = f"{origin}awards/{revoked.id}/embed/"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_path)
    assert "Revoked" in page.locator("article:visible").inner_text()
    context.close()


COMPONENT = (
    '<!doctype html><html lang="{tag}"><title>x</title><main><h1>x</h1>'
    '<script src="{origin}assets/badge-passport.js"></script>'
    '<badge-passport src="{src}"></badge-passport></main>'
)


def component(
    demo: Demo, browser: Browser, elsewhere: tuple[Path, str], html: str, scheme: Any = "light"
) -> tuple[Page, list[str]]:
    """A page of another site with the component. Addresses in documents are those of the site as it will be
    published: what is asked of it is answered with its files.
    """
    folder, root = elsewhere
    (folder / "index.html").write_text(html, encoding="utf-8")
    context = browser.new_context(color_scheme=scheme)
    context.route(f"{demo.base}**", lambda route: route.fulfill(path=demo.path_of(route.request.url)))
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.goto(root)
    page.locator("badge-passport section").wait_for()
    page.wait_for_load_state("networkidle")
    return page, requests


@pytest.mark.parametrize(("tag", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_web_component_shows_a_passport_on_another_site(
    demo: Demo, browser: Browser, allowing: str, elsewhere: tuple[Path, str], tag: str, direction: str
) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    src = f"{allowing}passports/amira-k/passport.json"
    expected = demo.json("passports/amira-k/passport.json")
    html = COMPONENT.format(tag=tag, origin=allowing, src=src)
    for scheme in ("light", "dark"):
        page, _ = component(demo, browser, elsewhere, html, scheme)
        section = page.locator("badge-passport section")
        assert section.get_attribute("dir") == direction
        assert section.locator("h2").inner_text() == "Amira Khalil"
        assert section.locator("h2 a").get_attribute("href") == expected["page"]
        names = section.locator("li strong").all_inner_texts()
        ends = [a for a in expected["awards"] if a["state"] == "issued" and "expires" not in a]
        assert names and {a["name"] for a in ends} <= set(names)
        links = [x.get_attribute("href") for x in section.locator("li a").all()]
        assert {a["page"] for a in ends} <= set(links)
        assert ends[0]["issuerName"] in section.inner_text()
        picture = section.locator("img").first
        assert picture.get_attribute("src") in {a["image"] for a in expected["awards"]}
        picture.scroll_into_view_if_needed()
        page.wait_for_function("p => p.complete && p.naturalWidth > 0", arg=picture.element_handle())
        page.add_script_tag(path=str(AXE))
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.context.close()


@pytest.mark.parametrize(
    ("tag", "day"), [("en", "1 October 2026"), ("fr", "1er octobre 2026"), ("fr-CA", "1er octobre 2026")]
)
def test_the_component_writes_days_as_the_site_does(
    browser: Browser, demo: Demo, elsewhere: tuple[Path, str], tag: str, day: str
) -> None:
    folder, root = elsewhere
    given = {"name": "x", "issuedOn": "2026-10-01", "state": "issued"}
    (folder / "passport.json").write_text(json.dumps({"awards": [given]}), encoding="utf-8")
    (folder / "assets").mkdir()
    source = demo.public / "assets" / "badge-passport.js"
    (folder / "assets" / "badge-passport.js").write_bytes(source.read_bytes())
    html = COMPONENT.format(tag=tag, origin=root, src=root + "passport.json")
    page, _ = component(demo, browser, elsewhere, html)
    assert page.locator("badge-passport li span").last.inner_text() == day
    page.context.close()


def test_the_component_says_when_it_cannot_load(
    demo: Demo, browser: Browser, origin: str, elsewhere: tuple[Path, str]
) -> None:
    # This host allows no reading from other pages, and so does a passport that is not there.
    for src in (
        f"{origin}passports/amira-k/passport.json",
        f"{origin}nothing.json",
        "",
        "javascript:alert(1)",
    ):
        html = COMPONENT.format(tag="en", origin=origin, src=src)
        page, _ = component(demo, browser, elsewhere, html)
        assert page.locator("badge-passport [role=alert]").inner_text() == "The badges could not be loaded."
        page.context.close()


def test_the_component_trusts_no_file(browser: Browser, demo: Demo, elsewhere: tuple[Path, str]) -> None:
    folder, root = elsewhere
    evil = "<img src=x onerror='window.evil=1'>"
    script = "javascript:window.evil=1"
    award = {
        "page": script,
        "name": evil,
        "image": script,
        "issuerName": evil,
        "issuedOn": evil,
        "state": "issued",
    }
    data = {"name": evil, "page": script, "awards": [award]}
    (folder / "passport.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "assets").mkdir()
    source = demo.public / "assets" / "badge-passport.js"
    (folder / "assets" / "badge-passport.js").write_bytes(source.read_bytes())
    html = COMPONENT.format(tag="en", origin=root, src=root + "passport.json")
    page, requests = component(demo, browser, elsewhere, html)
    section = page.locator("badge-passport section")
    assert section.locator("h2").inner_text() == evil
    assert section.locator("a, img").count() == 0
    assert page.evaluate("window.evil") is None
    assert all(url.startswith(root) for url in requests)
    page.context.close()
    assert source.stat().st_size < 6_000
