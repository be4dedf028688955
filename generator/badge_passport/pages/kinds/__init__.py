"""The kinds of data pages: a module for those that belong together, each from the registry to pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Participant

WHOLE = "."
"""What the pages of a kind are of that are of the site as a whole."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages that are made alike: what they are of, one by one, and those of one."""

    of: Callable[[Registry], Sequence[str]]
    pages: Callable[[Renderer, str], Iterator[Output]]


def _whole(pages: Callable[[Renderer], Iterator[Output]]) -> Kind:
    return Kind(lambda _: (WHOLE,), lambda renderer, _: pages(renderer))


SITE: Mapping[str, Kind] = {
    "changes": Kind(changes.years, changes.pages),
    "badge": Kind(lambda registry: tuple(registry.badges), catalogue.badge_pages),
    "competence": Kind(explorer.tops, explorer.competence_pages),
    "framework": Kind(lambda registry: tuple(registry.frameworks), explorer.framework_pages),
    "directory": Kind(directory.numbers, directory.pages),
    "statistics": Kind(lambda registry: (WHOLE, *registry.issuers), statistics.pages),
    "catalogue": _whole(catalogue.pages),
    "competences": _whole(explorer.pages),
    "claims": _whole(awards.claim_forms),
    "compare": _whole(compare.pages),
    "verify": _whole(verify.pages),
    "offline": _whole(offline.pages),
}
"""Pages of the site, those that take longest first."""


def personal_pages(renderer: Renderer, person: Participant) -> Iterator[Output]:
    """The pages of a person, but those of their awards."""
    yield from people.pages(renderer, person)
    yield from private.pages(renderer, person)


def award_page(renderer: Renderer, award: Award) -> Output:
    """The page of an award."""
    return awards.award(renderer, award)
