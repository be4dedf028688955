"""QR codes of addresses, as SVG.

segno encodes. A site may have a hundred thousand awards whose addresses differ in a few letters, so use is
made of what QR codes are: with version, error level and mask fixed, every module is a sum (exclusive or)
of bits of the text. Once there are `FEW` addresses of one length, a code is that of the first, changed by
what each differing bit changes, which depends on the version alone. The result is the same, in microseconds
instead of a millisecond.
"""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, groupby
from typing import Final

import segno
from markupsafe import Markup
from segno import consts, encoder

LEVEL: Final = "m"  # a code is read with 15 % of it missing
MASK: Final = 2
QUIET: Final = 4
"""Modules of white around a code, which ISO/IEC 18004 asks for."""
FEW: Final = 8
_CAPACITY: Final = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412)
"""Bytes that fit into versions 1, 2, … at level M (ISO/IEC 18004, table 7)."""
MOST: Final = _CAPACITY[-1]
_WORD: Final = 16
"""Modules that are drawn at once; how, is remembered."""

_seen: Counter[int] = Counter()


def qr_svg(text: str, label: str = "") -> Markup:
    """An address of at most `MOST` ASCII characters as an ``<svg>`` for use within a page.

    It is black on white in any colour scheme, as readers of codes expect, and ``label`` is what is read
    aloud; without one it is hidden from screen readers. Raises `ValueError` for a text that is too long or
    not ASCII.
    """
    side, strokes = _strokes(text)
    says = Markup(' role="img" aria-label="{}"').format(label) if label else ' aria-hidden="true"'
    return Markup(  # noqa: S704 (numbers, and a label that is escaped)
        f'<svg class="pp-qr" viewBox="0 0 {side} {side}"{says}>{_drawing(side, strokes)}</svg>'
    )


def qr_link(text: str) -> str:
    """The same as the ``data:`` address of an SVG file, to be downloaded or shown."""
    side, strokes = _strokes(text)
    before, after = _around(side)
    return before + strokes + after


@lru_cache(maxsize=64)
def _around(side: int) -> tuple[str, str]:
    """What is before and after the strokes in a ``data:`` address; strokes need no escapes."""
    file = _file(side, "|")
    for character, code in (("<", "%3C"), (">", "%3E"), ("#", "%23"), (" ", "%20"), ("'", "%27")):
        file = file.replace(character, code)
    before, after = file.split("|")
    return "data:image/svg+xml," + before, after


def _file(side: int, strokes: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' width='{8 * side}'>"
        f"{_drawing(side, strokes)}</svg>"
    )


def _drawing(side: int, strokes: str) -> str:
    return f"<path fill='#fff' d='M0,0h{side}v{side}H0z'/><path stroke='#000' d='{strokes}'/>"


@lru_cache(maxsize=8)  # a page shows its code, and offers it as a file
def _strokes(text: str) -> tuple[int, str]:
    """Side in modules, and the drawing: a stroke along every row, so that no seams show."""
    size, bits = modules(text)
    rows, words = _rows(size)
    drawn = map(_PATTERNS.__getitem__, words.unpack(bits.to_bytes(words.size, "big")))
    return size + 2 * QUIET, rows % tuple(drawn)


