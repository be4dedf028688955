"""Lines of awards and people as they are remembered: plain data, in columns, those of awards by badge.

Columns are read ten times as fast as lines are; those of a badge are read when somebody asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from badge_passport.registry.facts import Facts, Shown
from badge_passport.registry.standins import AwardRow, PersonRow
from badge_passport.source.kept import Stored


@dataclass(frozen=True, slots=True)
class Listed:
    """The awards of a badge that are written in files of which nothing else depends, and facts of all."""

    facts: Facts
    number: int
    packed: Stored

    @classmethod
    def of(cls, facts: Facts, rows: Sequence[AwardRow]) -> Listed:
        """The awards with these lines."""
        columns = [*zip(*rows, strict=True)]
        said = json.dumps(columns, separators=(",", ":")).encode("ascii")
        return cls(facts, len(rows), Stored(said))

    def rows(self) -> list[AwardRow]:
        """Their lines, in order.

        Raises:
            kept.Damaged: they are not known any more.
        """
        return [*zip(*json.loads(self.packed.read()), strict=True)]

    def ids(self) -> list[str]:
        """Their ids, which are the first column.

        Raises:
            kept.Damaged: as for `rows`.
        """
        said = self.packed.read()
        ids: list[str] = json.loads(said[1 : said.index(b"]") + 1]) if self.number else []
        return ids


@dataclass(frozen=True)
class Held:
    """What is remembered of a site: lines of people and awards, the awards by badge.

    ``base`` is a digest of all that they depend on beside their own files; ``others`` are digests of files of
    people that are no records. ``tables`` are the files that awards are written in, each with the badges that
    are given there. Of people with a private file, who are read each time, ``private`` has the files that
    name them, and their badges. ``counted`` is how many of the others have awards (see `facts.holding`).
    """

    base: str
    people: Mapping[str, PersonRow]
    badges: Mapping[str, Listed]
    tables: Mapping[str, Sequence[str]]
    others: Mapping[str, str]
    private: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    counted: Mapping[str, int]

    def plain(self) -> dict[str, Any]:
        """It as plain data; where lines of awards are must be known."""
        return {
            "base": self.base,
            "people": [*zip(*self.people.values(), strict=True)],
            "badges": {
                ref: [one.facts.plain(), one.number, one.packed.place] for ref, one in self.badges.items()
            },
            "tables": dict(self.tables),
            "others": dict(self.others),
            "private": dict(self.private),
            "counted": dict(self.counted),
        }

    def refs_of(self, slug: str) -> list[str]:
        """The badges of a person, as they were."""
        if slug in self.private:
            return list(self.private[slug][1])
        return [ref for ref, _ in self.shown(slug).refs] if slug in self.people else []

    def shown(self, slug: str) -> Shown:
        """What lists ask of the awards of a person."""
        badges, languages, refs = self.people[slug][8:]
        return Shown(
            badges,
            tuple(languages.split(",")) if badges else (),
            tuple([self._every[int(number)] for number in refs.split()]),
        )

    @cached_property
    def _every(self) -> Sequence[tuple[str, bool]]:
        """By number, as `packed_shown` counts them: each badge without and with an award that lists show."""
        return [(ref, seen) for ref in self.badges for seen in (False, True)]

    def with_badges(self, badges: Mapping[str, Listed]) -> Held:
        """The same with badges whose lines were written."""
        return replace(self, badges=badges)


def packed_shown(shown: Shown, every: Mapping[str, int]) -> tuple[int, str, str]:
    """What `Held.shown` reads, at the end of the line of a person; ``every`` has the numbers of badges."""
    refs = " ".join(str(2 * every[ref] + seen) for ref, seen in shown.refs)
    return shown.badges, ",".join(shown.languages), refs


def held_of(plain: Mapping[str, Any], stored: Callable[[Sequence[Any]], Stored]) -> Held:
    """What `Held.plain` made plain; ``stored`` makes what is stored of a place.

    Raises:
        ValueError, TypeError, KeyError: it is something else.
    """
    return Held(
        plain["base"],
        {row[0]: row for row in zip(*plain["people"], strict=True)},
        {
            ref: Listed(Facts(*facts), number, stored(place))
            for ref, (facts, number, place) in plain["badges"].items()
        },
        plain["tables"],
        plain["others"],
        {slug: (tables, refs) for slug, (tables, refs) in plain["private"].items()},
        plain["counted"],
    )
