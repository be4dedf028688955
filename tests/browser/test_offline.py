"""A passport that is kept on a device: only if its reader wants it, and nobody else's with it."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.site import Hosted, serving
from demo import SEALS, Demo, build_site, copy_of_demo

pytestmark = pytest.mark.browser
PASSPORT = "passports/jonas-b/"
OTHER = "passports/amira-k/"
COPY = ".pp-notice--kept"
MOON = "passports/k4tz-8wnr-m2ha/"
KEY = SEALS.of("k4tz-8wnr-m2ha").fragment
STATE = """async () => ({
  registered: (await navigator.serviceWorker.getRegistrations()).length,
  caches: await caches.keys(),
  urls: (await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((request) => request.url)))).flat(),
})"""


class Fresh(Hosted):
    """A host that asks browsers to ask again, so that what opens offline was kept by nobody but us."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


class Closing(Fresh):
    """One request, one connection: when it is shut down, nobody is answered any more."""

    protocol_version = "HTTP/1.0"


class Bad(Fresh):
    """A line on which nothing arrives for as long as a test likes."""

    arrives = threading.Event()

    def do_GET(self) -> None:  # noqa: N802 (http.server's own name)
        self.arrives.wait(60)
        super().do_GET()


@pytest.fixture(scope="module")
def origin(demo: Demo) -> Iterator[str]:
    with serving(demo.public, demo.base, Fresh) as address:
        yield address


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def press(page: Page, text: str, then: str) -> None:
    page.get_by_role("button", name=text).click()
    expect(page.locator("[data-keep-status]")).to_have_text(re.compile(then))


def keep(page: Page) -> None:
    press(page, "Keep this passport on this device", "Kept")
    expect(page.get_by_role("button", name="Remove it from this device")).to_be_visible()


def until(page: Page, fact: str, argument: str, *, so: bool = True) -> None:
    """Wait until something about the caches is so, or is so no more."""
    wait = "await new Promise((done) => setTimeout(done, 50))"
    page.evaluate(f"async argument => {{ while (!!({fact}) !== {str(so).lower()}) {wait}; }}", argument)


def copy_says(day: str) -> str:
    """How the note on a page begins that was kept on that day."""
    return f"This is a copy that your device kept on {day}, because"


def today(page: Page, tag: str) -> str:
    return str(page.evaluate("tag => new Date().toLocaleDateString(tag, { dateStyle: 'long' })", tag))


def awards_of(demo: Demo, slug: str) -> list[str]:
    return [
        f"awards/{a.id}/" for a in demo.registry.awards_by_participant[slug] if a.acceptance == "accepted"
    ]


def test_nothing_is_kept_unasked(browser: Browser, demo: Demo, origin: str) -> None:
    context = browser.new_context()
    for path in ("", PASSPORT, MOON + KEY, awards_of(demo, "jonas-b")[0], "offline/"):
        page = opened(context, origin + path)
        assert page.evaluate(STATE) == {"registered": 0, "caches": [], "urls": []}, path
        stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        assert not [key for key in stored if "__" not in key], path  # Material has names like “.__palette”
    context.close()


def test_what_is_kept_opens_without_a_network(browser: Browser, demo: Demo, origin: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + PASSPORT)
    keep(page)
    name, day = page.locator("h1").inner_text(), today(page, "en-GB")
    context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == name
    expect(page.locator(COPY)).to_contain_text(copy_says(day))
    mine = awards_of(demo, "jonas-b")
    assert len(mine) > 3
    for path in mine:
        page.goto(origin + path)
        assert page.locator(".pp-award__holder").inner_text() == name
        expect(page.locator(COPY)).to_contain_text(copy_says(day))
        image = page.locator(".pp-hero__image")
        assert image.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 100
        assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--pp-page').trim()")
    loaded = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length")
    assert loaded > 0, "fonts are not kept"
    context.set_offline(False)
    page.goto(origin + PASSPORT)
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator(COPY).count() == 0, "it comes from the network again"
    context.close()


def test_pages_of_others_are_not_kept_and_say_so(browser: Browser, demo: Demo, origin: str) -> None:
    context = browser.new_context()
    opened(context, origin + OTHER).close()
    page = opened(context, origin + PASSPORT)
    keep(page)
    page.goto(origin + OTHER)
    expect(page.locator("h1")).to_have_text("Amira Khalil")
    page.goto(origin + "ar/" + OTHER)
    own = {*awards_of(demo, "jonas-b"), PASSPORT, "offline/"}
    urls = page.evaluate(STATE)["urls"]
    assert {u.removeprefix(origin) for u in urls if u.endswith("/")} == own
    assert not [u for u in urls if u.endswith(".json")], "documents are for verifiers, who want them fresh"
    context.set_offline(True)
    for path in (OTHER, awards_of(demo, "amira-k")[0], "badges/", f"ar/{OTHER}"):
        page.goto(origin + path)
        expect(page.locator("h1")).to_have_text("You are offline")
        assert page.locator(COPY).count() == 0
    # The passport that is kept is offered there, and opens.
    offered = page.locator("[data-kept-list] a")
    expect(offered).to_have_text(["Jonas Bergström"])
    offered.click()
    expect(page.locator("h1")).to_have_text("Jonas Bergström")
    assert page.url == origin + PASSPORT
    context.close()


