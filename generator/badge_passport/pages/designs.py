"""Designs of badges that have no picture of their own, and what they look like as SVG.

A drawing is made of three layers: the ground, an icon on it with its shadow, and a ribbon for levels. All of
their colours are mixed from three: that of the design, `NIGHT` and `WHITE`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from badge_passport.pages.colors import NIGHT, WHITE, Rgb, contrast, mix, parse, to_hex
from badge_passport.pages.icons import ICONS, MARKUP, star_path
from badge_passport.pages.pictures import DrawingError

__all__ = ["ICONS", "SHAPES", "Design", "draw"]

MAX_LEVELS: Final = 6


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
    color = checked(design)
    tones = mixed(color, NIGHT, WHITE, white_icon(color))
    # The id is made of the design, so that equal ids always mean equal gradients.
    name = "g" + hashlib.sha256(repr(design).encode()).hexdigest()[:10]
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">',
            ground(design.shape, tones, name),
            icon(design, tones.dark, shadow=True),
            icon(design, tones.ink),
            ribbon(design, tones) if design.level else "",
            "</svg>\n",
        ]
    ).encode()


def checked(design: Design) -> Rgb:
    """The colour of a design that can be drawn; raises `DrawingError` for others."""
    try:
        color = parse(design.color)
    except ValueError as error:
        raise DrawingError(str(error)) from error
    if design.shape not in _OUTLINES or design.icon not in MARKUP:
        raise DrawingError(f"There is no shape “{design.shape}” or no icon “{design.icon}”.")
    if not 0 <= design.level <= design.levels <= MAX_LEVELS:
        raise DrawingError(f"Level {design.level} of {design.levels} is not between 0 and {MAX_LEVELS}.")
    return color


@dataclass(frozen=True, slots=True)
class Tones:
    """What a design is painted with: ``top``, ``middle`` and ``bottom`` are those of the gradient."""

    dark: Rgb
    light: Rgb
    top: Rgb
    middle: Rgb
    bottom: Rgb
    ink: Rgb
    shade: Rgb


def mixed(color: Rgb, night: Rgb, white: Rgb, white_ink: bool) -> Tones:
    """The tones of a colour; ``white_ink`` says whether icons are white or nearly black."""
    dark, light = mix(color, night, 0.42), mix(color, white, 0.86)
    return Tones(
        dark=dark,
        light=light,
        top=mix(color, white, 0.24),
        middle=color,
        bottom=mix(color, night, 0.2),
        ink=white if white_ink else mix(color, night, 0.8),
        shade=mix(dark, light, 0.45),
    )


def white_icon(color: Rgb) -> bool:
    """Whether a white icon stands out from a colour."""
    return contrast(color, WHITE) >= 2.6


def ground(shape: str, tones: Tones, name: str) -> str:
    """The lowest layer; ``name`` is the id of its gradient."""
    outline = _OUTLINES[shape]
    face = _circle if shape == "rosette" else outline
    dark, light = to_hex(tones.dark), to_hex(tones.light)
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{to_hex(tones.top)}"/>'
        f'<stop offset=".5" stop-color="{to_hex(tones.middle)}"/>'
        f'<stop offset="1" stop-color="{to_hex(tones.bottom)}"/></linearGradient>'
        f'<path d="{outline(244)}" fill="{dark}"/>'
        f'<path d="{outline(228)}" fill="{light}"/>'
        f'<path d="{face(214)}" fill="url(#{name})"/>'
        f'<path d="{face(196)}" fill="none" stroke="{light}" stroke-width="3" opacity=".5"/>'
    )


SHADOW: Final = 0.3
"""Opacity of an icon's shadow, which falls `DROP` pixels under it."""
DROP: Final = 5


def icon_middle(level: int) -> int:
    """How far down the middle of an icon is: a ribbon moves it up."""
    return 222 if level else 256


def icon(design: Design, color: Rgb, *, shadow: bool = False) -> str:
    """The icon in a colour, or its shadow."""
    scale, middle = 9 if design.level else 10.4, icon_middle(design.level) + (DROP if shadow else 0)
    place = f"translate({_n(256 - 12 * scale)} {_n(middle - 12 * scale)}) scale({_n(scale)})"
    faint = f' opacity="{SHADOW:g}"' if shadow else ""
    ink = to_hex(color)
    return f'<g transform="{place}" fill="{ink}" color="{ink}"{faint}>{MARKUP[design.icon]}</g>'


def ribbon(design: Design, tones: Tones) -> str:
    """A ribbon across the bottom, with one star per level; those not reached yet are outlines."""
    dark, light = to_hex(tones.dark), to_hex(tones.light)
    step = min(66.0, 312 / design.levels)
    stars = []
    for index in range(design.levels):
        x = 256 + (index - (design.levels - 1) / 2) * step
        y = 424 - 20 * ((x - 256) / 176) ** 2  # the ribbon's middle line
        fill = dark if index < design.level else "none"
        stars.append(f'<path d="{star_path(x, y, min(26, step * 0.42), 0.5)}" fill="{fill}"/>')
    return (
        '<path d="M84 398L34 386L52 418L30 448L84 452ZM428 398L478 386L460 418L482 448L428 452Z" '
        f'fill="{to_hex(tones.shade)}"/>'
        f'<path d="M80 370Q256 410 432 370V436Q256 476 80 436Z" fill="{light}" '
        f'stroke="{dark}" stroke-width="8" stroke-linejoin="round"/>'
        f'<g stroke="{dark}" stroke-width="4" stroke-linejoin="round">{"".join(stars)}</g>'
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
