"""The claim panel in a browser, and its answers given to the real `passport accept`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from badge_passport.registry.privacy import shown_name
from browser.claims import Claims, accepted, choose, offer_in, page, registry_of, saved
from browser.site import AXE, View, look, require, views
from browser.test_pages import violations

__all__ = ["page"]
pytestmark = pytest.mark.browser


# --- Who sees it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fragment", ["", "#claim=", "#claim=ABC", "#claim=" + "U" * 24, "#claim=" + "A" * 25, "#criteria"]
)
def test_it_is_hidden_without_a_code(browser: Browser, claims: Claims, fragment: str) -> None:
    seen = look(browser, claims.origin, f"awards/{claims.award.id}/{fragment}", View())
    assert not seen.page.locator("#claim").is_visible()
    assert seen.errors == []
    seen.page.context.close()


def test_it_appears_when_the_link_is_opened_on_the_open_page(browser: Browser, claims: Claims) -> None:
    seen = look(browser, claims.origin, f"awards/{claims.award.id}/", View())
    seen.page.goto(claims.origin + claims.path().lower().replace(claims.award.id.lower(), claims.award.id))
    seen.page.get_by_role("heading", name="This badge is for you").wait_for()
    assert offer_in(saved(seen.page)).proven_by(claims.code)  # in small letters, too
    seen.page.context.close()


def test_what_was_revoked_cannot_be_claimed(browser: Browser, claims: Claims) -> None:
    revoked = next(a for a in registry_of(claims.source).awards.values() if a.revoked)
    seen = look(browser, claims.origin, f"awards/{revoked.id}/#claim={claims.code}", View())
    assert seen.page.locator("#claim").count() == 0
    assert not [url for url in seen.requests if "claim" in url]
    seen.page.context.close()


@pytest.mark.parametrize(
    ("language", "words"), [("", "needs JavaScript"), ("fr/", "il faut JavaScript"), ("ar/", "JavaScript")]
)
def test_without_scripts_the_page_says_where_to_write(
    browser: Browser, claims: Claims, language: str, words: str
) -> None:
    seen = look(browser, claims.origin, claims.path(language), View(width=360, scripts=False))
    note = seen.page.locator(".pc-noscript")
    assert note.is_visible() and words in note.inner_text()
    assert claims.award.badge.issuer.record.email in note.inner_text()
    assert not seen.page.locator("#claim").is_visible()
    seen.page.context.close()


def test_without_a_secure_connection_it_says_where_to_write(browser: Browser, claims: Claims) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    page = context.new_page()
    page.goto(claims.origin + claims.path())
    page.locator("#pc-insecure").wait_for()
    assert claims.award.badge.issuer.record.email in page.locator("#pc-insecure").inner_text()
    assert not page.locator("#pc-form").is_visible()
    assert page.get_by_role("link", name="Add to LinkedIn").is_visible()
    context.close()


# --- What nobody learns -----------------------------------------------------------------------------


def test_the_code_goes_nowhere(browser: Browser, claims: Claims) -> None:
    context = browser.new_context(accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sent: list[str] = []
    page.on(
        "request", lambda r: sent.append(f"{r.url.partition('#')[0]} {r.all_headers()} {r.post_data or ''}")
    )
    page.goto(claims.origin + claims.path())
    page.wait_for_load_state("networkidle")
    assert claims.code in page.url  # it stays in the address bar, and is sent to nobody
    before = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    choose(page, "visibility", "public")
    text = saved(page)
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    hrefs = page.eval_on_selector_all("[href]", "all => all.map(a => a.getAttribute('href'))")
    html = page.content()
    for where in (*sent, text, *hrefs, html, before):
        assert claims.code.lower() not in where.lower()
    assert [line for line in sent if not line.startswith((claims.origin, "blob:", "data:"))] == []
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])") == before
    context.close()


def test_the_proof_is_the_same_in_both_languages(page: Page, claims: Claims) -> None:
    """Canonical JSON and HMAC in the browser are those of `passport accept`."""
    choose(page, "display", "pseudonym")
    names = [
        "é",
        "e\u0301",
        '"\\/',
        "\u007f x",
        "\U0001d4b3 \U0001f3f3\ufe0f\u200d\U0001f308",
        "سلمى\u200f ر",
    ]
    for name in [*names, "a\u00a0b", "\ufb01 ½", "{[]}:,", "İi\u0307ß"]:
        page.get_by_label("Your pseudonym").fill(name)
        assert offer_in(saved(page)).proven_by(claims.code), name


# --- For everybody ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "view"),
    [(language, view) for turn, language in enumerate(["", "fr/", "ar/"]) for view in views(turn)],
    ids=str,
)
def test_it_is_accessible_and_fits(browser: Browser, claims: Claims, language: str, view: View) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    seen = look(browser, claims.origin, claims.path(language), view)
    page = seen.page
    assert page.locator("#claim h2").is_visible()
    assert page.locator("h1").count() == 1
    name = claims.award.badge.issuer.record.name.get(language.strip("/") or "en", "en")
    for told in (".pc-head p", ".pc-hand > p"):
        assert name in page.locator(told).first.inner_text()
    assert not re.search(r"\w\(\w+=", page.locator("#claim").inner_text())
    choose(page, "display", "full")
    page.locator("#pc-full").fill("Zoë")
    page.locator(".pc summary").click()
    page.locator("#pc-file").click()
    page.add_script_tag(path=str(AXE))
    assert page.evaluate("document.documentElement.scrollWidth") <= view.width
    assert violations(page) == []
    small = page.eval_on_selector_all(
        ".pc a, .pc button, .pc .pc-option, .pc select, .pc summary",
        "all => all.filter(e => e.offsetHeight && e.getBoundingClientRect().height < 24"
        " && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML)",
    )
    assert small == []  # WCAG 2.2, 2.5.8
    groups = page.locator(".pc fieldset:has(legend)").count()
    assert groups == page.locator(".pc fieldset").count() == 4
    assert seen.errors == []
    page.context.close()


def test_all_of_it_is_translated(browser: Browser, claims: Claims) -> None:
    def texts(context: BrowserContext, language: str) -> list[str]:
        page = context.new_page()
        page.goto(claims.origin + claims.path(language))
        page.locator("#pc-form").wait_for()  # it is fetched
        found: list[str] = page.eval_on_selector_all(
            ".pc legend, .pc b, .pc .pc-option span, .pc label:not(.pc-option), .pc h2, .pc h3, .pc summary,"
            " .pc-part > .pp-faint, .pc-check label, .pc-warn, .pc .pp-actions > *",
            "all => all.map(e => e.textContent.trim())",
        )
        return [text for text in found if text]

    context = browser.new_context()
    english = texts(context, "")
    assert len(english) > 40
    for language in ("fr/", "ar/"):
        other = texts(context, language)
        assert len(other) == len(english)
        assert [a for a, b in zip(english, other, strict=True) if a == b] == []
    context.close()


def test_by_the_keyboard_alone(page: Page, claims: Claims, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def to(selector: str) -> None:
        for _ in range(80):
            if page.evaluate(f"document.activeElement.matches({json.dumps(selector)})"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    to("[name=answer]")
    page.keyboard.press("ArrowDown")  # accept, but do not show
    to("[name=acceptAll]")
    page.keyboard.press("Space")
    to("[name=display]")
    for _ in range(3):
        page.keyboard.press("ArrowDown")  # a pseudonym
    to("#pc-pseudonym")
    page.keyboard.type("Night Owl")
    to("[name=visibility]")
    page.keyboard.press("ArrowDown")  # everybody
    to("#pc-language")
    page.keyboard.press("ArrowDown")
    to("#pc-copy")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.get_by_text("Copied.").wait_for()
    assert page.locator("#pc-status").get_attribute("role") == "status"
    registry = accepted(claims, tmp_path, page.evaluate("navigator.clipboard.readText()"))
    person = registry.participants[claims.award.participant.slug]
    assert registry.awards[claims.award.id].acceptance == "hidden"
    assert shown_name(person) == "Night Owl"
    assert person.record.visibility == "public"
    assert person.record.language == "en"
    assert person.record.consent is not None
    assert person.record.consent.scope == ["name", "listing", "awards"]


def test_the_enter_key_in_a_field_loads_no_page(page: Page, claims: Claims) -> None:
    choose(page, "display", "full")
    page.get_by_label("Your name, as it is to be read").fill("Zoë")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert claims.code in page.url and "?" not in page.url


def test_a_click_while_it_is_being_signed_waits(page: Page, claims: Claims) -> None:
    page.evaluate(
        "() => { const sign = crypto.subtle.sign.bind(crypto.subtle); crypto.subtle.sign = async (...all) =>"
        " { await new Promise(done => setTimeout(done, 400)); return sign(...all); }; }"
    )
    choose(page, "answer", "declined")
    offer = offer_in(saved(page))
    assert offer.request.answer == "declined" and offer.proven_by(claims.code)


def test_linkedin_gets_facts_alone(page: Page, claims: Claims) -> None:
    href = page.get_by_role("link", name="Add to LinkedIn").get_attribute("href") or ""
    fields = {key: value[0] for key, value in parse_qs(urlsplit(href).query, keep_blank_values=True).items()}
    award = claims.award
    site = registry_of(claims.source).site.url
    expected = {
        "startTask": "CERTIFICATION_NAME",
        "name": award.badge.record.name.get("en", "en"),
        "organizationName": award.badge.issuer.record.name.get("en", "en"),
        "issueYear": str(award.issued_on.year),
        "issueMonth": str(award.issued_on.month),
        "certUrl": f"{site}awards/{award.id}/",
        "certId": award.id,
    }
    if award.expires:
        expected |= {"expirationYear": str(award.expires.year), "expirationMonth": str(award.expires.month)}
    assert fields == expected
    assert all(fields.values())


def test_it_is_small_and_loaded_by_award_pages_alone(claims: Claims) -> None:
    assets = claims.public / "assets"
    assert sum((assets / name).stat().st_size for name in ("claim.js", "claim.css")) < 12_000
    with_it = {
        page.relative_to(claims.public).as_posix()
        for page in claims.public.rglob("*.html")
        if b"assets/claim." in page.read_bytes()
    }
    assert with_it
    assert all(re.fullmatch(r"(?:fr/|ar/)?awards/[0-9A-Z]{16}/index\.html", name) for name in with_it)
    for name in with_it:
        text = (claims.public / name).read_text(encoding="utf-8")
        panel = text[text.index('<section class="pc"') : text.index("</noscript>", text.index("pc-noscript"))]
        assert not re.search(r"\son\w+=|style=|javascript:|<script", panel)


def test_a_form_that_does_not_arrive_says_where_to_write(browser: Browser, claims: Claims) -> None:
    context = browser.new_context()
    context.route("**/assets/claim/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(claims.origin + claims.path())
    lost = page.locator("#pc-lost")
    lost.wait_for()
    assert claims.award.badge.issuer.record.email in lost.inner_text()
    assert page.get_by_role("link", name="Add to LinkedIn").is_visible()
    context.close()