def test_languages_are_kept_as_they_are_visited(browser: Browser, origin: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + PASSPORT)
    keep(page)
    page.goto(f"{origin}ar/{PASSPORT}")
    for path in (f"ar/{PASSPORT}", "ar/offline/"):
        until(page, "await caches.match(argument)", origin + path)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.goto(f"{origin}ar/{PASSPORT}")
    assert page.locator("html").get_attribute("dir") == "rtl" or page.locator("[dir=rtl]").count()
    expect(page.locator(COPY)).to_contain_text(f"هذه نسخة حفظها جهازك في {today(page, 'ar')}،")
    page.goto(f"{origin}ar/badges/")
    assert page.url == f"{origin}ar/offline/"
    expect(page.locator("[data-kept-list] a")).to_have_attribute("href", f"{origin}ar/{PASSPORT}")
    page.goto(f"{origin}fr/{PASSPORT}")
    assert page.url == f"{origin}offline/"
    context.close()


def test_it_says_since_when_as_pages_write_days(browser: Browser, origin: str) -> None:
    context = browser.new_context()
    url = f"{origin}fr/{PASSPORT}"
    page = opened(context, url)
    press(page, "Garder ce passeport sur cet appareil", "gardé")
    older = """async url => {
      const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("passport:")));
      const kept = await (await cache.match(url)).text();
      const headers = { "content-type": "text/html", date: "Thu, 01 Oct 2026 12:00:00 GMT" };
      await cache.put(url, new Response(kept, { headers }));
    }"""
    page.evaluate(older, url)
    context.set_offline(True)
    page.goto(url)
    expect(page.locator(COPY)).to_contain_text("1er octobre 2026")
    context.close()


def test_removing_it_leaves_nothing(browser: Browser, origin: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + PASSPORT)
    keep(page)
    assert page.evaluate(STATE)["registered"] == 1
    page.reload()
    press(page, "Remove it from this device", "Removed")
    assert page.evaluate(STATE) == {"registered": 0, "caches": [], "urls": []}
    expect(page.get_by_role("button", name="Keep this passport on this device")).to_be_visible()
    context.close()


def test_two_passports_are_removed_one_by_one(browser: Browser, demo: Demo, origin: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + PASSPORT)
    keep(page)
    page.goto(origin + OTHER)
    page.wait_for_load_state("networkidle")
    keep(page)
    press(page, "Remove it from this device", "Removed")
    urls = page.evaluate(STATE)["urls"]
    assert origin + PASSPORT in urls and origin + OTHER not in urls
    assert not [a for a in awards_of(demo, "amira-k") if origin + a in urls]
    context.set_offline(True)
    page.goto(origin + PASSPORT)
    expect(page.locator("h1")).not_to_have_text("You are offline")
    context.close()


def test_a_private_passport_is_kept_encrypted(browser: Browser, demo: Demo, origin: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + MOON + KEY)
    keep(page)
    kept = page.evaluate("""async () => (await Promise.all((await caches.keys()).map(async (name) => {
      const cache = await caches.open(name);
      const text = async (request) => request.url + (await (await cache.match(request)).text());
      return Promise.all((await cache.keys()).map(text));
    }))).flat().join()""")
    assert len(kept) > 50_000
    assert KEY.removeprefix("#key=") not in kept and "octobre" not in kept
    context.set_offline(True)
    page.goto("about:blank")
    page.goto(origin + MOON + KEY)
    expect(page.locator("h1")).to_have_text("Lune d’octobre")
    expect(page.locator(COPY)).to_be_visible()
    page.goto(origin + awards_of(demo, "k4tz-8wnr-m2ha")[0])
    expect(page.locator(".pp-award__holder")).to_have_text("a participant")
    page.goto("about:blank")
    page.goto(origin + MOON)
    expect(page.locator("[data-say=incomplete]")).to_be_visible()
    page.goto(origin + OTHER)
    expect(page.locator("h1")).to_have_text("You are offline")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-kept-list] a").count() == 0, "without its key it does not open"
    context.close()


