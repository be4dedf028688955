"""What passports lack, and what it would bring: for the promoter alone, people by their slugs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Participant
from badge_passport.registry.privacy import in_passport


@dataclass(frozen=True, slots=True)
class Tip:
    """Something that some passports lack, what it would bring, and whose they are."""

    lacks: str
    brings: str
    people: tuple[str, ...]


_Lacks = Callable[[Participant, Sequence[Award]], bool]
_TIPS: tuple[tuple[str, str, _Lacks], ...] = (
    (
        "nothing accepted",
        "without an answer the passport is empty; `passport notify` reminds",
        lambda _, awards: bool(awards) and not any(in_passport(a) for a in awards),
    ),
    (
        "no consent to a name",
        "with it, the passport and its badges say whose they are",
        lambda person, _: person.record.consent is None or "name" not in person.record.consent.scope,
    ),
    ("no bio", "a few sentences say who earned these badges", lambda person, _: person.record.bio is None),
    ("no photo", "a drawing stands in its place", lambda person, _: person.record.photo is None),
    (
        "no portfolio",
        "texts and pictures show what is behind the badges",
        lambda person, _: not person.pages,
    ),
    (
        "no language",
        "messages and badges are in the site's first language",
        lambda person, _: person.record.language is None,
    ),
)


def tips(registry: Registry, issuers: Collection[str] = ()) -> tuple[tuple[Tip, ...], int]:
    """What is lacking, and how many people were looked at: those whom these issuers (all) gave something."""
    people = [
        (person, awards)
        for person in registry.participants.values()
        for awards in (registry.awards_by_participant.get(person.slug, ()),)
        if not issuers or any(a.badge.issuer.slug in issuers for a in awards)
    ]
    found = (
        Tip(lacks, brings, tuple(sorted(p.slug for p, awards in people if wants(p, awards))))
        for lacks, brings, wants in _TIPS
    )
    return tuple(tip for tip in found if tip.people), len(people)
