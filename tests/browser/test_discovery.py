"""Finding things in a browser: filters that can be shared, people among thousands, and the new pages."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from badge_passport.pipeline import check
from badge_passport.registry.privacy import is_listed, shown_name
from browser.site import AXE, Hosted, View, look, require
from browser.test_pages import violations
from demo import ROOT, build_site
from once import once

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

pytestmark = pytest.mark.browser
CARDS = "#list [data-f-type]"


def shown(page: Page) -> int:
    return page.locator(CARDS).locator("visible=true").count()


def test_a_filter_is_in_the_address_and_the_address_is_a_filter(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, "badges/", View())
    page, every = seen.page, shown(seen.page)
    assert every == page.locator(CARDS).count() > 10
    page.get_by_label("Type").select_option("trainer")
    page.get_by_label("Words").fill("débate")
    few = shown(page)
    assert 0 < few < every
    assert parse_qs(urlsplit(page.url).query) == {"type": ["trainer"], "words": ["débate"]}
    expect(page.locator("[data-filter-count]")).to_have_text(f"Badges: {few}")
    assert page.locator("[data-filter-group]").locator("visible=true").count() == 1
    other = look(browser, origin, page.url.removeprefix(origin), View()).page
    assert shown(other) == few
    expect(other.get_by_label("Type")).to_have_value("trainer")
    other.get_by_role("link", name="Show all").click()
    assert shown(other) == every and not urlsplit(other.url).query
    expect(other.get_by_role("link", name="Show all")).to_be_hidden()
    other.get_by_label("Words").fill("no such badge")
    expect(other.locator("[data-filter-none]")).to_be_visible()
    other.context.close()
    page.context.close()


def test_going_back_brings_the_filtered_list_back(browser: Browser, origin: str) -> None:
    page = look(browser, origin, "badges/?level=B", View()).page
    few = shown(page)
    page.locator(CARDS).locator("visible=true").get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")
    assert "?level" not in page.url
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("badges/?level=B") and shown(page) == few
    page.context.close()


def test_values_are_the_same_in_every_language(browser: Browser, origin: str) -> None:
    numbers = set()
    for language in ("", "fr/", "ar/"):
        seen = look(browser, origin, f"{language}badges/?activity=online-facilitated-dialogue", View())
        numbers.add(shown(seen.page))
        assert not seen.errors
        seen.page.context.close()
    assert len(numbers) == 1 and numbers != {0}


def test_without_scripts_everything_is_listed(browser: Browser, origin: str) -> None:
    page = look(browser, origin, "badges/?type=trainer", View(scripts=False)).page
    assert shown(page) == page.locator(CARDS).count()
    expect(page.locator("form[data-filter]")).to_be_hidden()
    page.context.close()


def test_arabic_words_are_found_however_they_are_written(browser: Browser, origin: str) -> None:
    page = look(browser, origin, "passports/", View()).page
    people = page.locator("#list [data-f-language]")
    every = people.count()
    page.get_by_label("Name").fill("نُور")
    assert 0 < people.locator("visible=true").count() < every
    page.context.close()


def test_a_feed_is_announced(browser: Browser, origin: str) -> None:
    for path, feed in (
        ("", "feed.xml"),
        ("badges/", "feed.xml"),
        ("passports/amira-k/", "passports/amira-k/feed.xml"),
        ("issuers/dialogue-harbour/", "issuers/dialogue-harbour/feed.xml"),
    ):
        page = look(browser, origin, path, View()).page
        links = page.locator("link[type='application/atom+xml']")
        # Addresses in heads are those the site is meant for.
        assert any(str(link.get_attribute("href")).endswith(feed) for link in links.all()), path
        page.context.close()


@dataclass(frozen=True)
class Crowd:
    """A site with thousands of people, where it is served, and who of them is listed."""

    origin: str
    public: Path
    listed: dict[str, str]
    hidden: set[str]


@pytest.fixture(scope="module", params=["mkdocs", "plain"])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with once(tmp_path_factory, f"crowd-{request.param}") as folder:
        if not (folder / "public").exists():
            generate(folder / "site", 3000, 600, host=request.param)
            build_site(folder / "site", folder / "public")
    registry = check(folder / "site").registry
    assert registry is not None
    prefix = urlsplit(registry.site.url).path
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Hosted, directory=str(folder / "public"), prefix=prefix)
    )
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    people = registry.participants.values()
    listed = {p.slug: shown_name(p) or "" for p in people if is_listed(p)}
    hidden = {p.slug for p in people if not is_listed(p)}
    yield Crowd(f"http://127.0.0.1:{server.server_port}{prefix}", folder / "public", listed, hidden)
    server.shutdown()


def test_a_person_among_thousands(crowd: Crowd, browser: Browser) -> None:
    seen = look(browser, crowd.origin, "passports/", View())
    page = seen.page
    slug, name = next((s, n) for s, n in crowd.listed.items() if "Berger" in n)
    same = [s for s, n in crowd.listed.items() if n == name]
    box = page.get_by_role("searchbox", name="Name").first
    box.click()
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "() => { window.took = []; let start = 0; "
        "const place = document.querySelector('[data-people-found]');"
        " document.querySelector('[data-people-search] input').addEventListener('input', () => {"
        " start = performance.now(); }, true); new MutationObserver(() => {"
        " window.took.push(performance.now() - start); }).observe(place, {childList: true}); }"
    )
    links = page.locator("[data-people-found] a")
    for asked in ("aziz elif", "no", "kar hadd", "lars", " ".join(reversed(name.lower().split()))):
        box.fill(asked)
        expect(links.first).to_contain_text(re.compile(asked.split()[0], re.I))
    found = {urlsplit(str(a.get_attribute("href"))).path.rstrip("/").rpartition("/")[2] for a in links.all()}
    assert found <= set(same) and (slug in found or len(same) > 50)
    took = sorted(page.evaluate("window.took"))
    assert 0 < took[len(took) // 2] < 100, took
    assert [u for u in seen.requests if not u.startswith((crowd.origin, "data:", "blob:"))] == []
    assert [e for e in seen.errors if "favicon" not in e and "Failed to load" not in e] == []
    links.first.click()
    page.wait_for_load_state("networkidle")
    assert name in page.locator("h1").inner_text()
    page.context.close()


def test_two_among_thousands_are_compared(crowd: Crowd, browser: Browser) -> None:
    page = look(browser, crowd.origin, "compare/", View()).page
    one, two = list(crowd.listed)[:2]
    page.get_by_label("First passport").fill(one)
    field = page.locator(".pc-field", has=page.get_by_label("Second passport"))
    page.get_by_label("Second passport").fill(crowd.listed[two])
    link = field.locator(f".pp-found__link[href$='/{two}/']")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_label("Second passport")).to_have_value(two)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#pc-result")).to_be_visible()
    assert page.url == f"{crowd.origin}compare/?a={one}&b={two}"
    page.context.close()


def test_material_answers_with_people_too(crowd: Crowd, browser: Browser) -> None:
    page = look(browser, crowd.origin, "badges/", View()).page
    box = page.locator(".md-search__input")
    if not box.count():
        expect(page.locator("[data-people-search]")).to_have_count(0)
        page.context.close()
        return
    name = next(iter(crowd.listed.values()))
    box.click()
    start = time.monotonic()
    box.fill(name)
    expect(page.locator(".pp-found a").first).to_be_visible()
    assert time.monotonic() - start < 3
    expect(page.locator(".pp-found [role=status]")).to_contain_text("People")
    page.context.close()


def test_long_lists_are_accessible_and_fit(crowd: Crowd, browser: Browser) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    for path, view in (("passports/", View(360, "light")), ("passports/-/2/", View(360, "dark"))):
        page = look(browser, crowd.origin, path, view).page
        page.locator("[data-people-search] input").fill("had")
        expect(page.locator("[data-people-found] a").first).to_be_visible()
        page.add_script_tag(path=str(AXE))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(page) == []
        page.context.close()


def test_nobody_who_is_not_listed_is_in_the_index(crowd: Crowd) -> None:
    files = list((crowd.public / "search").rglob("*.json"))
    assert len(files) > 2
    text = b"".join(f.read_bytes() for f in files)
    for slug in crowd.hidden:
        assert slug.encode() not in text
    for slug in crowd.listed:
        assert slug.encode() in text
    for page in (crowd.public / "passports").glob("-/*/index.html"):
        assert not any(slug.encode() in page.read_bytes() for slug in list(crowd.hidden)[:200])
