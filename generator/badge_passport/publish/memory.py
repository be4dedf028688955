"""What a build remembers for the next one: of every part of the site what it was made of, and its files.

It is plain data, which nothing in it can make run; whatever is not as it was written is not used. Deleting
it, copying it to another machine or finding that of another version costs time only. The lists of files are
in a file beside it, of which a build reads and writes those of the parts that change.
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
from badge_passport.publish.standing import Standing
from badge_passport.source import collecting, kept
from badge_passport.source.kept import Piece, Pieces, Stored

_KIND: Final = "memory 5"

File = tuple[str, str, int]
"""A file of the site: its path, the SHA-256 of what is in it (hexadecimal), its size in bytes."""


class Part(NamedTuple):
    """A part of the site: what the site as a whole needs of it, and its files, packed.

    ``fingerprint`` is that of all it was made of (nothing: unknown); ``number`` and ``size`` are those of its
    files.
    """

    fingerprint: str
    number: int
    size: int
    packed: Stored

    @classmethod
    def of(cls, fingerprint: str, files: list[File]) -> Part:
        """The part with these files."""
        packed = zlib.compress(json.dumps(files, separators=(",", ":")).encode(), 1)
        return cls(fingerprint, len(files), sum(size for _, _, size in files), Stored(packed))

    def files(self) -> list[File]:
        """Its files.

        Raises:
            kept.Damaged: they are not known any more.
        """
        return [
            (path, digest, size) for path, digest, size in json.loads(zlib.decompress(self.packed.read()))
        ]

    def digests(self) -> dict[str, str]:
        """The digests of its files, by path; raises as `files` does."""
        return {path: digest for path, digest, _ in self.files()}

    def alone(self) -> Part:
        """This part with its files in it, for another machine.

        Raises:
            kept.Damaged: as for `files`.
        """
        return self._replace(packed=Stored(self.packed.read()))


@dataclass(frozen=True, slots=True)
class Memory:
    """The parts of a site as it lies in its folder, its manifest, and where awards stand in status lists."""

    manifest: bytes = b""
    parts: Mapping[str, Part] = field(default_factory=dict)
    standing: Mapping[str, Standing] = field(default_factory=dict)
    pieces: Pieces | None = None


def load(path: Path, target: Path) -> Memory:
    """The memory at ``path`` of the site in ``target``; empty if there is none, or none of what lies there.

    The manifest tells whether the folder is as it was left.
    """
    with collecting.at_rest():
        return _loaded(path, target)


def _loaded(path: Path, target: Path) -> Memory:
    try:
        header, _ = kept.load(path, _KIND)
        there = (target / MANIFEST).read_bytes()
        if header["manifest"] != hashlib.sha256(there).hexdigest():
            return Memory()
        pieces = Pieces.there(path, *header["pieces"])
        parts = {
            key: Part(fingerprint, number, size, Stored(b"", Piece(*piece), pieces))
            for key, fingerprint, number, size, *piece in zip(*header["parts"], strict=True)
        }
        standing = {
            issuer: Standing(said, Stored(b"", Piece(*piece), pieces))
            for issuer, (said, piece) in header["standing"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()
    return Memory(there, parts, standing, pieces)


def save(path: Path, memory: Memory) -> None:
    """Write the memory, whole or not at all.

    Raises:
        OSError: it cannot be written.
        kept.Damaged: files of a part are not known any more.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    before = memory.pieces or Pieces(path)
    used = sum(part.packed.place.size for part in memory.parts.values())
    used += sum(one.places.place.size for one in memory.standing.values())
    pieces = before.anew() if before.worth(used) else before
    parts = {
        key: part if part.packed.pieces is pieces else part._replace(packed=part.packed.written(pieces))
        for key, part in memory.parts.items()
    }
    standing = {
        issuer: [one.said, one.places.written(pieces).place] for issuer, one in memory.standing.items()
    }
    pieces.write()
    header = {
        "manifest": hashlib.sha256(memory.manifest).hexdigest(),
        "pieces": [pieces.number, pieces.end],
        "standing": standing,
        "parts": [
            list(parts),
            [part.fingerprint for part in parts.values()],
            [part.number for part in parts.values()],
            [part.size for part in parts.values()],
            *zip(*(part.packed.place for part in parts.values()), strict=True),
        ],
    }
    kept.save(path, _KIND, header)
    if pieces is not before:
        before.remove()
