"""A map with numbered places as SVG, drawn at build and cropped to them.

Land is that of Natural Earth (public domain), in the bundle. The projection is equirectangular with the
middle of the crop as standard parallel: straight meridians, and nothing is squeezed where the places are.
Places on both sides of the 180th meridian make it a map of the world. Colours are classes of the theme.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import cos, radians

from markupsafe import Markup

from badge_passport.resources import bundled

WIDTH, HEIGHT = 360, 220
_DOT = 8.5  # radius
_LEAST = 14.0  # degrees from top to bottom, so that a coast can be seen around two places of one town
_MARGIN = 1.45  # of what the places need
_BEYOND = 4.0  # land is cut so far outside of the picture, where nobody sees the cut

Point = tuple[float, float]
Ring = list[Point]


def draw(
    title: str, description: str, places: Sequence[Point], number: Callable[[int], str]
) -> tuple[Markup, list[int]]:
    """The map of some ``places`` (longitude and latitude in degrees), and the number of each on it.

    Places whose dots would lie on each other share a number; ``number`` writes it.
    """
    project = _crop(places)
    spots: list[Point] = []
    numbers: list[int] = []
    for place in places:
        x, y = project(place)
        near = (n for n, (a, b) in enumerate(spots, 1) if (a - x) ** 2 + (b - y) ** 2 < 4 * _DOT**2)
        found = next(near, 0)
        if not found:
            spots.append((x, y))
            found = len(spots)
        numbers.append(found)
    dots = Markup("").join(
        Markup(
            '<circle class="pp-map__dot" cx="{x}" cy="{y}" r="{r}"/>'
            '<text class="pp-map__number" x="{x}" y="{y}" dy="3.4" text-anchor="middle">{text}</text>'
        ).format(x=_n(x), y=_n(y), r=_DOT, text=number(n))
        for n, (x, y) in enumerate(spots, 1)
    )
    picture = Markup(
        '<svg class="pp-map" role="img" viewBox="0 0 {w} {h}" aria-labelledby="map-title map-desc">'
        '<title id="map-title">{title}</title><desc id="map-desc">{description}</desc>'
        '<rect class="pp-map__sea" width="{w}" height="{h}"/>'
        '<path class="pp-map__land" fill-rule="evenodd" d="{land}"/>{dots}</svg>'
    ).format(w=WIDTH, h=HEIGHT, title=title, description=description, land=_land(project), dots=dots)
    return picture, numbers


def _crop(places: Sequence[Point]) -> Callable[[Point], Point]:
    """The projection that has all places in the picture, with a margin."""
    wests, norths = [x for x, _ in places], [y for _, y in places]
    middle_x, middle_y = (min(wests) + max(wests)) / 2, (min(norths) + max(norths)) / 2
    squeeze = max(0.2, cos(radians(middle_y)))  # near a pole the picture would be all of one meridian
    wide = (max(wests) - min(wests)) * squeeze * _MARGIN
    high = max(_LEAST, (max(norths) - min(norths)) * _MARGIN)
    scale = min(WIDTH / wide if wide else HEIGHT / high, HEIGHT / high)

    def project(place: Point) -> Point:
        x, y = place
        return WIDTH / 2 + (x - middle_x) * squeeze * scale, HEIGHT / 2 - (y - middle_y) * scale

    return project


def _land(project: Callable[[Point], Point]) -> str:
    """What of all land is in the picture, as the data of a path."""
    parts: list[str] = []
    for ring in outlines():
        points = [f"{_n(x)} {_n(y)}" for x, y in _cut([project(p) for p in ring])]
        kept = [p for at, p in enumerate(points) if p != points[at - 1]]
        if len(kept) > 2:
            parts.append(f"M{'L'.join(kept)}z")
    return "".join(parts)


def _cut(ring: Ring) -> Ring:
    """A polygon cut off at the edges of the picture, one after the other (Sutherland and Hodgman)."""
    for axis, edge, sign in (
        (0, -_BEYOND, 1),
        (0, WIDTH + _BEYOND, -1),
        (1, -_BEYOND, 1),
        (1, HEIGHT + _BEYOND, -1),
    ):
        cut: Ring = []
        for at, here in enumerate(ring):
            before = ring[at - 1]
            is_in, was_in = ((point[axis] - edge) * sign >= 0 for point in (here, before))
            if is_in != was_in:
                share = (edge - before[axis]) / (here[axis] - before[axis])
                x, y = (b + share * (h - b) for b, h in zip(before, here, strict=True))
                cut.append((x, y))
            if is_in:
                cut.append(here)
        ring = cut
    return ring


@lru_cache(maxsize=1)
def outlines() -> list[Ring]:
    """All land, as rings of longitude and latitude in degrees; lakes are rings inside of others."""
    rings: list[Ring] = []
    for flat in json.loads(bundled("land.json")):
        x, y, ring = 0, 0, []
        for step_x, step_y in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + step_x, y + step_y
            ring.append((x / 10, y / 10))
        rings.append(ring)
    return rings


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
