"""What was given, counted in one walk over all awards: for the site and for each issuer.

Numbers that are finer than a badge (a month, a level, a language, an answer) could single somebody out. In
these, awards of people who are not listed are counted in fives (`Number`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from badge_passport.registry.entities import Award, Registry
from badge_passport.registry.privacy import is_public

FEW = 5
"""A smaller group of people who are not listed is not counted exactly."""
STATES = ("accepted", "pending", "declined", "revoked")


@dataclass(frozen=True, slots=True)
class Number:
    """How many there are at least; there may be up to four more if ``more``."""

    least: int
    more: bool = False

    @classmethod
    def veiled(cls, listed: int, unlisted: int) -> Number:
        """``listed`` counts as it is, ``unlisted`` in fives.

        >>> Number.veiled(3, 7)
        Number(least=8, more=True)
        """
        return cls(listed + unlisted // FEW * FEW, unlisted % FEW > 0)


Finer = Counter[tuple[str, bool]]
"""Counts by a key, and by whether the award may be seen in lists."""


@dataclass(slots=True)
class _Walk:
    """What is counted on the way."""

    badges: Counter[str] = field(default_factory=Counter)
    in_force: Counter[str] = field(default_factory=Counter)
    months: Finer = field(default_factory=Counter)
    levels: Finer = field(default_factory=Counter)
    languages: Finer = field(default_factory=Counter)
    states: Finer = field(default_factory=Counter)
    answers: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    people: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of a site or an issuer.

    ``badges`` is by reference (``issuer/badge``), with those that were never given; ``in_force`` counts
    of these the awards that hold. ``months`` is by
    ``2019-06``, from the first month to the last; ``answers`` by year and state.
    """

    awards: int
    badges: Mapping[str, int]
    in_force: Mapping[str, int]
    months: Mapping[str, Number]
    levels: Mapping[str, Number]
    languages: Mapping[str, Number]
    states: Mapping[str, Number]
    answers: Mapping[str, Mapping[str, Number]]
    people: Number

    @property
    def years(self) -> dict[str, Number]:
        """Awards of each year."""
        return {year: total(by.values()) for year, by in self.answers.items()}


@dataclass(frozen=True, slots=True)
class Tallies:
    """The numbers of the site, and of each issuer by its slug."""

    site: Tally
    issuers: Mapping[str, Tally]


def total(numbers: Iterable[Number]) -> Number:
    """The sum of numbers: at least the sum of what is certain."""
    listed = list(numbers)
    return Number(sum(n.least for n in listed), any(n.more for n in listed))


def state(award: Award) -> str:
    """What became of an award: revoked, or how its holder answered (hidden ones are accepted)."""
    if award.revoked is not None:
        return "revoked"
    return "accepted" if award.acceptance == "hidden" else award.acceptance


@lru_cache(maxsize=1)  # every language of a build asks for it
def tallies(registry: Registry) -> Tallies:
    """Every number of the site, in one walk."""
    issuers = {slug: _Walk() for slug in registry.issuers}
    alike: Counter[tuple[str, int, str, str, str, bool, bool]] = Counter()
    for ref, awards in registry.awards_by_badge.items():
        people = issuers[ref.partition("/")[0]].people
        for award in awards:
            person = award.participant
            seen, day = is_public(award), award.issued_on
            tag = award.language or person.language or registry.default_language
            month = day.year * 12 + day.month - 1
            alike[ref, month, state(award), award.level or "", tag, seen, award.in_force] += 1
            if not award.erased:  # an erased award has no holder
                people[person.slug] = seen or people.get(person.slug, False)
    for (ref, number, now, level, tag, seen, holds), times in alike.items():
        walk, month_name = issuers[ref.partition("/")[0]], f"{number // 12:04}-{number % 12 + 1:02}"
        walk.badges[ref] += times
        walk.in_force[ref] += times * holds
        walk.months[month_name, seen] += times
        walk.states[now, seen] += times
        walk.answers[month_name[:4], now, seen] += times
        walk.levels[level, seen] += times
        walk.languages[tag, seen] += times
    whole = _Walk()
    for walk in issuers.values():
        for name in ("badges", "in_force", "months", "levels", "languages", "states", "answers"):
            getattr(whole, name).update(getattr(walk, name))
        for slug, seen in walk.people.items():
            whole.people[slug] = seen or whole.people.get(slug, False)
    return Tallies(
        _tally(registry, whole, list(registry.badges)),
        {
            slug: _tally(registry, walk, [b.ref for b in registry.badges_by_issuer.get(slug, ())])
            for slug, walk in issuers.items()
        },
    )


def _tally(registry: Registry, walk: _Walk, badges: list[str]) -> Tally:
    years = sorted({year for year, _, _ in walk.answers})
    span = [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []
    levels = [*registry.levels(), *sorted({k for k, _ in walk.levels} - {*registry.levels(), ""}), ""]
    listed = sum(walk.people.values())
    return Tally(
        awards=sum(walk.badges.values()),
        badges={ref: walk.badges[ref] for ref in badges},
        in_force={ref: walk.in_force[ref] for ref in badges},
        months=_numbers(walk.months, _months({key for key, _ in walk.months})),
        levels={k: n for k, n in _numbers(walk.levels, levels).items() if n.least or n.more},
        languages=_numbers(walk.languages, sorted({key for key, _ in walk.languages})),
        states=_numbers(walk.states, STATES),
        answers={
            year: {
                name: Number.veiled(walk.answers[year, name, True], walk.answers[year, name, False])
                for name in STATES
            }
            for year in span
        },
        people=Number.veiled(listed, len(walk.people) - listed),
    )


def _numbers(counted: Finer, keys: Iterable[str]) -> dict[str, Number]:
    return {key: Number.veiled(counted[key, True], counted[key, False]) for key in keys}


def _months(given: set[str]) -> list[str]:
    """Every month from the first to the last."""
    if not given:
        return []
    (first, last) = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (min(given), max(given)))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]
