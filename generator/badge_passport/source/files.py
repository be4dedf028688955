"""Walking a site's folder: every file the build may read, as bytes, with hostile names refused.

Only the folders of the design are walked; nothing outside the root is ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from badge_passport.diagnostics import Diagnostic, Span

MAX_TEXT = 64 * 1024 * 1024  # bytes; a cohort file of 100,000 awards has 25 MB
MAX_PAGE = 256 * 1024  # bytes of a Markdown page, a book of 40,000 words; parsers are slow on hostile ones
MAX_DOCUMENT = 1024 * 1024  # bytes of a badge from elsewhere
MAX_OTHER = 8 * 1024 * 1024  # bytes of an image
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


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a site: root-relative POSIX path to bytes, in sorted order."""

    root: Path
    files: dict[str, bytes] = field(default_factory=dict)

    def under(self, folder: str, *suffixes: str) -> Iterator[str]:
        """Paths below ``folder`` with one of the suffixes; without any, all."""
        return (p for p in self.files if p.startswith(folder + "/") and p.endswith(suffixes or ""))

    def with_changes(self, changes: Mapping[str, bytes | None]) -> Tree:
        """This tree as it would be after a change; None removes a file. Only what a site reads counts."""
        read = {p: d for p, d in changes.items() if p == "site.yml" or p.startswith(_READ_BELOW)}
        files = {p: d for p, d in {**self.files, **read}.items() if d is not None}
        return Tree(self.root, dict(sorted(files.items()))) if read else self


def read_tree(root: Path) -> tuple[Tree, list[Diagnostic]]:
    """Read ``site.yml`` and everything below the source folders into memory.

    Problems: ``site-missing``, ``symlink``, ``bad-slug``, ``file-too-large``, ``file-unreadable``.
    """
    files: dict[str, bytes] = {}
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
    paths = [root / "site.yml"]
    for folder in FOLDERS:
        paths += _walk(root / folder, root, problems)
    for path in sorted(paths):
        name = path.relative_to(root).as_posix()
        problem = _refusal(path, name, inside)
        if problem is not None:
            problems.append(problem)
            continue
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            problems.append(_unreadable(name, error))
    return Tree(root, files), problems


def read_some(root: Path, names: Iterable[str]) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Those of the named files that are on disk, with the refusals of `read_tree`."""
    files: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    inside = root.resolve()
    for name in sorted(names):
        path = root / name
        if not path.is_symlink() and not path.exists():
            continue
        problem = _refusal(path, name, inside)
        if problem is None and any(
            p.is_symlink() for p in path.parents if p.is_relative_to(root) and p != root
        ):
            problem = _symlink(name, "a linked folder is never followed")
        if problem is not None:
            problems.append(problem)
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


def _walk(folder: Path, root: Path, problems: list[Diagnostic]) -> Iterator[Path]:
    def name_of(path: Path) -> str:
        return path.relative_to(root).as_posix()

    def failed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            problems.append(_unreadable(name_of(Path(error.filename)), error))

    steps = [*reversed([p for p in folder.parents if p.is_relative_to(root) and p != root]), folder]
    linked = [p for p in steps if p.is_symlink()]
    if linked:
        problems.append(_symlink(name_of(linked[0]), "a linked folder is never followed"))
        return
    for here, folders, names in os.walk(folder, onerror=failed):
        problems += [
            _symlink(name_of(Path(here, name)), "a linked folder is never followed")
            for name in sorted(folders)
            if Path(here, name).is_symlink()
        ]
        folders[:] = sorted(n for n in folders if not n.startswith("."))
        yield from (Path(here, name) for name in names if not name.startswith("."))


def _refusal(path: Path, name: str, inside: Path) -> Diagnostic | None:
    if not name.isprintable():
        return _unprintable(name)
    if path.is_symlink() and not _stays(path, inside):
        return _symlink(name, "this link leads out of badges/ and content/")
    try:
        if not path.is_file():
            return Diagnostic("file-unreadable", "this is not a regular file", Span(name), "remove it.")
        size = path.stat().st_size
    except OSError as error:
        return _unreadable(name, error)
    return _too_large(name, size)


def _unprintable(name: str) -> Diagnostic:
    shown = "".join(c if c.isprintable() else "·" for c in name)
    return Diagnostic(
        "bad-slug",
        "the name of this file has characters that cannot be shown",
        Span(shown),
        "name it with small letters a-z, digits and single hyphens.",
    )


def _too_large(name: str, size: int) -> Diagnostic | None:
    limit = _LIMITS.get(Path(name).suffix, MAX_OTHER)
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
        parts = link.resolve().relative_to(inside).parts
    except (ValueError, OSError, RuntimeError):  # RuntimeError: links in a circle
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
