"""Bytes by name that grow piece by piece: in memory while they are few, on the disk beyond that."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from functools import cached_property
from tempfile import TemporaryFile
from typing import IO, Final

MOST: Final = 1 << 22
"""Bytes that are held in memory."""


class Spool:
    """What was added under each name, in the order in which it was added.

    On the disk it is one file without a name, which is gone with this.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size = most, 0
        self._held: dict[str, bytearray] = {}
        self._places: dict[str, list[tuple[int, int]]] = {}  # where pieces of them are in the file

    def __iter__(self) -> Iterator[str]:
        """The names, in order."""
        return iter(sorted(self._held.keys() | self._places.keys()))

    def add(self, name: str, data: bytes) -> None:
        """Add to what is under a name.

        Raises:
            OSError: the disk is full.
        """
        if (held := self._held.get(name)) is None:
            held = self._held[name] = bytearray()
        held += data
        self._size += len(data)
        if self._size > self._most:
            self._write()

    def get(self, name: str) -> bytes:
        """All that is under a name; nothing if there is no such."""
        parts = []
        for place, size in self._places.get(name, ()):
            self._file.seek(place)
            parts.append(self._file.read(size))
        return b"".join((*parts, self._held.get(name, b"")))

    def take(self, name: str) -> bytes:
        """The same, which is not here any more."""
        found = self.get(name)
        self._places.pop(name, None)
        self._size -= len(self._held.pop(name, b""))
        return found

    def _write(self) -> None:
        place = self._file.seek(0, 2)
        for name, data in self._held.items():
            self._file.write(data)
            self._places.setdefault(name, []).append((place, len(data)))
            place += len(data)
        self._held.clear()
        self._size = 0

    @cached_property
    def _file(self) -> IO[bytes]:
        file = TemporaryFile()  # noqa: SIM115 (closed with the spool)
        weakref.finalize(self, file.close)
        return file
