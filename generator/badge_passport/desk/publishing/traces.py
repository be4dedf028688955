"""Looking for e-mail addresses where none may be: in a tree, in a history, in any common encoding."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from badge_passport.desk.publishing.strays import texts
from badge_passport.source import commits, parquet

_MOST = 32 * 1024 * 1024  # bytes that something compressed may become
_STREAMS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


class Traces:
    """Finds any of some addresses in bytes, whatever their case and however they are written.

    There are few domains and many addresses: what has no domain of theirs has none of them.
    """

    def __init__(self, addresses: Iterable[str]) -> None:
        known = sorted({address.strip().lower() for address in addresses if address.strip()})
        domains = sorted({address[address.index("@") :] for address in known})
        self._domains, self._coded_domains = _written(domains)
        self._forms, self._coded_forms = _written(known)

    def __call__(self, data: bytes) -> bool:
        """Whether one of the addresses is in ``data``, or in something compressed within it."""
        return self._in(data) or any(self._in(part) for part in _inflated(data))

    def _in(self, data: bytes) -> bool:
        small = data.lower()
        if any(form in small for form in self._domains) and any(form in small for form in self._forms):
            return True
        return any(f in data for f in self._coded_domains) and any(f in data for f in self._coded_forms)


def _written(texts: Iterable[str]) -> tuple[list[bytes], list[bytes]]:
    """All forms of some texts, those of base64 apart, in which case counts."""
    texts = list(texts)
    forms = {form.lower() for text in texts for form in _forms(text)}
    return sorted(forms), sorted({form for text in texts for form in _base64(text)})


def _forms(address: str) -> Iterator[bytes]:
    """An address as URLs, HTML, JSON, mail and wide texts may write it."""
    yield from (address.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
    yield quote(address, safe="").encode()
    yield quote(address, safe="+.-_").encode()
    for at in ("&#64;", "&#x40;", "&commat;", "\\u0040", "\\x40", "=40"):
        yield address.replace("@", at).encode()
    yield "".join(f"&#{ord(c)};" for c in address).encode()
    yield "".join(f"&#x{ord(c):x};" for c in address).encode()
    yield address.encode().hex().encode()
    yield address[::-1].encode()


def _base64(address: str) -> Iterator[bytes]:
    """The part of base64 that depends on the address alone, for each of the three places it may start at."""
    for text in (address, address.upper()):
        for before in range(3):
            raw = bytes(before) + text.encode()
            start = -(-before * 8 // 6)
            end = len(raw) * 8 // 6
            coded = base64.b64encode(raw).rstrip(b"=")[start:end]
            yield coded
            yield coded.replace(b"+", b"-").replace(b"/", b"_")


def _inflated(data: bytes) -> Iterator[bytes]:
    """What is compressed within ``data``: texts of PNG, gzip, status lists."""
    for found in _STREAMS.finditer(data):
        part = data[found.start() :]
        try:
            yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(part, _MOST)  # zlib or gzip
        except zlib.error:
            continue


_OF_SITE: Final = frozenset({"badges", "content", "node_modules", "public", "themes"})
"""Folders that are built, or looked through elsewhere, or nobody's own."""


def on_this_machine(traces: Traces, root: Path) -> Iterator[str]:
    """Files of a site that no build reads, and that hold an address: tables, messages, previews.

    They may lie in any folder that somebody made beside those of the site.
    """
    beside = (folder for folder in sorted(root.iterdir()) if folder.is_dir() and not folder.is_symlink())
    folders = [one for one in beside if one.name not in _OF_SITE and not one.name.startswith(".")]
    files = [*root.glob("*"), *(file for folder in folders for file in folder.rglob("*"))]
    for file in sorted(files):
        if not file.is_file() or file.is_symlink() or file.stat().st_size > _MOST:
            continue
        if _within(traces, file.read_bytes()):
            yield file.relative_to(root).as_posix()


def _within(traces: Traces, data: bytes) -> bool:
    """Whether an address is in a file, or in what a workbook or a Parquet table says."""
    if traces(data):
        return True
    if data.startswith(b"PK"):
        return any(traces(text.encode()) for text in texts(data))
    return parquet.is_table(data) and any(traces(text.encode()) for _, text in parquet.texts(data, "", ""))


def in_history(traces: Traces, folder: Path) -> Iterator[str]:
    """Everything in all commits of a repository that holds an address: files, names and messages."""
    listed = commits.git(folder, "rev-list", "--all", "--objects").decode("utf-8", "replace")
    names = dict(line.split(" ", 1) for line in listed.splitlines() if " " in line)
    answer = commits.git(folder, "cat-file", "--batch-all-objects", "--batch", "--unordered")
    position = 0
    while position < len(answer):
        end = answer.index(b"\n", position)
        name, kind, size = answer[position:end].decode("ascii").split()
        data = answer[end + 1 : end + 1 + int(size)]
        position = end + int(size) + 2
        if _within(traces, data):
            yield f"{names.get(name) or kind} ({name[:10]})"


def has_tables(folder: Path) -> bool:
    """Whether any commit of a repository has a Parquet table."""
    return bool(commits.git(folder, "log", "--all", "-1", "--format=%H", "--", "*.parquet").strip())