@lru_cache(maxsize=16)
def _rows(size: int) -> tuple[str, struct.Struct]:
    """The drawing with a place for every `_WORD` of every row, and how the modules are cut into these."""
    words = -(-size // _WORD)
    rows = "".join(f"M{QUIET},{QUIET + y}.5" + "%s" * words for y in range(size))
    return rows, struct.Struct(f">{words * size}H")


class _Patterns(dict[int, str]):
    """The drawing of so many modules of a row, for every number that they may be."""

    def __missing__(self, word: int) -> str:
        """``h3`` draws three modules, ``m2,0`` leaps over two."""
        left, right = _half(word >> 8), _half(word & 255)
        if left.last == right.first:
            middle = _stroke(left.last, left.end + right.start)
        else:
            middle = _stroke(left.last, left.end) + _stroke(right.first, right.start)
        self[word] = left.before + middle + right.behind
        return self[word]


@dataclass(frozen=True, slots=True)
class _Half:
    """Eight modules: their first and last runs, how long these are, and the drawing of the others."""

    first: str
    start: int
    behind: str
    before: str
    last: str
    end: int


@lru_cache(maxsize=256)
def _half(byte: int) -> _Half:
    runs = [(bit, len([*run])) for bit, run in groupby(f"{byte:08b}")]
    drawn = [_stroke(bit, length) for bit, length in runs]
    return _Half(*runs[0], "".join(drawn[1:]), "".join(drawn[:-1]), *runs[-1])


def _stroke(bit: str, length: int) -> str:
    return f"h{length}" if bit == "1" else f"m{length},0"


_PATTERNS: Final = _Patterns()


def modules(text: str) -> tuple[int, int]:
    """Side of the code of a text, and its modules as one number: dark ones are ones, and every row is filled
    up with zeros to whole words of `_WORD` bits.
    """
    data = text.encode("ascii")
    _seen[len(data)] += 1
    if _seen[len(data)] <= FEW:
        return _encoded(data)
    return _summed(data)


def _version(length: int) -> int:
    version = next((v for v, most in enumerate(_CAPACITY, 1) if length <= most), None)
    if version is None:
        raise ValueError(f"{length} characters are too many for a QR code: {MOST} is the most")
    return version


def _encoded(data: bytes) -> tuple[int, int]:
    """The code as segno makes it."""
    version = _version(len(data))
    code = segno.make_qr(data, error=LEVEL, version=version, mask=MASK, mode="byte", boost_error=False)
    size = len(code.matrix)
    fill = "0" * (-size % _WORD)
    return size, int("".join("".join(map(str, row)) + fill for row in code.matrix), 2)


_firsts: dict[int, tuple[bytes, int, tuple[int, int]]] = {}
"""The first text of every length, with its version and its code."""


def _summed(data: bytes) -> tuple[int, int]:
    """The code as the sum of that of the first text of this length and what each other byte changes."""
    known = _firsts.get(len(data))
    if known is None:
        known = _firsts[len(data)] = data, _version(len(data)), _encoded(data)
    first, version, (size, bits) = known
    for place, (byte, before) in enumerate(zip(data, first, strict=True)):
        if byte != before:
            bits ^= _added(version, place, byte ^ before)
    return size, bits


@lru_cache(maxsize=1 << 17)
def _added(version: int, place: int, change: int) -> int:
    """What changes in a code when bits of one byte do."""
    bits = 0
    while change:
        lowest = change & -change
        bits ^= _bit(version, place, lowest)
        change ^= lowest
    return bits


@lru_cache(maxsize=1 << 16)
def _bit(version: int, place: int, bit: int) -> int:
    """The modules that turn with one bit of a byte: those of its own, and of the sums for correction.

    The steps of segno's encoder for what depends on the text; they are linear. Before the text stand its mode
    and its length (ISO/IEC 18004, section 7.4).
    """
    before = 4 + (8 if version < 10 else 16)
    data = encoder.Buffer(bytes(before + 8 * _CAPACITY[version - 1] + 4))
    data.getbits()[before + 8 * place + 8 - bit.bit_length()] = 1
    message = encoder.make_final_message(version, consts.ERROR_LEVEL_M, data)
    return sum(compress(_placed(version), message.getbits()))


@lru_cache(maxsize=len(_CAPACITY))
def _placed(version: int) -> tuple[int, ...]:
    """The modules of the bits of a message, in its order, as numbers with one bit."""
    size = 17 + 4 * version
    matrix = encoder.make_matrix(size, size)
    encoder.add_finder_patterns(matrix, size, size)
    encoder.add_alignment_patterns(matrix, size, size)
    row = _WORD * -(-size // _WORD)
    free = [1 << row * (size - y) - 1 - x for y in range(size) for x in range(size) if matrix[y][x] == 2]
    # What segno lays into the matrix need not be bits: here it is where each of them goes.
    lists = [list(line) for line in matrix]
    encoder.add_codewords(lists, [(number,) for number in range(len(free))], version)
    order = [cell[0] for line in lists for cell in line if isinstance(cell, tuple)]
    return tuple(module for _, module in sorted(zip(order, free, strict=True)))
