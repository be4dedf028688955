"""Pictures that people supply, as small PNGs.

Everything here gives the same bytes on every computer with the same libraries: no fonts of the system,
no clock, no randomness, no metadata.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import resvg_py
from PIL import Image, ImageChops, ImageStat

from badge_passport.pages import png
from badge_passport.source.pictures import Picture

__all__ = ["DrawingError", "optimise", "render", "small"]

Rgba = tuple[int, int, int, int]
OPAQUE: Final = 255
COLOURS: Final = 256
MANY_COLOURS: Final = 1 << 14
"""A picture with more is a photograph, which no palette does justice to."""
RARE_COLOURS: Final = 96
"""How much of the palette is for colours that are not among the commonest."""
VISIBLE_ERROR: Final = 1.6
"""Root-mean-square error, of 255, from which soft shades turn into stripes that people notice."""

_CHILD_SECONDS: Final = 20
_CHILD_BYTES: Final = 2_000_000_000
# Hostile drawings make the renderer abort the process or run for hours, so it gets one of its own.
_CHILD: Final = f"""
import resource, sys
for limit, most in ((resource.RLIMIT_CPU, {_CHILD_SECONDS}), (resource.RLIMIT_AS, {_CHILD_BYTES})):
    try:
        resource.setrlimit(limit, (most, most))
    except (OSError, ValueError):
        pass
sys.path.append(sys.argv[1])
import resvg_py
width, height = map(int, sys.argv[2:])
svg = sys.stdin.buffer.read().decode("utf-8-sig")
png = resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, skip_system_fonts=True)
sys.stdout.buffer.write(bytes(png))
"""


class DrawingError(ValueError):
    """A drawing that cannot be made; the message is one plain sentence."""


def optimise(picture: Picture, side: int = 512, *, trusted: bool = False) -> bytes:
    """The picture as a square PNG of at most ``side`` pixels, centred on transparency, without metadata.

    PNGs are never enlarged. Colours are reduced to a palette where that saves bytes and nobody would
    notice. ``trusted`` drawings (those of `draw`) are rendered without the protection of a process.
    Raises `DrawingError` if an SVG is too demanding to be drawn.
    """
    if picture.kind == "svg":
        with _open(render(picture.data, (side, side), trusted=trusted)) as image:
            return small(_fit(image, side, side))
    with _open(picture.data) as image:
        return small(_fit(image, side, min(side, max(image.size))))


def _open(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def render(svg: bytes, size: tuple[int, int], *, trusted: bool) -> bytes:
    """A PNG that fits into ``size``; giving both sides makes the renderer fit rather than stretch.

    ``trusted`` drawings are rendered in this process. Raises `DrawingError` if the drawing is too demanding.
    """
    width, height = size
    if trusted:
        text = svg.decode("utf-8-sig")
        return bytes(
            resvg_py.svg_to_bytes(svg_string=text, width=width, height=height, skip_system_fonts=True)
        )
    library = Path(resvg_py.__file__).parent.parent
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(library), str(width), str(height)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code; the drawing is on stdin
            command, input=svg, capture_output=True, timeout=3 * _CHILD_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        raise DrawingError("The SVG is too complicated, or too broken, to be drawn.") from None
    return done.stdout


def _fit(image: Image.Image, side: int, canvas_side: int) -> Image.Image:
    """The picture on a transparent square; a new image, so no metadata comes along."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip instead of scaling
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    # Premultiplying forgets what colour invisible pixels have, which costs bytes and may hide things.
    picture = image.convert("RGBA").convert("RGBa").convert("RGBA")
    scale = min(1.0, side / max(picture.size))
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (canvas_side, canvas_side))
    canvas.paste(picture, ((canvas_side - picture.width) // 2, (canvas_side - picture.height) // 2))
    return canvas


def small(image: Image.Image) -> bytes:
    """A PNG with a palette if that looks the same, else one of true colours."""
    found = cast("list[tuple[int, Rgba]] | None", image.getcolors(MANY_COLOURS))
    if found is not None:
        reduced = _reduced(image, found)
        if len(found) <= COLOURS or _error(image, reduced) <= VISIBLE_ERROR:
            return reduced.png()
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Reduced:
    """Pixels as numbers of colours."""

    size: tuple[int, int]
    colours: tuple[Rgba, ...]
    pixels: bytes

    def image(self) -> Image.Image:
        image = Image.frombytes("P", self.size, self.pixels)
        image.putpalette(b"".join(map(bytes, self.colours)), "RGBA")
        return image.convert("RGBA")

    def png(self) -> bytes:
        rows = Image.new("L", (self.size[0] + 1, self.size[1]))  # each with the number of its filter, 0
        rows.paste(Image.frombytes("L", self.size, self.pixels), (1, 0))
        palette = b"".join(bytes(colour[:3]) for colour in self.colours)
        alphas = bytes(colour[3] for colour in self.colours).rstrip(b"\xff")
        return png.indexed(self.size, palette, [png.strip(rows.tobytes(), 8)], alphas)


def _reduced(image: Image.Image, found: list[tuple[int, Rgba]]) -> _Reduced:
    """The image with its commonest colours kept exactly, and the others reduced to a few.

    Drawings need this: an octree alone turns soft shades into stripes. ``found`` are all colours of the
    image, each with the number of its pixels.
    """
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    room = COLOURS if len(found) <= COLOURS else COLOURS - RARE_COLOURS
    numbers = {colour: number for number, (_, colour) in enumerate(ranked[:room])}
    colours = list(numbers)
    if rare := ranked[room:]:
        line = b"".join(bytes(colour) * many for many, colour in rare)
        octree = Image.frombytes("RGBA", (len(line) // 4, 1), line).quantize(
            RARE_COLOURS, method=Image.Quantize.FASTOCTREE
        )
        chosen, at = octree.tobytes(), 0
        for many, colour in rare:
            numbers[colour] = room + chosen[at]
            at += many
        palette = octree.palette.tobytes() if octree.palette else b""
        colours += [cast("Rgba", entry) for entry in struct.iter_unpack("4B", palette)][:RARE_COLOURS]
    # Those that are not opaque come first: only they are listed with their opacity.
    order = sorted(range(len(colours)), key=lambda number: colours[number][3] == OPAQUE)
    place = {number: at for at, number in enumerate(order)}
    bits = {struct.unpack("I", bytes(colour))[0]: place[number] for colour, number in numbers.items()}
    pixels = memoryview(image.tobytes()).cast("I")  # one number for the four bytes of a pixel
    made = bytes(map(bits.__getitem__, pixels))
    return _Reduced(image.size, tuple(colours[number] for number in order), made)


def _error(image: Image.Image, reduced: _Reduced) -> float:
    """Root-mean-square error of the worst channel, as seen: invisible pixels have no colour."""
    difference = ImageChops.difference(image.convert("RGBa"), reduced.image().convert("RGBa"))
    return max(ImageStat.Stat(difference).rms)
