"""Sharing in a browser: the panel of a page, what it copies and opens, codes that are read, wallets."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from badge_passport.registry.privacy import is_listed
from browser.sharing import award_of, serve, shared_pages
from browser.site import AXE, Hosted, View, look, require, views
from browser.test_pages import violations
from demo import Demo

pytestmark = pytest.mark.browser


PREFIXES = {"en": "", "ar": "ar/"}


def read_from(screenshot: bytes) -> str:
    """What the QR code of a picture says."""
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(screenshot)).convert("RGB"))
    return found.text


def opened(browser: Browser, address: str, script: str = "", **options: Any) -> tuple[BrowserContext, Page]:
    """A page of its own context, after ``script`` ran in it, with its share panel open."""
    context = browser.new_context(reduced_motion="reduce", **options)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator("#share > summary").click()
    return context, page


@pytest.mark.parametrize("kind", ["badge", "award", "award-pending", "passport"])
@pytest.mark.parametrize("tag", PREFIXES)
def test_the_open_panel_is_accessible_and_fits(
    demo: Demo, browser: Browser, origin: str, kind: str, tag: str
) -> None:
    require(AXE.exists(), "axe-core is not installed: tests/judges/install.sh")
    for view in views([*PREFIXES].index(tag)):
        seen = look(browser, origin, PREFIXES[tag] + shared_pages(demo)[kind], view)
        page = seen.page
        page.locator("#share > summary").click()
        for inner in page.locator("#share details > summary").all():
            inner.click()
        page.add_script_tag(path=str(AXE))
        assert page.evaluate("document.documentElement.scrollWidth") <= view.width
        assert violations(page) == [], view
        assert [u for u in seen.requests if not u.startswith((origin, "data:"))] == []
        assert seen.errors == []
        page.context.close()


def test_without_scripts_the_panel_has_links_codes_and_the_qr_code(
    demo: Demo, browser: Browser, origin: str
) -> None:
    context, page = opened(browser, origin + shared_pages(demo)["award"], java_script_enabled=False)
    shown = page.locator("#share a:visible").all_inner_texts()
    assert shown == [
        "Add to your LinkedIn profile",
        "LinkedIn",
        "X",
        "WhatsApp",
        "Facebook",
        "Pinterest",
        "E-mail",
    ]
    assert page.locator("#share :is(button, form):visible").count() == 0
    for inner in page.locator("#share details > summary").all():
        inner.click()
    assert page.locator("#share textarea:visible").count() == 4
    assert page.locator("#share a[download]").is_visible()
    context.close()


def test_the_panel_works_by_keyboard(demo: Demo, browser: Browser, origin: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(origin + shared_pages(demo)["award"])
    page.locator("#share > summary").focus()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
        if not page.evaluate("document.activeElement.closest('#share') !== null"):
            break
        # What has the focus can be seen to have it.
        assert page.evaluate(
            "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)"
            "(getComputedStyle(document.activeElement))"
        ), at
        seen.append(at)
    assert seen[0] == "ps-address" and "Facebook" in seen and "ps-server" in seen, seen
    page.locator("#share > summary").focus()
    page.keyboard.press("Enter")
    assert not page.locator("#ps-address").is_visible()
    context.close()


@pytest.mark.parametrize("field", ["ps-address", "ps-frame", "ps-html", "ps-markdown", "ps-signature"])
def test_copying_puts_the_text_on_the_clipboard_and_says_so(
    demo: Demo, browser: Browser, origin: str, field: str
) -> None:
    page_path = shared_pages(demo)["award"]
    context, page = opened(browser, origin + page_path, permissions=["clipboard-read", "clipboard-write"])
    if field != "ps-address":
        page.locator("#share details > summary").first.click()
    page.locator(f"[data-copy={field}]").click()
    page.wait_for_function("document.querySelector('.ps-status').textContent === 'Copied.'")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.locator(f"#{field}").input_value()
    assert demo.base + page_path.rstrip("/") in text
    kinds = page.evaluate("navigator.clipboard.read().then(items => items[0].types)")
    assert ("text/html" in kinds) is (field == "ps-signature")
    context.close()


def test_where_copying_is_refused_the_text_is_selected(demo: Demo, browser: Browser, origin: str) -> None:
    refuse = "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"
    context, page = opened(browser, origin + shared_pages(demo)["award"], refuse)
    page.locator("[data-copy=ps-address]").click()
    page.wait_for_function("/could not be copied/.test(document.querySelector('.ps-status').textContent)")
    assert page.evaluate("document.activeElement.id") == "ps-address"
    assert page.evaluate("getSelection().toString()") == page.locator("#ps-address").input_value()
    context.close()


def test_the_share_sheet_gets_title_and_address(demo: Demo, browser: Browser, origin: str) -> None:
    award = award_of(demo)
    catch = "navigator.share = data => { window.shared = data; return Promise.resolve(); }"
    context, page = opened(browser, f"{origin}awards/{award.id}/", catch)
    page.get_by_role("button", name="Share by …").click()
    badge = award.badge.record.name.get("en", "en")
    issuer = award.badge.issuer.record.name.get("en", "en")
    assert page.evaluate("shared") == {
        "title": f"{badge} · {issuer}",
        "url": f"{demo.base}awards/{award.id}/",
    }
    context.close()
    context, page = opened(browser, f"{origin}awards/{award.id}/", "delete Navigator.prototype.share")
    assert not page.locator("[data-sheet]").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.social", "mastodon.social"),
        (" https://Chaos.Social/@somebody ", "chaos.social"),
        ("@me@social.example.org", "social.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("localhost", ""),
        ("not a server", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_mastodon_opens_the_readers_own_server(
    demo: Demo, browser: Browser, origin: str, typed: str, host: str
) -> None:
    catch = "window.open = (...given) => { window.opened = given; }"
    context, page = opened(browser, origin + shared_pages(demo)["award"], catch)
    page.locator("#ps-server").fill(typed)
    page.get_by_role("button", name="Share on Mastodon").click()
    given = page.evaluate("window.opened || null")
    if host:
        url = urlsplit(given[0])
        assert (url.scheme, url.netloc, url.path) == ("https", host, "/share")
        assert parse_qs(url.query) == {"text": [page.locator(".ps-toot").get_attribute("data-text")]}
        assert given[1:] == ["_blank", "noopener"]
    else:
        assert given is None
        assert "mastodon.social" in page.evaluate("document.getElementById('ps-server').validationMessage")
    context.close()


def test_unlisted_pages_say_who_can_see_them(demo: Demo, browser: Browser, origin: str) -> None:
    people = demo.registry.participants.values()
    unlisted = next(p for p in people if p.record.visibility == "unlisted" and not is_listed(p))
    context, page = opened(browser, f"{origin}passports/{unlisted.slug}/")
    assert "Whoever has its link" in page.locator("#share").inner_text()
    assert page.locator('script[type="application/ld+json"], meta[property="og:image:alt"]').count() == 0
    context.close()
    context, page = opened(browser, origin + shared_pages(demo)["passport"])
    assert "Whoever has its link" not in page.locator("#share").inner_text()
    context.close()


def test_what_no_longer_holds_is_not_shared(demo: Demo, browser: Browser, origin: str) -> None:
    lapsed = [a for a in demo.registry.awards.values() if not a.in_force]
    assert {a.acceptance for a in lapsed} >= {"declined"} and any(a.revoked for a in lapsed)
    for award in lapsed[:6]:
        seen = look(browser, origin, f"awards/{award.id}/", View(scripts=False))
        assert seen.page.locator("#share, [type='application/json+oembed']").count() == 0
        seen.page.context.close()


def test_the_qr_code_on_the_screen_leads_to_the_page(demo: Demo, browser: Browser, origin: str) -> None:
    for path in ("", "ar/"):
        address = f"{path}{shared_pages(demo)['award']}"
        context, page = opened(browser, origin + address, color_scheme="dark")
        page.locator(".ps-qr > summary").click()
        page.wait_for_timeout(100)
        assert read_from(page.locator(".ps-qr img").screenshot()) == demo.base + address
        with page.expect_download() as download:
            page.locator(".ps-qr a").click()
        assert download.value.suggested_filename.endswith("-qr.svg")
        assert download.value.path().read_text(encoding="utf-8").startswith("<svg xmlns=")
        context.close()


def test_heads_describe_the_page_to_those_who_show_links(demo: Demo, browser: Browser, origin: str) -> None:
    for path in shared_pages(demo).values():
        seen = look(browser, origin, path, View(scripts=False))
        head = {
            (m.get_attribute("property") or m.get_attribute("name")): m.get_attribute("content")
            for m in seen.page.locator("meta[content]").all()
        }
        image = demo.path_of(str(head["og:image"]))
        with Image.open(image) as card:
            assert card.size == (int(str(head["og:image:width"])), int(str(head["og:image:height"])))
        assert head["twitter:card"] == "summary_large_image" and head["og:image:alt"]
        answer = seen.page.locator("link[type='application/json+oembed']").get_attribute("href")
        assert json.loads(demo.path_of(str(answer)).read_bytes())["type"] == "rich"
        seen.page.context.close()


def test_wallets_are_offered_where_an_issuer_signs(signed_demo: Demo, browser: Browser) -> None:
    prefix = urlsplit(signed_demo.base).path
    server, root = serve(partial(Hosted, directory=str(signed_demo.public), prefix=prefix))
    origin, award = root.rstrip("/") + prefix, award_of(signed_demo)
    seen = look(browser, origin, f"awards/{award.id}/", View())
    credential = f"{signed_demo.base}awards/{award.id}/credential.json"
    assert seen.page.locator("#ps-credential").input_value() == credential
    link = seen.page.get_by_role("link", name="Check it at VerifierPlus").get_attribute("href")
    assert link is not None and link.startswith("https://verifierplus.org/#verify?vc=https%3A%2F%2F")
    assert read_from(seen.page.locator(".ps-wallets img").screenshot()) == credential
    if AXE.exists():
        seen.page.add_script_tag(path=str(AXE))
        assert violations(seen.page) == []
    seen.page.context.close()
    server.shutdown()
