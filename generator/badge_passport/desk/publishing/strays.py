"""Tables of people that lie where git takes them along: the list that was imported, beside `site.yml`."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.spelling import addresses_in

_TABLES = (".csv", ".tsv", ".xlsx")
_ELSEWHERE = ("badges/", "content/", "private/")  # others look there
IN_GIT = "move it into private/ and commit; what was pushed counts as published, as docs/privacy.md says."
_MOST = 64 * 1024 * 1024  # bytes of a workbook that are looked at
_ISSUER = re.compile(r"badges/[^/]+/issuer\.yml")
# What `zipfile` raises: for no archive, a method it lacks, a password, a stream that is damaged or cut off.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_stray(path: str) -> bool:
    """Whether a file of a repository is a table that belongs to no record of the site."""
    return path.lower().endswith(_TABLES) and not path.startswith(_ELSEWHERE)


def is_issuer(path: str) -> bool:
    """Whether a file may say how an organisation is written to."""
    return _ISSUER.fullmatch(path) is not None


def contacts(issuers: Iterable[bytes]) -> set[str]:
    """The addresses that organisations give of themselves in their files."""
    return {a.lower() for data in issuers for a, _ in addresses_in(data.decode("utf-8", "replace"))}


def with_addresses(files: Mapping[str, bytes], allowed: Collection[str]) -> Iterator[str]:
    """Those of the tables that hold an address which no organisation gives of itself."""
    for path, data in sorted(files.items()):
        found = (a.lower() for text in texts(data) for a, _ in addresses_in(text))
        if any(address not in allowed for address in found):
            yield path


def in_a_table(path: str, fix: str) -> Diagnostic:
    """``plain-email`` for such a table."""
    message = "there are e-mail addresses in this table, and it is not in private/"
    return Diagnostic("plain-email", message, Span(path), fix)


def ignoring(path: str) -> str:
    """The line of a ``.gitignore`` that means this file alone."""
    return "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", str(PurePosixPath(path)))


def texts(data: bytes) -> Iterator[str]:
    """What a table says, as text: that of a CSV file, or the parts of a workbook."""
    if not data.startswith(b"PK"):
        yield data.decode("utf-16" if data.startswith(_WIDE) else "utf-8", "replace")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            left = _MOST
            for part in book.infolist():
                if part.filename.endswith((".xml", ".rels")) and left > 0:
                    with book.open(part) as stream:
                        text = stream.read(left)
                    left -= len(text)
                    yield text.decode("utf-8", "replace")
    except _DAMAGED:
        return
