"""A demo with an award to claim, its page opened by the link in the mail, and answers as they are read."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from badge_passport.cli import cli
from badge_passport.desk.claims.codes import claim_code
from badge_passport.desk.claims.requests import Offer, read
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from browser.site import Hosted, View, look
from claim_fixtures import SECRET
from demo import build_site, copy_of_demo
from notify_fixtures import KEY

ADDRESS = "holder@mail.example"
ISSUES = "https://github.com/example/badges/issues/new"


@dataclass(frozen=True)
class Claims:
    """A copy of the demo that takes issues, its source, where it is served, and an award to claim."""

    source: Path
    public: Path
    origin: str
    award: Award

    @property
    def code(self) -> str:
        return claim_code(SECRET, self.award.id, ADDRESS)

    def path(self, language: str = "") -> str:
        return f"{language}awards/{self.award.id}/#claim={self.code}"


@pytest.fixture(scope="session")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Claims]:
    folder = tmp_path_factory.mktemp("claims")
    source = copy_of_demo(folder / "source")
    with (source / "site.yml").open("a", encoding="utf-8") as site:
        site.write(f"requests: {{issues: {ISSUES}}}\n")
    registry = registry_of(source)
    award = next(a for a in registry.awards.values() if a.acceptance == "pending" and a.in_force)
    (source / "private").mkdir()
    (source / "private/claims.key").write_text(KEY, encoding="ascii")
    (source / "private/roster.csv").write_text(
        f"participant,address\n{award.participant.slug},{ADDRESS}\n", encoding="utf-8"
    )
    build_site(source, folder / "public")
    prefix = urlsplit(registry.site.url).path
    handler = partial(Hosted, directory=str(folder / "public"), prefix=prefix)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Claims(source, folder / "public", f"http://127.0.0.1:{server.server_port}{prefix}", award)
    server.shutdown()


@pytest.fixture
def page(browser: Browser, claims: Claims) -> Iterator[Page]:
    """The page of the award, opened by the link in the mail."""
    seen = look(browser, claims.origin, claims.path(), View())
    yield seen.page
    assert seen.errors == []
    seen.page.context.close()


def registry_of(source: Path) -> Registry:
    checked = check(source)
    assert checked.good and checked.registry is not None
    return checked.registry


def saved(page: Page) -> str:
    """The answer as a file; nothing stands in the way of saving it."""
    with page.expect_download() as waiting:
        page.locator("#pc-file").click()
    assert re.fullmatch(r"answer-[0-9A-Z]{16}\.txt", waiting.value.suggested_filename)
    return waiting.value.path().read_text(encoding="utf-8")


def offer_in(text: str) -> Offer:
    offers, problems = read(text.encode(), None)
    assert problems == []
    [offer] = offers
    return offer


def accepted(claims: Claims, folder: Path, text: str | bytes, *options: str) -> Registry:
    """The site after `passport accept` has read this."""
    site = folder / "site"
    shutil.copytree(claims.source, site)
    file = folder / "answer"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    result = CliRunner().invoke(cli, ["accept", str(file), "--site", str(site), "--yes", *options])
    assert result.exit_code == 0, result.output
    return registry_of(site)


def choose(page: Page, group: str, value: str) -> None:
    page.locator(f"input[name={group}][value='{value}']").check()
