"""What the site asks of all awards of a badge, and of all badges of a person: found once for many questions.

Digests stand for what nobody needs to look at while it is the same. Of badges and people whom a change does
not concern all this is remembered (see `held`), and their awards are not looked at.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from badge_passport.registry.entities import Award
from badge_passport.registry.privacy import is_listed, is_public, is_sealed, on_passport, shown_name
from badge_passport.registry.standins import mark

Kind = Literal["issued", "revoked", "reinstated"]
Counts = dict[str, dict[str, int]]
"""By what is counted, and by a key and whether lists may show it: ``{"months": {"2019-06 1": 3}}``."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the awards of a badge: how many there are, and how many of these hold or have a ``placed`` status.

    ``first`` and ``latest`` are days of awarding, ``newest`` is the day of the last thing that lists may show
    (ordinals; 0: none). ``said`` is a digest of all that lists say of them, ``withdrawn`` of those that do
    not hold, ``years`` of those to which something happened then; ``public`` are the ids that may be listed.
    """

    number: int
    holding: int
    placed: int
    first: int
    latest: int
    newest: int
    said: str
    withdrawn: str
    public: Sequence[str]
    years: dict[str, str]
    counted: Counts

    def plain(self) -> list[Any]:
        """These as plain data."""
        return [getattr(self, name) for name in self.__slots__]


@dataclass(frozen=True, slots=True)
class Shown:
    """Of the awards of a person: how many hold and stand on a passport that can be read, and the languages
    that these were given in ("": that of the person); ``refs`` are badges, each with whether lists may show
    an award of it.
    """

    badges: int
    languages: tuple[str, ...]
    refs: tuple[tuple[str, bool], ...]


def holding(shown: Shown) -> Iterator[str]:
    """As what a person is counted: of each issuer with an award (``issuer-a 1``), and of the site (`` 1``).

    The digit is whether lists may show one of these awards.
    """
    seen: dict[str, bool] = {}
    for ref, public in shown.refs:
        issuer = ref.partition("/")[0]
        seen[issuer] = public or seen.get(issuer, False)
    if seen:
        yield f" {int(any(seen.values()))}"
        yield from (f"{issuer} {int(public)}" for issuer, public in seen.items())


def happened(award: Award) -> Iterator[tuple[datetime.date, Kind]]:
    """What happened to an award, oldest first."""
    yield award.issued_on, "issued"
    again = award.reinstated
    if again is not None:
        yield again.revoked_on, "revoked"
        yield again.on, "reinstated"
    if award.revoked is not None:
        yield award.revoked.on, "revoked"


def last_day(award: Award) -> datetime.date:
    """The day of the last thing that happened to an award."""
    if award.revoked is None and award.reinstated is None:
        return award.issued_on
    return max(day for day, _ in happened(award))


def state(award: Award) -> str:
    """What became of an award: revoked, or how its holder answered (hidden ones are accepted)."""
    if award.revoked is not None:
        return "revoked"
    return "accepted" if award.acceptance == "hidden" else award.acceptance


def facts_of(awards: Sequence[Award]) -> Facts:
    """The facts of the awards of a badge, which are in order."""
    lines: list[str] = []
    withdrawn: list[str] = []
    years: dict[int, list[str]] = {}
    for award in awards:
        line = _line(award)
        lines.append(line)
        if not award.in_force:
            withdrawn.append(line)
        for year in _years(award):
            years.setdefault(year, []).append(line)
    public = [award for award in awards if is_public(award)]
    days = [award.issued_on.toordinal() for award in awards]
    return Facts(
        len(awards),
        len(awards) - len(withdrawn),
        sum(award.status is not None for award in awards),
        min(days, default=0),
        max(days, default=0),
        max((last_day(award).toordinal() for award in public), default=0),
        _digest(lines),
        _digest(withdrawn),
        [award.id for award in public],
        {str(year): _digest(own) for year, own in sorted(years.items())},
        _counted(awards),
    )


def shown_of(awards: Sequence[Award]) -> Shown:
    """What lists ask of all awards of a person."""
    here = [award for award in awards if award.in_force and on_passport(award)]
    refs: dict[str, bool] = {}
    for award in awards:
        refs[award.badge.ref] = refs.get(award.badge.ref, False) or is_public(award)
    languages = dict.fromkeys(award.language or "" for award in here)
    return Shown(len(here), tuple(languages), tuple(sorted(refs.items())))


def _line(award: Award) -> str:
    """What lists say of an award, and of whom it belongs to."""
    person = award.participant
    face = f"{person.slug} {is_listed(person)} {is_sealed(person)} {person.language} {shown_name(person)}"
    return f"{award.id} {mark(award)} {face}\n"


def _years(award: Award) -> Iterable[int]:
    """The years in which something happened to an award."""
    if award.revoked is None and award.reinstated is None:
        return (award.issued_on.year,)
    return {day.year for day, _ in happened(award)}


def _counted(awards: Iterable[Award]) -> Counts:
    # Most awards of a badge are alike in all of this: few names are put together.
    alike = Counter(
        (
            award.issued_on.year,
            award.issued_on.month,
            award.level or "",
            award.language or award.participant.language or "",
            state(award),
            int(is_public(award)),
        )
        for award in awards
    )
    counted: dict[str, Counter[str]] = {
        name: Counter() for name in ("months", "levels", "languages", "states", "answers")
    }
    for (year, month, level, language, now, seen), number in alike.items():
        counted["months"][f"{year:04}-{month:02} {seen}"] += number
        counted["levels"][f"{level} {seen}"] += number
        counted["languages"][f"{language} {seen}"] += number
        counted["states"][f"{now} {seen}"] += number
        counted["answers"][f"{year:04} {now} {seen}"] += number
    return {name: dict(sorted(counts.items())) for name, counts in counted.items()}


def _digest(parts: Iterable[str]) -> str:
    """A digest of texts; empty if there are none."""
    said = "".join(parts)
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32] if said else ""
