"""What happened, in the order of the records: awards given, taken back and given again, and new badges.

A history is public, so it says of people who are not listed only how many there were, and of fewer than
five not even that: no number, name or day of theirs can be read from it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from badge_passport.registry.counting import Number
from badge_passport.registry.entities import Award, BadgeClass, Registry
from badge_passport.registry.facts import Kind, happened
from badge_passport.registry.privacy import is_public

KINDS: tuple[Kind, ...] = ("issued", "revoked", "reinstated")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an award that lists may show."""

    on: datetime.date
    kind: Kind
    award: Award


@dataclass(frozen=True, slots=True)
class Others:
    """The same kind of thing for awards of one badge that no list may show."""

    kind: Kind
    badge: str
    number: Number


@dataclass(frozen=True, slots=True)
class Edition:
    """A badge, or a new version of one, that can be earned since a day; ``exact`` if the day is known."""

    on: datetime.date
    badge: BadgeClass
    first: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Everything of a month (``2019-06``), newest first."""

    month: str
    editions: tuple[Edition, ...]
    events: tuple[Event, ...]
    others: tuple[Others, ...]


def editions(registry: Registry) -> Iterator[Edition]:
    """Badges and their versions with the day since when they can be earned, as far as anything tells it.

    The first version of a badge begins on its ``created`` day, else with the month of its first award (not
    the day, which may be that of one person); a later one on the day ``until`` of the one before.
    """
    for ref, versions in registry.versions.items():
        before: datetime.date | None = None
        for number, badge in enumerate(versions):
            if number:
                if before is not None:
                    yield Edition(before, badge, first=False, exact=True)
            elif (day := versions[-1].record.created or badge.record.created) is not None:
                yield Edition(day, badge, first=True, exact=True)
            elif first := registry.facts[ref].first:
                day = datetime.date.fromordinal(first).replace(day=1)
                yield Edition(day, badge, first=True, exact=False)
            before = badge.record.until


@lru_cache(maxsize=1)  # every year of every language asks for it
def years(registry: Registry) -> list[int]:
    """The years in which anything happened, newest first."""
    given = (int(year) for ref in registry.badges for year in registry.facts[ref].years)
    return sorted({*given, *(edition.on.year for edition in editions(registry))}, reverse=True)


def editions_of(registry: Registry, year: int) -> list[Edition]:
    """The badges and versions that are new in a year."""
    return [edition for edition in editions(registry) if edition.on.year == year]


@lru_cache(maxsize=64)
def months(registry: Registry, year: int) -> tuple[Month, ...]:
    """The months of a year in which anything happened, newest first."""
    public: dict[int, list[Event]] = {}
    others: dict[int, Counter[tuple[Kind, str]]] = {}
    new: dict[int, list[Edition]] = {}
    refs = [ref for ref in registry.badges if str(year) in registry.facts[ref].years]
    for award in (award for ref in refs for award in registry.awards_by_badge[ref]):
        seen = is_public(award)
        for day, kind in happened(award):
            if day.year != year:
                continue
            if seen:
                public.setdefault(day.month, []).append(Event(day, kind, award))
            else:
                others.setdefault(day.month, Counter())[kind, award.badge.ref] += 1
    for edition in editions_of(registry, year):
        new.setdefault(edition.on.month, []).append(edition)
    return tuple(
        Month(
            f"{year:04}-{month:02}",
            tuple(sorted(new.get(month, ()), key=lambda e: (e.on, e.badge.ref), reverse=True)),
            tuple(sorted(public.get(month, ()), key=_newest, reverse=True)),
            tuple(_others(others.get(month, Counter()))),
        )
        for month in sorted({*public, *others, *new}, reverse=True)
    )


def _newest(event: Event) -> tuple[datetime.date, int, str]:
    return event.on, KINDS.index(event.kind), event.award.id


def _others(counted: Counter[tuple[Kind, str]]) -> list[Others]:
    order = sorted(counted, key=lambda key: (KINDS.index(key[0]), key[1]))
    return [Others(kind, badge, Number.veiled(0, counted[kind, badge])) for kind, badge in order]
