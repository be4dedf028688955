"""Walking a site's folder: every file the build may read, as bytes, with hostile names refused.

Only the folders of the design are walked; nothing outside the root is ever opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.source.folders import Folders

MAX_TEXT = 64 * 1024 * 1024  # bytes; a cohort file of 100,000 awards has 25 MB
MAX_PAGE = 256 * 1024  # bytes of a Markdown page, a book of 40,000 words; parsers are slow on hostile ones
MAX_DOCUMENT = 1024 * 1024  # bytes of a badge from elsewhere
MAX_OTHER = 8 * 1024 * 1024  # bytes of an image
_NOTHING: Mapping[str, str] = MappingProxyType({})
FOLDERS = ("badges", "content", "private/participants")
_READ_BELOW = tuple(folder + "/" for folder in FOLDERS)
LINKABLE = ("badges", "content")  # where a link may lead to: never to keys, nor into .git
MAX_TABLE = 1024 * 1024 * 1024  # bytes of a Parquet table, ten million awards
_LIMITS = {
    ".parquet": MAX_TABLE,
    ".yml": MAX_TEXT,
    ".yaml": MAX_TEXT,
    ".csv": MAX_TEXT,
    ".md": MAX_PAGE,
    ".json": MAX_DOCUMENT,
}
PAGE_ASSETS = (".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif", ".pdf")


class Files(Mapping[str, bytes]):
    """Files by their paths, in sorted order; those that are None are read when somebody asks for them."""

    def __init__(self, root: Path, known: dict[str, bytes | None]) -> None:
        self._root, self._known = root, known
        self._order: dict[str, int] | None = None

    def __getitem__(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: it cannot be read any more.
        """
        data = self._known[path]
        if data is None:
            data = self._known[path] = _bytes(f"{self._root}/{path}")
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, path: object) -> bool:
        return path in self._known

    def only(self, paths: Iterable[str]) -> Files:
        """Some of these files, in the same order."""
        if self._order is None:
            self._order = {path: number for number, path in enumerate(self._known)}
        kept = sorted(set(paths), key=self._order.__getitem__)
        return Files(self._root, {path: self._known[path] for path in kept})

    def changed(self, changes: Mapping[str, bytes | None]) -> Files:
        """These files after a change; None removes one."""
        kept = {path: data for path, data in self._known.items() if path not in changes}
        kept.update((path, data) for path, data in changes.items() if data is not None)
        return Files(self._root, dict(sorted(kept.items())))


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a site: root-relative POSIX path to bytes, in sorted order.

    ``seen`` tells a file by its size, time and place on the disk: while that is the same, so is what it
    holds. Files that are too new for that have nothing there, and those that are not on the disk.
    """

    root: Path
    files: Mapping[str, bytes] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    def under(self, folder: str, *suffixes: str) -> Iterator[str]:
        """Paths below ``folder`` with one of the suffixes; without any, all."""
        return (p for p in self.files if p.startswith(folder + "/") and p.endswith(suffixes or ""))

    def only(self, paths: Iterable[str]) -> Tree:
        """This tree with some of its files alone, which are not read for that."""
        files = self.files if isinstance(self.files, Files) else Files(self.root, dict(self.files))
        return Tree(self.root, files.only(paths), self.seen)

    def with_changes(self, changes: Mapping[str, bytes | None]) -> Tree:
        """This tree as it would be after a change; None removes a file. Only what a site reads counts."""
        read = {p: d for p, d in changes.items() if p == "site.yml" or p.startswith(_READ_BELOW)}
        if not read:
            return self
        files = self.files if isinstance(self.files, Files) else Files(self.root, dict(self.files))
        return Tree(self.root, files.changed(read), {p: s for p, s in self.seen.items() if p not in read})


def read_tree(
    root: Path, known: Mapping[str, str] = _NOTHING, folders: Folders | None = None
) -> tuple[Tree, list[Diagnostic]]:
    """Read ``site.yml`` and everything below the source folders into memory.

    ``known`` are files that were read before, by what was `Tree.seen` of them: those that look the same are
    read only if somebody asks for them. ``folders`` are what was seen before, if anything was.

    Problems: ``site-missing``, ``symlink``, ``bad-slug``, ``file-too-large``, ``file-unreadable``.
    """
    files: dict[str, bytes | None] = {}
    seen: dict[str, str] = {}
    folders = folders or Folders()
    problems: list[Diagnostic] = []
    if not (root / "site.yml").is_file():
        problems.append(
            Diagnostic(
                "site-missing",
                f"there is no site.yml in {root.name or root}",
                help="run this in a site's folder, name one with --site, or make one with `passport init`.",
            )
        )
        return Tree(root), problems
    inside = root.resolve()
    top = root / "site.yml"
    for name, path, link, look in [
        *((name, e.path, e.is_symlink(), e.stat) for name, e in _walk(root, folders, problems)),
        ("site.yml", os.fspath(top), top.is_symlink(), top.stat),
    ]:
        there = _look(path, name, inside, look, link=link)
        if isinstance(there, Diagnostic):
            problems.append(there)
            continue
        if there.st_mtime_ns < folders.settled:
            now = f"{there.st_size} {there.st_mtime_ns} {there.st_ino} {there.st_mode}"
            seen[name] = now
            if known.get(name) == now:
                files[name] = None
                continue
        try:
            files[name] = _bytes(path)
        except OSError as error:
            problems.append(_unreadable(name, error))
    return Tree(root, Files(root, files), seen), problems


def read_some(root: Path, names: Iterable[str]) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Those of the named files that are on disk, with the refusals of `read_tree`."""
    files: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    inside = root.resolve()
    for name in sorted(names):
        path = root / name
        if not path.is_symlink() and not path.exists():
            continue
        there = _look(os.fspath(path), name, inside, path.stat, link=path.is_symlink())
        if not isinstance(there, Diagnostic) and any(
            p.is_symlink() for p in path.parents if p.is_relative_to(root) and p != root
        ):
            there = _symlink(name, "a linked folder is never followed")
        if isinstance(there, Diagnostic):
            problems.append(there)
        else:
            files[name] = path.read_bytes()
    return files, problems


