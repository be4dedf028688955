"""Two passports side by side, badges chosen by a link, and the map of issuers, in a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from badge_passport.registry.privacy import in_passport
from browser.site import AXE, Hosted, Seen, View, look, require, serving, views
from browser.test_pages import violations
from demo import Demo

pytestmark = pytest.mark.browser
PAIR = "compare/?a=amira-k&b=jonas-b"
PLACES = {"en": "", "ar": "ar/"}


class Allowing(Hosted):
    """A host that lets pages of other origins read, as the hosting page asks."""

    def end_headers(self) -> None:
        if self.path.partition("?")[0].endswith((".json", ".png")):
            self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@pytest.fixture(scope="module")
def allowing(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another site with some passports, on a host that lets others read them."""
    folder = tmp_path_factory.mktemp("other") / "public"
    shutil.copytree(demo.public / "passports", folder / "passports")
    shutil.copyfile(demo.public / "404.html", folder / "404.html")
    evil = folder / "passports" / "evil"
    evil.mkdir()
    evil.joinpath("passport.json").write_text(json.dumps(EVIL))
    with serving(folder, "https://other.example/", Allowing) as address:
        yield address


@pytest.fixture(scope="module")
def closed(demo: Demo) -> Iterator[str]:
    """The demo on a host that lets nobody read."""
    with serving(demo.public, demo.base) as address:
        yield address


MARK = "<img src=x onerror=alert(1)>"
EVIL = {
    "id": "https://evil.example/passports/evil/passport.json",
    "page": "javascript:alert(1)",
    "name": MARK,
    "awards": [
        {"state": "issued", "badge": "javascript:alert(1)", "name": "dropped"},
        {
            "state": "issued",
            "badge": "https://evil.example/badges/a/b/v/1/badge.en.json",
            "name": f"$& {MARK}",
            "image": "https://tracker.example/pixel.png",
            "issuerName": {"not": "a text"},
        },
        {"state": "revoked", "badge": "https://evil.example/badges/a/c/badge.en.json", "name": "gone"},
        None,
    ],
    "competences": [{"id": "https://evil.example/competences/a/b/", "name": MARK, "levels": [7, MARK]}, "x"],
}


def wait(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("#pc-status")).not_to_have_text("Reading both passports …")


def badges(page: Page, part: str) -> list[str]:
    return sorted(page.locator(f"[data-part={part}] .pp-card__name").all_inner_texts())


def held(demo: Demo, slug: str) -> set[str]:
    """The names of the badges on a passport."""
    awards = demo.registry.awards_by_participant[slug]
    found = {a.badge for a in awards if in_passport(a) and a.in_force}
    return {demo.registry.text(badge.record.name, "en") for badge in found}


def local(seen: Seen, *origins: str) -> list[str]:
    return [u for u in seen.requests if not u.startswith((*origins, "data:"))]


def test_the_address_says_whom_to_compare(demo: Demo, browser: Browser, origin: str) -> None:
    seen = look(browser, origin, PAIR, View())
    page, a, b = seen.page, held(demo, "amira-k"), held(demo, "jonas-b")
    wait(page)
    assert badges(page, "both") == sorted(a & b) != []
    assert badges(page, "a") == sorted(a - b) != []
    assert badges(page, "b") == sorted(b - a) != []
    expect(page.locator("#pc-status")).to_have_text("Compared: Amira Khalil and Jonas Bergström")
    expect(page.get_by_role("heading", name="Only Amira Khalil")).to_be_visible()
    row = page.locator(".pc-table tbody tr", has_text="Facilitation")
    expect(row.locator("td").nth(0)).to_have_text("B C ")
    expect(row.locator("td").nth(1)).to_have_text("none")
    for link in page.locator("#pc-result a").all():
        path = urlsplit(str(link.get_attribute("href"))).path.removeprefix(urlsplit(origin).path)
        assert (demo.public / path / "index.html").is_file(), path
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    assert local(seen, origin) == [] and seen.errors == []
    page.context.close()


