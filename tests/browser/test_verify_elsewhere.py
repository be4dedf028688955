"""The verify page and badges of other hosts: whose they are, who lets it read, and what hostile ones try."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from baked import png_with, svg_with
from browser.site import ARGUMENTS, Seen, View, chromium, look
from browser.verifying import RESULT, Document, give, here, hosted_for, page, reason, seen, verdict

__all__ = ["here", "page", "seen"]
pytestmark = pytest.mark.browser


def test_is_it_mine(seen: Seen) -> None:
    page = seen.page
    give(page, json.dumps(hosted_for("amira@example.org", "https://elsewhere.example/")).encode())
    asked = len(seen.requests)
    for address, answer in (
        ("Amira@Example.org", "Yes: it was given to this address."),
        ("jonas@example.org", "No: it was given to another address."),
    ):
        page.get_by_label("Type an e-mail address").fill(address)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator(".pv-answer")).to_have_text(answer)
    assert len(seen.requests) == asked, "an address was sent"
    assert "sent nowhere" in page.locator(".pv-mine").inner_text()


# --- Other people's hosts -------------------------------------------------------------------------------


class Elsewhere(BaseHTTPRequestHandler):
    """Another site, which lets other websites read its files only below /open/."""

    documents: dict[str, Document] = {}

    def do_GET(self) -> None:
        path = self.path.removeprefix("/open")
        found = self.documents.get(path)
        self.send_response(200 if found else 404)
        if self.path.startswith("/open/"):
            self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(json.dumps(found or {}).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def publish(base: str, **changes: Any) -> dict[str, Document]:
    """A hosted badge below a base: path to document."""
    badge = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "BadgeClass",
        "id": f"{base}b.json",
        "name": "Elsewhere",
        "description": "d",
        "criteria": f"{base}c",
        "image": f"{base}i.png",
        "issuer": f"{base}i.json",
        **changes,
    }
    issuer = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Issuer",
        "id": f"{base}i.json",
        "name": "E",
    }
    issuer |= {"url": base, "email": "e@example.org", **changes}
    return {"/a.json": hosted_for("a@example.org", base), "/b.json": badge, "/i.json": issuer}


def stand_in(page: Page, host: str, documents: dict[str, Document]) -> None:
    """A host with https, which a test cannot have: the browser answers for it, and lets everybody read."""

    def answer(route: Any) -> None:
        found = documents.get(urlsplit(route.request.url).path)
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(status=200 if found else 404, headers=headers, body=json.dumps(found or {}))

    page.route(f"{host}**", answer)


def test_a_host_that_refuses_is_explained_and_mended_by_pasting(
    browser: Browser, here: str, elsewhere: str
) -> None:
    rules = f"--host-resolver-rules=MAP elsewhere.example {urlsplit(elsewhere).netloc}"
    program = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
    page = look(program, here, "verify/", View()).page
    base = "http://elsewhere.example/"
    Elsewhere.documents = documents = publish(base)
    assert give(page, json.dumps(documents["/a.json"]).encode()) == "Cannot tell"
    assert "does not let other websites read it" in reason(page)
    for path in ("/a.json", "/b.json", "/i.json"):
        link = page.locator(".pv-paste a")
        assert link.get_attribute("href") == base + path[1:]
        assert link.get_attribute("rel") == "noopener nofollow"
        page.get_by_label("The text you see there:").fill(json.dumps(documents[path]))
        page.get_by_role("button", name="Go on with this text").click()
        page.wait_for_function(
            "path => !document.querySelector('.pv-paste a')?.href.endsWith(path)", arg=path
        )
        page.wait_for_selector(RESULT)
    assert verdict(page) == "Valid"
    assert "pasted by hand" in page.locator("#pv-result .pv-notice").first.inner_text()
    page.get_by_text("Documents that were read").click()
    assert page.get_by_text("(pasted by hand)").count() == 3
    Elsewhere.documents = opened = publish(f"{base}open/")
    assert give(page, json.dumps(opened["/a.json"]).encode()) == "Valid", "it lets others read there"
    program.close()


def test_a_host_that_lets_others_read(page: Page) -> None:
    base = "https://elsewhere.example/"
    documents = publish(base)
    stand_in(page, base, documents)
    page.fill("#pv-text", f"{base}a.json")
    page.get_by_role("button", name="Verify", exact=True).click()
    assert verdict(page) == "Valid"
    assert "Elsewhere" in page.locator(".pv-name").inner_text()
    del documents["/b.json"]
    assert give(page, json.dumps(documents["/a.json"]).encode()) == "Not valid"
    assert "There is nothing at" in reason(page)


def test_machines_of_the_readers_network_are_not_asked(seen: Seen, elsewhere: str) -> None:
    asked = len(seen.requests)
    for base in (
        elsewhere + "open/",
        "https://10.0.0.1/",
        "https://router.local/",
        "https://router./",
        "https://[fd00::1]/",
    ):
        assert give(seen.page, json.dumps(hosted_for("a@example.org", base)).encode()) == "Cannot tell"
        assert "private network" in reason(seen.page)
    assert len(seen.requests) == asked


def test_hostile_texts_stay_texts(seen: Seen) -> None:
    page = seen.page
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    base = "https://elsewhere.example/"
    documents = publish(base)
    documents["/b.json"] |= {"name": evil, "description": evil}
    documents["/i.json"] |= {"name": evil, "url": "https://elsewhere.example/"}
    stand_in(page, base, documents)
    assert give(page, json.dumps(documents["/a.json"]).encode()) == "Valid"
    assert evil in page.locator(".pv-name").inner_text()
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "OpenBadgeCredential", evil],
        "id": "javascript:window.hacked=1",
        "issuer": {"id": "x", "type": ["Profile"], "name": evil, "url": "javascript:window.hacked=1"},
        "validFrom": evil,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {"type": ["Achievement"], "name": evil},
        },
        "proof": {"type": evil, "verificationMethod": evil},
    }
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>window.hacked=1</script></svg>'
    )
    for data in (
        json.dumps(credential).encode(),
        svg_with(svg, {"openbadgecredential": json.dumps(credential)}),
    ):
        assert give(page, data) == "Not valid"
        assert page.locator("#pv-result a[href^='javascript']").count() == 0
        assert page.locator("#pv-result :is(script, iframe, object, [onerror])").count() == 0
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None


def test_a_badge_of_tomorrow(page: Page) -> None:
    """The reader's clock decides, in the zone that the badge names."""
    document = hosted_for("a@example.org", "https://elsewhere.example/")
    document["issuedOn"] = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    png = png_with(EMPTY_PNG, {"openbadges": json.dumps(document)})
    assert give(page, png) == "Not valid"
    assert "It begins on" in reason(page)


EMPTY_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
