"""What participants can choose on the page of an award, and how their answer is handed over."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from badge_passport.registry.privacy import shown_name
from browser.claims import ADDRESS, ISSUES, Claims, accepted, choose, offer_in, page, saved
from browser.site import View, look

__all__ = ["page"]
pytestmark = pytest.mark.browser


# --- What can be chosen -----------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["accepted", "hidden", "declined"])
def test_each_answer(page: Page, claims: Claims, tmp_path: Path, word: str) -> None:
    choose(page, "answer", word)
    registry = accepted(claims, tmp_path, saved(page))
    assert registry.awards[claims.award.id].acceptance == word
    person = registry.participants[claims.award.participant.slug].record
    before = claims.award.participant.record
    assert (person.display, person.visibility, person.consent, person.name) == (
        before.display,
        before.visibility,
        before.consent,
        before.name,
    )


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_each_visibility(page: Page, claims: Claims, tmp_path: Path, visibility: str) -> None:
    choose(page, "visibility", visibility)
    page.get_by_label("Accept all badges that I get here later, too").check()
    registry = accepted(claims, tmp_path, saved(page))
    person = registry.participants[claims.award.participant.slug].record
    assert person.visibility == visibility
    before = claims.award.participant.record.consent
    assert person.consent is not None
    scope = {"awards", *(before.scope if before else ())} - {"listing"}
    assert set(person.consent.scope) == scope | ({"listing"} if visibility == "public" else set())


@pytest.mark.parametrize(
    ("display", "field", "typed", "shown"),
    [
        ("full", "Your name, as it is to be read", '  Zoë   O\'Brien-سلمى \\ "Q" 🦊 ', None),
        ("full", "Your name, as it is to be read", "Zoe\u0301 d\u202eK", "Zoé dK"),
        ("initials", "Your initials, as in S. R.", "Z. O.", "Z. O."),
        ("pseudonym", "Your pseudonym", "Moonlit\u2028Fox & Co: #1", "Moonlit Fox & Co: #1"),
        ("none", None, "", None),
    ],
)
def test_each_name(
    page: Page, claims: Claims, tmp_path: Path, display: str, field: str | None, typed: str, shown: str | None
) -> None:
    choose(page, "display", display)
    if field is not None:
        page.get_by_label(field).fill(typed)
        shown = shown or " ".join(typed.split())
    registry = accepted(claims, tmp_path, saved(page))
    person = registry.participants[claims.award.participant.slug]
    assert shown_name(person) == shown
    visible = [f for f in page.locator(".pc-field").all() if f.is_visible()]
    assert len(visible) == (field is not None)


def test_the_language(page: Page, claims: Claims, tmp_path: Path) -> None:
    options = page.get_by_label("Language of your badges").locator("option").all_inner_texts()
    assert options == ["Leave it as it is", "English", "Français", "العربية"]
    page.get_by_label("Language of your badges").select_option("ar")
    registry = accepted(claims, tmp_path, saved(page))
    assert registry.participants[claims.award.participant.slug].record.language == "ar"


def test_to_be_erased(page: Page, claims: Claims, tmp_path: Path) -> None:
    choose(page, "display", "full")
    page.get_by_label("Your name, as it is to be read").fill("Somebody")
    choose(page, "answer", "erase")
    assert "cannot be undone" in page.locator(".pc-option", has_text="Erase everything").inner_text()
    assert not page.locator(".pc-rest").is_visible()
    text = saved(page)
    assert "Somebody" not in text
    registry = accepted(claims, tmp_path, text)
    assert claims.award.participant.slug not in registry.participants
    assert registry.awards[claims.award.id].identity is None


@pytest.mark.parametrize("name", ["", "   ", "me@example.org", "<b>me</b>"])
def test_a_name_that_cannot_be_is_asked_for_again(page: Page, name: str) -> None:
    choose(page, "display", "full")
    field = page.get_by_label("Your name, as it is to be read")
    field.fill(name)
    for control in ("#pc-copy", "#pc-mail", "#pc-issue", "#pc-file"):
        page.locator(control).click()
        assert field.evaluate("field => field === document.activeElement")
    assert page.locator("#pc-status").inner_text() == ""
    assert len(page.context.pages) == 1


# --- How it is handed over --------------------------------------------------------------------------


def test_by_mail(page: Page, claims: Claims, tmp_path: Path) -> None:
    choose(page, "display", "pseudonym")
    page.get_by_label("Your pseudonym").fill("Fox & Süß + 100% = ?")
    text = saved(page)
    page.locator("#pc-mail").evaluate("link => link.addEventListener('click', e => e.preventDefault())")
    page.locator("#pc-mail").click()
    page.get_by_text("Your mail program opens.").wait_for()
    href = page.locator("#pc-mail").get_attribute("href")
    assert href is not None
    address, _, query = href.removeprefix("mailto:").partition("?")
    assert address == claims.award.badge.issuer.record.email
    fields = {key: unquote(value) for key, value in (part.split("=", 1) for part in query.split("&"))}
    assert fields["subject"] == f"Answer to the badge {claims.award.id}"
    assert fields["body"].replace("\r\n", "\n") == text
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ADDRESS, address, fields["subject"]
    message.set_content(fields["body"], cte="quoted-printable")
    registry = accepted(claims, tmp_path, message.as_bytes())
    assert shown_name(registry.participants[claims.award.participant.slug]) == "Fox & Süß + 100% = ?"


def test_as_an_issue(browser: Browser, claims: Claims, tmp_path: Path) -> None:
    seen = look(browser, claims.origin, claims.path(), View())
    page = seen.page
    asked: list[str] = []
    page.context.route(
        "https://github.com/**", lambda route: (asked.append(route.request.url), route.fulfill(body="new"))[1]
    )
    choose(page, "display", "full")
    page.get_by_label("Your name, as it is to be read").fill("Zoë Fox")
    warning = page.locator("#pc-public")
    assert warning.is_visible() and "everybody can read" in warning.inner_text()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="As a public issue").click()
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("[document.referrer, opener]") == ["", None]
    [url] = asked
    fields = parse_qs(urlsplit(url).query)
    assert url.startswith(ISSUES + "?")
    assert fields["title"] == [f"Answer to the badge {claims.award.id}"]
    [body] = fields["body"]
    page.locator("summary").filter(has_text="Read what is handed over").click()
    assert body == page.locator("#pc-text").inner_text()  # exactly what it shows
    assert claims.code not in url
    registry = accepted(claims, tmp_path, json.dumps({"number": 3, "body": body.replace("\n", "\r\n")}))
    assert shown_name(registry.participants[claims.award.participant.slug]) == "Zoë Fox"
    page.context.close()


def test_gitlab_names_title_and_text_in_another_way(page: Page, claims: Claims) -> None:
    page.evaluate(
        "Object.assign(document.getElementById('claim').dataset,"
        " {issues: 'https://gitlab.com/x/y/-/issues/new?confidential=1', forge: 'gitlab'})"
    )
    choose(page, "answer", "hidden")
    page.wait_for_function("document.getElementById('pc-issue').href.includes('gitlab')")
    url = urlsplit(page.locator("#pc-issue").get_attribute("href") or "")
    fields = parse_qs(url.query)
    assert set(fields) == {"confidential", "issue[title]", "issue[description]"}
    assert offer_in(fields["issue[description]"][0]).proven_by(claims.code)


def test_by_the_clipboard(page: Page, claims: Claims, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, "answer", "hidden")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert accepted(claims, tmp_path, text).awards[claims.award.id].acceptance == "hidden"


def test_without_a_clipboard_the_text_is_selected(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("It could not be copied.").wait_for()
    assert '"proof"' in page.evaluate("getSelection().toString()")
