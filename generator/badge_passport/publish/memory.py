"""What a build remembers for the next one: of every part of the site what it was made of, and its files.

It is plain data, which nothing in it can make run; whatever is not as it was written is not used. Deleting
it, copying it to another machine or finding that of another version costs time only.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_FORMAT: Final = b"badge-passport memory 1\n"

File = tuple[str, str, int]
"""A file of the site: its path, the SHA-256 of what is in it (hexadecimal), its size in bytes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site: the fingerprint of all it was made of (empty: unknown), and its files, packed."""

    fingerprint: str
    packed: bytes

    @classmethod
    def of(cls, fingerprint: str, files: list[File]) -> Part:
        """The part with these files."""
        return cls(fingerprint, zlib.compress(json.dumps(files, separators=(",", ":")).encode(), 1))

    def files(self) -> list[File]:
        """Its files."""
        return [(path, digest, size) for path, digest, size in json.loads(zlib.decompress(self.packed))]


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of a site as it lies in its folder, whose manifest has this digest."""

    manifest: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


def load(path: Path, target: Path, manifest: str) -> Memory:
    """The memory at ``path`` of the site in ``target``; empty if there is none, or none of what lies there.

    ``manifest`` is the name of the file that tells whether the folder is as it was left.
    """
    try:
        data = path.read_bytes()
        there = hashlib.sha256((target / manifest).read_bytes()).hexdigest()
        parts = _read(memoryview(data), there)
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()
    return Memory(there, parts)


def _read(data: memoryview, manifest: str) -> dict[str, Part]:
    """The parts in a file.

    Raises:
        ValueError: it is not what `save` wrote of the site with this manifest.
    """
    end = len(data) - 32
    if bytes(data[: len(_FORMAT)]) != _FORMAT or hashlib.sha256(data[:end]).digest() != bytes(data[end:]):
        raise ValueError("this is no memory, or a damaged one")
    at = len(_FORMAT)
    header, at = _field(data, at)
    if bytes(header).decode() != manifest:
        raise ValueError("this is the memory of another site")
    parts = {}
    while at < end:
        key, at = _field(data, at)
        fingerprint, at = _field(data, at)
        packed, at = _field(data, at)
        parts[bytes(key).decode()] = Part(bytes(fingerprint).decode(), bytes(packed))
    return parts


def _field(data: memoryview, at: int) -> tuple[memoryview, int]:
    start = at + 4
    end = start + int.from_bytes(data[at:start], "big")
    return data[start:end], end


def kept_apart(folder: Path) -> Path:
    """The folder for what this machine remembers of a site, which git ignores."""
    ignoring = folder / ".gitignore"
    if not ignoring.exists():
        folder.mkdir(parents=True, exist_ok=True)
        ignoring.write_text("*\n", encoding="ascii")
    return folder


def save(path: Path, memory: Memory) -> None:
    """Write the memory, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    digest = hashlib.sha256()
    with new.open("wb") as file:
        for piece in _pieces(memory):
            digest.update(piece)
            file.write(piece)
        file.write(digest.digest())
    new.replace(path)


def _pieces(memory: Memory) -> Iterator[bytes]:
    yield _FORMAT
    yield _sized(memory.manifest.encode())
    for key, part in memory.parts.items():
        yield _sized(key.encode()) + _sized(part.fingerprint.encode()) + _sized(part.packed)


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
