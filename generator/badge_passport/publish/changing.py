"""Changing a built site: files are replaced one by one, each whole, in an order that is right at any moment.

What is new is written beside the site first (`staging`), then a journal of what is to be done, and only then
is anything moved: documents, then the pages that point to them, and at last what is gone is removed. Whoever
comes after a build that was stopped completes it by the journal (`complete`), or, where there is none, throws
away what it had begun.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from badge_passport.publish.manifest import MANIFEST, is_manifest

_JOURNAL: Final = "journal.json"
_FILES: Final = "files"


def staging(target: Path) -> Path:
    """The folder beside ``target`` for the files that are to come into it; empty, and on the same disk."""
    folder = _folder(target)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / _FILES).mkdir(parents=True)
    return folder / _FILES


def in_order(paths: Iterable[str]) -> list[str]:
    """Documents before the pages that point to them; each of them whenever it is read has what it needs."""

    def rank(path: str) -> int:
        """What names all other files comes after them."""
        if is_manifest(path):
            return 4 if path == MANIFEST else 3
        if path == "sw.js":
            return 2
        return 1 if path.endswith(".html") else 0

    return sorted(paths, key=lambda path: (rank(path), path))


def change(target: Path, new: Iterable[str], gone: Iterable[str]) -> None:
    """Move the staged files with these paths into ``target``, then remove others from it.

    Raises:
        OSError: the disk is full, or the folder cannot be written: the next build goes on from here.
    """
    journal = {"new": in_order(new), "gone": sorted(gone)}
    folder = _folder(target)
    waiting = folder / (_JOURNAL + ".new")
    with waiting.open("w", encoding="utf-8") as file:
        json.dump(journal, file)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(folder / _JOURNAL)
    _carry_out(target, journal["new"], journal["gone"])


def drop(target: Path) -> None:
    """Throw away what was staged."""
    shutil.rmtree(_folder(target), ignore_errors=True)


def is_pending(target: Path) -> bool:
    """Whether a change was stopped in the middle, which the next build completes."""
    return (_folder(target) / _JOURNAL).exists()


def complete(target: Path) -> bool:
    """Do what is left of a change that was stopped; whether there was any.

    Raises:
        OSError: as for `change`.
    """
    folder = _folder(target)
    try:
        journal = json.loads((folder / _JOURNAL).read_bytes())
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return False
    _carry_out(target, journal["new"], journal["gone"])
    return True


def _carry_out(target: Path, new: Sequence[str], gone: Sequence[str]) -> None:
    folder = _folder(target)
    for path in new:
        staged, place = folder / _FILES / path, target / path
        if staged.exists():  # else it was moved before
            _make_way(place.parent, target)
            staged.replace(place)
    for path in gone:
        place = target / path
        with suppress(FileNotFoundError, NotADirectoryError):
            place.unlink()
        _remove_empty(place.parent, target)
    shutil.rmtree(folder, ignore_errors=True)


def _make_way(folder: Path, target: Path) -> None:
    """Make a folder; where a file is in its way, which the site has no more, remove that first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        for step in [folder, *folder.parents]:
            if step != target and step.is_file():
                step.unlink()
                break
        folder.mkdir(parents=True, exist_ok=True)


def _remove_empty(folder: Path, target: Path) -> None:
    while folder != target:
        try:
            folder.rmdir()
        except OSError:  # something else is in it, or it is gone
            return
        folder = folder.parent


def _folder(target: Path) -> Path:
    return target.parent / f".{target.name}.changes"
