"""What was given, counted: for the site and for each issuer, from what is known of each badge (`facts`).

Numbers that are finer than a badge (a month, a level, a language, an answer) could single somebody out. In
these, awards of people who are not listed are counted in fives (`Number`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from badge_passport.registry.entities import EVERYBODY, Registry
from badge_passport.registry.facts import Facts

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
class _Sum:
    """What is added up; ``answers`` has keys of a year and a state."""

    badges: Counter[str] = field(default_factory=Counter)
    in_force: Counter[str] = field(default_factory=Counter)
    months: Finer = field(default_factory=Counter)
    levels: Finer = field(default_factory=Counter)
    languages: Finer = field(default_factory=Counter)
    states: Finer = field(default_factory=Counter)
    answers: Finer = field(default_factory=Counter)
    people: Counter[bool] = field(default_factory=Counter)

    def add(self, ref: str, facts: Facts) -> None:
        """The awards of a badge."""
        self.badges[ref] += facts.number
        self.in_force[ref] += facts.holding
        for name, counts in facts.counted.items():
            mine: Finer = getattr(self, name)
            for key, times in counts.items():
                mine[key[:-2], key[-1] == "1"] += times


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


@lru_cache(maxsize=1)  # every language of a build asks for it
def tallies(registry: Registry) -> Tallies:
    """Every number of the site."""
    whole, issuers = _Sum(), {slug: _Sum() for slug in registry.issuers}
    for ref in registry.badges:
        for one in (whole, issuers[ref.partition("/")[0]]):
            one.add(ref, registry.facts[ref])
    for key, times in registry.holders[EVERYBODY].items():
        one = issuers[key[:-2]] if key[:-2] else whole
        one.people[key[-1] == "1"] += times
    return Tallies(
        _tally(registry, whole, list(registry.badges)),
        {
            slug: _tally(registry, one, [b.ref for b in registry.badges_by_issuer.get(slug, ())])
            for slug, one in issuers.items()
        },
    )


def _tally(registry: Registry, counted: _Sum, badges: list[str]) -> Tally:
    languages: Finer = Counter()
    for (tag, seen), times in counted.languages.items():
        languages[tag or registry.default_language, seen] += times
    years = sorted({key[:4] for key, _ in counted.answers})
    span = [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []
    levels = [*registry.levels(), *sorted({k for k, _ in counted.levels} - {*registry.levels(), ""}), ""]
    return Tally(
        awards=sum(counted.badges.values()),
        badges={ref: counted.badges[ref] for ref in badges},
        in_force={ref: counted.in_force[ref] for ref in badges},
        months=_numbers(counted.months, _months({key for key, _ in counted.months})),
        levels={k: n for k, n in _numbers(counted.levels, levels).items() if n.least or n.more},
        languages=_numbers(languages, sorted({key for key, _ in languages})),
        states=_numbers(counted.states, STATES),
        answers={
            year: {
                name: Number.veiled(
                    counted.answers[f"{year} {name}", True], counted.answers[f"{year} {name}", False]
                )
                for name in STATES
            }
            for year in span
        },
        people=Number.veiled(counted.people[True], counted.people[False]),
    )


def _numbers(counted: Finer, keys: Iterable[str]) -> dict[str, Number]:
    return {key: Number.veiled(counted[key, True], counted[key, False]) for key in keys}


def _months(given: set[str]) -> list[str]:
    """Every month from the first to the last."""
    if not given:
        return []
    (first, last) = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (min(given), max(given)))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]
