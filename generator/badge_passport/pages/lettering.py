"""Letters on pictures: which font has them, how they break into lines, and where they go.

Readex Pro has Latin and Arabic, drawn for each other; Noto Sans stands in for Greek and Cyrillic. What no
font has is left out: a picture never shows boxes. Arabic is joined by Raqm, which Pillow has only where
the system has FriBidi; without it, texts written from right to left cannot be drawn at all.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final, Literal

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat, features

from badge_passport.resources import bundled

Weight = Literal["regular", "bold"]
FAMILIES: Final = ("readex-pro", "noto-sans")
LEADING: Final = 1.24
"""Distance of two baselines, as a part of the size; Readex Pro's Arabic needs this much."""
_MEASURED: Final = 100  # the size at which words are measured once; widths grow with the size
_NOBODY_HAS: Final = "\U0010ffff"
_FIXED: Final = "\u00a0\u202f"  # spaces at which no line breaks, as French has them before a colon
_JOINERS: Final = "\u200c\u200d"


@lru_cache(maxsize=128)
def _font(family: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(bundled(f"fonts/{family}-{weight}.ttf")), size)


@lru_cache(maxsize=1)
def can_join() -> bool:
    """Whether Arabic can be drawn with its letters joined."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=4)
def _box(family: str) -> tuple[tuple[int, int], bytes]:
    return _shape(family, _NOBODY_HAS)


def _shape(family: str, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(family, "regular", 32).getmask(letter)
    return mask.size, bytes(mask)


@lru_cache(maxsize=8192)
def _has(family: str, letter: str) -> bool:
    """Whether a font has a letter: Pillow does not say, but what a font lacks is drawn as its box."""
    return letter.isspace() or _shape(family, letter) != _box(family)


@lru_cache(maxsize=8192)
def _is_rtl(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def is_rtl(text: str) -> bool:
    """Whether a text is written from right to left, by its first letter that has a direction."""
    strong = (unicodedata.bidirectional(c) for c in text)
    return next((d != "L" for d in strong if d in ("L", "R", "AL")), False)


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """A text without what cannot be drawn; marks go with their letters, and spaces are single."""
    kept: list[str] = []
    before = False  # whether the letter that marks and joiners belong to was kept
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if letter.isspace():
            before = False
            kept.append("\u00a0" if letter in _FIXED else " ")
        elif kind in ("Mn", "Me", "Mc") or letter in _JOINERS:
            if before and any(_has(family, letter) for family in FAMILIES):
                kept.append(letter)
        else:
            before = kind[0] != "C" and any(_has(family, letter) for family in FAMILIES)
            before = before and (can_join() or not _is_rtl(letter))
            if before:
                kept.append(letter)
    return re.sub(" +", " ", "".join(kept)).strip(" \u00a0")


@lru_cache(maxsize=4096)
def mostly_drawable(text: str) -> bool:
    """Whether at least half of the letters of a text can be drawn."""
    letters = sum(1 for c in text if not c.isspace())
    return letters > 0 and 2 * sum(1 for c in drawable(text) if c != " ") >= letters


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one font."""

    text: str
    family: str


@lru_cache(maxsize=4096)
def runs(line: str) -> tuple[Run, ...]:
    """A line in as few fonts as it needs, in reading order; usually that is one."""
    for family in FAMILIES:
        if all(_has(family, letter) for letter in line):
            return (Run(line, family),)
    words = line.split(" ")
    pieces = [" ".join(group) for _, group in groupby(words, key=lambda w: any(map(_is_rtl, w)))]
    return tuple(_run(piece) for piece in pieces)


def _run(piece: str) -> Run:
    """A piece in the font that has most of it."""
    family = max(FAMILIES, key=lambda family: sum(_has(family, letter) for letter in piece))
    return Run("".join(letter for letter in piece if _has(family, letter)), family)


