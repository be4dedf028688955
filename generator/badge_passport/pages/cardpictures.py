"""Draws cards: PNGs of 1200 × 630, as sites show them for a link (Open Graph).

A card has few colours, so it is put together from the start as numbers of a palette:
a ramp for the letters, one for the edge of the pale shape, and the rest for pictures of badges, which are
reduced to it once for all cards they stand on.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from badge_passport.pages.colors import NIGHT, WHITE, Rgb, mix, parse, toward
from badge_passport.pages.lettering import LEADING, Block, Weight, drawable, fit, write

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
    dark = toward(mix(parse(card.color), NIGHT, 0.12), NIGHT, WHITE, 7.5)
    pale = mix(parse(card.color), WHITE, 0.9)
    image = _ground(card.row, card.rtl).copy()
    colours = bytearray(_ramp(dark, WHITE, _INK) + _ramp(dark, pale, _EDGE))
    (_row if card.row else _beside)(image, card, _Paint(pale, colours, room))
    image.putpalette(bytes(colours))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


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
    image = ImageOps.mirror(image) if rtl else image
    return Image.frombytes("P", image.size, image.tobytes())


# --- The two ways to lay a card out -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Paint:
    """The colour under pictures, the palette as it grows, and how much of it pictures may take."""

    pale: Rgb
    palette: bytearray
    room: int


def _beside(image: Image.Image, card: Card, paint: _Paint) -> None:
    """One large picture, and the letters beside it."""
    for picture in card.pictures[:1]:
        small = _reduced(picture, _BADGE, paint.pale, paint.room)
        _place(image, small, 48, (HEIGHT - _BADGE) // 2, paint.palette, card.rtl)
    blocks = _blocks(card, _END - _START, 330)
    room = sum(block.height for block, _ in blocks)
    _letters(image, card, blocks, _START, _END, max(56.0, (HEIGHT - 84 - room) / 2))
    _foot(image, card, _START, _END)


def _row(image: Image.Image, card: Card, paint: _Paint) -> None:
    """The letters, and up to five pictures in a row under them."""
    blocks = _blocks(card, WIDTH - 2 * _MARGIN, 170)
    _letters(image, card, blocks, _MARGIN, WIDTH - _MARGIN, 60)
    shown = card.pictures[:MOST_PICTURES]
    gap = 32
    left = (WIDTH - len(shown) * _SMALL - (len(shown) - 1) * gap) // 2
    for number, picture in enumerate(shown):
        small = _reduced(picture, _SMALL, paint.pale, paint.room // MOST_PICTURES)
        _place(image, small, left + number * (_SMALL + gap), 424, paint.palette, card.rtl)


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


def _letters(
    image: Image.Image,
    card: Card,
    blocks: Sequence[tuple[Block, int]],
    start: int,
    end: int,
    top: float,
) -> None:
    """Write blocks one under the other, on the side where the reader begins."""
    mask = Image.new("L", (end - start, HEIGHT))
    canvas = ImageDraw.Draw(mask)
    for block, ink in blocks:
        top = write(canvas, block, end - start if card.rtl else 0, top, ink, right=card.rtl) + 6
    _ink(image, mask, WIDTH - end if card.rtl else start, 0)


def _foot(image: Image.Image, card: Card, start: int, end: int) -> None:
    """The name of the site at the bottom, after a short line."""
    words = drawable(card.site)
    if not words:
        return
    mask = Image.new("L", (end - start, 60))
    canvas = ImageDraw.Draw(mask)
    wide, bar = end - start, 44
    block = fit(words, wide - bar - 18, 30 * LEADING, (28, 24, 20), "regular")
    edge = wide - bar - 18 if card.rtl else bar + 18
    write(canvas, block, edge, 8, _SOFT, right=card.rtl)
    middle = int(8 + block.size * 0.62)
    x = wide - bar if card.rtl else 0
    canvas.rectangle((x, middle, x + bar - 1, middle + 3), fill=150)
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
    """Put a picture on the pale part, and its colours behind those that are there."""
    first, side = len(palette) // 3, small.mask.width
    palette += small.palette
    shifted = small.indexes.point([min(255, value + first) for value in range(256)])
    image.paste(shifted, (WIDTH - side - x if rtl else x, y), small.mask)
