"""What must hold of people: consent, and that nobody is two people. One function for each rule."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.diagnostics import Diagnostic, Keys, did_you_mean
from badge_passport.model import records as r
from badge_passport.registry.entities import Registry
from badge_passport.registry.portfolio import blocks_mean_something
from badge_passport.registry.references import matches


def consent_is_recorded(registry: Registry) -> Iterator[Diagnostic]:
    """``consent-missing``: a name or a listing needs a dated consent with that scope."""
    for person in registry.participants.values():
        record = person.record
        scope = record.consent.scope if record.consent else []
        if record.display != "none" and "name" not in scope:
            yield Diagnostic(
                "consent-missing",
                f"“display: {record.display}” shows a name nobody has consented to",
                person.origin.at("display"),
                "record it: “consent: {on: 2019-06-20, scope: [name]}”, or write “display: none”.",
            )
        if record.photo is not None and "photo" not in scope:
            yield Diagnostic(
                "consent-missing",
                "“photo” shows a person who has not consented to that",
                person.origin.at("photo"),
                "record it: “consent: {on: 2019-06-20, scope: [photo]}”, or take the photo out.",
            )
        if record.visibility == "public" and "listing" not in scope:
            yield Diagnostic(
                "consent-missing",
                "“visibility: public” lists a person who has not consented to be listed",
                person.origin.at("visibility"),
                "record it: “consent: {on: 2019-06-20, scope: [listing]}”, or write “visibility: unlisted”.",
            )


def display_has_a_name(registry: Registry) -> Iterator[Diagnostic]:
    """``missing-key``: what is to be displayed is there."""
    for person in registry.participants.values():
        record = person.record
        needs = {"full": "name", "initials": "name", "pseudonym": "pseudonym"}.get(record.display)
        if needs and getattr(record, needs) is None:
            yield Diagnostic(
                "missing-key",
                f"“display: {record.display}” needs the key “{needs}”",
                person.origin.at("display"),
                f"add “{needs}: …”, or write “display: none”.",
            )


def keys_of_participants_differ(registry: Registry) -> Iterator[Diagnostic]:
    """``duplicate-participant``: no two share a key, no two identities share a hash or a salt."""
    seen: dict[tuple[str, str], str] = {}
    for person in registry.participants.values():
        claims: list[tuple[str, str, Keys]] = [("key", person.key, ("key",) if person.record.key else ())]
        own: list[tuple[Keys, list[r.Identity]]] = [(("identities",), person.record.identities)]
        for number, old in enumerate(person.record.former):
            at: Keys = ("former", number)
            if old.slug in registry.participants:
                yield Diagnostic(
                    "duplicate-participant",
                    f"“{old.slug}” is the passport of somebody today",
                    person.origin((*at, "slug")),
                    "a passport that was merged or renamed has no file any more: move it away.",
                )
            if (old.key or old.slug) != person.key:
                claims.append(("key", old.key or old.slug, (*at, "slug")))
            own.append(((*at, "identities"), old.identities))
        for where, identities in own:
            for number, identity in enumerate(identities):
                claims.append(("identity", identity.identity, (*where, number, "identity")))
                claims.append(("salt", identity.salt, (*where, number, "salt")))
        for kind, value, keys in claims:
            if keys[:1] == ("former",) and seen.get((kind, value)) == person.slug:
                continue  # a passport that was renamed before it was merged
            if (kind, value) in seen:
                yield Diagnostic(
                    "duplicate-participant",
                    f"this {kind} stands already in the file of “{seen[kind, value]}”",
                    person.origin(keys),
                    "one person is one file with several identities; each has a random salt of its own.",
                )
            seen.setdefault((kind, value), person.slug)


def responses_mean_an_award(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-award``: a participant's response is to an award they were given."""
    for person in registry.participants.values():
        own = registry.awards_by_participant.get(person.slug, ())
        for number, response in enumerate(person.record.responses):
            if not any(matches(response, a.badge.ref, a.participant.slug, a.record) for a in own):
                yield Diagnostic(
                    "unknown-award",
                    f"this person was never awarded “{response.badge}”",
                    person.origin.at("responses", number, "badge"),
                    f"{did_you_mean(response.badge, {a.badge.ref for a in own})}write issuer/badge.",
                )


PEOPLE_RULES = (
    blocks_mean_something,
    consent_is_recorded,
    display_has_a_name,
    keys_of_participants_differ,
    responses_mean_an_award,
)
