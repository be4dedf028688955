"""Erasing a person: what is left says nothing of them, and answers verifiers.

Their file, their portfolio, their rows in the roster and every record of their awards go. For each award a
tombstone stays (``content/awards/<issuer>/erased.yml``): its number, badge and day, so that whoever checks it
hears that it was withdrawn at the holder's request. Tombstones of one person are not linked to each other.
In ``private/`` a hash of each address stays, so that no table brings the person back unnoticed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from badge_passport.desk.files.rewriting import rewritten
from badge_passport.desk.files.yamlfiles import EditError, edit, text_of
from badge_passport.desk.people.erased import ERASED as ERASED_PEOPLE
from badge_passport.desk.people.erased import Erased, to_bytes
from badge_passport.desk.people.roster import ROSTER, Roster
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Participant
from badge_passport.registry.load import ERASED
from badge_passport.source.files import Tree

HEADER = "# yaml-language-server: $schema=../../../schemas/erased.schema.json\n"


@dataclass(frozen=True, slots=True)
class Erasing:
    """The files after an erasure, the awards that become tombstones, and endorsements that go with them."""

    files: dict[str, bytes | None]
    awards: tuple[Award, ...]
    endorsements: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """What the roster had of the person."""
    roster: Roster = field(default_factory=Roster)
    """The roster after it."""


def erase(
    tree: Tree, registry: Registry, person: Participant, roster: Roster, on: datetime.date
) -> tuple[Erasing, list[Diagnostic]]:
    """Everything that must change for a person to be erased.

    Problems: ``not-erasable``.
    """
    awards = registry.awards_by_participant.get(person.slug, ())
    written = [award for award in awards if not award.because]
    try:
        text_of(tree.files[person.origin.file])  # before anything: a table would keep the person
        files = rewritten(tree, ((award, None) for award in written))
        files |= _tombstones(tree, awards, on)
    except EditError as error:
        return Erasing({}, ()), [
            Diagnostic(
                "not-erasable",
                f"“{person.slug}” cannot be erased by the program: {error}",
                person.origin.at(),
                "take the person's awards out of that file by hand, into a file of their own, and try again.",
            )
        ]
    endorsements = _endorsements(registry, set(awards))
    names = [person.slug, *(old.slug for old in person.record.former)]
    for name in names:
        for path in (
            f"content/participants/{name}.yml",
            f"content/participants/{name}.md",
            f"private/participants/{name}.yml",
            *tree.under(f"content/participants/{name}"),
        ):
            if path in tree.files:
                files[path] = None
    files |= dict.fromkeys(endorsements)
    left = Roster(
        tuple(entry for entry in roster.entries if entry.participant not in names),
        (*roster.erased, *_hashed(person, on)),
    )
    if left.entries != roster.entries:
        files[ROSTER] = left.to_bytes()
    files[ERASED_PEOPLE] = to_bytes(left.erased)
    gone = tuple(entry.address for entry in roster.entries if entry.participant in names)
    return Erasing(files, tuple(awards), endorsements, gone, left), []


def _hashed(person: Participant, on: datetime.date) -> Iterator[Erased]:
    """The addresses of a person as their public file had them."""
    former = (identity for old in person.record.former for identity in old.identities)
    for one in (*person.record.identities, *former):
        if one.type == "email":
            yield Erased(on.isoformat(), one.identity, one.salt)


def _tombstones(tree: Tree, awards: tuple[Award, ...], on: datetime.date) -> dict[str, bytes | None]:
    by_file: dict[str, list[Award]] = {}
    for award in awards:
        by_file.setdefault(f"content/awards/{award.badge.issuer.slug}/{ERASED}", []).append(award)
    return {file: _with(tree.files.get(file), found, on) for file, found in by_file.items()}


def _with(data: bytes | None, awards: list[Award], on: datetime.date) -> bytes:
    """The file of tombstones with more of them, in the order of their numbers: not that of people."""
    if data is None:
        data = (HEADER + "erased: []\n").encode()

    def add(value: dict[str, list[dict[str, object]]]) -> None:
        entries = value["erased"]
        for award in awards:
            place = award.record.status
            entry: dict[str, object] = {
                "id": award.id,
                "badge": award.badge.slug,
                "issuedOn": award.issued_on,
                "on": on,
            }
            if place is not None:
                entry["status"] = {"list": place.list, "index": place.index}
            entries.append(entry)
        entries.sort(key=lambda entry: str(entry["id"]))

    return edit(data, add)


def _endorsements(registry: Registry, awards: set[Award]) -> tuple[str, ...]:
    """The files of endorsements of these awards: they name the person."""
    return tuple(
        f"badges/{given.endorser.slug}/endorsements/{given.slug}.yml"
        for given in registry.endorsements
        if given.award in awards
    )
