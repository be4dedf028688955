"""Whom an award is written for: a participant, a passport they had before, or nobody any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from badge_passport.diagnostics import Diagnostic
from badge_passport.model import records as r
from badge_passport.model.texts import Text
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.load import Entry, Problems

ERASED = Text.model_validate(
    {
        "en": "Withdrawn at the holder's request",
        "fr": "Retiré à la demande du titulaire",
        "ar": "سُحبت بطلب من صاحبها",
    }
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A name that awards may be written for: whose it is, and what their ids and recipients are made of."""

    person: Participant
    key: str
    identities: tuple[r.Identity, ...]


def holders(people: Mapping[str, Participant]) -> dict[str, Holder]:
    """Every slug that an award may name, former ones included."""
    found: dict[str, Holder] = {}
    for person in people.values():
        for old in person.record.former:
            own = old.identities or person.record.identities
            found[old.slug] = Holder(person, old.key or old.slug, tuple(own))
    for slug, person in people.items():
        found[slug] = Holder(person, person.key, tuple(person.record.identities))
    return found


def erased_awards(
    entries: list[Entry[r.ErasedRecord]],
    versions: Mapping[str, tuple[BadgeClass, ...]],
    unread: frozenset[str],
    problems: Problems,
) -> Iterator[Award]:
    """Awards whose holders asked for erasure: withdrawn, each with a participant of its own who is nobody.

    Problems: ``unknown-badge`` (but for the ``unread`` files).
    """
    for entry in entries:
        for number, erased in enumerate(entry.record.erased):
            editions = versions.get(f"{entry.slug}/{erased.badge}")
            origin = entry.origin.under("erased", number)
            if editions is None:
                if f"badges/{entry.slug}/{erased.badge}.yml" in unread:
                    continue
                problems.append(
                    Diagnostic(
                        "unknown-badge",
                        f"no badge called “{erased.badge}”",
                        origin.at("badge"),
                        "the badge of an erased award must stay: bring its file back.",
                    )
                )
                continue
            nobody = r.ParticipantRecord.model_construct(identities=[])
            yield Award(
                id=erased.id,
                participant=Participant(erased.id.lower(), nobody, origin),
                badge=edition(editions, erased),
                record=r.AwardRecord.model_construct(
                    participant=erased.id.lower(),
                    badge=erased.badge,
                    issued_on=erased.issued_on,
                    status=erased.status,
                ),
                origin=origin,
                identity=None,
                expires=None,
                acceptance="pending",
                revoked=r.Revocation.model_construct(on=erased.on, reason=ERASED),
            )


def edition(editions: tuple[BadgeClass, ...], record: r.AwardRecord | r.ErasedAward) -> BadgeClass:
    """The version that was in force on the day of the award."""
    if len(editions) == 1:
        return editions[0]
    return next((b for b in editions if b.record.until and record.issued_on < b.record.until), editions[-1])
