"""Badge pictures: small PNGs of what people supply, and drawings for badges that have no picture yet.

Everything here gives the same bytes on every computer with the same libraries: no fonts of the system,
no clock, no randomness, no metadata.
"""

from __future__ import annotations

import hashlib
import io
import math
import subprocess
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import resvg_py
from PIL import Image, ImageChops, ImageStat

from badge_passport.pages.colors import NIGHT, WHITE, Rgb, contrast, mix, parse, to_hex
from badge_passport.pages.icons import ICONS, MARKUP, star_path
from badge_passport.source.pictures import Picture

__all__ = ["ICONS", "SHAPES", "Design", "DrawingError", "draw", "optimise"]

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
side = int(sys.argv[2])
svg = sys.stdin.buffer.read().decode("utf-8-sig")
png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)
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
        with _open(_render(picture.data, side, trusted)) as image:
            return _palette(_fit(image, side, side))
    with _open(picture.data) as image:
        return _palette(_fit(image, side, min(side, max(image.size))))


def _open(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def _render(svg: bytes, side: int, trusted: bool) -> bytes:
    """A PNG that fits into ``side`` × ``side``; giving both makes the renderer fit rather than stretch."""
    if trusted:
        text = svg.decode("utf-8-sig")
        return bytes(resvg_py.svg_to_bytes(svg_string=text, width=side, height=side, skip_system_fonts=True))
    library = Path(resvg_py.__file__).parent.parent
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(library), str(side)]
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


@dataclass(frozen=True, slots=True)
class Design:
    """A badge to be drawn: one of `SHAPES` and `ICONS`, a colour ``#rgb`` or ``#rrggbb``.

    ``level`` of ``levels`` is drawn as filled pips on a ribbon; level 0 has no ribbon.
    """

    shape: str = "circle"
    color: str = "#2563c9"
    icon: str = "star"
    level: int = 0
    levels: int = 3


def draw(design: Design) -> bytes:
    """A badge as SVG with viewBox 512 × 512 and no text; the same design always gives the same bytes.

    Raises `DrawingError` for an unknown shape or icon, a malformed colour, or a level out of range.
    """
    try:
        color = parse(design.color)
    except ValueError as error:
        raise DrawingError(str(error)) from error
    if design.shape not in _OUTLINES or design.icon not in MARKUP:
        raise DrawingError(f"There is no shape “{design.shape}” or no icon “{design.icon}”.")
    if not 0 <= design.level <= design.levels <= MAX_LEVELS:
        raise DrawingError(f"Level {design.level} of {design.levels} is not between 0 and {MAX_LEVELS}.")
    outline = _OUTLINES[design.shape]
    face = _circle if design.shape == "rosette" else outline
    dark, light = mix(color, NIGHT, 0.42), mix(color, WHITE, 0.86)
    ink = WHITE if contrast(color, WHITE) >= 2.6 else mix(color, NIGHT, 0.8)
    # The id is made of the design, so that equal ids always mean equal gradients.
    name = "g" + hashlib.sha256(repr(design).encode()).hexdigest()[:10]
    centre, scale = (256, 10.4) if design.level == 0 else (222, 9)
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">',
            f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">',
            f'<stop offset="0" stop-color="{to_hex(mix(color, WHITE, 0.24))}"/>',
            f'<stop offset=".5" stop-color="{to_hex(color)}"/>',
            f'<stop offset="1" stop-color="{to_hex(mix(color, NIGHT, 0.2))}"/></linearGradient>',
            f'<path d="{outline(244)}" fill="{to_hex(dark)}"/>',
            f'<path d="{outline(228)}" fill="{to_hex(light)}"/>',
            f'<path d="{face(214)}" fill="url(#{name})"/>',
            f'<path d="{face(196)}" fill="none" stroke="{to_hex(light)}" stroke-width="3" opacity=".5"/>',
            _icon(design.icon, dark, centre + 5, scale, 0.3),
            _icon(design.icon, ink, centre, scale, 1),
            _ribbon(design, dark, light) if design.level else "",
            "</svg>\n",
        ]
    ).encode()


def _icon(icon: str, color: Rgb, centre: float, scale: float, opacity: float) -> str:
    place = f"translate({_n(256 - 12 * scale)} {_n(centre - 12 * scale)}) scale({_n(scale)})"
    faint = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<g transform="{place}" fill="{to_hex(color)}" color="{to_hex(color)}"{faint}>{MARKUP[icon]}</g>'


