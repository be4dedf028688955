"""The promoter's numbers: what was given, and what became of it. People are known by their slugs alone.

Of each award one state counts: erased, revoked, or how its holder answered. Whether it has expired, or soon
will, is counted besides.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from badge_passport.source.cells import table

STATES = ("accepted", "pending", "declined", "hidden", "revoked", "erased")
COUNTS = ("awards", *STATES, "expired", "expiring")
FEW = 5
"""Fewer people of one country may be known to somebody who reads the report."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which awards are counted; ``until`` is the last day. ``expiring`` is in days from today."""

    issuers: Collection[str] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    expiring: int = 90

    def __contains__(self, award: Award) -> bool:
        return (
            (not self.issuers or award.badge.issuer.slug in self.issuers)
            and (self.since is None or award.issued_on >= self.since)
            and (self.until is None or award.issued_on <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one badge in one month (``2026-03``; empty for all of them)."""

    issuer: str
    badge: str
    name: str
    month: str
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class Country:
    """People of one country who were given something, and what; the code is empty if it is not known."""

    code: str
    people: int
    awards: int


@dataclass(frozen=True, slots=True)
class Item:
    """One award in a list: the slug of its holder, never an address."""

    award: str
    participant: str
    badge: str
    issued_on: datetime.date
    expires: datetime.date | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says; lists are sorted by the day that matters."""

    lines: tuple[Line, ...]
    countries: tuple[Country, ...]
    expiring: tuple[Item, ...]
    unclaimed: tuple[Item, ...]
    people: int
    total: Counter[str] = field(default_factory=Counter)

    @property
    def by_badge(self) -> list[Line]:
        """The lines of each badge together."""
        found: dict[tuple[str, str], Line] = {}
        for line in self.lines:
            known = found.setdefault(
                (line.issuer, line.badge), Line(line.issuer, line.badge, line.name, "", Counter())
            )
            known.counts.update(line.counts)
        return list(found.values())

    @property
    def by_month(self) -> list[tuple[str, int]]:
        """Awards of each month from the first to the last, those without any too."""
        counted: Counter[str] = Counter()
        for line in self.lines:
            counted[line.month] += line.counts["awards"]
        return [(month, counted[month]) for month in _months(counted)]


def report(registry: Registry, countries: Mapping[str, str], wanted: Wanted, today: datetime.date) -> Report:
    """The numbers of a site; ``countries`` is from participant to code."""
    awards = [award for award in registry.awards.values() if award in wanted]
    soon = today + datetime.timedelta(days=wanted.expiring)
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for award in awards:
        key = (award.badge.issuer.slug, award.badge.slug, f"{award.issued_on:%Y-%m}")
        counts.setdefault(key, Counter()).update(_counted(award, today, soon))
    default = registry.default_language
    lines = tuple(
        Line(
            issuer,
            badge,
            registry.text(registry.badges[f"{issuer}/{badge}"].record.name, default),
            month,
            counts[issuer, badge, month],
        )
        for issuer, badge, month in sorted(counts)
    )
    held = [award for award in awards if award.identity is not None]
    ending = [a for a in held if a.in_force and a.expires is not None and today < a.expires <= soon]
    waiting = [a for a in held if a.acceptance == "pending" and a.in_force]
    return Report(
        lines=lines,
        countries=_countries(held, countries),
        expiring=tuple(
            _item(a) for a in sorted(ending, key=lambda a: (a.expires or today, a.participant.slug, a.id))
        ),
        unclaimed=tuple(_item(a) for a in waiting),
        people=len({award.participant.slug for award in held}),
        total=sum((line.counts for line in lines), Counter()),
    )


def _counted(award: Award, today: datetime.date, soon: datetime.date) -> list[str]:
    state: str = award.acceptance
    if award.identity is None:
        state = "erased"
    elif award.revoked is not None:
        state = "revoked"
    found = ["awards", state]
    if award.in_force and award.expires is not None and award.expires <= soon:
        found.append("expired" if award.expires <= today else "expiring")
    return found


def _countries(awards: Iterable[Award], countries: Mapping[str, str]) -> tuple[Country, ...]:
    given: Counter[str] = Counter(countries.get(award.participant.slug, "") for award in awards)
    people: Counter[str] = Counter(
        countries.get(slug, "") for slug in {award.participant.slug for award in awards}
    )
    found = [Country(code, people[code], given[code]) for code in people]
    return tuple(sorted(found, key=lambda c: (not c.code, -c.people, c.code)))


def discreet(countries: Iterable[Country]) -> list[tuple[str, str, str]]:
    """Code, people and awards of each country as everybody may read them.

    Fewer than five people are “<5”. If that is one country alone, the next smallest is veiled too: otherwise
    whoever knows the sum could compute the number.
    """
    listed = list(countries)
    few = [c for c in listed if 0 < c.people < FEW]
    rest = sorted((c for c in listed if c.people >= FEW), key=lambda c: (c.people, c.code))
    veiled = {c.code for c in rest[:1]} if len(few) == 1 else set()

    def shown(country: Country) -> tuple[str, str, str]:
        if country in few:
            return country.code, f"<{FEW}", "–"
        if country.code in veiled:
            return country.code, f"{FEW} or more", "–"
        return country.code, str(country.people), str(country.awards)

    return [shown(country) for country in listed]


def _item(award: Award) -> Item:
    return Item(award.id, award.participant.slug, award.badge.ref, award.issued_on, award.expires)


def _months(counted: Mapping[str, int]) -> Iterable[str]:
    if not counted:
        return
    month, last = min(counted), max(counted)
    while month <= last:
        yield month
        year, number = map(int, month.split("-"))
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"


def as_table(made: Report, lists: Collection[str] = ()) -> bytes:
    """A CSV file without formulas: a line for each badge and month; or, with ``lists``, their awards."""
    if lists:
        rows = [(name, item) for name in lists for item in getattr(made, name)]
        return table(
            ("list", "award", "participant", "badge", "issuedOn", "expires"),
            (
                (name, i.award, i.participant, i.badge, str(i.issued_on), str(i.expires or ""))
                for name, i in rows
            ),
        )
    return table(
        ("issuer", "badge", "name", "month", *COUNTS),
        (
            (line.issuer, line.badge, line.name, line.month, *(str(line.counts[name]) for name in COUNTS))
            for line in made.lines
        ),
    )
