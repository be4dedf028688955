"""Writing a site: into a temporary tree beside the target, then swapped in whole.

A folder is replaced only if it is a previous output of ours, which its manifest says. Killed at any
moment, the target is the old site or the new one.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.manifest import MANIFEST, MARK
from badge_passport.publish.memory import File

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class OutputConflict(Exception):
    """Two outputs have the same path, which only a fault of ours can bring about."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a part of the site: its files, and the paths of those that were not there before."""

    files: list[File]
    new: list[str]


def refuse(target: Path, source: Path) -> Diagnostic | None:
    """Why ``target`` must not be replaced by a site built from ``source``, or None."""
    if target.is_symlink():
        return Diagnostic(
            "output-not-ours", f"{target.name} is a link", None, "name the folder itself with --output."
        )
    there, here = target.resolve(), source.resolve()
    inside = here == there or here.is_relative_to(there)
    inside = inside or any(
        there.is_relative_to(here / part) for part in ("badges", "content", "themes", "private")
    )
    if inside:
        return Diagnostic(
            "output-inside-source",
            f"the output folder {target.name} holds the site's source or lies inside it",
            None,
            "name another one with --output; public is the usual name.",
        )
    if target.exists() and not _is_ours(target):
        return Diagnostic(
            "output-not-ours",
            f"the folder {target.name} is not empty and was not made by a build",
            None,
            "empty it yourself if it may go, or name another one with --output.",
        )
    return None


def _is_ours(target: Path) -> bool:
    if not target.is_dir():
        return False
    if not any(target.iterdir()):
        return True
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
    except PermissionError:
        raise  # it may be ours, and who builds may not see that
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("generator") == MARK


def write(
    folder: Path,
    outputs: Iterable[tuple[str, bytes]],
    before: Mapping[str, str] = MappingProxyType({}),
    *,
    again: bool = False,
) -> Written:
    """Write files below ``folder``, where none of them may be, but those that are as they were ``before``.

    ``again`` lets them be there: a process that was lost may have begun.

    ``before`` is the SHA-256 (hexadecimal) of files that are elsewhere already, by path.

    Raises:
        OutputConflict: a path comes twice.
        OSError: the disk is full, or the folder cannot be written.
    """
    made: set[str] = set()
    files: list[File] = []
    new: list[str] = []
    root = os.fspath(folder)
    mode = _ANEW if again else _NEW
    for path, data in outputs:
        digest = hashlib.sha256(data).hexdigest()
        files.append((path, digest, len(data)))
        if before.get(path) == digest:
            continue
        new.append(path)
        parent = path.rpartition("/")[0]
        if parent not in made:
            _make_folder(f"{root}/{parent}")
            made.add(parent)
        try:
            file = os.open(f"{root}/{path}", mode, 0o666)
        except FileExistsError:
            raise OutputConflict(path) from None
        try:
            done = os.write(file, data)
            while done < len(data):
                done += os.write(file, data[done:])
        finally:
            os.close(file)
    return Written(files, new)


def _make_folder(path: str) -> None:
    """Make a folder, and those above it if need be; mostly these are there."""
    try:
        os.mkdir(path)  # noqa: PTH102 (the hot loop)
    except FileExistsError:
        pass
    except FileNotFoundError:
        _make_folder(path.rpartition("/")[0])
        _make_folder(path)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` to build in, which then takes its place, whole; nothing happens on an error.

    Raises:
        OSError: the folder cannot be written; the target is as it was.
    """
    building = target.parent / f".{target.name}.building"
    shutil.rmtree(building, ignore_errors=True)
    try:
        building.mkdir()
        yield building
        _swap(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def lock(target: Path) -> Path:
    """The file that whoever writes ``target`` locks."""
    return target.parent / f".{target.name}.lock"


def _swap(building: Path, target: Path) -> None:
    """Put ``building`` in the place of ``target``; what was there is left at ``building``."""
    if not target.exists():
        building.rename(target)
    elif not _exchange(building, target):
        # Without an atomic exchange (other systems than Linux) there is a moment between two renames.
        aside = target.parent / f".{target.name}.previous"
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
        building.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (Linux's renameat2); False where that cannot be done."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0
