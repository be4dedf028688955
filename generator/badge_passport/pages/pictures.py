"""Pictures that people supply, as small PNGs.

Everything here gives the same bytes on every computer with the same libraries: no fonts of the system,
no clock, no randomness, no metadata.
"""

from __future__ import annotations

import io
import subprocess
import sys
from array import array
from collections import Counter
from pathlib import Path
from typing import Final

import resvg_py
from PIL import Image, ImageChops, ImageStat

from badge_passport.source.pictures import Picture

__all__ = ["DrawingError", "optimise", "render"]

MAX_LEVELS: Final = 6
COLOURS: Final = 256
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
            return _palette(_fit(image, side, side))
    with _open(picture.data) as image:
        return _palette(_fit(image, side, min(side, max(image.size))))


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


def _palette(image: Image.Image) -> bytes:
    """The smaller of the true-colour PNG and the better of two palettes, if the latter looks the same."""
    full = _save(image)
    candidates = [(_error(image, reduced), reduced) for reduced in (_popular(image), _octree(image, COLOURS))]
    error, reduced = min(candidates, key=lambda candidate: candidate[0])
    return full if error > VISIBLE_ERROR else min(_save(reduced), full, key=len)


def _error(image: Image.Image, reduced: Image.Image) -> float:
    """Root-mean-square error of the worst channel, as seen: invisible pixels have no colour."""
    difference = ImageChops.difference(image.convert("RGBa"), reduced.convert("RGBA").convert("RGBa"))
    return max(ImageStat.Stat(difference).rms)


def _octree(image: Image.Image, colours: int) -> Image.Image:
    return image.quantize(colours, method=Image.Quantize.FASTOCTREE)


def _popular(image: Image.Image) -> Image.Image:
    """The image with its commonest colours kept exactly, and the others reduced to a few.

    Drawings need this: an octree alone turns soft shades into stripes.
    """
    pixels = memoryview(image.tobytes()).cast("I").tolist()  # one number for the four bytes of a pixel
    counted = Counter(pixels)
    room = COLOURS if len(counted) <= COLOURS else COLOURS - RARE_COLOURS
    ranked = sorted(counted, key=lambda pixel: (-counted[pixel], pixel))
    kept = {pixel: index for index, pixel in enumerate(ranked[:room])}
    others = array("I", [0 if pixel in kept else pixel for pixel in pixels])
    octree = _octree(Image.frombytes("RGBA", image.size, others.tobytes()), RARE_COLOURS)
    rare = octree.tobytes()
    indexes = bytes([kept.get(pixel, len(kept) + rare[at]) for at, pixel in enumerate(pixels)])
    reduced = Image.frombytes("P", image.size, indexes)
    palette = octree.palette.tobytes() if octree.palette else b""
    reduced.putpalette((array("I", kept).tobytes() + palette)[: 4 * COLOURS], "RGBA")
    return reduced


def _save(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
