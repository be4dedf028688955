"""Two builds of one small site, and `passport publish` as a process that can be killed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner

from badge_passport.cli import cli
from minimal import MINIMAL, TESTS

URL = "https://badges.example.org/"
_LINK = re.compile(r'(?:href|src|content|data-[a-z-]+)="([^"#?]+\.(?:json|png|svg|zip|xml))"')
_PERSON = """\
name: Person {n}
display: full
visibility: {visibility}
identities:
  - identity: {identity}
    salt: {salt}
consent: {{on: 2024-06-20, scope: [name, listing, awards]}}
"""


@dataclass(frozen=True)
class Builds:
    """Two builds of one site: in the second some people and awards are new, some gone, some changed."""

    site: Path
    first: Path
    second: Path


def build(site: Path, people: range, output: Path, day: str = "2024-06-18") -> None:
    """Build the minimal site with these people, and nobody else."""
    for number in range(100):
        (site / f"content/participants/person-{number}.yml").unlink(missing_ok=True)
    for number in people:
        file = site / f"content/participants/person-{number}.yml"
        visibility = "unlisted" if number % 3 == 0 else "public"
        salt = f"salt-of-person-{number:06d}"
        identity = "sha256$" + hashlib.sha256(f"person-{number}@example.org{salt}".encode()).hexdigest()
        text = _PERSON.format(n=number, visibility=visibility, identity=identity, salt=salt)
        file.write_text(text, encoding="utf-8")
    awards = "".join(f"  - participant: person-{number}\n" for number in people)
    (site / "content/awards/harbour/many.yml").write_text(
        f"badge: listener\nissuedOn: {day}\nawards:\n{awards}", encoding="utf-8"
    )
    done = CliRunner().invoke(cli, ["build", "--site", str(site), "--output", str(output)])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    folder = tmp_path_factory.mktemp("published")
    site = folder / "site"
    shutil.copytree(MINIMAL, site)
    build(site, range(6), folder / "first")
    build(site, range(3, 9), folder / "second")
    return Builds(site, folder / "first", folder / "second")


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def command(root: Path, *options: object) -> list[str]:
    return [sys.executable, "-m", "badge_passport", "publish", "--site", str(root), *map(str, options)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Without the credentials of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AZURE_", "GOOGLE_", "GIT_"))}
    return {**kept, "PYTHONPATH": str(TESTS.parent / "generator"), **(more or {})}


def publish(
    root: Path, *options: object, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        command(root, *options), env=environment(more), capture_output=True, text=True, check=False
    )


def published(root: Path, *options: object, more: Mapping[str, str] | None = None) -> str:
    """What it says when all goes well."""
    done = publish(root, *options, more=more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def killed(
    root: Path,
    *options: object,
    begun: Callable[[], bool],
    wait: float,
    more: Mapping[str, str] | None = None,
) -> bool:
    """Kill the command (SIGKILL) so many seconds after it has begun; whether it was still running."""
    process = subprocess.Popen(
        command(root, *options), env=environment(more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and not begun():
        time.sleep(0.001)
    time.sleep(wait)
    process.kill()
    return process.wait(10) < 0


def dangling(there: Mapping[str, bytes]) -> list[str]:
    """The documents that pages point to and that are not there."""
    found = set()
    for path, data in there.items():
        if path.endswith(".html"):
            for link in _LINK.findall(data.decode("utf-8")):
                address = urljoin(URL + path, link)
                if address.startswith(URL) and address.removeprefix(URL) not in there:
                    found.add(f"{path}: {address}")
    return sorted(found)
