"""The kinds of data pages: a module for those that belong together, each from the registry to pages."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.pages.kinds import (
    awards,
    catalogue,
    changes,
    compare,
    directory,
    explorer,
    offline,
    people,
    private,
    statistics,
    verify,
)
from badge_passport.pages.rendering import Output, Renderer


def pages(renderer: Renderer) -> Iterator[Output]:
    """Every data page of a language, catalogue first."""
    yield from catalogue.pages(renderer)
    yield from explorer.pages(renderer)
    yield from directory.pages(renderer)
    yield from compare.pages(renderer)
    yield from people.pages(renderer)
    yield from private.pages(renderer)
    yield from awards.pages(renderer)
    yield from changes.pages(renderer)
    yield from statistics.pages(renderer)
    yield from verify.pages(renderer)
    yield from offline.pages(renderer)
