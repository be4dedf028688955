"""Writing a site: into a temporary tree beside the target, then swapped in whole.

A folder is replaced only if it is a previous output of ours, which its `MANIFEST` says. Killed at any
moment, the target is the old site or the new one.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from badge_passport.diagnostics import Diagnostic

MANIFEST = "manifest.json"
_MARK = "badge-passport"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class OutputConflict(Exception):
    """Two outputs have the same path, which only a fault of ours can bring about."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a build wrote: number of files and of bytes."""

    files: int
    size: int


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
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("generator") == _MARK


def write(
    outputs: Iterable[tuple[str, bytes]],
    target: Path,
    report: Callable[[int], None],
    last: Callable[[str], Iterable[tuple[str, bytes]]] = lambda _: (),
) -> Written:
    """Write every output and swap the tree in; ``report`` hears the number of files now and then.

    ``last`` are the outputs that name what was written: they get a digest of all others (SHA-256).

    Raises:
        OutputConflict: a path comes twice.
        OSError: the disk is full, or the folder cannot be written; the target is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.parent / f".{target.name}.building"
    shutil.rmtree(building, ignore_errors=True)
    try:
        written = _fill(building, outputs, report, last)
        _swap(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return written


def _fill(
    folder: Path,
    outputs: Iterable[tuple[str, bytes]],
    report: Callable[[int], None],
    last: Callable[[str], Iterable[tuple[str, bytes]]],
) -> Written:
    digests: dict[str, str] = {}

    def ending() -> Iterable[tuple[str, bytes]]:
        everything = "".join(f"{path}\n{digests[path]}\n" for path in sorted(digests))
        yield from last(hashlib.sha256(everything.encode()).hexdigest())

    made: set[str] = set()
    root, size = os.fspath(folder), 0
    for path, data in chain(outputs, ending()):
        if path in digests:
            raise OutputConflict(path)
        parent = path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(os.path.join(root, parent), exist_ok=True)  # noqa: PTH103, PTH118 (the hot loop)
            made.add(parent)
        with open(os.path.join(root, path), "xb") as file:  # noqa: PTH118, PTH123 (the hot loop)
            file.write(data)
        digests[path] = hashlib.sha256(data).hexdigest()
        size += len(data)
        if len(digests) % 500 == 0:
            report(len(digests))
    # Paths are digested too: a path may be the address of a page that nobody is to find in a list.
    named = {hashlib.sha256(path.encode()).hexdigest(): digest for path, digest in digests.items()}
    manifest = {"generator": _MARK, "files": dict(sorted(named.items()))}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=0) + "\n", encoding="ascii")
    report(len(digests) + 1)
    return Written(len(digests) + 1, size)


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
