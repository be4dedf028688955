"""Icons for generated badges: plain geometry on a 24 × 24 grid, in the colour of the surrounding group.

Every icon is a fragment of SVG that inherits ``fill`` and uses ``currentColor`` for strokes. Parts at
reduced opacity give the second tone. Nothing has an id, so fragments can be used any number of times.
"""

from __future__ import annotations

import math
from typing import Final

_SOFT: Final = 0.55
"""Opacity of the second tone."""


def _line(path: str, width: float = 1.8, extra: str = "") -> str:
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{width:g}" '
        f'stroke-linecap="round" stroke-linejoin="round"{extra}/>'
    )


def _fill(path: str, soft: bool = False) -> str:
    opacity = f' opacity="{_SOFT}"' if soft else ""
    return f'<path d="{path}" fill-rule="evenodd"{opacity}/>'


def _dot(x: float, y: float, r: float, soft: bool = False) -> str:
    opacity = f' opacity="{_SOFT}"' if soft else ""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}"{opacity}/>'


def _hole(x: float, y: float, r: float) -> str:
    """A circle as path data, to be cut out of a filled path."""
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"


def _ring(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def _polar(angle: float, r: float, x: float = 12, y: float = 12) -> tuple[float, float]:
    """The point at ``angle`` degrees clockwise from the top, ``r`` away from the centre."""
    return x + r * math.sin(math.radians(angle)), y - r * math.cos(math.radians(angle))


def star_path(x: float, y: float, r: float, inner: float = 0.45) -> str:
    """A five-pointed star of outer radius ``r`` around (x, y), as path data."""
    return _ring([_polar(36 * i, r if i % 2 == 0 else r * inner, x, y) for i in range(10)])


def _gear_path() -> str:
    points = []
    for tooth in range(8):
        for offset, r in ((-13, 7.4), (-9, 10.2), (9, 10.2), (13, 7.4)):
            points.append(_polar(45 * tooth + offset, r))
    return _ring(points) + _hole(12, 12, 3.4)


def _spark_path(x: float, y: float, r: float) -> str:
    w = r * 0.16
    return (
        f"M{x:g} {y - r:g}Q{x + w:g} {y - w:g} {x + r:g} {y:g}Q{x + w:g} {y + w:g} {x:g} {y + r:g}"
        f"Q{x - w:g} {y + w:g} {x - r:g} {y:g}Q{x - w:g} {y - w:g} {x:g} {y - r:g}Z"
    )


def _palm(x: float, y: float) -> str:
    """A raised open hand whose wrist ends at (x, y)."""
    fingers = (
        (-3.6, -9.4, -4.6, -13.6),
        (-1.2, -9.6, -1.5, -15.6),
        (1.3, -9.6, 1.6, -15.4),
        (3.7, -9, 4.6, -13.2),
    )
    return (
        "".join(_line(f"M{x + a:g} {y + b:g}L{x + c:g} {y + d:g}", 2.1) for a, b, c, d in fingers)
        + _line(f"M{x - 3.4:g} {y - 4.2:g}L{x - 7.2:g} {y - 7.4:g}", 2.3)
        + _fill(
            f"M{x - 4.7:g} {y - 9.6:g}H{x + 4.8:g}V{y - 5:g}Q{x + 4.6:g} {y - 2:g} {x + 2.6:g} {y - 1:g}"
            f"V{y:g}H{x - 2.4:g}V{y - 1:g}Q{x - 4:g} {y - 2:g} {x - 5:g} {y - 4:g}Z"
        )
    )


MARKUP: Final[dict[str, str]] = {
    "book": (
        _fill("M11.2 6.6Q7.6 3.9 2 4.4V18.2Q7.6 17.7 11.2 20.2Z")
        + _fill("M12.8 6.6Q16.4 3.9 22 4.4V18.2Q16.4 17.7 12.8 20.2Z", soft=True)
    ),
    "bridge": (
        _line("M1.5 16.5H22.5", 2)
        + _line("M6.5 4V21M17.5 4V21", 2.2)
        + _line("M1.5 13Q5 10.5 6.5 5Q12 20 17.5 5Q19 10.5 22.5 13", 1.5)
        + _line("M9.2 10.6V16M12 12.6V16M14.8 10.6V16M4 10.8V16M20 10.8V16", 1.1)
    ),
    "camera": (
        _fill(
            "M8.2 4.5H15.8L17.3 7H20A2 2 0 0 1 22 9V18A2 2 0 0 1 20 20H4A2 2 0 0 1 2 18V9A2 2 0 0 1 4 7H6.7Z"
            + _hole(12, 13.3, 5)
        )
        + _dot(12, 13.3, 3.2)
    ),
    "chat": (
        _fill("M11 2.5H20A2.5 2.5 0 0 1 22.5 5V10.5A2.5 2.5 0 0 1 20.6 13L21 16L17.6 13.2H17V9.5"
              "A3.5 3.5 0 0 0 13.5 6H8.5V5A2.5 2.5 0 0 1 11 2.5Z", soft=True)
        + _fill("M4 7.5H13A2.5 2.5 0 0 1 15.5 10V15.5A2.5 2.5 0 0 1 13 18H8.4L3.6 21.8L4.2 18H4"
                "A2.5 2.5 0 0 1 1.5 15.5V10A2.5 2.5 0 0 1 4 7.5Z"
                + _hole(5.2, 12.8, 1) + _hole(8.5, 12.8, 1) + _hole(11.8, 12.8, 1))
    ),
    "compass": (
        _line("M12 2.4A9.6 9.6 0 1 1 12 21.6A9.6 9.6 0 1 1 12 2.4Z", 1.9)
        + _fill("M16.6 7.4L13.9 13.9L10.1 10.1Z")
        + _fill("M7.4 16.6L13.9 13.9L10.1 10.1Z", soft=True)
    ),
    "flag": (
        _line("M5 2.8V21.6", 2.2)
        + _fill("M7 4Q10.5 2.4 13.5 4T21 4L18.8 8.8L21 13.6Q17 15.2 13.5 13.6T7 13.6Z")
    ),
    "gear": _fill(_gear_path()),
    "globe": (
        _line("M12 2.4A9.6 9.6 0 1 1 12 21.6A9.6 9.6 0 1 1 12 2.4Z", 1.7)
        + _line("M12 2.4C6.6 7.4 6.6 16.6 12 21.6C17.4 16.6 17.4 7.4 12 2.4ZM2.6 12H21.4", 1.5)
        + _line("M4 7.2H20M4 16.8H20", 1.3)
    ),
    "graduation": (
        _fill("M12 4L23 9.2L12 14.4L1 9.2Z")
        + _fill("M5.4 12.6L12 15.8L18.6 12.6V17Q12 21.6 5.4 17Z", soft=True)
        + _line("M21 10.4V16", 1.4)
        + _dot(21, 17, 1.5)
    ),
    "hands": f'<g opacity="{_SOFT}">{_palm(8, 18.6)}</g>{_palm(15.4, 22.4)}',
    "heart": _fill(
        "M12 21C5 15.8 1.8 12.4 1.8 8.4C1.8 5.2 4.2 3 7 3C9 3 10.9 4 12 5.9C13.1 4 15 3 17 3"
        "C19.8 3 22.2 5.2 22.2 8.4C22.2 12.4 19 15.8 12 21Z"
    ),
    "key": (
        _fill(_hole(7.6, 7.6, 5.6) + _hole(6.4, 6.4, 1.9))
        + _line("M11 11L20.6 20.6", 2.6)
        + _line("M17.4 17.4L20 14.8M20.4 20.4L22.4 18.4", 2.4)
    ),
    "lightbulb": (
        _fill("M12 2A6.9 6.9 0 0 1 16.2 14.4Q15.2 15.2 15 16.6H9Q8.8 15.2 7.8 14.4A6.9 6.9 0 0 1 12 2Z")
        + _line("M9.6 19H14.4M10.6 21.6H13.4", 1.8)
        + _line("M2.4 3.6L3.8 4.6M1.4 9.4H3M21.6 3.6L20.2 4.6M22.6 9.4H21", 1.5)
    ),
    "megaphone": (
        _fill("M3 8.8H7V15.4H3A1.6 1.6 0 0 1 1.4 13.8V10.4A1.6 1.6 0 0 1 3 8.8Z")
        + _fill("M8.2 8.6L16.4 4V20.2L8.2 15.6Z")
        + _fill("M4 16.8H7.4L8.6 21.4H5.4Z", soft=True)
        + _line("M18.8 9Q20.2 12.1 18.8 15.2M20.8 6.4Q23.6 12.1 20.8 17.8", 1.6)
    ),
    "microphone": (
        '<rect x="8.4" y="1.6" width="7.2" height="12.6" rx="3.6"/>'
        + _line("M5.2 11V11.4A6.8 6.8 0 0 0 18.8 11.4V11M12 18.2V21.6M8.4 21.8H15.6", 1.8)
    ),
    "mountain": (
        _dot(18.6, 5.4, 2.6, soft=True)
        + _fill("M15.6 9.6L23 20.4H17L12.6 13.8Z", soft=True)
        + _fill("M9 4.4L16 20.4H1Z" "M9 7L6 12.9L7.8 11.9L9.2 13.6L10.6 11.9L12.2 12.9Z")
    ),
    "path": (
        _line("M8.6 21.4H17A3 3 0 0 0 17 15.4H7A3 3 0 0 1 7 9.4H11", 2, ' stroke-dasharray="2.6 2.9"')
        + _dot(5.2, 21.4, 1.6)
        + _fill("M17 12.6Q12.6 8.4 12.6 5.8A4.4 4.4 0 0 1 21.4 5.8Q21.4 8.4 17 12.6Z" + _hole(17, 5.8, 1.6))
    ),
    "pencil": (
        _fill("M14.4 5.6L18.4 9.6L8.2 19.8L4.2 15.8Z")
        + _fill("M15.6 4.4L17 3A2 2 0 0 1 19.8 3L21 4.2A2 2 0 0 1 21 7L19.6 8.4Z", soft=True)
        + _fill("M3.4 17.2L6.8 20.6L2 22Z")
    ),
    "people": (
        _dot(5.2, 8.6, 2.5, soft=True)
        + _dot(18.8, 8.6, 2.5, soft=True)
        + _fill("M1 17.6A4.2 4.2 0 0 1 7.2 13A7 7 0 0 0 5.4 17.6Z", soft=True)
        + _fill("M23 17.6A4.2 4.2 0 0 0 16.8 13A7 7 0 0 1 18.6 17.6Z", soft=True)
        + _dot(12, 7.4, 3.6)
        + _fill("M6.6 20V17.8A5.4 5.4 0 0 1 17.4 17.8V20Z")
    ),
    "puzzle": _fill(
        "M4 7H8.6Q9.4 7 9 6A2.7 2.7 0 1 1 14 6Q13.6 7 14.4 7H18A1 1 0 0 1 19 8V11.4Q19 12.2 20 11.8"
        "A2.7 2.7 0 1 1 20 16.8Q19 16.4 19 17.2V21A1 1 0 0 1 18 22H14.4Q13.6 22 14 21A2.7 2.7 0 1 0 9 21"
        "Q9.4 22 8.6 22H4A1 1 0 0 1 3 21V16.9Q3 16.2 4 16.6A2.6 2.6 0 1 0 4 12Q3 12.4 3 11.6V8A1 1 0 0 1 4 7Z"
    ),
    "scales": (
        _line("M12 3V20.6M7.4 21.2H16.6M4 6.4H20", 1.8)
        + _dot(12, 3.4, 1.7)
        + _line("M5 6.6L2 14M5 6.6L8 14M19 6.6L16 14M19 6.6L22 14", 1.2)
        + _fill("M1 14H9A4 4 0 0 1 1 14ZM15 14H23A4 4 0 0 1 15 14Z")
    ),
    "seedling": (
        _line("M12 21.4V13.4Q12 11.6 13.4 9.8", 2)
        + _fill("M11.4 13.6C11.8 8.4 8.4 5 2 5C2 10.6 5.4 14 11.4 13.6Z")
        + _fill("M12.6 10.6C12.2 5.8 15.6 2.4 22 2.4C22 8.2 18.6 11.4 12.6 10.6Z", soft=True)
        + _line("M6.6 21.8H17.4", 1.8)
    ),
    "spark": (
        _fill(_spark_path(10, 13, 9.4)) + _fill(_spark_path(19.2, 5, 4.2), soft=True)
        + _fill(_spark_path(20, 19.4, 2.8), soft=True)
    ),
    "star": (
        f'<path d="{star_path(12, 12.7, 9.6, 0.5)}" stroke="currentColor" stroke-width="2" '
        'stroke-linejoin="round"/>'
    ),
    "trophy": (
        _fill("M6.4 2.6H17.6V9A5.6 5.6 0 0 1 6.4 9Z")
        + _line("M6.2 4.6H2.8V6.4A3.6 3.6 0 0 0 6.6 10M17.8 4.6H21.2V6.4A3.6 3.6 0 0 1 17.4 10", 1.6)
        + _line("M12 14.6V18.4", 2.2)
        + _fill("M8.4 18H15.6L16.8 21.6H7.2Z")
    ),
}  # fmt: skip

ICONS: Final = tuple(sorted(MARKUP))