def refuse(name: str, size: int, *, link: bool) -> Diagnostic | None:
    """Why a file must not be read that is not on disk, or None."""
    if not name.isprintable():
        return _unprintable(name)
    if link:
        return _symlink(name, "links are not followed")
    return _too_large(name, size)


def is_litter(name: str) -> bool:
    """Whether a file was left by a system or an office program for itself, in any folder that it opened."""
    return name.lower() in (".ds_store", "thumbs.db", "desktop.ini") or name.startswith(("._", "~$"))


def _walk(root: Path, folders: Folders, problems: list[Diagnostic]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every visible file in the folders of a site with its name, sorted; entries know what they are."""
    waiting: list[tuple[str, os.DirEntry[str]]] = []
    for folder in reversed(FOLDERS):
        steps = [parent for parent in reversed(PurePosixPath(folder).parents) if parent.name]
        linked = [step for step in (*steps, PurePosixPath(folder)) if (root / step).is_symlink()]
        if linked:
            problems.append(_symlink(linked[0].as_posix(), "a linked folder is never followed"))
        else:
            waiting += _entries(folders, os.fspath(root / folder), folder, problems)
    while waiting:
        name, entry = waiting.pop()
        hidden = entry.name.startswith(".") or is_litter(entry.name)
        if not _is_folder(entry):
            if not hidden:
                yield name, entry
        elif entry.is_symlink():
            problems.append(_symlink(name, "a linked folder is never followed"))
        elif not hidden:
            waiting += _entries(folders, entry.path, name, problems)


def _entries(
    folders: Folders, folder: str, name: str, problems: list[Diagnostic]
) -> list[tuple[str, os.DirEntry[str]]]:
    """What is in a folder, the last first."""
    try:
        there = folders.entries(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(_unreadable(name, error))
        return []
    return [(f"{name}/{entry.name}", entry) for entry in reversed(there)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _look(
    path: str, name: str, inside: Path, look: Callable[[], os.stat_result], *, link: bool
) -> os.stat_result | Diagnostic:
    """What the disk knows of a file, by a ``look`` at what a link leads to, or why it must not be read."""
    if not name.isprintable():
        return _unprintable(name)
    if link and not _stays(Path(path), inside):
        return _symlink(name, "this link leads out of badges/ and content/")
    try:
        seen = look()
    except (FileNotFoundError, NotADirectoryError):  # what a link leads to
        seen = None
    except OSError as error:
        return _unreadable(name, error)
    if seen is None or not stat.S_ISREG(seen.st_mode):
        return Diagnostic("file-unreadable", "this is not a regular file", Span(name), "remove it.")
    return _too_large(name, seen.st_size) or seen


def _bytes(path: str) -> bytes:
    """What a file holds; in as few steps as there are, because there are many files."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, size)
        while len(data) < size and (more := os.read(handle, size - len(data))):
            data += more
    finally:
        os.close(handle)
    return data


def _unprintable(name: str) -> Diagnostic:
    shown = "".join(c if c.isprintable() else "·" for c in name)
    return Diagnostic(
        "bad-slug",
        "the name of this file has characters that cannot be shown",
        Span(shown),
        "name it with small letters a-z, digits and single hyphens.",
    )


def _too_large(name: str, size: int) -> Diagnostic | None:
    limit = _LIMITS.get(os.path.splitext(name)[1], MAX_OTHER)  # noqa: PTH122 (the hot loop)
    if size <= limit:
        return None
    return Diagnostic(
        "file-too-large",
        f"this file has {_size(size)}; {_size(limit)} is the most",
        Span(name),
        "split it, or make the image smaller.",
    )


def _stays(link: Path, inside: Path) -> bool:
    """Whether a link leads to a visible file among the site's public sources."""
    try:
        target = link.resolve()
        parts = target.relative_to(inside).parts
    except (ValueError, OSError, RuntimeError):  # RuntimeError: links in a circle, until Python 3.12
        return False
    if target.is_symlink():  # links in a circle, since then
        return False
    return parts[:1] in [(folder,) for folder in LINKABLE] and not any(p.startswith(".") for p in parts)


def _size(number: int) -> str:
    return f"{number // 1024} kB" if number < 1024 * 1024 else f"{number // 1024 // 1024} MB"


def _unreadable(name: str, error: OSError) -> Diagnostic:
    return Diagnostic(
        "file-unreadable", f"this cannot be read ({error.strerror})", Span(name), "check its permissions."
    )


def _symlink(name: str, why: str) -> Diagnostic:
    return Diagnostic("symlink", why, Span(name), "put the file itself here instead of a link.")


def decode(data: bytes, file: str, *, bom: bool = False) -> tuple[str, list[Diagnostic]]:
    """UTF-8 text of a file; ``bom`` says whether a byte order mark is tolerated (spreadsheets write one).

    Problems: ``not-utf8``, ``byte-order-mark``.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return "", [
            Diagnostic(
                "not-utf8",
                f"this file is not UTF-8: byte 0x{data[error.start]:02X} cannot be read",
                Span(file, line, column, column + 1),
                "save it again with the encoding “UTF-8” (in Excel: “CSV UTF-8”).",
            )
        ]
    if text.startswith("\ufeff"):
        if not bom:
            return text[1:], [
                Diagnostic(
                    "byte-order-mark",
                    "this file starts with a byte order mark",
                    Span(file, 1, 1, 2),
                    "save it as “UTF-8 without BOM”.",
                )
            ]
        text = text[1:]
    return text, []
