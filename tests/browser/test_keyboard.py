"""What is reached with a keyboard is there to be seen, and the menu of narrow screens opens by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from browser.site import View, look
from demo import Demo

pytestmark = pytest.mark.browser
MENU = ".md-header [for=__drawer]"
SEEN = """() => {
  const one = document.activeElement.id === "__drawer"
    ? document.querySelector(".md-header [for=__drawer]") : document.activeElement;
  const box = one.getBoundingClientRect();
  const inside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  const style = getComputedStyle(one);
  return [one.textContent.trim().slice(0, 30), inside && style.visibility === "visible"];
}"""
CHECKED = "document.getElementById('__drawer').checked"
INSIDE = "document.activeElement.closest('.md-sidebar--primary') !== null"


def walk(page: Page, key: str, most: int) -> list[str]:
    """What has the focus and cannot be seen, in so many steps."""
    hidden = []
    for _ in range(most):
        page.keyboard.press(key)
        name, seen = page.evaluate(SEEN)
        if not seen:
            hidden.append(name)
    return hidden


@pytest.mark.parametrize(("path", "width"), [("badges/", 360), ("ar/passports/amira-k/", 640)])
@pytest.mark.parametrize("scripts", [True, False])
def test_focus_is_never_in_a_shut_menu(
    demo: Demo, browser: Browser, origin: str, path: str, width: int, scripts: bool
) -> None:
    page = look(browser, origin, path, View(width, scripts=scripts)).page
    assert walk(page, "Tab", 16) == []
    page.context.close()


@pytest.mark.parametrize("path", ["badges/", "ar/badges/", "about/"])
def test_the_menu_opens_by_keyboard(demo: Demo, browser: Browser, origin: str, path: str) -> None:
    page = look(browser, origin, path, View(360)).page
    opener = page.locator(MENU)
    assert opener.get_attribute("role") == "button"
    assert opener.get_attribute("aria-label")
    for key in ("Enter", " "):
        opener.focus()
        page.keyboard.press(key)
        assert page.evaluate(CHECKED)
        assert opener.get_attribute("aria-expanded") == "true"
        assert page.evaluate(INSIDE)
        page.wait_for_timeout(400)
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN)[1]
        assert page.evaluate(INSIDE)
        page.keyboard.press("Escape")
        assert not page.evaluate(CHECKED)
        assert opener.get_attribute("aria-expanded") == "false"
        assert page.evaluate("document.activeElement.matches('.md-header [for=__drawer]')")
    page.context.close()


def test_the_parts_of_the_menu_open_and_shut(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "badges/", View(360)).page
    page.locator(MENU).press("Enter")
    part = page.locator(".md-nav__item--nested > label").first
    assert not page.locator(".md-nav__item--nested > nav a").first.is_visible()
    part.press("Enter")
    back = page.locator(".md-nav__item--nested > nav > .md-nav__title").first
    assert back.evaluate("one => one === document.activeElement")
    assert page.locator(".md-nav__item--nested > nav a").first.is_visible()
    back.press(" ")
    assert part.evaluate("one => one === document.activeElement")
    assert page.evaluate(CHECKED)
    page.context.close()


def test_a_menu_that_the_focus_leaves_is_shut(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "badges/", View(360)).page
    page.locator(MENU).press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(f"{INSIDE} || !{CHECKED}")
    assert not page.evaluate(CHECKED)
    page.context.close()


def test_without_scripts_the_space_bar_opens_it(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, "badges/", View(360, scripts=False)).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "__drawer"
    assert page.locator(MENU).evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press(" ")
    page.wait_for_timeout(400)
    assert page.locator(".md-sidebar--primary .md-nav__link").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_going_back_nothing_is_under_the_header(
    demo: Demo, browser: Browser, origin: str, width: int
) -> None:
    page = look(browser, origin, "competences/virtual-exchange/", View(width)).page
    page.set_viewport_size({"width": width, "height": 700})
    page.locator(".pp-footer a").first.focus()
    covered = []
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        under = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (!one.closest("article") || one.id === "content") return "";
              const header = document.querySelector(".md-header").getBoundingClientRect();
              return one.getBoundingClientRect().top < header.bottom ? one.textContent : "";
            }"""
        )
        if under:
            covered.append(under)
    assert covered == []
    page.context.close()
