"""Charts: their markup is whole whatever a label says, their bars are as long as their numbers, and they
are mirrored for readers from the right."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.pages.charts import WIDTH, Bar, Stack, bars, columns, stacked

HOSTILE = "</title><script>alert(\"1\")</script>&amp;<svg onload=x 'y'"
# Texts of records have no control characters: `model.texts.clean` refuses them.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=80)


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def boxes(markup: str, name: str) -> list[tuple[float, float]]:
    """Left edge and width of each bar of a class."""
    found = [r for r in parse(markup).iter("rect") if r.get("class") == name]
    return [(float(r.get("x", "")), float(r.get("width", ""))) for r in found]


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("draw", [bars, columns])
def test_hostile_labels_stay_texts(draw: object, rtl: bool) -> None:
    made = draw(HOSTILE, HOSTILE, [Bar(HOSTILE, 3, HOSTILE)], key="k", rtl=rtl)  # type: ignore[operator]
    tree = parse(made)
    assert {e.tag for e in tree.iter()} <= {"svg", "title", "desc", "text", "rect", "path"}
    assert tree.find("title").text == HOSTILE  # type: ignore[union-attr]
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on")]


@given(st.lists(st.tuples(TEXTS, st.integers(0, 10**9), TEXTS), max_size=8), st.booleans())
def test_any_numbers_and_texts_make_a_picture(items: list[tuple[str, int, str]], rtl: bool) -> None:
    for draw in (bars, columns):
        tree = parse(draw("t", "d", [Bar(*item) for item in items], key="k", rtl=rtl))
        assert tree.get("role") == "img" and tree.get("aria-labelledby") == "k-title k-desc"
        for box in tree.iter("rect"):
            assert float(box.get("x", "")) >= -0.01
            assert float(box.get("x", "")) + float(box.get("width", "")) <= WIDTH + 0.01


def test_bars_are_as_long_as_their_numbers() -> None:
    items = [Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0")]
    assert boxes(bars("t", "d", items, key="k"), "pp-bar") == [(0, WIDTH), (0, WIDTH / 2), (0, 0)]
    mirrored = boxes(bars("t", "d", items, key="k", rtl=True), "pp-bar")
    assert mirrored == [(0, WIDTH), (WIDTH / 2, WIDTH / 2), (WIDTH, 0)]


def test_parts_follow_each_other_from_the_side_where_reading_begins() -> None:
    items = [Stack("2019", (30, 0, 10), "40")]
    made = stacked("t", "d", items, key="k")
    assert boxes(made, "pp-bar--1") == [(0, 270)] and boxes(made, "pp-bar--3") == [(270, 90)]
    assert boxes(made, "pp-bar--2") == []
    made = stacked("t", "d", items, key="k", rtl=True)
    assert boxes(made, "pp-bar--1") == [(90, 270)] and boxes(made, "pp-bar--3") == [(0, 90)]


def test_columns_run_along_time() -> None:
    items = [Bar(f"2019-{n:02}", n, str(n)) for n in range(1, 5)]
    for rtl in (False, True):
        tree = parse(columns("t", "d", items, key="k", rtl=rtl))
        edges = [float(r.get("x", "")) for r in tree.iter("rect")]
        assert edges == sorted(edges, reverse=rtl)
        first, last, top = (t for t in tree.iter("text"))
        assert (first.text, last.text, top.text) == ("2019-01", "2019-04", "4")
        assert (first.get("x"), last.get("x")) == (("360", "0") if rtl else ("0", "360"))
