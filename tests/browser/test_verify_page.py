"""The verify page as people use it: by drop, by address, offline, with hosts that refuse, without scripts."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from badge_passport.credentials.baking import bake_png, bake_svg
from badge_passport.credentials.identity import hash_identity
from browser.site import ARGUMENTS, AXE, Hosted, Seen, View, chromium, look, require
from browser.test_pages import LANGUAGES, SCHEMES, WIDTHS, check_text, violations
from demo import Demo, build_site, copy_of_demo, with_keys

pytestmark = pytest.mark.browser
Document = dict[str, Any]
RESULT = "#pv-verdict"


def serve(public: Path, base: str) -> tuple[ThreadingHTTPServer, str]:
    prefix = urlsplit(base).path
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hosted, directory=str(public), prefix=prefix))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}{prefix}"


@pytest.fixture(scope="module")
def here(signed_demo: Demo) -> Iterator[str]:
    """The address of a server of the signed demo."""
    server, origin = serve(signed_demo.public, signed_demo.base)
    yield origin
    server.shutdown()


@pytest.fixture
def seen(browser: Browser, here: str) -> Iterator[Seen]:
    """The verify page, opened, quiet."""
    found = look(browser, here, "verify/", View())
    yield found
    found.page.context.close()


@pytest.fixture
def page(seen: Seen) -> Page:
    return seen.page


def award(demo: Demo, wanted: Callable[[Any], bool]) -> Any:
    return next(a for a in demo.registry.awards.values() if wanted(a))


def good(demo: Demo) -> Any:
    return award(demo, lambda a: a.in_force and not a.expires and a.acceptance == "accepted")


def folder(demo: Demo, of: Any) -> Path:
    return demo.public / "awards" / of.id


def give(page: Page, data: bytes | Path, name: str = "badge.json") -> str:
    """Choose a file, and read the verdict."""
    payload: Any = (
        data if isinstance(data, Path) else {"name": name, "mimeType": "application/json", "buffer": data}
    )
    page.evaluate("document.getElementById('pv-result').replaceChildren()")
    page.set_input_files("#pv-file", payload)
    return verdict(page)


def verdict(page: Page) -> str:
    page.wait_for_selector(RESULT, timeout=15_000)
    return page.locator(RESULT).inner_text()


def reason(page: Page) -> str:
    return page.locator(".pv-reason").first.inner_text()


def only_here(found: Seen, origin: str) -> None:
    assert [u for u in found.requests if not u.startswith((origin, "data:", "blob:"))] == []


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


def test_a_withdrawn_badge(signed_demo: Demo, page: Page) -> None:
    given = award(signed_demo, lambda a: a.revoked and not a.because)
    assert give(page, folder(signed_demo, given) / "credential.json") == "Not valid"
    assert "withdrew it" in page.locator(".pv-verdict").inner_text()
    assert give(page, folder(signed_demo, given) / "assertion.json") == "Not valid"


def test_an_expired_badge(signed_demo: Demo, page: Page) -> None:
    given = award(signed_demo, lambda a: a.in_force and a.expires and a.expires.year < 2025)
    assert give(page, folder(signed_demo, given) / "badge.png") == "Not valid"
    assert "It has not ended" in reason(page)
    assert "Whoever shows the badge" in page.locator(".pv-verdict .pv-who").first.inner_text()


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
        assert give(page, signed_demo.files(pattern)[0]) in ("Valid", "Not valid")
        assert page.locator(".pv-part").count() >= 2


def test_what_is_no_badge(page: Page) -> None:
    for data in (b"", b"hello", b"{}", b"\x89PNG\r\n\x1a\n", b"<svg", b"\xff\xfe"):
        assert give(page, data) == "Not valid"
        assert reason(page)


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


# --- The person -----------------------------------------------------------------------------------------


def hosted_for(address: str, base: str) -> Document:
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{base}a.json",
        "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": hash_identity(address, "s")},
        "badge": f"{base}b.json",
        "issuedOn": "2024-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    }


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
    for base in (elsewhere + "open/", "https://10.0.0.1/", "https://router.local/", "https://[fd00::1]/"):
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
        bake_svg(svg, document=json.dumps(credential), form="openbadgecredential"),
    ):
        assert give(page, data) == "Not valid"
        assert page.locator("#pv-result a[href^='javascript']").count() == 0
        assert page.locator("#pv-result :is(script, iframe, object, [onerror])").count() == 0
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None


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
    for scheme in SCHEMES:
        found = look(browser, here, LANGUAGES[language] + "verify/", View(scheme=scheme))
        page = found.page
        page.route("https://a-very-long-name**", lambda route: route.abort())
        check_text(page, "verify/", language)
        page.add_script_tag(path=str(AXE))
        for state, data in states.items():
            if data is not None:
                give(page, data)
                page.wait_for_timeout(100)
            for width in WIDTHS:
                where = f"{state} in {language} at {width} {scheme}"
                page.set_viewport_size({"width": width, "height": 800})
                page.wait_for_timeout(100)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{where} is {wide} pixels wide"
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


def test_a_badge_of_tomorrow(page: Page) -> None:
    """The reader's clock decides, in the zone that the badge names."""
    document = hosted_for("a@example.org", "https://elsewhere.example/")
    document["issuedOn"] = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    png = bake_png(EMPTY_PNG, {"openbadges": json.dumps(document)})
    assert give(page, png) == "Not valid"
    assert "It begins on" in reason(page)


EMPTY_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
