"""The map of issuers: what is on it, where, and that nothing of it can be code."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.pages import maps
from minimal import MINIMAL, CheckSite

ISSUER = (MINIMAL / "badges" / "harbour" / "issuer.yml").read_text(encoding="utf-8")
DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
SVG = "{http://www.w3.org/2000/svg}"


def dots(picture: str) -> list[tuple[float, float]]:
    root = ElementTree.fromstring(picture)
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.iter("circle")]


def test_north_is_up_and_east_is_right() -> None:
    tunis, marseille, amman = (10.2, 36.8), (5.4, 43.3), (35.9, 31.9)
    picture, numbers = maps.draw("T", "D", [tunis, marseille, amman], str)
    assert numbers == [1, 2, 3]
    (x1, y1), (x2, y2), (x3, y3) = dots(picture)
    assert x2 < x1 < x3 and y2 < y1 < y3
    # Where a place is, a degree to the east is as long as one to the north times the cosine.
    middle = math.radians((43.3 + 31.9) / 2)
    assert (x3 - x2) / (y3 - y2) == pytest.approx(30.5 * math.cos(middle) / 11.4, rel=0.01)


def test_neighbours_share_a_dot() -> None:
    picture, numbers = maps.draw("T", "D", [(10.2, 36.8), (35.9, 31.9), (10.21, 36.81)], lambda n: f"<{n}>")
    assert numbers == [1, 2, 1] and len(dots(picture)) == 2
    assert "&lt;1&gt;" in picture and "<1>" not in picture


@given(st.lists(DEGREES, min_size=1, max_size=6))
def test_every_place_is_in_the_picture_and_no_land_far_outside(places: list[tuple[float, float]]) -> None:
    picture, numbers = maps.draw("<b>", '"&', places, str)
    assert len(numbers) == len(places) and set(numbers) == set(range(1, max(numbers) + 1))
    for x, y in dots(picture):
        assert 0 <= x <= maps.WIDTH and 0 <= y <= maps.HEIGHT
    land = ElementTree.fromstring(picture).find("path")
    assert land is not None
    values = [float(n) for n in re.findall(r"-?[0-9.]+", land.attrib["d"])]
    assert all(-5 <= value <= maps.WIDTH + 5 for value in values)
    assert re.fullmatch(r"[-MLz0-9. ]*", land.attrib["d"])


@pytest.mark.parametrize("number", ["36.8", "-33", "0", "90"])
def test_degrees_may_be_whole(checked: CheckSite, number: str) -> None:
    location = f"location: {{latitude: {number}, longitude: -180, place: {{en: A, fr: B}}}}\n"
    site = checked({"badges/harbour/issuer.yml": ISSUER + location})
    assert site.registry is not None, site.diagnostics
    found = site.registry.issuers["harbour"].record.location
    assert found is not None and (found.latitude, found.longitude) == (float(number), -180)


@pytest.mark.parametrize("number", ["90.1", ".nan", ".inf", "true", '"36.8"', "[]"])
def test_what_is_no_latitude_is_refused(checked: CheckSite, number: str) -> None:
    location = f"location: {{latitude: {number}, longitude: 10, place: A}}\n"
    site = checked({"badges/harbour/issuer.yml": ISSUER + location})
    assert [(d.code, "degrees" in d.message) for d in site.diagnostics] == [("bad-value", True)]