def test_a_new_build_takes_the_place_of_what_was_kept(browser: Browser, tmp_path: Path, demo: Demo) -> None:
    site, public = copy_of_demo(tmp_path / "site"), tmp_path / "public"
    shutil.copytree(demo.public, public)
    with serving(public, demo.base, Fresh) as origin:
        context = browser.new_context()
        page = opened(context, origin + PASSPORT)
        keep(page)
        first = page.evaluate(STATE)["caches"]
        assert first[0].startswith(f"passport:{urlsplit(demo.base).path}:")
        file = site / "content/participants/jonas-b.yml"
        text = re.sub(r"(?m)^name: .*$", "name: Jonas Bergmann", file.read_text(encoding="utf-8"))
        file.write_text(re.sub(r"(?m)^display: .*$", "display: full", text), encoding="utf-8")
        build_site(site, public)
        page.goto(origin)  # the browser looks for a new worker when a page of the site is opened
        page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
        until(page, "(await caches.keys()).includes(argument)", first[0], so=False)
        assert len(page.evaluate(STATE)["caches"]) == 1
        context.set_offline(True)
        page.goto(origin + PASSPORT)
        expect(page.locator("h1")).to_have_text("Jonas Bergmann")
        page.goto(origin + awards_of(demo, "jonas-b")[0])
        expect(page.locator(".pp-award__holder")).to_have_text("Jonas Bergmann")
        context.close()


def test_what_is_no_longer_published_goes(browser: Browser, tmp_path: Path, demo: Demo) -> None:
    public = tmp_path / "public"
    shutil.copytree(demo.public, public)
    with serving(public, demo.base, Fresh) as origin:
        context = browser.new_context()
        page = opened(context, origin + PASSPORT)
        keep(page)
        shutil.rmtree(public / PASSPORT)
        page.goto(origin + PASSPORT)
        expect(page.locator("h1")).to_have_text("This page is not here")
        assert origin + PASSPORT not in page.evaluate(STATE)["urls"]
        context.close()


@pytest.mark.parametrize("prefix", ["", "fr/", "ar/"])
def test_the_site_can_be_installed(browser: Browser, origin: str, prefix: str) -> None:
    context = browser.new_context()
    page = opened(context, origin + prefix)
    session = context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
    found = session.send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"] == f"{origin}{prefix}manifest.webmanifest"
    colours = page.locator("meta[name=theme-color]")  # browsers take the first that fits
    schemes = [colours.nth(number).get_attribute("media") for number in (0, 1)]
    assert schemes == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]
    context.close()


def test_with_the_server_gone_it_still_opens(browser: Browser, demo: Demo) -> None:
    context = browser.new_context()
    with serving(demo.public, demo.base, Closing) as origin:
        page = opened(context, origin + PASSPORT)
        keep(page)
        name = page.locator("h1").inner_text()
    for path, heading in ((PASSPORT, name), (f"{PASSPORT}?words=x", name), (OTHER, "You are offline")):
        page.goto(origin + path)
        expect(page.locator("h1")).to_have_text(heading)
    context.close()


@contextmanager
def nothing_arriving() -> Iterator[None]:
    Bad.arrives.clear()
    try:
        yield
    finally:
        Bad.arrives.set()


def test_on_a_bad_line_what_is_kept_is_shown(browser: Browser, tmp_path: Path, demo: Demo) -> None:
    public = tmp_path / "public"
    shutil.copytree(demo.public, public)
    document = f"{awards_of(demo, 'jonas-b')[0]}assertion.json"
    context = browser.new_context()
    Bad.arrives.set()
    with serving(public, demo.base, Bad) as origin:
        page = opened(context, origin + PASSPORT)
        keep(page)
        name = page.locator("h1").inner_text()
        file = public / PASSPORT / "index.html"
        file.write_text(file.read_text("utf-8").replace(name, "Jonas Later"), encoding="utf-8")
        with nothing_arriving():
            start = time.monotonic()
            page.goto(origin + PASSPORT)
            expect(page.locator("h1")).to_have_text(name)
            expect(page.locator(COPY)).to_contain_text(copy_says(today(page, "en-GB")))
            assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--pp-page').trim()")
            assert 2.5 < time.monotonic() - start < 15
        # What came late is there the next time.
        late = "(await (await caches.match(argument)).text()).includes('Jonas Later')"
        until(page, late, origin + PASSPORT)
        with nothing_arriving():
            page.goto(origin + PASSPORT)
            expect(page.locator("h1")).to_have_text("Jonas Later")
            # What says whether a badge still holds is waited for, even if somebody kept it.
            page.evaluate(
                """async url => {
                    const kept = await caches.open((await caches.keys())[0]);
                    await kept.put(url, new Response("it holds"));
                    window.said = fetch(url).then(answer => answer.text());
                    window.said.then(() => (window.arrived = true));
                }""",
                origin + document,
            )
            page.wait_for_timeout(4000)
            assert page.evaluate("window.arrived") is None
            (public / document).write_text("it was withdrawn", encoding="utf-8")
        assert page.evaluate("window.said") == "it was withdrawn"
    context.close()


def test_what_comes_late_is_not_kept_once_it_was_removed(browser: Browser, demo: Demo) -> None:
    context = browser.new_context()
    Bad.arrives.set()
    with serving(demo.public, demo.base, Bad) as origin:
        page = opened(context, origin + PASSPORT)
        keep(page)
        with nothing_arriving():
            page.goto(origin + PASSPORT)
            press(page, "Remove it from this device", "Removed")
        page.wait_for_timeout(1500)
        assert page.evaluate(STATE) == {"registered": 0, "caches": [], "urls": []}
    context.close()
