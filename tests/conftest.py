"""Sites for tests: the minimal valid site with other files laid over it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from badge_passport.pipeline import Checked, check
from minimal import MINIMAL, CheckSite, MakeSite

hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("unhurried")


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """``make_site({path: text or bytes})``: the folder of a minimal site with these files in it."""

    def make(files: Mapping[str, str | bytes] | None = None) -> Path:
        site = tmp_path / "site"
        if not site.exists():
            shutil.copytree(MINIMAL, site)
        for name, content in (files or {}).items():
            file = site / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return site

    return make


@pytest.fixture
def checked(make_site: MakeSite) -> CheckSite:
    """``checked({path: text or bytes})``: that site, read and checked."""

    def run(files: Mapping[str, str | bytes] | None = None) -> Checked:
        return check(make_site(files))

    return run


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing that a test calls may speak to another machine; servers of the tests are on this one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test asks {address[0]}: the project needs no network")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
