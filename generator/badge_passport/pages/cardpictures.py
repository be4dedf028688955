"""Draws cards: PNGs of 1200 × 630, as sites show them for a link (Open Graph).

A card has few colours, so it is put together from the start as numbers of a palette:
a ramp for the letters, one for the edge of the pale shape, and the rest for pictures of badges, which are
reduced to it once for all cards they stand on.

Where letters stand above pictures, a card is made of strips of rows (`png`), most of which it shares with
others: empty ones, those with the row of pictures, lines that stand on many cards.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from badge_passport.pages import png
from badge_passport.pages.colors import NIGHT, WHITE, Rgb, mix, parse, toward
from badge_passport.pages.lettering import LEADING, Block, Weight, drawable, fit, write
from badge_passport.pages.png import Strip

WIDTH: Final = 1200
HEIGHT: Final = 630
MOST_PICTURES: Final = 5
MOST_BYTES: Final = 60_000
_INK, _EDGE = 48, 16  # how many shades the ramps have; they come first in the palette
_PICTURES = _INK + _EDGE  # where colours of pictures begin
_COLOURS = 256 - _PICTURES
_BADGE, _SMALL = 380, 176  # sides of pictures, alone and in a row
_SOFT = 205  # ink of what is less important than the title
_SIZES = (116, 104, 92, 84, 76, 68, 60, 54, 48, 42)
_LINES = (34, 30, 26)
_START, _END = 574, WIDTH - 64  # of the letters beside a picture
_MARGIN = 80
_ROW = 424  # where a row of pictures begins
_LONG, _BAR = 44, 62  # the short line before the name of the site, and where that begins


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card. ``above`` and ``below`` are one line each, or empty; ``color`` is ``#rrggbb``.

    ``pictures`` are PNGs: one is shown large beside the letters, several or none in a row under them.
    """

    title: str
    above: str
    below: str
    site: str
    color: str
    pictures: tuple[bytes, ...]
    rtl: bool = False
    row: bool = False


