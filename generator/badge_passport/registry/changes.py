"""What a change would publish, for the people who review it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from badge_passport.model.records import PublicKey
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
    profiles: int = 0
    """Passports that were there and show something else."""
    reworded: list[str] = field(default_factory=list)
    """Badges of which an edition that was there says something else."""
    organisations: list[str] = field(default_factory=list)
    frameworks: list[str] = field(default_factory=list)
    endorsements: int = 0
    site: bool = False
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
        profiles=sum(
            1
            for slug, person in after.participants.items()
            if slug in before.participants
            and was_listed[slug] == now_listed[slug]
            and _tells(before.participants[slug]) != _tells(person)
        ),
        reworded=_others(_editions(before), _editions(after)),
        organisations=_others(_organisations(before), _organisations(after)),
        frameworks=_others(_frameworks(before), _frameworks(after)),
        endorsements=len(_endorsements(after) - _endorsements(before)),
        site=before.site != after.site,
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


def _tells(person: Participant) -> tuple[object, ...]:
    """What a passport shows, but for what is told by itself: answers, badges of others, moves."""
    aside = {"responses", "identities", "key", "former", "other_badges"}
    others = {name for badge in person.record.other_badges for name in (badge.file, badge.image)}
    kept = {name: data for name, data in person.kept.items() if name not in others and ".json" not in name}
    return {k: v for k, v in vars(person.record).items() if k not in aside}, person.pages, kept


_Said = dict[str, object]
"""What is published of things, by their names."""


def _others(before: _Said, after: _Said) -> list[str]:
    """The names of things that were there and say something else now."""
    return list(
        dict.fromkeys(
            name.partition(" ")[0] for name, said in after.items() if name in before and before[name] != said
        )
    )


def _editions(registry: Registry) -> _Said:
    """By reference and version; the day on which a version ends is told by the one that follows."""
    return {
        f"{ref} {badge.version}": (_but(vars(badge.record), "until"), badge.picture)
        for ref, versions in registry.versions.items()
        for badge in versions
    }


def _organisations(registry: Registry) -> _Said:
    return {slug: (_but(vars(i.record), "keys"), i.picture) for slug, i in registry.issuers.items()}


def _frameworks(registry: Registry) -> _Said:
    return {slug: framework.record for slug, framework in registry.frameworks.items()}


def _but(said: _Said, name: str) -> _Said:
    return {k: v for k, v in said.items() if k != name}


def _endorsements(registry: Registry) -> set[tuple[str, str]]:
    return {(endorsement.endorser.slug, endorsement.slug) for endorsement in registry.endorsements}


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


def _key(old: PublicKey | None, new: PublicKey) -> str:
    tokens = " tokens" if new.public_key_multibase.startswith("zDn") else ""
    if old is None and new.in_use:
        return f"a new key signs{tokens}"
    for word in ("retired", "compromised"):
        if getattr(new, word) and not getattr(old, word, None):
            # Two rotations at once bring one that never signs.
            return f"a key is {word}" if old else f"a new key is {word} already"
    return ""
