"""Python's collector looks at what is new, not again and again at all that is there."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from badge_passport.source import collecting


class Circle:
    """A value that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def circle() -> weakref.ref[Circle]:
    return weakref.ref(Circle())


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    before = gc.get_freeze_count()
    yield
    assert gc.isenabled()
    assert gc.get_freeze_count() == before


def test_what_is_built_at_rest_is_not_looked_at_meanwhile() -> None:
    with collecting.at_rest():
        assert not gc.isenabled()
        kept = circle()
    assert kept() is not None
    gc.collect()
    assert kept() is None


def test_what_is_frozen_stays_so_whatever_rests_inside() -> None:
    with collecting.frozen():
        with collecting.at_rest():
            kept = circle()
        with collecting.frozen():
            pass
        gc.collect()
        assert kept() is not None, "the collector looked at what was frozen"
    gc.collect()
    assert kept() is None


def test_garbage_of_what_is_frozen_can_be_collected() -> None:
    with collecting.frozen():
        with collecting.at_rest():
            kept = circle()
        collecting.collect()
        assert kept() is None
        assert gc.get_freeze_count() > 0, "all that is left is frozen again"