@lru_cache(maxsize=16384)
def _width(text: str, weight: Weight) -> float:
    """Width at the size of measuring."""
    pieces = runs(text)
    space = _font(FAMILIES[0], weight, _MEASURED).getlength(" ")
    lengths = (_font(run.family, weight, _MEASURED).getlength(run.text) for run in pieces)
    return sum(lengths) + space * (len(pieces) - 1)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size (pixels) and weight."""

    lines: tuple[str, ...]
    size: int
    weight: Weight

    @property
    def height(self) -> float:
        """From above the first line to below the last."""
        return len(self.lines) * self.size * LEADING


def fit(text: str, width: float, height: float, sizes: Sequence[int], weight: Weight = "bold") -> Block:
    """A drawable text at the largest of ``sizes`` at which its words fit, else cut with an ellipsis.

    ``sizes`` fall. Lines are about equally long: a last line of one short word looks like a mistake.
    """
    words = text.split(" ")
    for size in sizes:
        room, most = width / size * _MEASURED, int(height / (size * LEADING))
        lines = _wrapped(words, room, weight)
        if len(lines) <= most and all(_width(line, weight) <= room for line in lines):
            return Block(_balanced(words, lines, room, weight), size, weight)
    size = sizes[-1]
    room, most = width / size * _MEASURED, max(1, int(height / (size * LEADING)))
    lines = _wrapped([part for word in words for part in _parts(word, room, weight)], room, weight)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], room, weight)]
    return Block(tuple(lines), size, weight)


def _wrapped(words: Iterable[str], room: float, weight: Weight) -> list[str]:
    """Words in lines that are at most ``room`` wide, but for single words that are wider."""
    lines: list[str] = []
    space, used = _width(" ", weight), 0.0
    for word in words:
        wide = _width(word, weight)
        if lines and used + space + wide <= room:
            lines[-1] += " " + word
            used += space + wide
        else:
            lines.append(word)
            used = wide
    return lines


def _balanced(words: Sequence[str], lines: Sequence[str], room: float, weight: Weight) -> tuple[str, ...]:
    """The same number of lines in the narrowest room."""
    if len(lines) == 1:
        return tuple(lines)
    for part in (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        narrow = _wrapped(words, room * part, weight)
        if len(narrow) == len(lines) and all(_width(line, weight) <= room for line in narrow):
            return tuple(narrow)
    return tuple(lines)


def _parts(word: str, room: float, weight: Weight) -> list[str]:
    """A word, or the pieces of one that is wider than the room."""
    if _width(word, weight) <= room:
        return [word]
    parts = [""]
    for letter in word:
        if parts[-1] and _width(parts[-1] + letter, weight) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _cut(line: str, room: float, weight: Weight) -> str:
    while line and _width(line + "…", weight) > room:
        line = line[:-1]
    return line.rstrip(" .,;:–-") + "…"


def write(mask: Image.Image, block: Block, edge: int, top: float, ink: int, *, right: bool = False) -> float:
    """Draw a block from ``top`` down, its lines beginning (``right``: ending) at ``edge``; where it ends.

    ``mask`` is of mode L. Each line has the direction of its own text, whichever side it is aligned to.
    """
    for line in block.lines:
        parts, wide = _placed(line, block.weight, block.size)
        baseline = math.floor(top + block.size * 0.98 + 0.5)
        start = edge - wide if right else edge
        for part, at in parts:
            x, y = math.floor(start + at + 0.5) + part.left, baseline + part.top
            mask.paste(ink, (x, y, x + part.mask.width, y + part.mask.height), part.mask)
        top += block.size * LEADING
    return top


# --- Pieces of lines: drawn once, and laid beside each other ------------------------------------------
#
# Drawing is most of what a line costs. A letter looks the same in every word, but for those that join
# others: such words are drawn as wholes, and so are lines in which directions are hard to tell.


@dataclass(frozen=True, slots=True)
class _Part:
    """What was drawn, and where it lies from the point on the baseline where it begins."""

    mask: Image.Image
    left: int
    top: int


@lru_cache(maxsize=4096)
def _part(text: str, family: str, weight: Weight, size: int, backwards: bool) -> _Part | None:
    """A piece of text; None if there is nothing to be seen of it."""
    font = _font(family, weight, size)
    direction = ("rtl" if backwards else "ltr") if can_join() else None
    left, top, end, bottom = font.getbbox(text, anchor="ls", direction=direction)
    x, y = math.floor(left), math.floor(top)
    mask = Image.new("L", (max(1, math.ceil(end) - x), max(1, math.ceil(bottom) - y)))
    ImageDraw.Draw(mask).text((-x, -y), text, 255, font, anchor="ls", direction=direction)
    return _Part(mask, x, y) if mask.getbbox() else None


@lru_cache(maxsize=32768)
def _length(text: str, family: str, weight: Weight, size: int) -> float:
    return _font(family, weight, size).getlength(text)


def _placed(line: str, weight: Weight, size: int) -> tuple[list[tuple[_Part, float]], float]:
    """The pieces of a line, each with where it begins, from the left; and how wide the line is."""
    backwards, parts, pen = is_rtl(line), [], 0.0
    pieces = runs(line)
    for number, run in enumerate(reversed(pieces) if backwards else pieces):
        if number:
            pen += _length(" ", FAMILIES[0], weight, size)
        before = ""
        for text, turned in _divided(run, backwards, weight):
            if before:  # letters may stand closer than they are wide
                pair = _length(before + text, run.family, weight, size)
                pen += pair - sum(_length(each, run.family, weight, size) for each in (before, text))
            part = _part(text, run.family, weight, size, turned)
            if part is not None:
                parts.append((part, pen))
            pen += _length(text, run.family, weight, size)
            before = text if len(text) == 1 and not turned else ""
    return parts, pen


@lru_cache(maxsize=4096)
def _divided(run: Run, backwards: bool, weight: Weight) -> tuple[tuple[str, bool], ...]:
    """A run in pieces as they stand from left to right, each with whether it is drawn from right to left."""
    words = run.text.split(" ")
    if not any(map(_is_rtl, run.text)) and not backwards:
        pieces = [(part, False) for word in words for part in (*_letters(word, run.family, weight), " ")]
        return tuple(pieces[:-1])
    sides = [_side(word) for word in words]
    if None in sides or not can_join():
        return ((run.text, backwards),)
    ordered: list[tuple[str, bool]] = []
    for turned, group in groupby(zip(words, sides, strict=True), key=lambda pair: pair[1]):
        same = [(word, bool(turned)) for word, _ in group]
        same = same[::-1] if turned else same
        ordered = [*same, *ordered] if backwards else [*ordered, *same]
    return tuple(piece for pair in ordered for piece in (pair, (" ", False)))[:-1]


def _side(word: str) -> bool | None:
    """Whether a word is written from right to left; None if not all of its letters say the same."""
    kinds = {unicodedata.bidirectional(letter) for letter in word}
    if kinds == {"L"}:
        return False
    return True if kinds and kinds <= {"R", "AL", "NSM"} and kinds != {"NSM"} else None


def _letters(word: str, family: str, weight: Weight) -> Sequence[str]:
    """A word letter by letter, or whole if some letters would look otherwise alone."""
    if any(unicodedata.category(letter)[0] in "MC" for letter in word):
        return (word,)
    return (word,) if any(_joins(a, b, family, weight) for a, b in pairwise(word)) else word


@lru_cache(maxsize=8192)
def _joins(one: str, other: str, family: str, weight: Weight) -> bool:
    """Whether two letters are drawn as something else when they meet, like “fi” in many fonts."""
    size = 40
    both, first, second = (_part(text, family, weight, size, False) for text in (one + other, one, other))
    if both is None or first is None or second is None:
        return False
    apart = Image.new("L", both.mask.size)
    offset = math.floor(
        _length(one + other, family, weight, size) - _length(other, family, weight, size) + 0.5
    )
    for part, at in ((first, 0), (second, offset)):
        x, y = at + part.left - both.left, part.top - both.top
        apart.paste(255, (x, y, x + part.mask.width, y + part.mask.height), part.mask)
    return max(ImageStat.Stat(ImageChops.difference(apart, both.mask)).rms) > SAME


SAME: Final = 12.0
"""Root-mean-square difference of two drawings, of 255, that comes from rounding alone."""
