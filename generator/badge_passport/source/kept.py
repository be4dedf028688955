"""Files of what is remembered: a header of plain JSON and bytes after it, with a checksum of both.

Nothing in them can make anything run. One that is damaged, cut off, of another kind or from another version
is as good as none: it costs time only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, Final

_DIGEST: Final = 32  # bytes of a SHA-256, at the end


def folder(path: Path) -> Path:
    """The folder at ``path`` for what this machine remembers of a site, made so that git ignores it."""
    ignoring = path / ".gitignore"
    if not ignoring.exists():
        path.mkdir(parents=True, exist_ok=True)
        ignoring.write_text("*\n", encoding="ascii")
    return path


def save(path: Path, kind: str, header: Any, rest: Iterable[bytes]) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    said = json.dumps(header, separators=(",", ":")).encode("ascii")
    digest = hashlib.sha256()
    with new.open("wb") as file:
        for piece in chain((_start(kind), len(said).to_bytes(8, "big"), said), rest):
            digest.update(piece)
            file.write(piece)
        file.write(digest.digest())
    new.replace(path)


def load(path: Path, kind: str) -> tuple[Any, bytes]:
    """The header and the bytes of a file that `save` wrote.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not what was written, or of another kind.
    """
    data = path.read_bytes()
    start, end = _start(kind), len(data) - _DIGEST
    body = memoryview(data)[:end]
    if not data.startswith(start) or hashlib.sha256(body).digest() != data[end:]:
        raise ValueError("this is not what was remembered")
    at = len(start) + 8
    middle = at + int.from_bytes(body[len(start) : at], "big")
    return json.loads(data[at:middle]), data[middle:end]


def _start(kind: str) -> bytes:
    return f"badge-passport {kind}\n".encode("ascii")
