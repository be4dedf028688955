"""People and awards that stand for those of files that did not change: what lists ask of them is at hand.

Whatever else is asked of one is read then, from its file, and is there from that moment on.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from badge_passport.model import records as r
from badge_passport.model.texts import Text
from badge_passport.registry.entities import Acceptance, Award, BadgeClass, Participant

ACCEPTANCES: Final[tuple[Acceptance, ...]] = ("pending", "accepted", "declined", "hidden")
_WITH_EVIDENCE: Final = 4
PersonRow = Sequence[Any]
"""A person as they are remembered: see `person_row`."""
AwardRow = Sequence[Any]
"""An award as it is remembered: see `award_row`."""


class Shelf(Protocol):
    """Where people are read whom others only stand for."""

    def open(self, slug: str) -> tuple[Participant, Mapping[str, Award]]:
        """A person, and their awards by id."""
        ...


class PersonStandIn(Participant):
    """Stands for a person. ``print`` is the digest of all that is published of them alone."""

    __slots__ = ("_shelf", "language", "listed", "name", "print", "row", "sealed")
    language: str | None
    listed: bool
    name: str | None
    print: str
    row: PersonRow
    sealed: bool
    _shelf: Shelf

    def opened(self) -> tuple[Participant, Mapping[str, Award]]:
        """The person themselves, and their awards by id."""
        return self._shelf.open(self.slug)

    def __getattr__(self, name: str) -> Any:
        """What is not at hand."""
        if name not in _OF_PERSON:
            raise AttributeError(name)
        there, _ = self._shelf.open(self.slug)
        for field in _OF_PERSON:
            object.__setattr__(self, field, getattr(there, field))
        return getattr(there, name)


class AwardStandIn(Award):
    """Stands for an award that somebody holds."""

    __slots__ = (
        "_shelf",
        "evidence",
        "in_force",
        "issued_on",
        "language",
        "level",
        "reinstated",
        "row",
        "status",
    )
    evidence: list[r.Evidence]
    in_force: bool
    issued_on: datetime.date
    row: AwardRow
    _shelf: Shelf

    @property
    def erased(self) -> bool:
        """No."""
        return False

    def __getattr__(self, name: str) -> Any:
        """What is not at hand."""
        if name in _COMPUTED:  # of a copy that was changed
            return getattr(Award, name).fget(self)
        if name not in _OF_AWARD:
            raise AttributeError(name)
        if name == "expires":  # which every page with a link to LinkedIn asks
            day = self.row[7].get(name)
            expires = _expiry(self) if day is None else datetime.date.fromordinal(day) if day else None
            object.__setattr__(self, name, expires)
            return expires
        there = self._shelf.open(self.participant.slug)[1][self.id]
        for field in _OF_AWARD:
            object.__setattr__(self, field, getattr(there, field))
        return getattr(there, name)


_OF_PERSON: Final = ("record", "origin", "pages", "kept")
_OF_AWARD: Final = ("record", "origin", "identity", "expires", "revoked", "because")
_COMPUTED: Final = ("evidence", "in_force", "issued_on", "language", "level", "reinstated", "status")


def person_row(person: Participant, claims: str, print_: str) -> PersonRow:
    """What is remembered of a person.

    ``claims`` are digests of what nobody else may have, ``print_`` is that of all that is published of them.
    """
    former = " ".join(old.slug for old in person.record.former)
    seen = person.listed, person.sealed, person.name, person.language
    return [person.slug, *seen, former, claims, print_]


def person_of(row: PersonRow, shelf: Shelf) -> PersonStandIn:
    """Who stands for a person that is remembered.

    Raises:
        ValueError: the row is none of a person.
    """
    slug, listed, sealed, name, language, _former, _claims, print_ = row[:8]
    person = PersonStandIn.__new__(PersonStandIn)
    put = object.__setattr__
    put(person, "slug", slug)
    put(person, "listed", listed)
    put(person, "sealed", sealed)
    put(person, "name", name)
    put(person, "language", language)
    put(person, "print", print_)
    put(person, "row", row)
    put(person, "_shelf", shelf)
    return person


def award_row(award: Award, edition: int, file: int) -> AwardRow:
    """What is remembered of an award of this edition of its badge.

    It is written in the file with this number, or follows from others (-1).
    """
    day, more = award.issued_on.toordinal(), _more(award)
    return [award.id, award.participant.slug, edition, day, _state(award), file, mark(award), more]


def mark(award: Award) -> str:
    """A digest of what lists say of an award, but for its holder."""
    if isinstance(award, AwardStandIn):
        made: str = award.row[6]
        return made
    evidence = [item.model_dump(mode="json") for item in award.evidence]
    said = award.badge.version, award.issued_on.toordinal(), _state(award), _more(award), evidence
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _state(award: Award) -> int:
    return ACCEPTANCES.index(award.acceptance) + (_WITH_EVIDENCE if award.record.evidence else 0)


def _more(award: Award) -> dict[str, Any]:
    """What lists say of few awards."""
    record = award.record
    more: dict[str, Any] = {}
    if award.revoked is not None:
        more["revoked"] = [award.revoked.on.toordinal(), award.revoked.reason.root]
    if record.reinstated is not None:
        again = record.reinstated
        reason = again.reason.root if again.reason else None
        more["reinstated"] = [again.revoked_on.toordinal(), again.on.toordinal(), reason]
    if record.status is not None:
        more["status"] = [record.status.list, record.status.index]
    if record.level is not None:
        more["level"] = record.level
    if record.language is not None:
        more["language"] = record.language
    if award.expires != _expiry(award):
        more["expires"] = award.expires.toordinal() if award.expires else 0
    return more


def _expiry(award: Award) -> datetime.date | None:
    """The day that the badge says."""
    validity = award.badge.record.valid_for
    return validity.after(award.issued_on) if validity else None


def award_of(
    row: AwardRow, person: Participant, badge: BadgeClass, shelf: Shelf, put: Any = object.__setattr__
) -> AwardStandIn:
    """What stands for an award that is remembered.

    Raises:
        ValueError, TypeError: the row is none of an award.
    """
    number, _slug, _edition, day, state, _file, _mark, more = row
    award = AwardStandIn.__new__(AwardStandIn)
    acceptance = ACCEPTANCES[state % _WITH_EVIDENCE]
    if state < _WITH_EVIDENCE:
        put(award, "evidence", [])
    put(award, "id", number)
    put(award, "participant", person)
    put(award, "badge", badge)
    put(award, "issued_on", datetime.date.fromordinal(day))
    put(award, "acceptance", acceptance)
    put(award, "_shelf", shelf)
    put(award, "row", row)
    if not more:
        put(award, "revoked", None)
        put(award, "in_force", acceptance != "declined")
        put(award, "level", badge.record.level)
        put(award, "language", None)
        put(award, "reinstated", None)
        put(award, "status", None)
        return award
    revoked, again, status = more.get("revoked"), more.get("reinstated"), more.get("status")
    put(award, "revoked", _revocation(*revoked) if revoked else None)
    put(award, "in_force", revoked is None and acceptance != "declined")
    put(award, "level", more.get("level") or badge.record.level)
    put(award, "language", more.get("language"))
    put(award, "reinstated", _reinstatement(*again) if again else None)
    put(award, "status", r.StatusPlace(list=status[0], index=status[1]) if status else None)
    return award


def _revocation(day: int, reason: dict[str, str]) -> r.Revocation:
    on = datetime.date.fromordinal(day)
    return r.Revocation.model_construct(on=on, reason=Text.model_construct(reason))


def _reinstatement(before: int, day: int, reason: dict[str, str] | None) -> r.Reinstatement:
    return r.Reinstatement.model_construct(
        revoked_on=datetime.date.fromordinal(before),
        on=datetime.date.fromordinal(day),
        reason=None if reason is None else Text.model_construct(reason),
    )
