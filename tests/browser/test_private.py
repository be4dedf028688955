"""Private passports in a browser: the link opens them, and what is missing or wrong is said in words."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from badge_passport.pipeline import check
from browser.site import View, look, serving
from closed_fixtures import KEY, PERSON, build_with, close_passport
from demo import SEALS, Demo

pytestmark = pytest.mark.browser
MOON = "passports/k4tz-8wnr-m2ha/"
MOON_KEY = SEALS.of("k4tz-8wnr-m2ha").fragment
FULL = f"passports/{PERSON}/"
WRONG = "This key does not open the passport."
CUT = "The link is not complete."


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo whose fullest passport is private, by the plain host."""
    folder = tmp_path_factory.mktemp("closed")
    source = close_passport(folder / "source")
    build_with(source, folder / "public")
    registry = check(source).registry
    assert registry is not None
    with serving(folder / "public", registry.site.url) as address:
        yield address


@pytest.mark.parametrize("prefix", ["", "fr/", "ar/"])
def test_the_link_opens_the_passport(browser: Browser, closed: str, prefix: str) -> None:
    for view in (View(scheme="light"), View(scheme="dark")):
        seen = look(browser, closed, f"{prefix}{FULL}{KEY}", view)
        page = seen.page
        assert page.locator("h1").inner_text() == "Amira Khalil"
        assert "Amira Khalil" in page.title()
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert page.evaluate("document.querySelector('.pp-person__picture img').naturalWidth") > 100
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert seen.errors == []
        assert not [u for u in seen.requests if "key=" in u or MOON_KEY[5:] in u]
        assert not [u for u in seen.requests if not u.startswith((closed, "data:"))]
        page.context.close()


def test_it_works_like_an_open_passport(browser: Browser, closed: str) -> None:
    page = look(browser, closed, FULL + KEY, View()).page
    cards = page.locator("#held .pp-card:visible")
    assert cards.count() == 9
    page.locator("summary:has(+ .pp-filter)").click()
    page.locator(".pp-filter input[name=words]").fill("debate")
    expect(cards).to_have_count(1)
    page.locator(".pp-filter [data-filter-clear]").click()
    page.get_by_text("List", exact=True).click()
    assert page.locator("#view-list").is_checked()
    assert page.locator("[data-print]").is_visible()
    assert page.locator("#share").count() == 0
    # A filter and a jump on the page leave the key where it is: the page can be loaded again.
    assert page.url.endswith(KEY)
    page.evaluate("location.hash = 'badges'")
    expect(page).to_have_url(re.compile(re.escape(KEY) + "$"))
    page.reload()
    expect(page.locator("h1")).to_have_text("Amira Khalil")
    page.context.close()


def test_badges_expire_on_the_readers_day(browser: Browser, closed: str) -> None:
    for year, expired in ((2020, 0), (2022, 1), (2024, 3), (2030, 4)):
        context = browser.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(f"{year}-08-01T00:00:00Z")
        page.goto(closed + FULL + KEY)
        expect(page.locator("h1")).to_have_text("Amira Khalil")
        assert page.locator("#held [data-expires].pp-chip--revoked").count() == expired, year
        count = page.locator("h2 .pp-expired")
        assert count.is_visible() is bool(expired)
        assert not expired or count.inner_text().endswith(f"Expired: {expired}")
        context.close()


def test_the_archive_is_decrypted_on_this_side(browser: Browser, closed: str) -> None:
    page = look(browser, closed, FULL + KEY, View()).page
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Everything (ZIP)").click()
    assert waiting.value.suggested_filename == f"{PERSON}.zip"
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        assert json.loads(archive.read("passport.json"))["name"] == "Amira Khalil"
        assert archive.testzip() is None
    page.context.close()


def test_the_other_languages_open_too(browser: Browser, origin: str) -> None:
    page = look(browser, origin, MOON + MOON_KEY, View()).page
    link = page.locator("a[hreflang=ar]").first
    assert (link.get_attribute("href") or "").endswith(MOON_KEY)
    page.goto(link.evaluate("link => link.href"))
    expect(page.locator("h1")).to_have_text("Lune d’octobre")
    # No other link of the page has the key.
    with_key = page.evaluate(
        "[...document.links].filter(a => a.hash.startsWith('#key')).map(a => a.hreflang)"
    )
    assert set(with_key) <= {"en", "fr", "ar"}
    page.context.close()


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        ("", CUT),
        ("#key=", CUT),
        ("#badges", CUT),
        (MOON_KEY[:-4], WRONG),
        ("#key=" + "A" * 43, WRONG),
        ("#key=%E2%82%AC", WRONG),
        (KEY, WRONG),
    ],
)
def test_a_link_that_is_not_whole_says_so(browser: Browser, origin: str, fragment: str, message: str) -> None:
    seen = look(browser, origin, MOON + fragment, View())
    said = seen.page.locator("[role=status] p:visible")
    assert said.count() == 1 and message in said.inner_text()
    assert seen.page.locator("h1").inner_text() == "A private passport"
    assert seen.errors == []
    # The whole link, put into the same window.
    seen.page.evaluate("link => { location.hash = link }", MOON_KEY)
    expect(seen.page.locator("h1")).to_have_text("Lune d’octobre")
    seen.page.context.close()


@pytest.mark.parametrize("at", [0, 13, -1])
def test_a_changed_byte_is_refused(browser: Browser, origin: str, demo: Demo, at: int) -> None:
    text = (demo.public / MOON / "index.html").read_text(encoding="utf-8")

    def changed(match: re.Match[str]) -> str:
        data = bytearray(base64.b64decode(match[1]))
        data[at] ^= 1
        return f"data-sealed>{base64.b64encode(data).decode()}<"

    body = re.sub(r"data-sealed>([^<]+)<", changed, text)
    context = browser.new_context()
    page = context.new_page()

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(f"**/{MOON}", answer)
    page.goto(origin + MOON + MOON_KEY)
    expect(page.locator("[data-say=wrong]")).to_be_visible()
    assert "octobre" not in page.content()
    context.close()


def test_where_browsers_cannot_decrypt_it_says_so(browser: Browser, origin: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    page.goto(origin + MOON + MOON_KEY)
    expect(page.locator("[data-say=insecure]")).to_be_visible()
    context.close()


def test_without_scripts_it_says_what_it_takes(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, MOON + MOON_KEY, View(scripts=False))
    assert "JavaScript" in seen.page.locator("#private").inner_text()
    seen.page.context.close()


def test_scripts_are_small() -> None:
    """On their way: less than two kilobytes each."""
    theme = Path(__file__).parents[2] / "themes/passport"
    for name in ("assets/private.js", "worker/sw.js"):
        assert len(gzip.compress((theme / name).read_bytes())) < 2000, name
