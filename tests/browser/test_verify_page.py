"""The verify page as people use it: by drop, by address, offline, without scripts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from badge_passport.credentials.did import did_key
from browser.site import AXE, Seen, View, look, require, views
from browser.test_pages import LANGUAGES, check_text, violations
from browser.verifying import (
    award,
    folder,
    give,
    good,
    here,
    hosted_for,
    lasts,
    only_here,
    page,
    reason,
    seen,
    serve,
    verdict,
)
from demo import Demo, build_site, copy_of_demo, with_keys
from verify_fixtures import credential, key_of, sign

__all__ = ["here", "page", "seen"]
pytestmark = pytest.mark.browser


# --- What comes out -------------------------------------------------------------------------------------


def test_a_good_badge(signed_demo: Demo, seen: Seen, here: str) -> None:
    page, given = seen.page, good(signed_demo)
    for name in ("badge.png", "badge.svg", "credential.json", "assertion.json", "credential.jwt.txt"):
        file = folder(signed_demo, given) / name
        if not file.exists():
            continue
        assert give(page, file) == "Valid", name
        assert page.locator(".pv-step--fail").count() == 0
        assert page.locator(".pv-picture").count() == (name in ("badge.png", "badge.svg"))
    assert given.badge.issuer.record.name.get("en", "en") in page.locator(".pv-verdict").inner_text()
    only_here(seen, here)
    assert seen.errors == []


def test_who_it_was_is_shown_beside_who_it_says(page: Page) -> None:
    """Anybody can sign with a key of their own, and write the name and the website of somebody else."""
    did = did_key(key_of(9).multibase)
    famous = {"id": did, "type": ["Profile"], "name": "Consortium", "url": "https://consortium.example.org/"}
    badge = credential(id="urn:uuid:1", issuer=famous, validUntil="2999-01-01T00:00:00Z")
    del badge["credentialStatus"]
    assert give(page, json.dumps(sign(badge, key_of(9), did)).encode()) == "Valid"
    facts = page.locator(".pv-verdict .pp-facts").inner_text()
    assert "Consortium" in facts and "Identity that was verified" in facts and did in facts
    badge["name"] = "Changed"
    assert give(page, json.dumps(badge).encode()) == "Not valid"
    assert did not in page.locator(".pv-verdict .pp-facts").inner_text()


def test_a_withdrawn_badge(signed_demo: Demo, page: Page) -> None:
    given = award(signed_demo, lambda a: a.revoked and not a.because)
    assert give(page, folder(signed_demo, given) / "credential.json") == "Not valid"
    assert "withdrew it" in page.locator(".pv-verdict").inner_text()
    assert give(page, folder(signed_demo, given) / "assertion.json") == "Not valid"


def test_an_expired_badge(signed_demo: Demo, page: Page) -> None:
    given = award(signed_demo, lambda a: a.in_force and a.expires and a.expires.year < 2025)
    assert give(page, folder(signed_demo, given) / "badge.png") == "Expired"
    assert given.expires is not None
    end = f"It ended on {given.expires.day} {given.expires:%B %Y}."
    assert "It has not ended" in reason(page) and end in reason(page)
    assert "Its issuer" in page.locator(".pv-verdict .pv-who").first.inner_text()
    said = page.locator(".pv-verdict").inner_text()
    assert "Identity that was verified" in said
    assert "is genuine, but its time is over" in said and "whether it is true or not" not in said


def test_an_expired_badge_that_was_changed(signed_demo: Demo, page: Page) -> None:
    given = award(signed_demo, lambda a: a.in_force and a.expires and a.expires.year < 2025)
    credential = json.loads((folder(signed_demo, given) / "credential.json").read_bytes())
    credential["credentialSubject"]["achievement"]["name"] = "Something better"
    assert give(page, json.dumps(credential).encode()) == "Not valid"
    assert "genuine" not in page.locator(".pv-verdict").inner_text()


def test_a_changed_badge(signed_demo: Demo, page: Page) -> None:
    credential = json.loads((folder(signed_demo, good(signed_demo)) / "credential.json").read_bytes())
    credential["credentialSubject"]["achievement"]["name"] = "Something better"
    assert give(page, json.dumps(credential).encode()) == "Not valid"
    assert "changed after signing" in reason(page)
    step = page.locator(".pv-step--fail")
    assert step.count() == 1 and step.locator("details").get_attribute("open") is not None
    assert "whether it is true or not" in page.locator(".pv-says").inner_text()


def test_collections(signed_demo: Demo, page: Page) -> None:
    for pattern in ("presentation.json", "clr.*.json"):
        largest = max(signed_demo.files(pattern), key=lambda file: file.stat().st_size)
        assert give(page, largest) in ("Valid", "Expired")
        assert page.locator(".pv-part").count() >= 2
        names = page.locator(".pv-badges .pv-badge").all_inner_texts()
        assert page.locator(".pv-badges .pv-identity").count() == len(names)
        assert len(set(names)) > 1 and page.locator(".pv-badges .pp-chip").count() == len(names)
        assert set(names) <= set(page.locator(".pv-part .pv-part__name bdi").all_inner_texts())
        assert "The badges say of themselves" in page.locator(".pv-says").inner_text()
        assert "This badge" not in page.locator(".pv-verdict__head").inner_text()


def test_how_many_of_several_are_good(signed_demo: Demo, page: Page) -> None:
    one, other = (
        json.loads((folder(signed_demo, given) / "credential.json").read_bytes())
        for given in [a for a in signed_demo.registry.awards.values() if lasts(a)][:2]
    )
    shown: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [one, one],  # of one name, and two all the same
    }
    head = page.locator(".pv-verdict__head")
    assert give(page, json.dumps(shown).encode()) == "Valid"
    assert "Badges that are genuine and still hold: 2 of 2." in head.inner_text()
    shown["verifiableCredential"] = [one, other | {"name": "Something better"}]
    assert give(page, json.dumps(shown).encode()) == "Not valid"
    assert "Do not rely on all of these badges." in head.inner_text()
    assert "still holding: 1 of 2." in head.inner_text()


def test_what_is_no_badge(page: Page) -> None:
    for data in (b"", b"hello", b"{}", b"%PDF-1.7", b"PK\x03\x04"):
        assert give(page, data) == "No badge"
        assert reason(page) and "Do not rely" not in page.locator("#pv-result").inner_text()
    for data in (b"\x89PNG\r\n\x1a\n", b"<svg", b'{"type": "Assertion"'):
        assert give(page, data) == "Not valid"
    assert give(page, b"<!DOCTYPE html><html><p>hello</p></html>") == "No badge"
    assert "a web page, not a badge" in reason(page)


# --- Ways in --------------------------------------------------------------------------------------------


def test_a_real_drop(signed_demo: Demo, page: Page) -> None:
    data = base64.b64encode((folder(signed_demo, good(signed_demo)) / "badge.png").read_bytes()).decode()
    page.evaluate(
        """data => {
          const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
          const items = new DataTransfer();
          items.items.add(new File([bytes], "badge.png", {type: "image/png"}));
          for (const kind of ["dragenter", "dragover", "drop"]) {
            document.getElementById("pv-drop").dispatchEvent(
              new DragEvent(kind, {dataTransfer: items, bubbles: true, cancelable: true}));
          }
        }""",
        data,
    )
    assert verdict(page) == "Valid"
    assert page.locator(".pv-drop--over").count() == 0


def test_a_typed_address_becomes_a_link(signed_demo: Demo, page: Page) -> None:
    url = f"{signed_demo.base}awards/{good(signed_demo).id}/credential.json"
    page.fill("#pv-text", url)
    page.get_by_role("button", name="Verify", exact=True).click()
    assert verdict(page) == "Valid"
    assert page.url.endswith("#url=" + quote(url, safe=""))


def test_pasted_text(signed_demo: Demo, page: Page) -> None:
    page.fill("#pv-text", (folder(signed_demo, good(signed_demo)) / "credential.json").read_text())
    page.get_by_role("button", name="Verify", exact=True).click()
    assert verdict(page) == "Valid"


def test_from_the_award_page_in_every_language(signed_demo: Demo, browser: Browser, here: str) -> None:
    words = {
        "en": ("Verify this badge", "Valid"),
        "fr": ("Vérifier ce badge", "Valable"),
        "ar": ("تحقّق من هذه الشارة", "صالحة"),
    }
    for language, (link, wanted) in words.items():
        found = look(browser, here, f"{LANGUAGES[language]}awards/{good(signed_demo).id}/", View())
        found.page.get_by_role("link", name=link).click()
        assert verdict(found.page) == wanted
        assert f"{LANGUAGES[language]}verify/#url=" in found.page.url
        only_here(found, here)
        found.page.context.close()


def test_every_page_leads_here(browser: Browser, here: str) -> None:
    for path in ("", "badges/", "about/"):
        found = look(browser, here, path, View(scripts=False))
        links = found.page.get_by_role("contentinfo").get_by_role("link", name="Verify a badge")
        href = links.first.evaluate("a => a.href")
        assert href == f"{here}verify/"
        found.page.context.close()


def test_offline_after_it_was_opened(signed_demo: Demo, page: Page) -> None:
    page.context.set_offline(True)
    assert give(page, folder(signed_demo, good(signed_demo)) / "badge.png") == "Valid"
    assert "when this page was opened" in page.locator("#pv-result").inner_text()
    revoked = award(signed_demo, lambda a: a.revoked and not a.because)
    assert give(page, folder(signed_demo, revoked) / "credential.json") == "Not valid"
    assert give(page, folder(signed_demo, good(signed_demo)) / "assertion.json") == "Cannot tell"
    assert "there is no network" in reason(page)


def test_a_copy_says_that_it_is_one(signed_demo: Demo, page: Page) -> None:
    expect(page.locator("#pv-copy")).to_be_visible()
    give(page, folder(signed_demo, good(signed_demo)) / "credential.json")
    assert f"a copy of {signed_demo.base}" in page.locator("#pv-result").inner_text()
    expect(page.locator("#pv-copy")).to_be_hidden()


# --- How it looks and reads -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_accessible_and_fits(signed_demo: Demo, browser: Browser, here: str, language: str) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    tampered = json.loads((folder(signed_demo, good(signed_demo)) / "credential.json").read_bytes())
    tampered["name"] = "x"
    elsewhere = hosted_for("a@example.org", "https://a-very-long-name-of-a-host.elsewhere.example/")
    states: dict[str, bytes | Path | None] = {
        "idle": None,
        "valid": folder(signed_demo, good(signed_demo)) / "badge.png",
        "not valid": json.dumps(tampered).encode(),
        "cannot tell": json.dumps(elsewhere).encode(),
    }
    for view in views([*LANGUAGES].index(language)):
        found = look(browser, here, LANGUAGES[language] + "verify/", view)
        page = found.page
        page.route("https://a-very-long-name**", lambda route: route.abort())
        check_text(page, "verify/", language)
        page.add_script_tag(path=str(AXE))
        for state, data in states.items():
            if data is not None:
                give(page, data)
                page.wait_for_timeout(100)
            where = f"{state} in {language} at {view}"
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= view.width, f"{where} is {wide} pixels wide"
            assert violations(page) == [], where
        page.context.close()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_sentence_stays_in_english(signed_demo: Demo, browser: Browser, here: str, language: str) -> None:
    found = look(browser, here, LANGUAGES[language] + "verify/", View())
    give(found.page, folder(signed_demo, good(signed_demo)) / "badge.png")
    text = found.page.locator("#pv-result").inner_text()
    for english in ("Passed", "It can be read", "Not checked", "Is it mine", "Step by step", "Valid from"):
        assert english not in text
    found.page.context.close()


def test_the_keyboard_is_enough(signed_demo: Demo, page: Page) -> None:
    page.locator("#pv-file").focus()
    assert page.evaluate("getComputedStyle(document.querySelector('.pv-drop')).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "pv-text"
    page.keyboard.insert_text((folder(signed_demo, good(signed_demo)) / "credential.json").read_text())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert verdict(page) == "Valid"
    page.wait_for_function("document.activeElement.id === 'pv-verdict'")
    page.locator(".pv-step summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pv-step__more").first).to_be_visible()


def test_nothing_moves_when_it_opens(browser: Browser, here: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput)"
        " window.moved += e.value; })).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(f"{here}verify/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") < 0.1
    context.close()


def test_without_scripts_it_says_how_else(browser: Browser, here: str) -> None:
    for language, path in LANGUAGES.items():
        found = look(browser, here, f"{path}verify/", View(width=360, scripts=False))
        article = found.page.locator("article").inner_text()
        assert "passport verify badge.png" in article and "VerifierPlus" in article and "1EdTech" in article
        assert found.page.locator("article noscript").first.inner_text().strip(), language
        expect(found.page.locator("#pv-tool")).to_be_hidden()
        found.page.context.close()


def test_the_plain_host(tmp_path: Path, browser: Browser) -> None:
    site = with_keys(copy_of_demo(tmp_path / "site"))
    config = site / "site.yml"
    config.write_text(config.read_text(encoding="utf-8") + "host: plain\n", encoding="utf-8")
    build_site(site, tmp_path / "public")
    base = "https://badge-passport.github.io/demo/"
    server, origin = serve(tmp_path / "public", base)
    for path in ("", "ar/"):
        found = look(browser, origin, f"{path}verify/", View(width=360))
        picture = next((tmp_path / "public" / "awards").glob("*/badge.png"))
        assert give(found.page, picture) in ("Valid", "Not valid", "صالحة", "غير صالحة")
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
        found.page.context.close()
    server.shutdown()
