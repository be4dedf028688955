"""The demo site, built once by the real command, for every test that looks at the output.

    python -m demo FOLDER

writes its source with keys for every issuer into a folder, which it empties before. The keys are made of
numbers that stand in this file: they show what signing is, and are worth nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from badge_passport.credentials.sealing import Seals
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from key_fixtures import add_token_key, pem, sign_with
from once import once

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Demo:
    """A built site: its folder, the URL it is meant for, and the registry it was built from."""

    public: Path
    base: str
    registry: Registry
    source: Path = ROOT

    def json(self, path: str) -> Any:
        return json.loads((self.public / path).read_bytes())

    def files(self, pattern: str = "*") -> list[Path]:
        return sorted(p for p in self.public.rglob(pattern) if p.is_file())

    def path_of(self, url: str) -> Path:
        """The file behind a URL of the site."""
        assert url.startswith(self.base), url
        path = url[len(self.base) :].partition("#")[0]
        return self.public / (path + "index.html" if path == "" or path.endswith("/") else path)


PASSPORTS_KEY = "37" * 32
"""What the keys of private passports are made of here; worth nothing, like the keys of the issuers."""
SEALS = Seals(bytes.fromhex(PASSPORTS_KEY))


def build_site(site: Path, public: Path) -> None:
    """Build with the command line, as a promoter does."""
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), "--output", str(public)]
    environment = {"PASSPORT_PASSPORTS_KEY": PASSPORTS_KEY, **os.environ}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


ISSUERS = (
    "agora-debate-network",
    "dialogue-harbour",
    "open-perspectives-courses",
    "transnational-projects-lab",
)


def copy_of_demo(folder: Path) -> Path:
    """The source of the demo in a folder of its own, to be changed."""
    folder.mkdir(parents=True)
    for name in ("site.yml", "badges", "content"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    return folder


def with_keys(folder: Path) -> Path:
    """The demo with both keys for every issuer."""
    for seed, issuer in enumerate(ISSUERS, 1):
        sign_with(folder, issuer, seed, pem(seed))
        add_token_key(folder, issuer, seed)
    return folder


def _once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Path]) -> Demo:
    with once(tmp_path_factory, name) as folder:
        source, public = make(folder), folder.with_name(f"{name}-public")
        if not public.exists():
            build_site(source, public)
    registry = check(source).registry
    assert registry is not None
    return Demo(public, registry.site.url, registry, source)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo as it lies here: nobody signs."""
    return _once(tmp_path_factory, "demo", lambda _: ROOT)


@pytest.fixture(scope="session")
def signed_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo with keys for every issuer."""
    return _once(
        tmp_path_factory,
        "signed-demo",
        lambda folder: folder if folder.exists() else with_keys(copy_of_demo(folder)),
    )


@pytest.fixture(scope="session")
def archived_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The same after the project ended."""

    def make(folder: Path) -> Path:
        if not folder.exists():
            site = with_keys(copy_of_demo(folder)) / "site.yml"
            site.write_text(site.read_text(encoding="utf-8") + "archived: 2021-03-31\n", encoding="utf-8")
        return folder

    return _once(tmp_path_factory, "archived-demo", make)


if __name__ == "__main__":
    [target] = map(Path, sys.argv[1:])
    if target.exists() and not (target / "private" / "keys").is_dir():
        sys.exit(f"{target} is not a folder of this command: it is left as it is")
    shutil.rmtree(target, ignore_errors=True)
    with_keys(copy_of_demo(target))
    secret = target / "private" / "passports.key"
    secret.write_text(PASSPORTS_KEY + "\n", encoding="ascii")
    secret.chmod(0o600)
