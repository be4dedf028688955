"""A change of files is made whole or not at all, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge_passport.desk.files.changes import FEW, WAITING, apply, with_private_ignored


def contents(root: Path) -> dict[str, bytes]:
    return {str(f.relative_to(root)): f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root on Linux can make a disk to fill")
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this container may not mount a disk to fill")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("number", [3, FEW + 30])
def test_a_change_is_made(tmp_path: Path, number: int) -> None:
    (tmp_path / "old.yml").write_bytes(b"old")
    (tmp_path / "gone.yml").write_bytes(b"gone")
    files: dict[str, bytes | None] = {f"content/p/{n}.yml": b"%d" % n for n in range(number)}
    apply(tmp_path, {**files, "old.yml": b"new", "gone.yml": None, "never.yml": None})
    assert contents(tmp_path) == {**files, "old.yml": b"new"}


def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (tmp_path / "shared.yml").write_bytes(b"")
        (tmp_path / "shared.yml").chmod(0o664)
        (tmp_path / "private").mkdir()
        (tmp_path / "private/open.csv").write_bytes(b"")  # as a careless editor leaves it
        apply(
            tmp_path, {"private/a/b.csv": b"1", "private/open.csv": b"1", "shared.yml": b"1", "new.yml": b"1"}
        )
    finally:
        os.umask(before)

    def mode(name: str) -> int:
        return (tmp_path / name).stat().st_mode & 0o777

    assert mode("private/a/b.csv") == mode("private/open.csv") == 0o600
    assert mode("private/a") == 0o700
    assert (mode("shared.yml"), mode("new.yml")) == (0o664, 0o644)


@pytest.mark.parametrize("number", [3, FEW + 30])
def test_a_full_disk_loses_nothing(tiny: Path, number: int) -> None:
    apply(tiny, {"a.yml": b"a" * 1000, "private/roster.csv": b"r" * 1000})
    before = contents(tiny)
    files = {f"n{n}.yml": b"x" * 5000 for n in range(number)}
    with pytest.raises(OSError, match="No space left"):
        apply(tiny, {"a.yml": b"b", **files, "private/roster.csv": b"y" * 300_000})
    assert contents(tiny) == before
    apply(tiny, {"a.yml": b"b"})  # and there is room again
    assert contents(tiny)["a.yml"] == b"b"


def test_a_folder_in_the_way_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a")
    (tmp_path / "b.yml").mkdir()
    with pytest.raises(IsADirectoryError):
        apply(tmp_path, {"a.yml": b"changed", "b.yml": b"b"})
    assert contents(tmp_path) == {"a.yml": b"a"}


def test_whoever_may_not_write_there_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError):
        apply(tmp_path, {"a.yml": b"changed", "file/b.yml": b"b"})
    assert contents(tmp_path) == {"a.yml": b"a", "file": b""}


KILLED = """
import sys
from pathlib import Path
from badge_passport.desk.files.changes import apply
root = Path(sys.argv[1])
while True:
    for letter in (b"a", b"b"):
        apply(root, {f"{n}.yml": letter * 20_000 for n in range(40)})
        print(flush=True)
"""


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "generator")}
    left = 0
    for attempt in range(6):
        run = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], env=environment, stdout=subprocess.PIPE
        )
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(0.003 * attempt)
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        files = {n: d for n, d in contents(tmp_path).items() if not n.endswith(WAITING)}
        assert len(files) == 40
        assert set(files.values()) <= {b"a" * 20_000, b"b" * 20_000}
        left += len(list(tmp_path.glob(f".*{WAITING}")))
        apply(tmp_path, {"0.yml": b"a" * 20_000})
        assert not list(tmp_path.glob(f".*{WAITING}"))
    assert left  # or the test has not killed anything in the middle


@pytest.mark.parametrize("before", [None, b"public/", b"public/\n", b"# private/\n"])
def test_git_is_told_to_ignore_what_is_private(tmp_path: Path, before: bytes | None) -> None:
    if before is not None:
        (tmp_path / ".gitignore").write_bytes(before)
    assert with_private_ignored(tmp_path, {"a.yml": b""}) == {"a.yml": b""}
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    apply(tmp_path, with_private_ignored(tmp_path, {"private/roster.csv": b"", "a.yml": b""}))
    tracked = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain", "-uall"], capture_output=True, check=True
    ).stdout
    assert b"a.yml" in tracked and b"roster" not in tracked
    assert (tmp_path / ".gitignore").read_bytes().startswith(before or b"")


@pytest.mark.parametrize("before", [b"private/\n", b"/private/\r\n", b"private\n", b"private/*\n"])
def test_what_git_ignores_already_is_left_alone(tmp_path: Path, before: bytes) -> None:
    (tmp_path / ".gitignore").write_bytes(before)
    assert with_private_ignored(tmp_path, {"private/roster.csv": b""}) == {"private/roster.csv": b""}
