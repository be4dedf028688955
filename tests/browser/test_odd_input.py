"""What people do bring, in the browser: nothing runs out of its box, nothing is lost, and axe is content."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from badge_passport.pipeline import check
from badge_passport.registry import Registry
from browser.site import AXE, Hosted, View, look, require, views
from browser.test_pages import violations
from demo import build_site
from odd_site import MANY, PEOPLE, lay_odd
from once import once

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Odd:
    """The site, and where it is served."""

    origin: str
    registry: Registry
    public: Path


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    with once(tmp_path_factory, "odd") as folder:
        if not (folder / "public").exists():
            build_site(lay_odd(folder / "site"), folder / "public")
    checked = check(folder / "site")
    assert checked.good and checked.registry is not None, checked.diagnostics
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Hosted, directory=str(folder / "public"), prefix="/")
    )
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Odd(f"http://127.0.0.1:{server.server_port}/", checked.registry, folder / "public")
    server.shutdown()


def pages(odd: Odd) -> dict[str, str]:
    """Name to path: a passport of everybody, an award of each, and the lists they stand in."""
    found = {f"passport-{slug}": f"passports/{slug}/" for slug in PEOPLE}
    for award in odd.registry.awards.values():
        if award.participant.slug in PEOPLE and award.badge.slug in ("narrow", "listener"):
            found[f"award-{award.participant.slug}-{award.badge.slug}"] = f"awards/{award.id}/"
    return found | {
        "people": "passports/",
        "badges": "badges/",
        "badge-narrow": "badges/harbour/narrow/",
        "statistics": "statistics/",
        "changes": "changes/",
    }


LISTS = ("people", "badges", "badge-narrow", "statistics", "changes")
LONG = ("passport-many-badges", "badges")  # axe takes ten seconds for three hundred badges
NAMES = [
    *(f"passport-{slug}" for slug in PEOPLE),
    *(f"award-{slug}-narrow" for slug in PEOPLE if slug not in ("many-badges", "no-badges")),
    *LISTS,
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("turn", "language"), [(0, ""), (1, "ar/")])
def test_it_looks_intended(odd: Odd, browser: Browser, name: str, turn: int, language: str) -> None:
    require(AXE.exists(), "axe-core is not installed: make judges")
    path = language + pages(odd)[name]
    for view in views(turn):
        seen = look(browser, odd.origin, path, view)
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth") <= view.width, (path, view)
        wide = page.evaluate(
            """width => [...document.querySelectorAll("article *")].filter(e => {
              const box = e.getBoundingClientRect();
              return box.width > 0 && (box.left < -1 || box.right > width + 1) && e.checkVisibility()
                && !e.closest(".pp-scroll, .pp-code, .pp-visually-hidden");
            }).map(e => e.outerHTML.slice(0, 80)).slice(0, 3)""",
            view.width,
        )
        assert wide == [], (path, view)
        if name not in LONG or view == View(360, "light"):
            page.add_script_tag(path=str(AXE))
            assert violations(page) == [], (path, view)
        assert seen.errors == []
        page.context.close()


def test_frames_are_as_wide_as_they_are_shown(odd: Odd, browser: Browser) -> None:
    of_people = {path for name, path in pages(odd).items() if name.startswith(("passport-", "award-"))}
    for path in sorted(of_people):
        seen = look(browser, odd.origin, f"{path}embed/", View(width=300))
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 300, path
        seen.page.context.close()


@pytest.mark.parametrize("slug", PEOPLE)
def test_a_name_is_shown_as_it_is(odd: Odd, browser: Browser, slug: str) -> None:
    seen = look(browser, odd.origin, f"passports/{slug}/", View(width=360))
    assert seen.page.locator("h1").inner_text() == PEOPLE[slug]
    assert seen.page.locator("article script:not([type])").count() == 0
    bio = seen.page.locator(".pp-person__bio").inner_text()
    assert "<script>alert(1)</script>" in bio and "<img src=x>" in bio
    seen.page.context.close()


def test_three_hundred_badges_are_all_there_and_can_be_narrowed(odd: Odd, browser: Browser) -> None:
    seen = look(browser, odd.origin, "passports/many-badges/", View(width=360))
    page = seen.page
    cards = page.locator("#held li.pp-card")
    assert cards.count() == MANY
    page.get_by_text("Choose among them").click()
    page.locator("[data-filter] input[type=search]").fill("Many 299")
    assert page.locator("#held li.pp-card:visible").count() == 1
    page.context.close()


def test_nobody_without_badges_looks_broken(odd: Odd, browser: Browser) -> None:
    seen = look(browser, odd.origin, "passports/no-badges/", View())
    text = seen.page.locator("article").inner_text()
    assert "No badges yet." in text and "ZIP" not in text
    assert seen.page.locator(".pp-avatar").is_visible()
    seen.page.context.close()


def test_a_picture_of_one_pixel_keeps_its_shape(odd: Odd, browser: Browser) -> None:
    seen = look(browser, odd.origin, "badges/harbour/narrow/", View())
    box = seen.page.locator(".pp-hero__image").bounding_box()
    assert box is not None and abs(box["width"] - box["height"]) < 2
    seen.page.context.close()
