"""No key of an issuer is lost: not on a full disk, and not when the command is given again."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from badge_passport.desk.files.changes import WAITING
from badge_passport.pipeline import check
from minimal import MakeSite

ISSUER = "badges/harbour/issuer.yml"


def keys(site: Path, *arguments: str, room: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    """Run `passport keys`, where no file may grow beyond ``room`` bytes."""
    return subprocess.run(
        [sys.executable, "-m", "badge_passport", "keys", arguments[0], "--site", str(site), *arguments[1:]],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )


def state(site: Path) -> dict[str, bytes]:
    files = [site / ISSUER, *(site / "private" / "keys").glob("*")]
    return {str(file.relative_to(site)): file.read_bytes() for file in files if file.exists()}


@pytest.mark.parametrize("room", [0, 130], ids=["no room at all", "room for the private half alone"])
def test_a_rotation_that_finds_no_room_changes_nothing(make_site: MakeSite, room: int) -> None:
    site = make_site()
    assert keys(site, "new", "harbour").returncode == 0
    before = state(site)
    for _ in range(2):
        done = keys(site, "rotate", "harbour", room=room)
        assert done.returncode == 1 and "too large" in done.stderr, done.stderr
        assert state(site) == before
    assert keys(site, "rotate", "harbour").returncode == 0
    kept = state(site)
    assert len(kept) == 3 and before["private/keys/harbour.pem"] in kept.values()


@pytest.mark.parametrize("room", [0, 130])
def test_a_first_key_that_finds_no_room_is_not_in_the_way(make_site: MakeSite, room: int) -> None:
    site = make_site()
    before = state(site)
    assert keys(site, "new", "harbour", room=room).returncode == 1
    assert state(site) == before
    assert keys(site, "new", "harbour").returncode == 0


def test_a_key_that_was_moved_aside_is_not_overwritten(make_site: MakeSite) -> None:
    site = make_site()
    said = keys(site, "new", "harbour").stdout
    aside = site / "private" / "keys" / f"harbour.{said.split()[0]}.pem"
    aside.write_bytes(b"the real one\n")
    before = state(site)
    done = keys(site, "rotate", "harbour")
    assert done.returncode == 1 and "error[key-conflict]" in done.stderr
    assert state(site) == before


def test_what_a_killed_run_left_is_no_hindrance(make_site: MakeSite) -> None:
    site = make_site()
    folder = site / "private" / "keys"
    folder.mkdir(parents=True)
    (folder / f".harbour.pem{WAITING}").write_bytes(b"half a k")
    assert keys(site, "new", "harbour").returncode == 0
    assert [file.name for file in folder.iterdir()] == ["harbour.pem"]


def test_git_ignores_a_key_from_the_first_one_on(make_site: MakeSite) -> None:
    site = make_site()
    assert not (site / ".gitignore").exists()
    assert keys(site, "new", "harbour").returncode == 0
    assert (site / ".gitignore").read_text() == "private/\n"


@pytest.mark.parametrize(
    "written",
    [
        "{name: Harbour, description: Badges., url: 'https://harbour.example.org', email: a@example.org}\n",
        "name: Harbour\ndescription: Badges.\nurl: https://harbour.example.org\n"
        "email: a@example.org\n# The end.\n",
    ],
)
def test_keys_are_written_into_the_file_as_it_is(make_site: MakeSite, written: str) -> None:
    site = make_site({ISSUER: written})
    for command in ("new", "rotate"):
        assert keys(site, command, "harbour").returncode == 0
    checked = check(site)
    assert checked.good and checked.registry is not None, checked.diagnostics
    found = checked.registry.issuers["harbour"].record.keys
    assert [bool(key.retired) for key in found] == [True, False]
    text = (site / ISSUER).read_text(encoding="utf-8")
    assert text.startswith(written.rstrip("}\n"))
