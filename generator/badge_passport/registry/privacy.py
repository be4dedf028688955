"""What may be shown of a person and of their awards; `Participant` knows what they chose themselves."""

from __future__ import annotations

from badge_passport.registry.entities import Award, Participant, Registry


def shown_name(participant: Participant) -> str | None:
    """The name as the participant chose to show it, or None. Nothing is shown without dated consent."""
    return participant.name


def award_name(award: Award) -> str | None:
    """The holder's name on an award's page: only once accepted, and never on a withdrawn award."""
    return shown_name(award.participant) if on_passport(award) else None


def is_listed(participant: Participant) -> bool:
    """Whether lists, search, feeds and the sitemap may name this person."""
    return participant.listed


def has_passport(participant: Participant) -> bool:
    """Whether a passport page is published that anybody with its address can read."""
    return not is_sealed(participant)


def is_sealed(participant: Participant) -> bool:
    """Whether the passport is private: published encrypted or not at all, and no other page leads to it."""
    return participant.sealed


def in_passport(award: Award) -> bool:
    """Whether the award stands on its holder's passport, whoever may read that."""
    return award.acceptance == "accepted"


def on_passport(award: Award) -> bool:
    """Whether the award stands on a passport that can be read, so that its page links there."""
    return in_passport(award) and has_passport(award.participant)


def holding(registry: Registry, person: Participant) -> list[Award]:
    """The awards in force on a passport that can be read, oldest first."""
    given = registry.awards_by_participant.get(person.slug, ())
    return [award for award in given if on_passport(award) and award.in_force]


def is_public(award: Award) -> bool:
    """Whether lists and indexes may show this award: whoever is listed has a passport that can be read."""
    return in_passport(award) and is_listed(award.participant)
