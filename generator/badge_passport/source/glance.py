"""A glance at a site's folder: names, sizes and times of files tell whether anything may have changed.

Reading a hundred thousand awards takes seconds, looking at their files a tenth of one. A result that was
remembered with a glance holds as long as the next glance is the same; files that were written just before the
first, or that claim to be from the future, are not to be trusted to look different when they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from badge_passport.source.files import FOLDERS
from badge_passport.source.folders import Folders

_PACKAGE: Final = Path(__file__).parents[1]
# Libraries whose other version might write other bytes, or find other problems.
_LIBRARIES: Final = (
    "babel",
    "cryptography",
    "jinja2",
    "markdown",
    "markdown-it-py",
    "markupsafe",
    "mkdocs",
    "mkdocs-material",
    "nh3",
    "openbadgeslib",
    "pillow",
    "pydantic",
    "pyjwt",
    "pyoxigraph",
    "pyyaml",
    "resvg-py",
    "segno",
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What was seen, as a digest, and whether it can be trusted to be seen when it changes."""

    digest: str
    settled: bool


def glance(
    root: Path, places: Iterable[Path], more: Iterable[str] = (), folders: Folders | None = None
) -> Glance:
    """Look at the sources of a site, at some more files and folders, and take ``more`` into account.

    What is read of the same ``folders`` afterwards is what was seen here: whatever changes from now on looks
    different from it the next time.
    """
    folders = folders or Folders()
    digest = hashlib.sha256(code().encode())
    newest = 0
    sources = (root / "site.yml", *(root / name for name in FOLDERS))
    for place in (*sources, *places):
        digest.update(f"\0{place}\n".encode("utf-8", "surrogateescape"))
        # A linked folder among the sources is refused unread: it may be the whole disk, or lead in a circle.
        for name, seen in _files(folders, os.fspath(place), linked=place not in sources):
            line = f"{name}\0{seen.st_size} {seen.st_mtime_ns} {seen.st_ino} {seen.st_mode}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
            newest = max(newest, seen.st_mtime_ns)
    for word in more:
        digest.update(f"\0{word}".encode("utf-8", "surrogateescape"))
    return Glance(digest.hexdigest(), newest < folders.settled)


def _files(folders: Folders, place: str, *, linked: bool) -> Iterator[tuple[str, os.stat_result]]:
    """The files in a folder and below it in a fixed order, or the file itself; nothing if there is none."""
    try:
        entries = folders.entries(place)
    except NotADirectoryError:
        try:
            there = Path(place).stat()
        except OSError:  # what should be a folder above it is a file
            return
        yield "", there
        return
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            for name, seen in _files(folders, entry.path, linked=linked):
                yield f"{entry.name}/{name}", seen
        else:
            yield entry.name, entry.stat(follow_symlinks=False)
            if entry.is_symlink() and (linked or Path(entry.path).is_file()):
                yield from _files(folders, entry.path, linked=linked)


def remember(path: Path, seen: Glance, facts: Mapping[str, str]) -> None:
    """Keep what was found out of what was seen; where it cannot be kept, it will be found out again."""
    try:
        if seen.settled:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(path.name + ".new")
            new.write_text(json.dumps({"seen": seen.digest, "facts": dict(facts)}), encoding="utf-8")
            new.replace(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        pass


def recall(path: Path, seen: Glance) -> dict[str, str] | None:
    """What was remembered of just this; None if there is nothing."""
    try:
        kept = json.loads(path.read_bytes())
        if seen.settled and kept["seen"] == seen.digest:
            return {str(key): str(value) for key, value in kept["facts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


@lru_cache(maxsize=1)
def code() -> str:
    """A digest of the program: its own files, and the versions of the libraries that it works with."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(p for p in _PACKAGE.rglob("*") if p.is_file() and p.suffix not in (".pyc", ".new")):
        data = file.read_bytes()
        digest.update(f"\0{file.relative_to(_PACKAGE).as_posix()} {len(data)}\n".encode())
        digest.update(data)
    for library in _LIBRARIES:
        try:
            digest.update(f"\0{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(f"\0{library}".encode())
    return digest.hexdigest()
