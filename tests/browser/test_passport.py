"""A passport and a certificate in the hands of people: on paper, as list or timeline, as a file to keep."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page

from badge_passport.registry.privacy import on_passport
from browser.site import View, kinds, look
from demo import Demo

pytestmark = pytest.mark.browser
PASSPORT = "passports/amira-k/"


def printed(page: Page, size: str) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(page.pdf(format=size, print_background=True)))


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("language", ["", "fr/", "ar/"])
@pytest.mark.parametrize("kind", ["award", "award-milestone", "award-pending", "award-expired"])
def test_an_award_is_one_sheet_whose_code_leads_back(
    demo: Demo, browser: Browser, origin: str, size: str, language: str, kind: str
) -> None:
    path = kinds(demo)[kind]
    seen = look(browser, origin, language + path, View())
    document = printed(seen.page, size)
    assert len(document) == 1
    picture = document[0].render(scale=3).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [demo.base + language + path]
    text = document[0].get_textpage().get_text_range()
    assert path.split("/")[1] in text  # the number of the award
    document.close()
    seen.page.context.close()


def test_a_withdrawn_award_prints_no_certificate(demo: Demo, browser: Browser, origin: str) -> None:
    seen = look(browser, origin, kinds(demo)["award-revoked"], View())
    document = printed(seen.page, "A4")
    assert not [c for page in document for c in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Revoked" in text
    document.close()
    seen.page.context.close()


def test_a_passport_prints_whole_and_without_buttons(demo: Demo, browser: Browser, origin: str) -> None:
    seen = look(browser, origin, PASSPORT, View())
    document = printed(seen.page, "A4")
    assert 2 <= len(document) <= 6
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Amira Khalil" in text and "Dialogue Facilitator" in text
    assert "All badges (ZIP)" not in text and "Timeline" not in text
    document.close()
    seen.page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_three_ways_to_look_at_the_same_badges(browser: Browser, origin: str, scripts: bool) -> None:
    seen = look(browser, origin, PASSPORT, View(scripts=scripts))
    page = seen.page
    first, second = page.locator("#held li.pp-card").all()[:2]

    def beside() -> bool:
        one, other = first.bounding_box(), second.bounding_box()
        assert one is not None and other is not None
        return abs(one["y"] - other["y"]) < 2

    assert beside()
    for view in ("List", "Timeline"):
        page.get_by_text(view, exact=True).click()
        assert not beside()
        assert page.locator(".pp-card__year").first.is_visible() is (view == "Timeline")
    page.get_by_text("Pictures", exact=True).click()
    assert beside()
    page.context.close()


def test_the_views_are_chosen_by_keyboard(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, PASSPORT, View())
    page = seen.page
    page.locator("#view-grid").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#view-list").is_checked()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('label[for=view-list]')).outlineStyle")
        == "solid"
    )
    page.context.close()


def test_a_filtered_passport_is_shared_by_its_address(browser: Browser, origin: str) -> None:
    seen = look(browser, origin, PASSPORT + "?type=facilitator", View(width=360))
    page = seen.page
    shown = page.locator("#held li.pp-card:visible")
    assert 0 < shown.count() < page.locator("#held li.pp-card").count()
    assert page.locator("#held").get_by_text("Dialogue Facilitator").first.is_visible()
    page.locator("[data-filter-clear]").click()
    assert "type" not in page.url
    assert shown.count() == page.locator("#held li.pp-card").count()
    page.context.close()


def test_all_badges_come_in_one_file(demo: Demo, browser: Browser, origin: str, tmp_path: Path) -> None:
    seen = look(browser, origin, PASSPORT, View(width=360))
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("link", name="All badges (ZIP)").click()
    waiting.value.save_as(tmp_path / "badges.zip")
    assert waiting.value.suggested_filename == "amira-k.zip"
    with zipfile.ZipFile(tmp_path / "badges.zip") as opened:
        assert opened.testzip() is None
        folders = {name.split("/")[0] for name in opened.namelist()}
    held = [a for a in demo.registry.awards_by_participant["amira-k"] if on_passport(a) and a.in_force]
    assert folders == {f"{a.badge.slug}-{a.id}" for a in held}
    seen.page.context.close()


def test_everything_published_is_listed_and_there(demo: Demo, browser: Browser, origin: str) -> None:
    seen = look(browser, origin, PASSPORT, View())
    links = seen.page.eval_on_selector_all(".pp-files a", "links => links.map(a => a.href)")
    assert len(links) > 20
    for link in links:
        assert demo.path_of(demo.base + link.removeprefix(origin)).is_file(), link
    seen.page.context.close()


def test_the_keyboard_walks_through_a_passport(browser: Browser, origin: str) -> None:
    """Every link and control can be reached, in the order of the page, with its focus in sight."""
    seen = look(browser, origin, PASSPORT, View())
    page = seen.page
    page.keyboard.press("Tab")
    assert "md-skip" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    reached: list[str] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at.closest("article")) return null;
              const box = at.getBoundingClientRect();
              const shown = at.closest(".pp-card") || at.nextElementSibling || at;
              return [at.href || at.id || at.tagName, getComputedStyle(at).outlineStyle !== "none"
                || shown !== at, box.top >= 0 && box.top < innerHeight];
            }"""
        )
        if found is None and reached:
            break
        if found:
            assert found[1], found
            assert found[2] or not found[0].startswith("http"), found
            reached.append(found[0])
    wanted = page.eval_on_selector_all(
        "article a[href]", "links => links.filter(a => a.checkVisibility()).map(a => a.href)"
    )
    assert set(wanted) <= set(reached), set(wanted) - set(reached)
    page.context.close()
