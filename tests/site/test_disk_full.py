"""A disk that fills up while a site is built again: the site stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from minimal import MakeSite

FULL = """
import hashlib, os, shutil, subprocess, sys
from pathlib import Path

here, source = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(here)], check=True)
shutil.copytree(source, here / "site")
command = [sys.executable, "-m", "badge_passport", "build", "--site", str(here / "site"), "--jobs", "2"]

def digest():
    files = sorted(p for p in (here / "site/public").rglob("*") if p.is_file())
    return hashlib.sha256(b"".join(str(p).encode() + p.read_bytes() for p in files)).hexdigest()

assert subprocess.run(command, check=False).returncode == 0
before = digest()
(here / "site/content/pages").mkdir(exist_ok=True)
(here / "site/content/pages/more.md").write_text("# More\\n", encoding="utf-8")
room = os.statvfs(here)
(here / "ballast").write_bytes(b"x" * (room.f_bavail * room.f_frsize - 20_000))
done = subprocess.run(command, check=False, capture_output=True, text=True)
assert done.returncode == 1 and "output-failed" in done.stderr, done.stderr
assert "untouched" in done.stderr and digest() == before
(here / "ballast").unlink()
assert subprocess.run(command, check=False).returncode == 0
assert digest() != before and (here / "site/public/more/index.html").is_file()
print("survived")
"""


def test_a_change_that_finds_no_room_leaves_the_site(make_site: MakeSite, tmp_path: Path) -> None:
    """A real file system of 4 MB, in a mount namespace of its own."""
    (tmp_path / "small").mkdir()
    arguments = [sys.executable, "-c", FULL, str(tmp_path / "small"), str(make_site())]
    command = ["unshare", "--map-root-user", "--mount", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "mount" in done.stderr and "output-failed" not in done.stderr and not os.environ.get("CI"):
        pytest.skip("file systems cannot be mounted here")
    assert done.stdout.splitlines()[-1:] == ["survived"], done.stderr
