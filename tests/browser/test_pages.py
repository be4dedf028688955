"""Every kind of page as people meet it: wide, narrow, light, dark, in three languages, without scripts."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page

from browser.site import AXE, View, kinds, look, require, views
from demo import Demo

pytestmark = pytest.mark.browser
KINDS = [
    "home written badges badge milestone-badge issuers issuer competences framework competence people",
    "passport passport-empty passport-arabic-name award award-expired award-revoked award-declined",
    "award-pending award-milestone changes statistics issuer-statistics verify offline not-found",
    "passport-private passport-opened compare compared",
]
NAMES = " ".join(KINDS).split()
WIDTHS = (1280, 360)
LANGUAGES = {"en": "", "fr": "fr/", "ar": "ar/"}
# A host serves one page for everything that is not there, whatever the language of the address.
PAGES = [(name, tag) for name in NAMES for tag in LANGUAGES if name != "not-found" or tag == "en"]


def test_the_list_of_kinds_is_complete(demo: Demo) -> None:
    assert sorted(kinds(demo)) == sorted(NAMES)


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_pages_are_accessible_fit_and_ask_nobody(
    demo: Demo, browser: Browser, origin: str, name: str, language: str
) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    path = LANGUAGES[language] + kinds(demo)[name]
    for view in views([*LANGUAGES].index(language)):
        seen = look(browser, origin, path, view)
        page = seen.page
        check_text(page, path, language)
        page.add_script_tag(path=str(AXE))
        where = f"{path} at {view}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= view.width, f"{where} is {wide} pixels wide"
        shade = page.evaluate("document.body.dataset.mdColorScheme")
        assert shade == {"light": "default", "dark": "slate"}[view.scheme], where
        assert violations(page) == [], where
        expected = [f"404 {origin}{path}", "Failed to load resource"] if name == "not-found" else []
        assert [e for e in seen.errors if not e.startswith(tuple(expected))] == [], path
        assert [u for u in seen.requests if not u.startswith((origin, "data:", "blob:"))] == [], path
        page.context.close()


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_pages_read_without_scripts(
    demo: Demo, browser: Browser, origin: str, name: str, language: str
) -> None:
    path = LANGUAGES[language] + kinds(demo)[name]
    seen = look(browser, origin, path, View(scripts=False))
    check_text(seen.page, path, language)
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 800})
        # Nothing can be asked of a page without scripts but where things are.
        for box in filter(
            None, (seen.page.locator(s).first.bounding_box() for s in ("h1", "article", "footer"))
        ):
            assert box["height"] > 10, path
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, path
    seen.page.context.close()


def check_text(page: Page, path: str, language: str) -> None:
    """One heading, not empty, and the page's language and direction."""
    assert page.locator("h1").count() == 1, path
    assert page.locator("h1").inner_text().strip(), path
    assert page.locator("html").get_attribute("lang") == language, path
    assert page.locator("[dir]").first.get_attribute("dir") == ("rtl" if language == "ar" else "ltr"), path


