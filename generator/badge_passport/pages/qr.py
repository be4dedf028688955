"""QR codes of addresses, as SVG.

segno encodes. A site may have a hundred thousand awards whose addresses differ in a few letters, so use is
made of what QR codes are: with version, error level and mask fixed, every module is a sum (exclusive or)
of bits of the text. Once there are `FEW` addresses of one length, a code is that of the first, changed by
what each differing bit changes. The result is the same, in microseconds instead of a millisecond.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

import segno
from markupsafe import Markup

LEVEL: Final = "m"  # a code is read with 15 % of it missing
MASK: Final = 2
QUIET: Final = 4
"""Modules of white around a code, which ISO/IEC 18004 asks for."""
FEW: Final = 24
_CAPACITY: Final = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412)
"""Bytes that fit into versions 1, 2, … at level M (ISO/IEC 18004, table 7)."""
MOST: Final = _CAPACITY[-1]
_CHUNK: Final = 13
"""Modules whose drawing is remembered: 8192 patterns."""

_seen: Counter[int] = Counter()


def qr_svg(text: str, label: str = "") -> Markup:
    """An address of at most `MOST` ASCII characters as an ``<svg>`` for use within a page.

    It is black on white in any colour scheme, as readers of codes expect, and ``label`` is what is read
    aloud; without one it is hidden from screen readers. Raises `ValueError` for a text that is too long or
    not ASCII.
    """
    side, path = _path(text)
    says = Markup(' role="img" aria-label="{}"').format(label) if label else ' aria-hidden="true"'
    return Markup(  # noqa: S704 (numbers, and a label that is escaped)
        f'<svg class="pp-qr" viewBox="0 0 {side} {side}"{says}>{path}</svg>'
    )


def qr_file(text: str) -> str:
    """The same as the text of an SVG file."""
    side, path = _path(text)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' width='{8 * side}'>{path}</svg>"
    )


def qr_link(text: str) -> str:
    """The same as a ``data:`` address, to be downloaded or shown."""
    file = qr_file(text)
    for character, code in (("<", "%3C"), (">", "%3E"), ("#", "%23"), (" ", "%20"), ("'", "%27")):
        file = file.replace(character, code)
    return "data:image/svg+xml," + file


@lru_cache(maxsize=8)  # a page shows its code, and offers it as a file
def _path(text: str) -> tuple[int, str]:
    """Side in modules, and the drawing: a stroke along every row, so that no seams show."""
    size, bits = modules(text)
    side = size + 2 * QUIET
    dots = f"{bits:0{size * size}b}"
    rows = "".join([head + _strokes(dots[start:end]) for head, start, end in _cuts(size)])
    return side, f"<path fill='#fff' d='M0,0h{side}v{side}H0z'/><path stroke='#000' d='{rows}'/>"


@lru_cache(maxsize=16)
def _cuts(size: int) -> list[tuple[str, int, int]]:
    """Where a code is cut to be drawn: each row in pieces, the first of which says where it begins."""
    return [
        ("" if x else f"M{QUIET},{QUIET + y}.5", y * size + x, y * size + min(x + _CHUNK, size))
        for y in range(size)
        for x in range(0, size, _CHUNK)
    ]


@lru_cache(maxsize=1 << 15)
def _strokes(dots: str) -> str:
    """Part of a row as strokes and leaps: ``h3`` draws three modules, ``m2,0`` leaps over two."""
    runs = dots.replace("10", "1 0").replace("01", "0 1").split(" ")
    return "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)},0" for run in runs)


def modules(text: str) -> tuple[int, int]:
    """Side of the code of a text, and its modules as one number, row by row, dark ones as ones."""
    data = text.encode("ascii")
    _seen[len(data)] += 1
    if _seen[len(data)] <= FEW:
        return _encoded(data)
    return _summed(data)


def _encoded(data: bytes) -> tuple[int, int]:
    """The code as segno makes it."""
    version = next((v for v, most in enumerate(_CAPACITY, 1) if len(data) <= most), None)
    if version is None:
        raise ValueError(f"{len(data)} characters are too many for a QR code: {MOST} is the most")
    code = segno.make_qr(data, error=LEVEL, version=version, mask=MASK, mode="byte", boost_error=False)
    return len(code.matrix), int("".join("".join(map(str, row)) for row in code.matrix), 2)


def _summed(data: bytes) -> tuple[int, int]:
    """The code as the sum of what each byte adds to that of as many letters “a”."""
    size, bits = _plain(len(data))
    for place, byte in enumerate(data):
        if byte != 97:
            bits ^= _added(len(data), place, byte ^ 97)
    return size, bits


@lru_cache(maxsize=1024)
def _plain(length: int) -> tuple[int, int]:
    return _encoded(b"a" * length)


@lru_cache(maxsize=1 << 17)
def _added(length: int, place: int, change: int) -> int:
    """What changes in a code when bits of one byte do."""
    bits = 0
    while change:
        lowest = change & -change
        bits ^= _bit(length, place, lowest)
        change ^= lowest
    return bits


@lru_cache(maxsize=1 << 16)
def _bit(length: int, place: int, bit: int) -> int:
    data = bytearray(b"a" * length)
    data[place] ^= bit
    return _encoded(bytes(data))[1] ^ _plain(length)[1]
