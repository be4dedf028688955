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
from typing import Final, NamedTuple

from badge_passport.publish.manifest import MANIFEST

_FORMAT: Final = b"badge-passport memory 2\n"

File = tuple[str, str, int]
"""A file of the site: its path, the SHA-256 of what is in it (hexadecimal), its size in bytes."""


class Part(NamedTuple):
    """A part of the site: what the site as a whole needs of it, and its files, packed.

    ``fingerprint`` is that of all it was made of (nothing: unknown), ``number`` and ``size`` are
    those of its files, and ``noted`` is what `Plan.noted` says of them.
    """

    fingerprint: bytes
    number: int
    size: int
    noted: bytes
    packed: bytes

    @classmethod
    def of(cls, fingerprint: bytes, files: list[File], noted: bytes = b"") -> Part:
        """The part with these files."""
        packed = zlib.compress(json.dumps(files, separators=(",", ":")).encode(), 1)
        return cls(fingerprint, len(files), sum(size for _, _, size in files), noted, packed)

    def files(self) -> list[File]:
        """Its files."""
        return [(path, digest, size) for path, digest, size in json.loads(zlib.decompress(self.packed))]


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of a site as it lies in its folder, and its manifest."""

    manifest: bytes = b""
    parts: Mapping[str, Part] = field(default_factory=dict)


def load(path: Path, target: Path) -> Memory:
    """The memory at ``path`` of the site in ``target``; empty if there is none, or none of what lies there.

    The manifest tells whether the folder is as it was left.
    """
    try:
        data = path.read_bytes()
        there = (target / MANIFEST).read_bytes()
        parts = _read(memoryview(data), hashlib.sha256(there).hexdigest())
    except (OSError, ValueError, KeyError, TypeError, IndexError):
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
    size = int.from_bytes(data[at : at + 8], "big")
    start = at + 8 + size
    header = json.loads(bytes(data[at + 8 : start]))
    if header["manifest"] != manifest:
        raise ValueError("this is the memory of another site")
    parts = {}
    for key, known, number, total, noted, packed in zip(*header["parts"], strict=True):
        middle, stop = start + noted, start + noted + packed
        print_ = bytes.fromhex(known)
        parts[key] = Part(print_, number, total, bytes(data[start:middle]), bytes(data[middle:stop]))
        start = stop
    if start != end:
        raise ValueError("this is no memory")
    return parts


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
    parts = memory.parts.values()
    columns = (
        list(memory.parts),
        [part.fingerprint.hex() for part in parts],
        [part.number for part in parts],
        [part.size for part in parts],
        [len(part.noted) for part in parts],
        [len(part.packed) for part in parts],
    )
    manifest = hashlib.sha256(memory.manifest).hexdigest()
    header = json.dumps({"manifest": manifest, "parts": columns}, separators=(",", ":")).encode("ascii")
    yield _FORMAT + len(header).to_bytes(8, "big") + header
    yield b"".join([piece for part in parts for piece in (part.noted, part.packed)])
