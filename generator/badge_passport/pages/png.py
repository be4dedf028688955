"""PNGs with a palette, put together from strips: rows that were compressed by themselves.

A strip ends where its last byte does and looks back at nothing before it, so strips can stand in any order,
in any number of pictures, and be compressed once for all of them (RFC 1950 and 1951; PNG, third edition).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_PRIME: Final = 65521  # of Adler-32
_HEADER: Final = b"\x78\x9c"  # a zlib stream: deflate, a window of 32 kB
_END: Final = b"\x03\x00"  # the last block, with nothing in it


@dataclass(frozen=True, slots=True)
class Strip:
    """Compressed rows, how many bytes they were, and their Adler-32."""

    data: bytes
    length: int
    adler: int


def strip(rows: bytes, level: int = 6, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> Strip:
    """Whole rows of a picture, each with the byte of its filter in front."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
    data = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
    return Strip(data, len(rows), zlib.adler32(rows))


def indexed(size: tuple[int, int], palette: bytes, strips: Iterable[Strip], alphas: bytes = b"") -> bytes:
    """A PNG whose pixels are numbers of ``palette``, which has three bytes for each of them.

    ``alphas`` are those of its first entries; the others are opaque.
    """
    parts, adler = [_HEADER], 1
    for each in strips:
        parts.append(each.data)
        adler = _both(adler, each.adler, each.length)
    parts += [_END, adler.to_bytes(4, "big")]
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"tRNS", alphas) if alphas else b"",
            _chunk(b"IDAT", b"".join(parts)),
            _chunk(b"IEND", b""),
        ]
    )


def _both(one: int, other: int, length: int) -> int:
    """The Adler-32 of two texts after each other; ``length`` is that of the second."""
    low, high = one & 0xFFFF, one >> 16
    low_sum = (low + (other & 0xFFFF) - 1) % _PRIME
    high_sum = (high + (other >> 16) + length * (low - 1)) % _PRIME
    return high_sum << 16 | low_sum


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
