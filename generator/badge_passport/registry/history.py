"""What happened, in the order of the records: awards given, taken back and given again, and new badges.

A history is public, so it says of people who are not listed only how many there were, and of fewer than
five not even that: no number, name or day of theirs can be read from it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from badge_passport.registry.counting import Number
from badge_passport.registry.entities import Award, BadgeClass, Registry
from badge_passport.registry.privacy import is_public

Kind = Literal["issued", "revoked", "reinstated"]
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


def events(award: Award) -> Iterator[tuple[datetime.date, Kind]]:
    """What happened to an award, oldest first."""
    yield award.issued_on, "issued"
    again = award.reinstated
    if again is not None:
        yield again.revoked_on, "revoked"
        yield again.on, "reinstated"
    if award.revoked is not None:
        yield award.revoked.on, "revoked"


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
            elif given := registry.awards_by_badge.get(ref, ()):
                day = min(award.issued_on for award in given).replace(day=1)
                yield Edition(day, badge, first=True, exact=False)
            before = badge.record.until


@lru_cache(maxsize=1)  # every year of every language asks for it
def by_year(registry: Registry) -> Mapping[int, tuple[Sequence[Award], Sequence[Edition]]]:
    """What there is of every year, the newest first: awards to which something happened, and new badges."""
    awards: dict[int, list[Award]] = {}
    new: dict[int, list[Edition]] = {}
    for award in registry.awards.values():
        year = award.issued_on.year
        if award.revoked is None and award.reinstated is None:
            awards.setdefault(year, []).append(award)
        else:
            for one in {day.year for day, _ in events(award)}:
                awards.setdefault(one, []).append(award)
    for edition in editions(registry):
        new.setdefault(edition.on.year, []).append(edition)
    return {year: (awards.get(year, ()), new.get(year, ())) for year in sorted({*awards, *new}, reverse=True)}


def years(registry: Registry) -> list[int]:
    """The years in which anything happened, newest first."""
    return list(by_year(registry))


@lru_cache(maxsize=64)
def months(registry: Registry, year: int) -> tuple[Month, ...]:
    """The months of a year in which anything happened, newest first."""
    public: dict[int, list[Event]] = {}
    others: dict[int, Counter[tuple[Kind, str]]] = {}
    new: dict[int, list[Edition]] = {}
    awards, began = by_year(registry)[year]
    for award in awards:
        seen = is_public(award)
        for day, kind in events(award):
            if day.year != year:
                continue
            if seen:
                public.setdefault(day.month, []).append(Event(day, kind, award))
            else:
                others.setdefault(day.month, Counter())[kind, award.badge.ref] += 1
    for edition in began:
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
