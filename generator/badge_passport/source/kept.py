"""Files of what is remembered: a header of plain JSON and bytes after it, with a checksum of both.

Nothing in them can make anything run. One that is damaged, cut off, of another kind or from another version
is as good as none: it costs time only. What is long and seldom looked at is in a file of `Pieces` beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic_core import PydanticSerializationError, from_json, to_json

_DIGEST: Final = 32  # bytes of a SHA-256, at the end
_SHORT: Final = 16  # hexadecimal digits of the digest of a piece
_WASTE: Final = 1 << 20  # bytes of a file of pieces that nobody needs, of which nothing is made


class Damaged(ValueError):
    """A piece is not what was remembered."""


class Piece(NamedTuple):
    """Where a piece of bytes is in its file, and the beginning of its SHA-256 (hexadecimal)."""

    start: int
    size: int
    digest: str


class Pieces:
    """Pieces of bytes in a file that is only added to, so that one more costs no more than itself.

    The file is called as the one that knows where they are (``path``), with a number after it that changes
    when it is written anew without what nobody needs any more; ``end`` is where the next piece begins.
    """

    def __init__(self, path: Path, number: int = 0, end: int = 0) -> None:
        self.number, self.end = number, end
        self._path, self._written = path, end
        self._new: list[bytes] = []

    @property
    def _file(self) -> Path:
        return self._path.with_name(f"{self._path.name}.{self.number}")

    @classmethod
    def there(cls, path: Path, number: int, end: int) -> Pieces:
        """The pieces that are there.

        Raises:
            OSError, Damaged: their file is not, or it was cut off.
        """
        self = cls(path, number, end)
        if self._file.stat().st_size < end:
            raise Damaged
        return self

    def read(self, piece: Piece) -> bytes:
        """The bytes of a piece that was written.

        Raises:
            Damaged: they are not there any more.
        """
        try:
            with self._file.open("rb") as file:  # each time, as several processes may read
                file.seek(piece.start)
                data = file.read(piece.size)
        except OSError:
            raise Damaged from None
        if _short(data) != piece.digest:
            raise Damaged
        return data

    def add(self, data: bytes) -> Piece:
        """One more piece, which can be read after `write`."""
        piece = Piece(self.end, len(data), _short(data))
        self._new.append(data)
        self.end += len(data)
        return piece

    def write(self) -> None:
        """Write what was added; the file that knows of it is written after this.

        Raises:
            OSError: it cannot be written.
        """
        with self._file.open("r+b" if self._written else "wb") as file:
            file.seek(self._written)
            file.writelines(self._new)
            file.truncate()
        self._new.clear()
        self._written = self.end

    def worth(self, used: int) -> bool:
        """Whether it should be written anew, if only so many bytes of it are needed."""
        return self.end > 2 * used + _WASTE

    def anew(self) -> Pieces:
        """A file for the same pieces, beside this one until this is removed."""
        return Pieces(self._path, 1 - self.number)

    def remove(self) -> None:
        """Remove the file."""
        self._file.unlink(missing_ok=True)


class Stored(NamedTuple):
    """Bytes that are here, or in a piece that is read when somebody asks for them."""

    here: bytes = b""
    piece: Piece | None = None
    pieces: Pieces | None = None

    def read(self) -> bytes:
        """The bytes.

        Raises:
            Damaged: they are not there any more.
        """
        return self.pieces.read(self.piece) if self.piece and self.pieces else self.here

    def written(self, pieces: Pieces) -> Stored:
        """The same in one of these pieces.

        Raises:
            Damaged: as for `read`.
        """
        return self if self.pieces is pieces else Stored(b"", pieces.add(self.read()), pieces)

    @property
    def place(self) -> Piece:
        """Where they are, once they were written."""
        return self.piece or Piece(0, 0, "")


def folder(path: Path) -> Path:
    """The folder at ``path`` for what this machine remembers of a site, made so that git ignores it."""
    ignoring = path / ".gitignore"
    if not ignoring.exists():
        path.mkdir(parents=True, exist_ok=True)
        ignoring.write_text("*\n", encoding="ascii")
    return path


def save(path: Path, kind: str, header: Any, rest: Iterable[bytes] = ()) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    try:
        said = to_json(header)
    except PydanticSerializationError as error:  # halves of characters, say in the name of a file
        raise OSError(str(error)) from None
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
    return from_json(body[at:middle].tobytes(), cache_strings="none"), data[middle:end]


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_SHORT]


def _start(kind: str) -> bytes:
    return f"badge-passport {kind}\n".encode("ascii")
