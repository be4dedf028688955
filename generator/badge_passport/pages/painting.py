"""Designs as PNGs, in a few milliseconds: each layer is rendered once, and each composition compressed once.

A design is painted without knowing its colour. Red says how much of a pixel is covered at all, green how much
of that is `NIGHT`, blue how much is `WHITE`; the rest is the colour of the design. All tones are mixed from
these three, and laying one over another is a mixture again, so such a picture becomes that of any colour by
computing the entries of its palette. Its pixels, and their compressed bytes, stay what they are.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from PIL import Image, ImageChops

from badge_passport.pages import png
from badge_passport.pages.colors import NIGHT, Rgb
from badge_passport.pages.designs import (
    DROP,
    SHADOW,
    Design,
    checked,
    ground,
    icon,
    icon_middle,
    mixed,
    ribbon,
    white_icon,
)
from badge_passport.pages.pictures import render

SIDE: Final = 512
COLOURS: Final = 208
COMMON: Final = 96
"""How many shades keep an entry of their own, because many pixels have them; the others share the rest.

More entries make files larger and are not seen.
"""
TAILS: Final = 4
"""The pale edges of a ribbon count that often: they are few, and another shade there is seen."""
_COLOR: Final[Rgb] = (255, 0, 0)
_NIGHT: Final[Rgb] = (255, 255, 0)
_WHITE: Final[Rgb] = (255, 0, 255)
# What icons and ribbons stay inside of.
_ICON: Final = 264
_RIBBON: Final = (360, 112)  # from where down, and how high


def paint(design: Design) -> bytes:
    """A design as a PNG of 512 × 512 with transparency; the same design always gives the same bytes.

    It looks like what `designs.draw` draws. Raises `DrawingError` for what that refuses.
    """
    color = checked(design)
    sheet = _sheet(design.shape, design.icon, design.level, design.levels, white_icon(color))
    palette, alphas = bytearray(), bytearray()
    for covered, night, white in zip(*[iter(sheet.shades)] * 3, strict=True):
        own = covered - night - white
        for channel, dark in zip(color, NIGHT, strict=True):
            total = own * channel + night * dark + white * 255
            palette.append(min(255, max(0, (total + covered // 2) // covered)) if covered else 0)
        alphas.append(covered)
    return png.indexed((SIDE, SIDE), bytes(palette), [sheet.pixels], bytes(alphas).rstrip(b"\xff"))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A painted composition: three bytes for each of its shades, and its pixels as numbers of them."""

    shades: bytes
    pixels: png.Strip


@lru_cache(maxsize=1024)
def _sheet(shape: str, symbol: str, level: int, levels: int, white_ink: bool) -> _Sheet:
    tones = mixed(_COLOR, _NIGHT, _WHITE, white_ink)
    image = _ground(shape).copy()
    mask, corner = _icon(symbol, level > 0), (256 - _ICON // 2, icon_middle(level) - _ICON // 2)
    image.paste(tones.dark, (corner[0], corner[1] + DROP), mask.point(_FAINT))
    image.paste(tones.ink, corner, mask)
    if level:
        band = _ribbon(level, levels)
        image.paste(band.convert("RGB"), (0, _RIBBON[0]), band.getchannel("A"))
    shades, pixels = _numbered(image)
    rows = Image.new("L", (SIDE + 1, SIDE))  # every row begins with the number of its filter, 0
    rows.paste(pixels, (1, 0))
    return _Sheet(shades, png.strip(rows.tobytes(), 8))


_FAINT: Final = [round(SHADOW * value) for value in range(256)]


# --- Layers -------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _ground(shape: str) -> Image.Image:
    layer = _rendered(ground(shape, mixed(_COLOR, _NIGHT, _WHITE, True), "g"), (0, 0, SIDE, SIDE))
    # Multiplied with what is covered, so that red is just that.
    red, green, blue, _ = layer.convert("RGBa").split()
    return Image.merge("RGB", (red, green, blue))


@lru_cache(maxsize=128)
def _icon(symbol: str, raised: bool) -> Image.Image:
    """How much of each pixel an icon covers."""
    design = Design(icon=symbol, level=int(raised))
    middle = icon_middle(design.level)
    box = (256 - _ICON // 2, middle - _ICON // 2, _ICON, _ICON)
    return _rendered(icon(design, (0, 0, 0)), box).getchannel("A")


@lru_cache(maxsize=32)
def _ribbon(level: int, levels: int) -> Image.Image:
    design = Design(level=level, levels=levels)
    return _rendered(ribbon(design, mixed(_COLOR, _NIGHT, _WHITE, True)), (0, _RIBBON[0], SIDE, _RIBBON[1]))


def _rendered(markup: str, box: tuple[int, int, int, int]) -> Image.Image:
    """A part of a drawing: left, top, width and height of ``box`` are in its units, which are pixels."""
    view = " ".join(map(str, box))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">{markup}</svg>'
    with Image.open(io.BytesIO(render(svg.encode(), box[2:], trusted=True)), formats=["PNG"]) as image:
        return image.convert("RGBA")


# --- Shades -------------------------------------------------------------------------------------------


def _numbered(image: Image.Image) -> tuple[bytes, Image.Image]:
    """At most `COLOURS` shades, three bytes each, and for every pixel the number of its shade."""
    found = cast("list[tuple[int, tuple[int, int, int]]]", image.getcolors(SIDE * SIDE))
    counted = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    room = COLOURS if len(counted) <= COLOURS else COMMON
    numbers = {shade: number for number, (_, shade) in enumerate(counted[:room])}
    shades = bytearray(b"".join(bytes(shade) for shade in numbers))
    if rare := counted[room:]:
        weights = [many * (TAILS if 0 < shade[0] < 255 and shade[2] else 1) for many, shade in rare]
        line = b"".join(bytes(shade) * weight for weight, (_, shade) in zip(weights, rare, strict=True))
        shared = Image.frombytes("RGB", (len(line) // 3, 1), line).quantize(
            COLOURS - room, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        chosen, at = shared.tobytes(), 0
        for weight, (_, shade) in zip(weights, rare, strict=True):
            numbers[shade] = room + chosen[at]
            at += weight
        shades += bytes(shared.getpalette() or ())[: 3 * (COLOURS - room)]
    return bytes(shades), _looked_up(image, numbers)


def _looked_up(image: Image.Image, numbers: dict[tuple[int, int, int], int]) -> Image.Image:
    """Every pixel's number, by one table of 65,536.

    Where all of a pixel is covered, green and blue are its place in the table; they are never more than 255
    together. The other half of the table is for edges: there one tone is over nothing, so that green follows
    from red and blue.
    """
    table = [0] * 65536
    for (covered, night, white), number in reversed(numbers.items()):
        high, low = (night, white) if covered == 255 else (255 - white, 255 - covered + white)
        table[high << 8 | low] = number
    red, green, blue = image.split()
    solid = red.point([0] * 255 + [255])
    highs = Image.composite(green, ImageChops.invert(blue), solid)
    lows = Image.composite(blue, ImageChops.add(ImageChops.invert(red), blue), solid)
    both = Image.merge("LA", (lows, highs)).tobytes()
    return Image.frombytes("I;16", image.size, both, "raw", "I;16").convert("I").point(table, "L")
