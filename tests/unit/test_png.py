"""PNGs made of strips: valid, whatever they are made of."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badge_passport.pages import png

WIDTH = 7
ROWS = st.lists(st.binary(min_size=WIDTH, max_size=WIDTH), max_size=9)


def rows(pixels: list[bytes]) -> bytes:
    return b"".join(b"\0" + row for row in pixels)


@given(st.lists(ROWS, min_size=1, max_size=6), st.sampled_from([1, 6, 9]), st.booleans())
def test_strips_make_one_stream(parts: list[list[bytes]], level: int, runs: bool) -> None:
    """Empty strips are nothing; zlib itself compares the checksum of the whole."""
    strategy = zlib.Z_RLE if runs else zlib.Z_DEFAULT_STRATEGY
    strips = [png.strip(rows(part), level, strategy) for part in parts]
    height = sum(map(len, parts))
    made = png.indexed((WIDTH, height), bytes(range(256)) * 3, strips)
    at = made.index(b"IDAT")
    length = int.from_bytes(made[at - 4 : at], "big")
    stream = zlib.decompressobj()
    assert stream.decompress(made[at + 4 : at + 4 + length]) == b"".join(map(rows, parts))
    assert stream.eof and not stream.unused_data
    if height:
        assert Image.open(io.BytesIO(made)).tobytes() == b"".join(map(b"".join, parts))


@pytest.mark.parametrize("number", [0, 1, 65521, 70000, 1_000_000])
def test_checksums_are_put_together(number: int) -> None:
    one, other = bytes([255]) * number, b"abc" * 30_000
    for first, second in ((one, other), (other, one), (one, one)):
        both = png._both(zlib.adler32(first), zlib.adler32(second), len(second))
        assert both == zlib.adler32(first + second)


def test_colours_and_their_opacity() -> None:
    made = png.indexed((2, 1), b"\xff\0\0\0\xff\0", [png.strip(b"\0\0\1")], b"\x80")
    image = Image.open(io.BytesIO(made)).convert("RGBA")
    assert [image.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0, 128), (0, 255, 0, 255)]
