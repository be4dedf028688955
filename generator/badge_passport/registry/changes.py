"""What a change would publish, for the people who review it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from badge_passport.registry.entities import Award, Participant, Registry
from badge_passport.registry.privacy import is_listed


@dataclass(frozen=True, slots=True)
class Changes:
    """Two states of a site, compared. ``awards`` counts by what happened, then by badge (issuer/badge)."""

    awards: dict[str, Counter[str]] = field(default_factory=dict)
    badges: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)
    people: int = 0
    listed: int = 0
    unlisted: int = 0
    moved: list[str] = field(default_factory=list)
    elsewhere: int = 0
    keys: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    """The awards by what happened to them. Like `passports`, this is for who may see people."""
    passports: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)


# What can happen to an award, in the order in which it is told.
EVENTS = ("new", "revoked", "reinstated", "erased", "accepted", "declined", "hidden", "changed")


def compare(before: Registry, after: Registry) -> Changes:
    """What is in ``after`` and was not so in ``before``."""
    awards: dict[str, Counter[str]] = {event: Counter() for event in EVENTS}
    ids: dict[str, list[str]] = {}
    for award_id, award in after.awards.items():
        event = _event(before.awards.get(award_id), award)
        if event:
            awards[event][award.badge.ref] += 1
            ids.setdefault(event, []).append(award_id)
    known_keys = {k.public_key_multibase: k for i in before.issuers.values() for k in i.record.keys}
    pages_before = {(p.path, p.language): p.text for p in before.pages}
    pages_after = {(p.path, p.language): p.text for p in after.pages}
    was_listed = {slug: is_listed(person) for slug, person in before.participants.items()}
    now_listed = {slug: is_listed(person) for slug, person in after.participants.items()}
    former = {old.slug for old, _ in before.former}
    return Changes(
        awards={event: counted for event, counted in awards.items() if counted},
        badges=[ref for ref in after.badges if ref not in before.badges],
        versions=[
            f"{ref} {badge.version}"
            for ref, badge in after.badges.items()
            if ref in before.badges and badge.version not in {b.version for b in before.versions[ref]}
        ],
        issuers=[slug for slug in after.issuers if slug not in before.issuers],
        people=len(after.participants.keys() - before.participants.keys()),
        listed=sum(1 for slug, listed in now_listed.items() if listed and not was_listed.get(slug, False)),
        unlisted=sum(1 for slug, listed in was_listed.items() if listed and not now_listed.get(slug, False)),
        moved=sorted(old.slug for old, _ in after.former if old.slug not in former),
        elsewhere=len(_elsewhere(after) - _elsewhere(before)),
        keys=[
            f"{issuer.slug}: {word}"
            for issuer in after.issuers.values()
            for key in issuer.record.keys
            if (word := _key(known_keys.get(key.public_key_multibase), key))
        ],
        pages=sorted(
            {
                path + (f" ({language})" if language else "")
                for path, language in pages_before.keys() | pages_after.keys()
                if pages_before.get((path, language)) != pages_after.get((path, language))
            }
        ),
        ids=ids,
        passports=[
            slug
            for slug, person in after.participants.items()
            if slug not in before.participants or _shows(before.participants[slug]) != _shows(person)
        ],
    )


def _elsewhere(registry: Registry) -> set[tuple[str, str]]:
    """Badges of other issuers, each with the person whose passport it stands in."""
    return {
        (person.key, other.file or other.url or "")
        for person in registry.participants.values()
        for other in person.record.other_badges
    }


def _shows(person: Participant) -> tuple[object, ...]:
    return person.record, person.pages, dict(person.kept)


def _event(old: Award | None, new: Award) -> str:
    """What happened to an award, or nothing."""
    if old is None:
        return "new" if new.identity else ""
    if new.identity is None:
        return "erased" if old.identity else ""
    if bool(old.revoked) != bool(new.revoked):
        return "revoked" if new.revoked else "reinstated"
    if old.acceptance != new.acceptance:
        return new.acceptance if new.acceptance != "pending" else "changed"
    same = old.identity == new.identity and old.expires == new.expires and _said(old) == _said(new)
    return "" if same else "changed"


def _said(award: Award) -> dict[str, object]:
    """What is published of a record. A participant may be renamed, and a place in a list be written down."""
    return {
        name: value for name, value in vars(award.record).items() if name not in ("participant", "status")
    }


def _key(old: object, new: object) -> str:
    if old is None:
        return "a new key signs"
    for word in ("retired", "compromised"):
        if getattr(new, word) and not getattr(old, word):
            return f"a key is {word}"
    return ""
