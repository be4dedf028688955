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
_BADGE, _SMALL = 380, 176  # sides of pictures, alone and in a row
_SOFT = 205  # ink of what is less important than the title
_SIZES = (116, 104, 92, 84, 76, 68, 60, 54, 48, 42)
_LINES = (34, 30, 26)
_START, _END = 574, WIDTH - 64  # of the letters beside a picture
_MARGIN = 80
_ROW = 424  # where a row of pictures begins


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
        made = _drawn(card, (256 - _PICTURES) // share)
        if len(made) <= MOST_BYTES:
            break
    return made


def _drawn(card: Card, room: int) -> bytes:
    """The card with at most ``room`` colours for its pictures."""
    ramps, pale = _ramps(card.color)
    if card.row:
        strips, colours = _row(card, pale, room)
    else:
        image = _ground(False, card.rtl).copy()
        colours = _beside(image, card, pale, room)
        strips = [png.strip(_rows(image, 0, HEIGHT))]
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


def _beside(image: Image.Image, card: Card, pale: Rgb, room: int) -> bytes:
    """One large picture, and the letters beside it; returns the colours of the picture."""
    colours = bytearray()
    for picture in card.pictures[:1]:
        small = _reduced(picture, _BADGE, pale, room)
        _place(image, small, 48, (HEIGHT - _BADGE) // 2, colours, card.rtl)
    blocks = _blocks(card, _END - _START, 330)
    high = sum(block.height for block, _ in blocks)
    placed = _stacked(blocks, max(56.0, (HEIGHT - 84 - high) / 2))
    x = WIDTH - _END if card.rtl else _START
    _ink(image, _letters(placed, _END - _START, card.rtl), x, 0)
    _foot(image, card, _START, _END)
    return bytes(colours)


def _row(card: Card, pale: Rgb, room: int) -> tuple[list[Strip], bytes]:
    """The letters, and up to five pictures in a row under them; and the colours of the pictures."""
    placed = _stacked(_blocks(card, WIDTH - 2 * _MARGIN, 170), 60)
    lines = [_line(each, card.rtl) for each in placed]
    strips, at = [], 0
    for line in lines:
        if line.first < at or line.end > _empty_until():  # letters meet others, or the shape under them
            image = _ground(True, card.rtl).copy()
            _ink(image, _letters(placed, WIDTH - 2 * _MARGIN, card.rtl), _MARGIN, 0)
            strips, at = [png.strip(_rows(image, 0, _ROW))], _ROW
            break
        strips += [_ground_strip(at, line.first, card.rtl), line.strip]
        at = line.end
    pictures, colours = _pictures(card.pictures[:MOST_PICTURES], pale, card.rtl, room // MOST_PICTURES)
    ground = _ground_strip(at, _ROW, card.rtl)
    return [*strips, ground, pictures, _ground_strip(_ROW + _SMALL, HEIGHT, card.rtl)], colours


@lru_cache(maxsize=1024)
def _ground_strip(first: int, end: int, rtl: bool) -> Strip:
    """Rows of a card with a row of pictures, as they are without anything on them."""
    return png.strip(_rows(_ground(True, rtl), first, end), 9)


@lru_cache(maxsize=1)
def _empty_until() -> int:
    """From where down there is something on the ground."""
    box = _ground(True, False).getbbox()
    return box[1] if box else HEIGHT


@lru_cache(maxsize=1024)
def _pictures(pictures: tuple[bytes, ...], pale: Rgb, rtl: bool, room: int) -> tuple[Strip, bytes]:
    """The rows with the pictures, and their colours."""
    image, colours, gap = _ground(True, rtl).copy(), bytearray(), 32
    left = (WIDTH - len(pictures) * _SMALL - (len(pictures) - 1) * gap) // 2
    for number, picture in enumerate(pictures):
        small = _reduced(picture, _SMALL, pale, room)
        _place(image, small, left + number * (_SMALL + gap), _ROW, colours, rtl)
    return png.strip(_rows(image, _ROW, _ROW + _SMALL)), bytes(colours)


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
    """A block, its ink, and from where down it stands."""

    block: Block
    ink: int
    top: float


def _stacked(blocks: Sequence[tuple[Block, int]], top: float) -> list[_Placed]:
    """Blocks one under the other."""
    made = []
    for block, ink in blocks:
        made.append(_Placed(block, ink, top))
        top += block.height + 6
    return made


def _letters(placed: Sequence[_Placed], wide: int, rtl: bool) -> Image.Image:
    """Blocks on an empty ground as high as a card, on the side where the reader begins."""
    mask = Image.new("L", (wide, HEIGHT))
    for each in placed:
        write(mask, each.block, wide if rtl else 0, each.top, each.ink, right=rtl)
    return mask


@dataclass(frozen=True, slots=True)
class _Line:
    """The rows of a card in which a block has letters."""

    first: int
    end: int
    strip: Strip


@lru_cache(maxsize=256)
def _line(placed: _Placed, rtl: bool) -> _Line:
    """A block of a card with a row of pictures, where the ground is empty."""
    block, above = placed.block, math.floor(placed.top) - placed.block.size  # room for what leaves the block
    mask = Image.new("L", (WIDTH + 1, math.ceil(block.height) + 2 * block.size))  # the first column: filters
    edge = WIDTH + 1 - _MARGIN if rtl else 1 + _MARGIN
    write(mask, block, edge, placed.top - above, placed.ink, right=rtl)
    box = mask.getbbox() or (0, 0, 1, 1)
    shades = mask.crop((0, box[1], WIDTH + 1, box[3])).point(_TO_INK)
    # Runs alone are found in a quarter of the time, and in letters there is little else.
    return _Line(above + box[1], above + box[3], png.strip(shades.tobytes(), 6, zlib.Z_RLE))


def _foot(image: Image.Image, card: Card, start: int, end: int) -> None:
    """The name of the site at the bottom, after a short line."""
    words = drawable(card.site)
    if not words:
        return
    mask = Image.new("L", (end - start, 60))
    wide, bar = end - start, 44
    block = fit(words, wide - bar - 18, 30 * LEADING, (28, 24, 20), "regular")
    edge = wide - bar - 18 if card.rtl else bar + 18
    write(mask, block, edge, 8, _SOFT, right=card.rtl)
    middle = int(8 + block.size * 0.62)
    x = wide - bar if card.rtl else 0
    mask.paste(150, (x, middle, x + bar, middle + 4))
    _ink(image, mask, WIDTH - end if card.rtl else start, HEIGHT - 92)


def _ink(image: Image.Image, mask: Image.Image, x: int, y: int) -> None:
    """Lay letters on the dark part of a card, where shades of ink are numbers of the palette."""
    shades = mask.point(_TO_INK)
    image.paste(shades, (x, y), mask.point(_SEEN))


_SEEN = [0] * 6 + [255] * 250


# --- Pictures -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reduced:
    indexes: Image.Image
    palette: bytes
    mask: Image.Image


@lru_cache(maxsize=512)
def _reduced(picture: bytes, side: int, pale: Rgb, most: int) -> _Reduced:
    """A picture of this side on a colour, in few colours; ``mask`` is where there is any of it."""
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
    return _Reduced(indexes, bytes(palette), alpha.point([0] + [255] * 255))


def _place(image: Image.Image, small: _Reduced, x: int, y: int, palette: bytearray, rtl: bool) -> None:
    """Put a picture on the pale part, and its colours behind those of other pictures."""
    first, side = _PICTURES + len(palette) // 3, small.mask.width
    palette += small.palette
    shifted = small.indexes.point([min(255, value + first) for value in range(256)])
    image.paste(shifted, (WIDTH - side - x if rtl else x, y), small.mask)
