"""The kinds of data pages: a module for those that belong together, each from the registry to pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

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
from badge_passport.registry.entities import Award, Participant

SITE: Mapping[str, Callable[[Renderer], Iterator[Output]]] = {
    "changes": changes.pages,
    "explorer": explorer.pages,
    "catalogue": catalogue.pages,
    "directory": directory.pages,
    "statistics": statistics.pages,
    "claims": awards.claim_forms,
    "compare": compare.pages,
    "verify": verify.pages,
    "offline": offline.pages,
}
"""Pages of the site as a whole, those that take longest first."""


def personal_pages(renderer: Renderer, person: Participant) -> Iterator[Output]:
    """The pages of a person, but those of their awards."""
    yield from people.pages(renderer, person)
    yield from private.pages(renderer, person)


def award_page(renderer: Renderer, award: Award) -> Output:
    """The page of an award."""
    return awards.award(renderer, award)