def test_names_are_in_the_language_of_the_page(demo: Demo, browser: Browser, origin: str) -> None:
    page = look(browser, origin, f"ar/{PAIR}", View()).page
    wait(page)
    both = demo.registry.badges["dialogue-harbour/connect-participant"]
    assert badges(page, "both") == [demo.registry.text(both.record.name, "ar")]
    assert demo.registry.text(both.issuer.record.name, "ar") in page.locator("[data-part=both]").inner_text()
    href = page.locator("[data-part=both] a").get_attribute("href")
    assert href == f"{origin}ar/badges/dialogue-harbour/connect-participant/"
    page.context.close()


def test_people_are_picked_by_name_from_the_passport_of_one(browser: Browser, origin: str) -> None:
    page = look(browser, origin, "passports/amira-k/", View()).page
    page.get_by_role("link", name="Compare with somebody").click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("First passport")).to_have_value("amira-k")
    assert page.locator("#pc-result").is_hidden()
    page.get_by_label("Second passport").focus()
    page.wait_for_selector("#pc-people option[value='Jonas Bergström']", state="attached")
    page.get_by_label("Second passport").fill("Jonas Bergström")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-result")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"a": ["amira-k"], "b": ["jonas-b"]}
    page.go_back()
    expect(page.locator("#pc-result")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#pc-result")).to_be_visible()
    page.context.close()


def test_only_who_is_listed_has_the_link(demo: Demo) -> None:
    for slug, listed in (("amira-k", True), ("k4tz-8wnr-m2ha", False)):
        text = (demo.public / "passports" / slug / "index.html").read_text(encoding="utf-8")
        assert ("Compare with somebody" in text) is listed


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("no-such-person", "There is no passport at no-such-person"),
        ("k4tz-8wnr-m2ha", "This passport is private"),
        ("What is this?", "is neither the address of a passport nor a name"),
        ("javascript:alert(1)", "is neither the address of a passport nor a name"),
        ("amira-k", "This is twice the same passport"),
        ("ar/passports/amira-k/?x=1#top", "This is twice the same passport"),
        ("about/", "There is no passport at http"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    browser: Browser, origin: str, written: str, says: str
) -> None:
    written = origin + written if "/" in written else written
    page = look(browser, origin, f"compare/?a=amira-k&b={quote(written, safe='')}", View()).page
    wait(page)
    expect(page.locator("#pc-status")).to_contain_text(says)
    assert page.locator("#pc-result").is_hidden()
    page.context.close()


def test_another_site_is_asked_when_the_reader_wants_it(
    demo: Demo, browser: Browser, origin: str, allowing: str
) -> None:
    query = f"compare/?a=amira-k&b={quote(allowing + 'fr/passports/jonas-b/', safe='')}"
    seen = look(browser, origin, query, View())
    page = seen.page
    expect(page.locator("#pc-status")).to_contain_text(f"on {urlsplit(allowing).netloc}. Press “Compare”")
    assert local(seen, origin) == []
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#pc-result")).to_be_visible()
    both = held(demo, "amira-k") & held(demo, "jonas-b")
    assert badges(page, "both") == sorted(both)
    assert local(seen, origin, allowing) == []
    page.context.close()


def test_a_host_that_allows_nobody_is_named(browser: Browser, origin: str, closed: str) -> None:
    page = look(browser, origin, "compare/", View()).page
    page.get_by_label("First passport").fill("amira-k")
    page.get_by_label("Second passport").fill(f"{closed}passports/jonas-b/")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#pc-status")).to_contain_text(f"{urlsplit(closed).netloc} cannot be reached")
    page.context.close()


def test_what_another_site_says_is_text(browser: Browser, origin: str, allowing: str) -> None:
    seen = look(browser, origin, "compare/", View())
    page = seen.page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_label("First passport").fill("amira-k")
    page.get_by_label("Second passport").fill(f"{allowing}passports/evil/passport.json")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#pc-result")).to_be_visible()
    assert badges(page, "b") == [f"$& {MARK}"]
    expect(page.get_by_role("heading", name=f"Only {MARK}")).to_be_visible()
    links: Any = page.locator("#pc-result a").evaluate_all("links => links.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert page.locator("#pc-result img[src*=tracker]").count() == 0
    page.wait_for_load_state("networkidle")
    assert local(seen, origin, allowing) == []
    page.context.close()


def test_without_scripts_the_page_leads_to_the_people(browser: Browser, origin: str) -> None:
    page = look(browser, origin, PAIR, View(scripts=False)).page
    assert not page.locator("#compare").is_visible() and not page.locator("#pc-result").is_visible()
    notice = page.locator("noscript .pp-notice")
    expect(notice).to_contain_text("needs JavaScript")
    notice.get_by_role("link", name="People").click()
    assert page.url == f"{origin}passports/"
    page.context.close()


def test_a_link_shows_the_chosen_badges_alone(browser: Browser, origin: str) -> None:
    page = look(browser, origin, "passports/amira-k/", View()).page
    cards = page.locator("#held .pp-card")
    every = cards.count()
    page.get_by_role("button", name="Choose badges to share").click()
    copy = page.locator("[data-pick-copy]")
    assert copy.is_disabled()
    for at in (0, 2):
        page.locator(".pp-tick input").nth(at).check()
    chosen = [cards.nth(at).locator(".pp-card__name").inner_text() for at in (0, 2)]
    expect(page.locator("[data-pick-status]")).to_have_text("Chosen: 2")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy.click()
    expect(page.locator("[data-pick-status]")).to_have_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Choose badges to share").click()
    assert page.locator(".pp-tick").count() == 0
    other = look(browser, "", link, View()).page
    assert other.locator(".pp-card:visible .pp-card__name").all_inner_texts() == chosen
    expect(other.locator("[data-picked]")).to_contain_text("Chosen by the person who sent you this link")
    expect(other.locator("#badges .pp-count")).to_have_text("2")
    other.get_by_role("link", name="Show all").first.click()
    assert other.locator("#held .pp-card:visible").count() == every and other.url.endswith("/amira-k/")
    other.go_back()
    assert other.locator("#held .pp-card:visible").count() == 2
    other.context.close()
    page.context.close()


@pytest.mark.parametrize("pick", ["", "NOTHINGOFTHEKIND", "%3Cscript%3E,,"])
def test_a_link_that_names_nothing_shows_all(browser: Browser, origin: str, pick: str) -> None:
    page = look(browser, origin, f"passports/amira-k/?pick={pick}", View()).page
    assert page.locator("#held .pp-card:visible").count() == page.locator("#held .pp-card").count() > 2
    assert page.locator("[data-picked]").is_hidden()
    page.context.close()


def test_without_scripts_all_badges_are_shown(demo: Demo, browser: Browser, origin: str) -> None:
    award = next(a for a in demo.registry.awards_by_participant["amira-k"] if a.in_force)
    page = look(browser, origin, f"passports/amira-k/?pick={award.id}", View(scripts=False)).page
    assert page.locator("#held .pp-card:visible").count() == page.locator("#held .pp-card").count() > 2
    assert page.locator("[data-pick]:visible, #pick:visible, [data-picked]:visible").count() == 0
    page.context.close()


def test_the_map_shows_every_issuer_and_is_not_mirrored(browser: Browser, origin: str) -> None:
    places = []
    for prefix in PLACES.values():
        page = look(browser, origin, f"{prefix}issuers/", View(scripts=False)).page
        assert page.get_by_role("img").filter(has=page.locator("circle")).is_visible()
        assert page.locator(".pp-where__places li").count() == 4
        places.append(page.locator(".pp-map__dot").evaluate_all("dots => dots.map(d => d.cx.baseVal.value)"))
        page.context.close()
    assert places[0] == places[1] and len(places[0]) == 4


@pytest.mark.parametrize("path", [PAIR, "issuers/", "passports/amira-k/"])
@pytest.mark.parametrize("language", PLACES)
def test_they_are_accessible_and_fit(browser: Browser, origin: str, language: str, path: str) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    for view in views([*PLACES].index(language)):
        seen = look(browser, origin, PLACES[language] + path, view)
        page = seen.page
        if path.startswith("passports/"):
            page.locator("[data-pick]").click()
            page.locator(".pp-tick input").first.check()
        page.add_script_tag(path=str(AXE))
        assert page.evaluate("document.documentElement.scrollWidth") <= view.width, view
        assert violations(page) == [], view
        page.context.close()


def test_the_copied_link_is_in_no_file(demo: Demo) -> None:
    """Choosing happens in the address: the site itself knows of no choice."""
    pages: list[Path] = demo.files("*.html")
    assert not [p for p in pages if b"?pick=" in p.read_bytes()]
