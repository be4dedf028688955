"""The rules of awards, asked of wishes: what they are against is told before anybody gets anything.

So a row that breaks a rule has no say in who is who, and the order of rows cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from badge_passport.desk.awarding.intents import Intent, record
from badge_passport.diagnostics import Place
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Origin, Participant
from badge_passport.registry.holders import edition
from badge_passport.registry.rules import OF_SINGLE_AWARDS

_NOBODY = r.Identity(identity="sha256$" + "0" * 64, salt="0" * 16)


def against_rules(intents: Sequence[Intent], registry: Registry) -> dict[int, str]:
    """What the first rule that an award breaks says, by the number of the wish.

    The wishes are such that each makes a record.
    """
    somebody = Participant("somebody", r.ParticipantRecord(identities=[_NOBODY]), Origin(""))
    awards = {str(n): _award(n, intent, somebody, registry) for n, intent in enumerate(intents)}
    broken: dict[int, str] = {}
    for rule in OF_SINGLE_AWARDS:
        for found in rule(replace(registry, awards=awards)):
            number = found.where.path[0] if isinstance(found.where, Place) and found.where.path else None
            if isinstance(number, int):
                broken.setdefault(number, found.message)
    return broken


def _award(number: int, intent: Intent, somebody: Participant, registry: Registry) -> Award:
    values = r.AwardRecord.model_validate(record(intent, somebody.slug))
    badge = edition(registry.versions[intent.badge], values)
    validity = badge.record.valid_for
    return Award(
        id=str(number),
        participant=somebody,
        badge=badge,
        record=values,
        origin=Origin("", (number,)),
        identity=_NOBODY,
        expires=values.expires or (validity.after(values.issued_on) if validity else None),
        acceptance="pending",
        revoked=values.revoked,
    )