def draw(card: Card) -> bytes:
    """The card as a PNG; the same card always gives the same bytes.

    Noisy pictures get fewer colours, until the file is small: `MOST_BYTES`.
    """
    for share in (1, 3, 8, 16):
        made = _drawn(card, _COLOURS // share)
        if len(made) <= MOST_BYTES:
            break
    return made


def _drawn(card: Card, room: int) -> bytes:
    """The card with at most ``room`` colours for its pictures."""
    ramps, pale = _ramps(card.color)
    if card.row:
        strips = _strips(_Base(card.rtl), _stacked(_blocks(card, WIDTH - 2 * _MARGIN, 170), 60), _ROW)
        pictures, colours = _row(card.pictures[:MOST_PICTURES], pale, card.rtl, room // MOST_PICTURES)
        strips += [pictures, _plain(_Base(card.rtl), _ROW + _SMALL, HEIGHT)]
    else:
        base = _Base(card.rtl, _Beside(card.pictures[0] if card.pictures else None, pale, room))
        blocks = _blocks(card, _END - _START, 330)
        high = sum(block.height for block, _ in blocks)
        placed = _stacked(blocks, max(56.0, (HEIGHT - 84 - high) / 2))
        strips, colours = _strips(base, [*placed, *_foot(card)], HEIGHT), _base(base)[1]
    return png.indexed((WIDTH, HEIGHT), ramps + colours, strips)


@lru_cache(maxsize=256)
def _ramps(color: str) -> tuple[bytes, Rgb]:
    """The palette before pictures, and the colour under them."""
    dark = toward(mix(parse(color), NIGHT, 0.12), NIGHT, WHITE, 7.5)
    pale = mix(parse(color), WHITE, 0.9)
    return _ramp(dark, WHITE, _INK) + _ramp(dark, pale, _EDGE), pale


def _ramp(one: Rgb, other: Rgb, steps: int) -> bytes:
    return b"".join(bytes(mix(one, other, step / (steps - 1))) for step in range(steps))


# --- The ground: the same for all colours -------------------------------------------------------------

_TO_INK = [value * (_INK - 1) // 255 for value in range(256)]
_TO_EDGE = [_INK + value * (_EDGE - 1) // 255 for value in range(256)]


@lru_cache(maxsize=4)
def _ground(row: bool, rtl: bool) -> Image.Image:
    """Dark, with a pale shape for pictures: a disc that leaves the card, or a band at its foot."""
    times = 4
    pale = Image.new("L", (WIDTH * times, HEIGHT * times))
    faint = pale.copy()
    if row:
        box = [-700 * times, 372 * times, (WIDTH + 700) * times, 2400 * times]
        ImageDraw.Draw(pale).ellipse(box, fill=255)
        box[1] -= 22 * times
        ImageDraw.Draw(faint).ellipse(box, fill=34)
    else:
        for canvas, radius, ink in ((faint, 480, 18), (faint, 450, 34), (pale, 420, 255)):
            middle, centre = HEIGHT * times / 2, 66 * times
            edges = (centre - radius * times, middle - radius * times)
            ImageDraw.Draw(canvas).ellipse(
                (*edges, centre + radius * times, middle + radius * times), fill=ink
            )
    pale, faint = pale.reduce(times), faint.reduce(times)
    image = faint.point(_TO_INK)
    image.paste(pale.point(_TO_EDGE), mask=pale.point([0] * 8 + [255] * 248))
    return ImageOps.mirror(image) if rtl else image


def _rows(image: Image.Image, first: int, end: int) -> bytes:
    """Rows of pixels as they stand in a PNG: each has the number of its filter, 0, in front."""
    rows = Image.new("L", (image.width + 1, end - first))
    rows.paste(image.crop((0, first, image.width, end)), (1, 0))
    return rows.tobytes()


# --- The two ways to lay a card out -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Beside:
    """A large picture, the colour under it, and how much of the palette it may take."""

    picture: bytes | None
    pale: Rgb
    room: int


@dataclass(frozen=True, slots=True)
class _Base:
    """What letters stand on: the ground, for a row of pictures or with one picture beside the letters."""

    rtl: bool
    beside: _Beside | None = None


@lru_cache(maxsize=16)
def _base(base: _Base) -> tuple[Image.Image, bytes]:
    """Its pixels, and the colours of the picture."""
    beside, colours = base.beside, bytearray()
    image = _ground(beside is None, base.rtl).copy()
    if beside is not None and beside.picture is not None:
        small = _reduced(beside.picture, _BADGE, beside.pale, beside.room)
        _place(image, small, 48, (HEIGHT - _BADGE) // 2, colours, base.rtl)
    return image, bytes(colours)


@lru_cache(maxsize=512)
def _row(pictures: tuple[bytes, ...], pale: Rgb, rtl: bool, room: int) -> tuple[Strip, bytes]:
    """The rows of a card with a row of pictures, and the colours of those."""
    image, colours, gap = _ground(True, rtl).copy(), bytearray(), 32
    left = (WIDTH - len(pictures) * _SMALL - (len(pictures) - 1) * gap) // 2
    for number, picture in enumerate(pictures):
        small = _reduced(picture, _SMALL, pale, room)
        _place(image, small, left + number * (_SMALL + gap), _ROW, colours, rtl)
    return png.strip(_rows(image, _ROW, _ROW + _SMALL)), bytes(colours)


# --- Letters ------------------------------------------------------------------------------------------


def _blocks(card: Card, width: float, height: float) -> list[tuple[Block, int]]:
    """What is written, from the top, with its ink."""
    made = []
    lines: tuple[tuple[str, tuple[int, ...], Weight, int, int], ...] = (
        (card.above, _LINES, "regular", 1, _SOFT),
        (card.title, _SIZES, "bold", 0, 255),
        (card.below, (40, 36, 32), "regular", 1, _SOFT),
    )
    for text, sizes, weight, most, ink in lines:
        if words := drawable(text):
            room = sizes[0] * LEADING * most * 1.01 or height
            made.append((fit(words, width, room, sizes, weight), ink))
    return made


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block, its ink, and from where down it stands; ``bar``: after a short line."""

    block: Block
    ink: int
    top: float
    bar: bool = False


def _stacked(blocks: Sequence[tuple[Block, int]], top: float) -> list[_Placed]:
    """Blocks one under the other."""
    made = []
    for block, ink in blocks:
        made.append(_Placed(block, ink, top))
        top += block.height + 6
    return made


def _foot(card: Card) -> list[_Placed]:
    """The name of the site at the bottom."""
    words = drawable(card.site)
    if not words:
        return []
    block = fit(words, _END - _START - _BAR, 30 * LEADING, (28, 24, 20), "regular")
    return [_Placed(block, _SOFT, HEIGHT - 84, bar=True)]


def _strips(base: _Base, placed: Sequence[_Placed], end: int) -> list[Strip]:
    """The rows of a card down to ``end``, with blocks on them."""
    strips, at = [], 0
    for line in (_line(base, each) for each in placed):
        if line.first < at or line.end > end:  # letters meet those of other blocks, or leave the card
            image = _base(base)[0].copy()
            _ink(image, base, _written(placed, base, HEIGHT, 0), 0)
            return [png.strip(_rows(image, 0, end))]
        strips += [_plain(base, at, line.first), line.strip]
        at = line.end
    return [*strips, _plain(base, at, end)]


@lru_cache(maxsize=512)
def _plain(base: _Base, first: int, end: int) -> Strip:
    """Rows on which nothing is written."""
    return png.strip(_rows(_base(base)[0], first, end))


@dataclass(frozen=True, slots=True)
class _Line:
    """The rows of a card in which a block has letters."""

    first: int
    end: int
    strip: Strip


@lru_cache(maxsize=256)
def _line(base: _Base, placed: _Placed) -> _Line:
    size = placed.block.size
    above = math.floor(placed.top) - size  # room for what leaves the block
    mask = _written([placed], base, math.ceil(placed.block.height) + 2 * size, above)
    _, top, _, bottom = mask.getbbox() or (0, 0, 1, 1)
    first, end = above + top, above + bottom
    letters = mask.crop((0, top, mask.width, bottom))
    if first >= 0 and end <= _empty(base):
        rows = Image.new("L", (WIDTH + 1, end - first))
        rows.paste(letters.point(_TO_INK), (_left(base) + 1, 0))
        # Runs alone are found in a quarter of the time, and in letters on nothing there is little else.
        return _Line(first, end, png.strip(rows.tobytes(), 6, zlib.Z_RLE))
    image = _base(base)[0].crop((0, first, WIDTH, end))
    _ink(image, base, letters, 0)
    strategy = zlib.Z_RLE if base.beside is None else zlib.Z_DEFAULT_STRATEGY
    return _Line(first, end, png.strip(_rows(image, 0, end - first), 6, strategy))


@lru_cache(maxsize=16)
def _empty(base: _Base) -> int:
    """How many rows from the top there is nothing on: all of their pixels are 0, the darkest ink."""
    box = _base(base)[0].getbbox()
    return box[1] if box else HEIGHT


def _written(placed: Sequence[_Placed], base: _Base, height: int, above: int) -> Image.Image:
    """Blocks on an empty ground that begins ``above``, on the side where the reader begins."""
    start, end = _sides(base)
    mask, wide = Image.new("L", (end - start, height)), end - start
    for each in placed:
        moved = _BAR if each.bar else 0
        edge, top = wide - moved if base.rtl else moved, each.top - above
        write(mask, each.block, edge, top, each.ink, right=base.rtl)
        if each.bar:
            x, y = wide - _LONG if base.rtl else 0, int(top + each.block.size * 0.62)
            mask.paste(150, (x, y, x + _LONG, y + 4))
    return mask


def _sides(base: _Base) -> tuple[int, int]:
    """Between which columns letters stand on a card that is read from left to right."""
    return (_MARGIN, WIDTH - _MARGIN) if base.beside is None else (_START, _END)


def _left(base: _Base) -> int:
    """Where that part begins from the left, whichever way a card is read."""
    start, end = _sides(base)
    return WIDTH - end if base.rtl else start


def _ink(image: Image.Image, base: _Base, mask: Image.Image, y: int) -> None:
    """Lay letters on the dark part of a card, where shades of ink are numbers of the palette."""
    image.paste(mask.point(_TO_INK), (_left(base), y), mask.point(_SEEN))


_SEEN = [0] * 6 + [255] * 250


# --- Pictures -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reduced:
    """A picture as numbers of a palette; ``mask`` is where there is any of it."""

    indexes: Image.Image
    palette: bytes
    mask: Image.Image


def small(picture: bytes, color: str) -> Reduced:
    """The picture (a PNG) as it stands in rows of cards of this colour, which is what they cost most for."""
    return _reduced(picture, *_in_row(color))


def keep(picture: bytes, color: str, made: Reduced) -> None:
    """Take what `small` made in another process."""
    _remember((picture, *_in_row(color)), made)


def _in_row(color: str) -> tuple[int, Rgb, int]:
    return _SMALL, _ramps(color)[1], _COLOURS // MOST_PICTURES


MOST_KEPT: Final = 1024
"""So many of those in rows are kept; one takes 62 kB."""
_MOST_LARGE: Final = 64
"""And so many that stand alone, each of which takes 290 kB."""
_kept: dict[tuple[bytes, int, Rgb, int], Reduced] = {}


def _remember(key: tuple[bytes, int, Rgb, int], made: Reduced) -> None:
    alike = [other for other in _kept if other[1] == key[1]]
    if len(alike) >= (MOST_KEPT if key[1] == _SMALL else _MOST_LARGE):
        del _kept[alike[0]]
    _kept[key] = made


def _reduced(picture: bytes, side: int, pale: Rgb, most: int) -> Reduced:
    """A picture of this side on a colour, in few colours."""
    key = picture, side, pale, most
    if key not in _kept:
        _remember(key, _reduce(picture, side, pale, most))
    return _kept[key]


def _reduce(picture: bytes, side: int, pale: Rgb, most: int) -> Reduced:
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as opened:
        full = opened.convert("RGBA").convert("RGBa")
    full = full.resize((side, side), Image.Resampling.LANCZOS).convert("RGBA")
    alpha = full.getchannel("A")
    flat = Image.new("RGB", full.size, pale)
    flat.paste(full, mask=alpha)
    few = flat.quantize(most, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    indexes = Image.frombytes("L", few.size, few.tobytes())
    used = max(number for number, many in enumerate(indexes.histogram()) if many)
    palette = (few.getpalette() or [])[: 3 * (used + 1)]
    return Reduced(indexes, bytes(palette), alpha.point([0] + [255] * 255))


def _place(image: Image.Image, small: Reduced, x: int, y: int, palette: bytearray, rtl: bool) -> None:
    """Put a picture on the pale part, and its colours behind those of other pictures."""
    first, side = _PICTURES + len(palette) // 3, small.mask.width
    palette += small.palette
    shifted = small.indexes.point([min(255, value + first) for value in range(256)])
    image.paste(shifted, (WIDTH - side - x if rtl else x, y), small.mask)
