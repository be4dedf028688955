"""What a build remembers for the next one: of every part of the site what it was made of, and its files.

It is plain data, which nothing in it can make run; whatever is not as it was written is not used. Deleting
it, copying it to another machine or finding that of another version costs time only.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from badge_passport.publish.manifest import MANIFEST
from badge_passport.source import kept

_AT_ONCE: Final = 10_000
_KIND: Final = "memory 3"

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
        header, packed = kept.load(path, _KIND)
        there = (target / MANIFEST).read_bytes()
        if header["manifest"] != hashlib.sha256(there).hexdigest():
            return Memory()
        parts, at = {}, 0
        for key, known, number, size, first, second in zip(*header["parts"], strict=True):
            middle, end = at + first, at + first + second
            parts[key] = Part(bytes.fromhex(known), number, size, packed[at:middle], packed[middle:end])
            at = end
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()
    return Memory(there, parts)


def save(path: Path, memory: Memory) -> None:
    """Write the memory, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    parts = memory.parts.values()
    columns = (
        list(memory.parts),
        [part.fingerprint.hex() for part in parts],
        [part.number for part in parts],
        [part.size for part in parts],
        [len(part.noted) for part in parts],
        [len(part.packed) for part in parts],
    )
    header = {"manifest": hashlib.sha256(memory.manifest).hexdigest(), "parts": columns}
    packed = [one for part in parts for one in (part.noted, part.packed)]
    some = range(0, len(packed), _AT_ONCE)
    kept.save(path, _KIND, header, (b"".join(packed[at : at + _AT_ONCE]) for at in some))
