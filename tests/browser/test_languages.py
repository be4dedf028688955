"""A site in forty languages: the switch holds them all, by their own names, on any screen and by keyboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from badge_passport.pages.languages import direction
from browser.site import Hosted, View, look
from demo import build_site
from minimal import MINIMAL
from once import once

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_TAGS = """en fr ar de es it pt nl pl ro el sv da fi cs hu bg sk hr sl lt lv et mt ga
    he fa ur ja zh-Hant sr-Latn pt-BR ku-Latn hy ka am km lb eu tlh"""
TAGS = _TAGS.split()
NAMES = {"ar": "العربية", "de": "Deutsch", "el": "Ελληνικά", "ga": "Gaeilge", "ja": "日本語", "fa": "فارسی"}
BADGE = "badges/harbour/listener/"


@pytest.fixture(scope="module", params=["mkdocs", "plain"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The address of a site in forty languages, and the host that rendered it."""
    with once(tmp_path_factory, f"forty-{request.param}") as folder:
        if not (folder / "public").exists():
            lay_forty(folder / "site", request.param)
            build_site(folder / "site", folder / "public")
    handler = partial(Hosted, directory=str(folder / "public"), prefix="/")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", request.param
    server.shutdown()


def lay_forty(site: Path, host: str) -> None:
    """The source of a site in forty languages."""
    for file in MINIMAL.rglob("*"):
        if file.is_file():
            copy = site / file.relative_to(MINIMAL)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    settings = site / "site.yml"
    text = settings.read_text(encoding="utf-8")
    changed = text.replace("[en]", f"[{', '.join(TAGS)}]").replace("host: plain", f"host: {host}")
    assert changed != text
    settings.write_text(changed, encoding="utf-8")
    (site / "content" / "pages").mkdir(parents=True, exist_ok=True)
    (site / "content" / "pages" / "index.md").write_text("# Hello\n", encoding="utf-8")


def opened(page: Page, host: str) -> str:
    """Open the switch as a keyboard does; the selector of its list."""
    if host == "plain":
        page.locator(".pl-many summary").focus()
        page.keyboard.press("Enter")
        return ".pl-many ul"
    page.locator(".md-header .md-select button").focus()
    page.wait_for_timeout(600)
    return ".md-select__list"


@pytest.mark.parametrize(("tag", "width"), [("en", 1280), ("en", 360), ("ar", 360), ("tlh", 360)])
def test_the_switch_fits_scrolls_and_stays_on_the_page(
    browser: Browser, site: tuple[str, str], tag: str, width: int
) -> None:
    origin, host = site
    prefix = "" if tag == "en" else f"{tag}/"
    page = look(browser, origin, prefix + BADGE, View(width=width)).page
    assert page.locator("html").get_attribute("lang") == tag
    assert page.locator("[dir]").first.get_attribute("dir") == direction(tag)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chosen = opened(page, host)
    box = page.locator(chosen).bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert 80 < box["height"] < 500
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    links = page.locator(f"{chosen} a")
    assert links.count() == len(TAGS)
    assert [links.nth(n).get_attribute("lang") for n in range(len(TAGS))] == TAGS
    for language, name in NAMES.items():
        assert page.locator(f"{chosen} a[lang={language}]").inner_text() == name
    for _ in TAGS:
        page.keyboard.press("Tab")
    last = links.last
    assert last.evaluate("link => link === document.activeElement")
    place = last.bounding_box()
    assert place is not None
    box = page.locator(chosen).bounding_box()
    assert box is not None
    assert box["y"] - 1 <= place["y"] and place["y"] + place["height"] <= box["y"] + box["height"] + 1
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{origin}{TAGS[-2]}/{BADGE}")
    page.context.close()


def test_written_pages_are_switched_as_well(browser: Browser, site: tuple[str, str]) -> None:
    origin, host = site
    page = look(browser, origin, "ja/", View(width=360)).page
    chosen = opened(page, host)
    page.locator(f"{chosen} a[lang=de]").click()
    page.wait_for_url(f"{origin}de/")
    page.context.close()


def test_this_list_is_long_enough() -> None:
    assert len(set(TAGS)) == 40
    assert Path(MINIMAL / "badges" / "harbour" / "listener.yml").is_file()
