"""The demo served over HTTP on this machine, and a browser that sees it: fixtures of the browser tests."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from demo import ROOT, SEALS, Demo

AXE = ROOT / ".judges" / "node" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Hosted(SimpleHTTPRequestHandler):
    """Serves the folder under the path of its URL, with 404.html for what is not there, as hosts do."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(self.prefix.rstrip("/")))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        data = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
        pass


@contextmanager
def serving(public: Path, base: str, hosted: type[Hosted] = Hosted) -> Iterator[str]:
    """The address of a server of a built site, while it is needed."""
    prefix = urlsplit(base).path
    handler = partial(hosted, directory=str(public), prefix=prefix)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{prefix}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def origin(demo: Demo) -> Iterator[str]:
    """The address of a server of the built demo."""
    with serving(demo.public, demo.base) as address:
        yield address


def chromium() -> str | None:
    """The system's Chromium, which `make test` installs where it is missing."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def require(thing: object, what: str) -> None:
    """Skip a test that needs something missing, but fail it where everything must run."""
    if not thing:
        if os.environ.get("CI"):
            pytest.fail(what)
        pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    require(program, "there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@dataclass(frozen=True)
class View:
    """How a reader looks at a page."""

    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}{'' if self.scripts else '-noscript'}"


def views(turn: int) -> tuple[View, View]:
    """Two of the four ways to see a page, wide and narrow, light and dark: both widths, and both schemes.

    The next turn has the other two. Pages are alike in all languages, so that each language takes its turn.
    """
    light, dark = (1280, 360) if turn % 2 == 0 else (360, 1280)
    return View(light, "light"), View(dark, "dark")


@dataclass(frozen=True)
class Seen:
    """A page as it was seen, with the requests and errors it caused."""

    page: Page
    requests: list[str]
    errors: list[str]


def look(browser: Browser, origin: str, path: str, view: View) -> Seen:
    """Open a page and wait until it is quiet. The caller closes ``page.context``."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 800},
        color_scheme=view.scheme,
        java_script_enabled=view.scripts,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("response", lambda r: errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.goto(origin + path)
    page.wait_for_load_state("networkidle")
    return Seen(page, requests, errors)


def kinds(demo: Demo) -> dict[str, str]:
    """One page of every kind, and an award of every state: name to path."""
    registry = demo.registry
    awards = registry.awards.values()

    def award(wanted: Any) -> str:
        return f"awards/{next(a.id for a in awards if wanted(a))}/"

    return {
        "home": "",
        "written": "about/",
        "badges": "badges/",
        "badge": "badges/dialogue-harbour/connect-participant/",
        "milestone-badge": "badges/open-perspectives-courses/growth-path/",
        "issuers": "issuers/",
        "issuer": "issuers/dialogue-harbour/",
        "competences": "competences/",
        "framework": "competences/virtual-exchange/",
        "competence": "competences/virtual-exchange/facilitation/",
        "people": "passports/",
        "compare": "compare/",
        "compared": "compare/?a=amira-k&b=jonas-b",
        "passport": "passports/amira-k/",
        "passport-empty": "passports/sofia-l/",
        "passport-arabic-name": "passports/youssef-h/",
        "passport-private": "passports/k4tz-8wnr-m2ha/",
        "passport-opened": "passports/k4tz-8wnr-m2ha/" + SEALS.of("k4tz-8wnr-m2ha").fragment,
        "award": award(
            lambda a: a.in_force and a.acceptance == "accepted" and not a.expires and a.record.evidence
        ),
        "award-expired": award(lambda a: a.in_force and a.expires and a.expires.year < 2025),
        "award-revoked": award(lambda a: a.revoked and not a.because),
        "award-declined": award(lambda a: a.acceptance == "declined"),
        "award-pending": award(lambda a: a.acceptance == "pending"),
        "award-milestone": award(lambda a: a.because and a.in_force),
        "changes": "changes/2019/",
        "statistics": "statistics/",
        "issuer-statistics": "issuers/dialogue-harbour/statistics/",
        "verify": "verify/",
        "offline": "offline/",
        "not-found": "nowhere/at/all/",
    }
