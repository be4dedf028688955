"""Walking a site's folder: every file the build may read, as bytes, with hostile names refused.

Only the folders of the design are walked; nothing outside the root is ever opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from badge_passport.diagnostics import Diagnostic, Span

MAX_TEXT = 64 * 1024 * 1024  # bytes; a cohort file of 100,000 awards has 25 MB
MAX_OTHER = 8 * 1024 * 1024  # bytes of an image or a page
FOLDERS = ("badges", "content", "private/participants")
PAGE_ASSETS = (".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".css")


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a site: root-relative POSIX path to bytes, in sorted order."""

    root: Path
    files: dict[str, bytes] = field(default_factory=dict)

    def under(self, folder: str, *suffixes: str) -> Iterator[str]:
        """Paths below ``folder`` with one of the suffixes."""
        return (p for p in self.files if p.startswith(folder + "/") and p.endswith(suffixes))


def read_tree(root: Path) -> tuple[Tree, list[Diagnostic]]:
    """Read ``site.yml`` and everything below the source folders into memory.

    Problems: ``site-missing``, ``symlink``, ``file-too-large``, ``file-unreadable``.
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
            problems.append(
                Diagnostic(
                    "file-unreadable",
                    f"this file cannot be read ({error.strerror})",
                    Span(name),
                    "check its permissions.",
                )
            )
    return Tree(root, files), problems


def _walk(folder: Path, root: Path, problems: list[Diagnostic]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        for name in sorted(folders):
            if Path(here, name).is_symlink():
                relative = Path(here, name).relative_to(root).as_posix()
                problems.append(_symlink(relative, "a linked folder is never followed"))
        folders[:] = sorted(n for n in folders if not n.startswith("."))
        yield from (Path(here, name) for name in names if not name.startswith("."))


def _refusal(path: Path, name: str, inside: Path) -> Diagnostic | None:
    if path.is_symlink() and not path.resolve().is_relative_to(inside):
        return _symlink(name, "this link leads out of the site's folder")
    if not path.is_file():
        return Diagnostic("file-unreadable", "this is not a regular file", Span(name), "remove it.")
    limit = MAX_TEXT if path.suffix in {".yml", ".yaml", ".csv"} else MAX_OTHER
    size = path.stat().st_size
    if size > limit:
        return Diagnostic(
            "file-too-large",
            f"this file has {size // 1024 // 1024} MB; {limit // 1024 // 1024} MB is the most",
            Span(name),
            "split it, or make the image smaller.",
        )
    return None


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
