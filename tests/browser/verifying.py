"""The verify page, opened and given badges, and hosted badges to give it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from badge_passport.credentials.identity import hash_identity
from browser.site import Hosted, Seen, View, look
from demo import Demo

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


def lasts(given: Any) -> bool:
    return bool(given.in_force and not given.expires and given.acceptance == "accepted")


def good(demo: Demo) -> Any:
    return award(demo, lasts)


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