def _ribbon(design: Design, dark: Rgb, light: Rgb) -> str:
    """A ribbon across the bottom, with one star per level; those not reached yet are outlines."""
    step = min(66.0, 312 / design.levels)
    stars = []
    for index in range(design.levels):
        x = 256 + (index - (design.levels - 1) / 2) * step
        y = 424 - 20 * ((x - 256) / 176) ** 2  # the ribbon's middle line
        fill = to_hex(dark) if index < design.level else "none"
        stars.append(f'<path d="{star_path(x, y, min(26, step * 0.42), 0.5)}" fill="{fill}"/>')
    shade = to_hex(mix(dark, light, 0.45))
    return (
        '<path d="M84 398L34 386L52 418L30 448L84 452ZM428 398L478 386L460 418L482 448L428 452Z" '
        f'fill="{shade}"/>'
        f'<path d="M80 370Q256 410 432 370V436Q256 476 80 436Z" fill="{to_hex(light)}" '
        f'stroke="{to_hex(dark)}" stroke-width="8" stroke-linejoin="round"/>'
        f'<g stroke="{to_hex(dark)}" stroke-width="4" stroke-linejoin="round">{"".join(stars)}</g>'
    )


# --- Shapes: path data around (256, 256) for a radius ---------------------------------------------------


def _n(value: float) -> str:
    """A number with at most two decimals, without a negative zero."""
    return f"{round(value, 2) + 0:g}"


def _points(points: Iterable[tuple[float, float]], r: float) -> list[tuple[float, float]]:
    return [(256 + r * x, 256 + r * y) for x, y in points]


def _rounded(points: list[tuple[float, float]], cut: float) -> str:
    """A polygon whose corners are rounded off, ``cut`` away from each corner."""
    path: list[str] = []
    for index, (x, y) in enumerate(points):
        ends = []
        for other_x, other_y in (points[index - 1], points[(index + 1) % len(points)]):
            part = cut / math.hypot(other_x - x, other_y - y)
            ends.append(f"{_n(x + (other_x - x) * part)} {_n(y + (other_y - y) * part)}")
        path.append(f"{'L' if path else 'M'}{ends[0]}Q{_n(x)} {_n(y)} {ends[1]}")
    return "".join(path) + "Z"


def _circle(r: float) -> str:
    return f"M{_n(256 - r)} 256a{r:g} {r:g} 0 1 1 {2 * r:g} 0a{r:g} {r:g} 0 1 1 {-2 * r:g} 0Z"


def _polygon(*corners: tuple[float, float], cut: float) -> Callable[[float], str]:
    return lambda r: _rounded(_points(corners, r), cut * r)


def _shield(r: float) -> str:
    curve = [(0, -1), (0.3, -0.82), (0.6, -0.76), (0.9, -0.78), (0.98, 0), (0.78, 0.66), (0, 1)]
    p = [f"{_n(x)} {_n(y)}" for x, y in _points([*curve, *((-x, y) for x, y in reversed(curve[:-1]))], r)]
    return f"M{p[0]}C{p[1]} {p[2]} {p[3]}C{p[4]} {p[5]} {p[6]}C{p[7]} {p[8]} {p[9]}C{p[10]} {p[11]} {p[12]}Z"


def _rosette(r: float) -> str:
    petals, inner = 16, r * 0.92
    bump = _n(inner * math.sin(math.pi / petals) * 1.08)
    angles = [2 * math.pi * i / petals for i in range(petals + 1)]
    stops = [f"{_n(256 + inner * math.sin(a))} {_n(256 - inner * math.cos(a))}" for a in angles]
    return f"M{stops[0]}" + "".join(f"A{bump} {bump} 0 0 1 {stop}" for stop in stops[1:]) + "Z"


_OUTLINES: Final[dict[str, Callable[[float], str]]] = {
    "circle": _circle,
    "diamond": _polygon((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0), cut=0.4),
    "hexagon": _polygon(
        *((1.04 * math.sin(a * math.pi / 3), -1.04 * math.cos(a * math.pi / 3)) for a in range(6)), cut=0.22
    ),
    "rosette": _rosette,
    "shield": _shield,
    "tile": _polygon((-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92), cut=0.4),
}
SHAPES: Final = tuple(sorted(_OUTLINES))