def violations(page: Page) -> list[object]:
    """What axe finds against WCAG 2.2 A and AA."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    report = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        (v["id"], v["impact"], [n["target"] for n in v["nodes"]][:5], v["nodes"][0]["failureSummary"])
        for v in report["violations"]
    ]


def test_expiry_follows_the_readers_clock(demo: Demo, browser: Browser, origin: str) -> None:
    award = next(a for a in demo.registry.awards.values() if a.in_force and a.expires)
    assert award.expires is not None
    for year, expired in ((award.expires.year - 1, False), (award.expires.year + 1, True)):
        context = browser.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(f"{year}-06-01T00:00:00Z")
        page.goto(f"{origin}awards/{award.id}/")
        page.wait_for_load_state("networkidle")
        assert (page.locator(".pp-award [data-expires]").inner_text() == "Expired") is expired
        context.close()


def test_without_scripts_the_state_is_still_true(demo: Demo, browser: Browser, origin: str) -> None:
    award = next(a for a in demo.registry.awards.values() if a.in_force and a.expires)
    seen = look(browser, origin, f"awards/{award.id}/", View(scripts=False))
    assert "Valid until" in seen.page.locator(".pp-chips").inner_text()
    seen.page.context.close()


def test_a_revoked_award_says_when_and_why_and_offers_nothing_to_download(
    demo: Demo, browser: Browser, origin: str
) -> None:
    seen = look(browser, origin, kinds(demo)["award-revoked"], View())
    text = seen.page.locator("article").inner_text()
    assert "Revoked on" in text and "Reason:" in text
    assert seen.page.locator("a[download]").count() == 0
    seen.page.context.close()


def test_the_downloaded_badge_is_the_baked_image(demo: Demo, browser: Browser, origin: str) -> None:
    from badge_passport.credentials import baking

    seen = look(browser, origin, kinds(demo)["award"], View(width=360))
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("link", name="Download badge (PNG)").click()
    data = waiting.value.path().read_bytes()
    assertion = json.loads(baking.unbake_png(data)["openbadges"])
    assert assertion["id"].startswith(demo.base)
    seen.page.context.close()


def test_the_language_switch_stays_on_the_page(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, "badges/dialogue-harbour/connect-participant/", View())
    page = seen.page
    for language, code in (("العربية", "ar/"), ("Français", "fr/"), ("English", "")):
        page.locator(".md-header .md-select button").focus()
        page.get_by_role("link", name=language).click()
        page.wait_for_load_state("networkidle")
        assert page.url == f"{origin}{code}badges/dialogue-harbour/connect-participant/"
    page.context.close()


def test_search_finds_a_badge_and_a_listed_person(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, "about/", View())
    page = seen.page
    for words, path in (("ambassador", "virtual-exchange-ambassador/"), ("Amira", "passports/amira-k/")):
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").fill("")
        page.keyboard.type(words)
        link = page.locator(f".md-search-result__link[href*='{path}']").first
        link.wait_for(timeout=10_000)
        href = link.get_attribute("href")
        assert href is not None and href.startswith(origin)
    assert [u for u in seen.requests if not u.startswith((origin, "data:", "blob:"))] == []
    page.context.close()


def test_the_keyboard_reaches_everything_on_an_award_page(demo: Demo, browser: Browser, origin: str) -> None:
    seen = look(browser, origin, kinds(demo)["award"], View())
    page = seen.page
    wanted = set(
        page.eval_on_selector_all(
            "article a[href]", "links => links.filter(a => a.checkVisibility()).map(a => a.href)"
        )
    )
    reached: set[str] = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement && document.activeElement.href")
        if href:
            reached.add(href)
    assert wanted <= reached, wanted - reached
    page.context.close()


def test_a_passport_counts_what_has_expired_on_the_readers_day(browser: Browser, origin: str) -> None:
    for year, expired in ((2020, 0), (2022, 1), (2024, 3), (2030, 4)):
        context = browser.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(f"{year}-08-01T00:00:00Z")
        page.goto(f"{origin}passports/amira-k/")
        page.wait_for_load_state("networkidle")
        assert page.locator("#held .pp-chip--revoked:visible").count() == expired
        for place in (".pp-person__sum", "#badges"):
            count = page.locator(f"{place} .pp-expired")
            assert count.is_visible() is bool(expired)
            assert not expired or count.inner_text().endswith(f"Expired: {expired}")
        context.close()


def test_a_frame_says_until_when_an_award_is_valid(demo: Demo, browser: Browser, origin: str) -> None:
    """It has no script: the day stands there, which is true whenever it is read."""
    award = next(a for a in demo.registry.awards.values() if a.in_force and a.expires and not a.revoked)
    assert award.expires is not None
    seen = look(browser, origin, f"awards/{award.id}/embed/#en", View(scripts=False))
    assert f"Valid until {award.expires.day} " in seen.page.locator("article#en").inner_text()
    seen.page.context.close()
