"""Tables on a narrow screen, landmarks, paper, and what a page says without scripts."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from browser.site import AXE, View, kinds, look, require
from demo import Demo

pytestmark = pytest.mark.browser
STYLE = "(one, name) => getComputedStyle(one)[name]"


@pytest.mark.parametrize(
    "path", ["statistics/", "competences/virtual-exchange/", "compare/?a=amira-k&b=jonas-b"]
)
def test_landmarks_have_names_of_their_own(demo: Demo, browser: Browser, origin: str, path: str) -> None:
    require(AXE.exists(), "axe-core is not installed: make judges")
    page = look(browser, origin, path, View(360)).page
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_for_timeout(300)
    page.add_script_tag(path=str(AXE))
    only = {"type": "rule", "values": ["landmark-unique", "scrollable-region-focusable"]}
    report: Any = page.evaluate("only => axe.run({runOnly: only})", only)
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in report["violations"]] == []
    page.context.close()


def test_only_the_box_of_a_table_or_a_code_scrolls(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "statistics/", View(360)).page
    assert page.locator(".md-typeset__scrollwrap").count() == 0
    page.goto(origin + kinds(demo)["award"])
    code = page.locator("pre.pp-code code").first
    assert code.evaluate(STYLE, "overflowX") == "visible"
    assert page.locator("pre.pp-code").first.evaluate("one => one.scrollWidth > one.clientWidth")
    page.context.close()


def test_words_of_a_table_stay_whole(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "fr/passports/amira-k/", View(360)).page
    for link in page.locator(".pp-profile td a").all():
        assert link.evaluate(STYLE, "wordBreak") == "normal"
        assert link.evaluate(STYLE, "overflowWrap") == "normal"
    page.context.close()


def test_statistics_on_paper_are_pictures_without_tables(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "statistics/", View()).page
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.locator(".pp-numbers").evaluate_all("all => all.every(one => !one.offsetHeight)")
    assert page.locator(".pp-charted").first.evaluate(STYLE, "breakInside") == "avoid"
    assert len(sheets(page)) == 3
    page.context.close()


def test_the_home_page_is_one_sheet(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "", View()).page
    assert len(sheets(page)) == 1
    page.context.close()


def test_the_head_of_competences_stays_with_the_table(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "passports/salma-r/", View()).page
    for above in range(0, 240, 24):  # wherever on a sheet it begins
        page.add_style_tag(content=f"@media print {{ article {{ padding-top: {above}px !important }} }}")
        head = [text for text in sheets(page) if "Virtual Exchange Competences" in text]
        assert len(head) == 1
        assert "Intercultural communication" in head[0]
    page.context.close()


def sheets(page: Page) -> list[str]:
    """The text of every sheet of the page on paper."""
    paper = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", print_background=True)))
    return [sheet.get_textpage().get_text_bounded() for sheet in paper]


def test_a_revoked_award_is_not_half_centred(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, kinds(demo)["award-revoked"], View()).page
    page.emulate_media(media="print")
    text = page.locator(".pp-award__text")
    assert text.evaluate(STYLE, "textAlign") == "start"
    assert text.locator(".pp-chips").evaluate(STYLE, "justifyContent") == "normal"
    left = text.locator(".pp-facts").bounding_box()
    chips = text.locator(".pp-chips").bounding_box()
    assert left and chips and abs(left["x"] - chips["x"]) < 1
    page.context.close()


def test_without_scripts_a_date_does_not_say_that_a_badge_holds(
    demo: Demo, browser: Browser, origin: str
) -> None:
    path = kinds(demo)["award-expired"]
    page = look(browser, origin, path, View(scripts=False)).page
    chip = page.locator(".pp-award .pp-chip[data-expires]").first
    plain = page.locator(".pp-award .pp-chip:not([class*=valid], [class*=level])").first
    assert chip.evaluate("one => getComputedStyle(one, '::before').content") == "none"
    assert chip.evaluate(STYLE, "backgroundColor") == plain.evaluate(STYLE, "backgroundColor")
    page.context.close()
