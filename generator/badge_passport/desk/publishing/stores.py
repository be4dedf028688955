"""What a place for files can do, and the simplest of them: a folder on this machine."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from badge_passport.desk.publishing.changed import File, Seen, files_below, look_at
from badge_passport.diagnostics import Diagnostic

PART = ".passport-part"  # ends the name of a file on its way


class Refused(Exception):
    """The target did not do what it was asked for; ``problem`` says why, and what to do."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Store(Protocol):
    """A place that holds files by their path. Every method may raise `Refused`, from any thread."""

    at_once: int
    """How many files are sent at a time."""

    def listing(self) -> dict[str, Seen]:
        """Every file that is there."""

    def tidy(self) -> None:
        """Remove what an interrupted publication left half done."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a small file; None if it is not there."""

    def holds(self, folder: Path, file: File, seen: Seen) -> bool:
        """Whether the store itself can tell that it has these bytes, without sending them back."""

    def send(self, folder: Path, file: File) -> str:
        """Send a file of ``folder``, see that its bytes arrived, and return their tag."""

    def write(self, path: str, data: bytes) -> None:
        """Put a small file there."""

    def delete(self, path: str) -> None:
        """Remove a file; one that is gone already is no problem."""


class Folder:
    """A folder, file by file: each is written beside its place, read again, and moved there in one step."""

    at_once = 4

    def __init__(self, root: Path) -> None:
        self._root = root

    def listing(self) -> dict[str, Seen]:
        """Every file, without those on their way."""
        paths = (path for path in files_below(self._root) if not path.endswith(PART))
        return {path: Seen((self._root / path).lstat().st_size) for path in paths}

    def tidy(self) -> None:
        """Remove files that an interrupted publication left half written."""
        for path in list(files_below(self._root)):
            if path.endswith(PART):
                (self._root / path).unlink(missing_ok=True)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, if it is one."""
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def holds(self, folder: Path, file: File, seen: Seen) -> bool:  # noqa: ARG002 (it needs to know less)
        """Whether the file has this digest, read from its disk."""
        try:
            return not (self._root / file.path).is_symlink() and look_at(self._root, file.path) == file
        except OSError:
            return False

    def send(self, folder: Path, file: File) -> str:
        """Copy, read the copy, and move it to its place."""

        def copy(part: Path) -> None:
            shutil.copyfile(folder / file.path, part)

        self._put(file.path, copy, file.digest)
        return ""  # a folder is asked again, and needs no journal

    def write(self, path: str, data: bytes) -> None:
        """Write, and move into its place."""
        self._put(path, lambda part: part.write_bytes(data), hashlib.sha256(data).hexdigest())

    def _put(self, path: str, fill: Callable[[Path], object], digest: str) -> None:
        there = self._root / path
        there.parent.mkdir(parents=True, exist_ok=True)
        part = there.with_name(f".{there.name}{PART}")
        try:
            fill(part)
            if look_at(part.parent, part.name).digest != digest:
                raise Refused(changed_on_the_way(path))
            if there.is_dir() and not there.is_symlink():
                raise Refused(
                    Diagnostic(
                        "publish-failed",
                        f"there is a folder at the place of the file {path}",
                        None,
                        "move the folder away, and publish again.",
                    )
                )
            part.replace(there)
        finally:
            part.unlink(missing_ok=True)

    def delete(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        there = self._root / path
        there.unlink(missing_ok=True)
        for folder in there.parents:
            if folder == self._root:
                break
            try:
                os.rmdir(folder)  # noqa: PTH106 (a link to a folder is not one)
            except OSError:
                break


def changed_on_the_way(path: str) -> Diagnostic:
    """``publish-failed``: what arrived is not what was sent."""
    return Diagnostic(
        "publish-failed",
        f"{path} arrived with other bytes than it was sent with, or the build was changed meanwhile",
        None,
        "publish again; if it stays, the disk or the network damages files.",
    )
