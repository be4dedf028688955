"""Every machine-readable file of a site but the pages' own: documents, lists and indexes, by output path."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from badge_passport.credentials import ob2
from badge_passport.credentials.documents import Document, to_bytes, without_empty
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Competence, Participant
from badge_passport.registry.portfolio import files_of
from badge_passport.registry.privacy import has_passport, in_passport, is_listed, is_public, shown_name
from badge_passport.registry.profile import reached
from badge_passport.source import photos
from badge_passport.urls import Urls

Files = Iterator[tuple[str, bytes]]
_ENTRY = b'{"award":"'  # how an entry of the register begins
PHOTO, PICTURE = 320, 1600
"""Pixels of a portrait's side, and of the longer side of a picture on a page."""


def hosted(registry: Registry, urls: Urls) -> Files:
    """Open Badges 2.0: issuers, badge classes of every version and language, endorsements, revocations."""
    withdrawn: dict[str, list[Award]] = {}
    for award in registry.awards.values():
        if not award.in_force:
            withdrawn.setdefault(award.badge.issuer.slug, []).append(award)
    for issuer in registry.issuers.values():
        yield urls.issuer_document(issuer.slug), to_bytes(ob2.issuer(registry, urls, issuer))
        revoked = ob2.revocation_list(registry, urls, issuer, withdrawn.get(issuer.slug, []))
        yield urls.revocations(issuer.slug), to_bytes(revoked)
    for ref, versions in registry.versions.items():
        for badge in versions:
            for language in ob2.editions(registry, badge):
                document = ob2.badge_class(registry, urls, badge, language)
                yield urls.badge_document(ref, badge.version, language), to_bytes(document)
        badge = registry.badges[ref]
        for language in ob2.editions(registry, badge):
            document = ob2.badge_class(registry, urls, badge, language, current=True)
            yield urls.badge_document(ref, None, language), to_bytes(document)
    for endorsement in registry.endorsements:
        path = urls.endorsement(endorsement.endorser.slug, endorsement.slug)
        yield path, to_bytes(ob2.endorsement(registry, urls, endorsement))


def register_entry(urls: Urls, award: Award, assertion: str) -> bytes:
    """An award in ``register.json``: the digest of its id, that of its assertion, and its state.

    ``assertion`` is the SHA-256 of that (hexadecimal).

    Ids of awards whose holders are not listed are not written out, because an id is the address of a page:
    whoever has an award can find it here, and nobody can walk from here to an award.
    """
    entry = without_empty(
        award=digest(award.id.encode()),
        id=urls.absolute(urls.assertion(award.id)) if is_public(award) else None,
        assertion=f"sha256${assertion}",
        state=_state(award),
    )
    return to_bytes(entry)


def register(urls: Urls, entries: Iterable[bytes]) -> bytes:
    """``register.json`` of entries that `register_entry` made, in the order of their digests.

    Each of ``entries`` may be several, one a line.
    """
    head = without_empty(
        id=urls.absolute("register.json"),
        description="award: SHA-256 of the award's id; assertion: SHA-256 of its assertion.json",
    )
    lines = sorted(filter(None, b"\n".join(entries).split(b"\n")))
    if not lines:
        return to_bytes(head)
    lines[0] = to_bytes(head)[:-2] + b',"awards":[' + lines[0]  # here, as the whole may be large
    lines[-1] += b"]}\n"
    return b",".join(lines)


def register_entries(register: bytes, but: Iterable[str]) -> list[bytes]:
    """The entries of what `register` made, without those of some awards, by their ids."""
    entries = register.partition(b',"awards":[')[2].removesuffix(b"]}\n")
    lines = entries.replace(b"}," + _ENTRY, b"}\n" + _ENTRY).split(b"\n") if entries else []
    gone = set[int]()
    for award in but:
        start = _ENTRY + digest(award.encode()).encode()
        place = bisect_left(lines, start)
        if lines[place : place + 1] and lines[place].startswith(start):
            gone.add(place)
    return [line for place, line in enumerate(lines) if place not in gone] if gone else lines


def digest(data: bytes) -> str:
    """A digest as `register` writes it."""
    return "sha256$" + hashlib.sha256(data).hexdigest()


def _state(award: Award) -> str:
    if award.revoked is not None:
        return "revoked"
    return "declined" if award.acceptance == "declined" else "issued"


def index(registry: Registry, urls: Urls) -> bytes:
    """``index.json``: what there is to find, for machines; people only if they chose to be listed."""
    default = registry.default_language
    text = registry.text
    return to_bytes(
        without_empty(
            id=urls.absolute("index.json"),
            name=text(registry.site.name, default),
            description=text(registry.site.description, default),
            url=urls.absolute(""),
            languages=list(registry.site.languages),
            register=urls.absolute("register.json"),
            issuers=[
                {
                    "id": urls.absolute(urls.issuer_document(i.slug)),
                    "name": text(i.record.name, default),
                    "page": urls.absolute(urls.issuer(i.slug)),
                }
                for i in registry.issuers.values()
            ],
            badges=[
                {
                    "id": urls.absolute(urls.badge_document(b.ref, None, ob2.edition(registry, b, default))),
                    "name": text(b.record.name, default),
                    "page": urls.absolute(urls.badge(b.ref)),
                    "image": urls.absolute(urls.badge_image(b.ref, None)),
                }
                for b in registry.badges.values()
            ],
            frameworks=[
                {
                    "id": urls.absolute(urls.framework_document(f.slug)),
                    "name": text(f.record.name, default),
                    "page": urls.absolute(urls.framework(f.slug)),
                }
                for f in registry.frameworks.values()
            ],
            passports=[
                without_empty(
                    id=urls.absolute(urls.passport_document(p.slug)),
                    name=shown_name(p),
                    page=urls.absolute(urls.passport(p.slug)),
                )
                for p in registry.participants.values()
                if is_listed(p)
            ],
        )
    )


def frameworks(registry: Registry, urls: Urls) -> Files:
    """``framework.json``: competences, levels and types with all their languages, as open data."""
    for framework in registry.frameworks.values():
        record, slug = framework.record, framework.slug
        path = urls.framework_document(slug)
        document = without_empty(
            id=urls.absolute(path),
            **_named(registry, record),
            levels=[{"code": code, **_named(registry, level)} for code, level in record.levels.items()],
            types=[{"code": code, **_named(registry, kind)} for code, kind in record.types.items()],
            competences=[
                without_empty(
                    **_coded(registry, urls, f"{slug}/{code}", competence),
                    microCompetences=[
                        _coded(registry, urls, f"{slug}/{code}/{micro}", inner)
                        for micro, inner in competence.micro_competences.items()
                    ],
                )
                for code, competence in record.competences.items()
            ],
        )
        yield path, to_bytes(document)


def _coded(registry: Registry, urls: Urls, ref: str, thing: r.Named) -> Document:
    code = ref.rpartition("/")[2]
    return {"id": urls.absolute(urls.competence(ref)), "code": code, **_named(registry, thing)}


def _named(registry: Registry, thing: r.Named | r.FrameworkRecord) -> Document:
    """Name and description in every language of the site."""
    languages = registry.site.languages
    return without_empty(
        name={tag: registry.text(thing.name, tag) for tag in languages},
        description={tag: registry.text(thing.description, tag) for tag in languages}
        if thing.description
        else None,
    )


def passports(registry: Registry, urls: Urls, person: Participant) -> Files:
    """``passport.json``: everything published about a person, and our copies of badges from elsewhere."""
    if has_passport(person):
        yield from copies(urls, person)
        yield urls.passport_document(person.slug), to_bytes(passport(registry, urls, person))


def passport(registry: Registry, urls: Urls, person: Participant) -> Document:
    """The content of a person's ``passport.json``."""
    default = registry.default_language
    record = person.record
    awards = [a for a in registry.awards_by_participant.get(person.slug, ()) if in_passport(a)]
    return without_empty(
        id=urls.absolute(urls.passport_document(person.slug)),
        page=urls.absolute(urls.passport(person.slug)),
        name=shown_name(person),
        visibility=record.visibility,
        consent=without_empty(on=record.consent.on.isoformat(), scope=list(record.consent.scope))
        if record.consent
        else None,
        bio=registry.text(record.bio, default) if record.bio else None,
        photo=urls.absolute(urls.photo(person.slug)) if record.photo else None,
        languages=list(record.languages),
        links=[{"name": registry.text(x.name, default), "url": x.url} for x in record.links],
        awards=[_award(registry, urls, award) for award in awards],
        competences=[
            without_empty(**_competence(registry, urls, competence), levels=[x for x in levels if x])
            for competence, levels in reached(registry, (a for a in awards if a.in_force))
        ],
        collections=[
            {
                "name": registry.text(one.name, default),
                "badges": [
                    urls.absolute(urls.assertion(a.id))
                    for ref in one.badges
                    for a in awards
                    if a.badge.ref == ref
                ],
            }
            for one in record.collections
        ],
        otherBadges=[_other(registry, urls, person, other) for other in record.other_badges],
    )


@lru_cache(maxsize=1024)  # the same for everybody
def _competence(registry: Registry, urls: Urls, competence: Competence) -> Document:
    default = registry.default_language
    return {
        "id": urls.absolute(urls.competence(competence.ref)),
        "name": registry.text(competence.record.name, default),
        "framework": registry.text(competence.framework.record.name, default),
    }


def copies(urls: Urls, person: Participant) -> Files:
    """The photo, the files of pages, and the badges from elsewhere without what stands behind them."""
    if person.record.photo:
        yield urls.photo(person.slug), photos.publish(person.kept[person.record.photo], PHOTO, square=True)
    for name in sorted(files_of(person.pages)):
        data = person.kept[name]
        yield (
            urls.kept_file(person.slug, name),
            data if name.endswith(".pdf") else photos.publish(data, PICTURE),
        )
    for other in person.record.other_badges:
        for kept in filter(None, (other.file, other.image)):
            yield urls.other_badge(person.slug, kept), person.kept[kept]


def _other(registry: Registry, urls: Urls, person: Participant, other: r.OtherBadge) -> Document:
    default = registry.default_language

    def copy(name: str | None) -> str | None:
        return urls.absolute(urls.other_badge(person.slug, name)) if name else None

    return without_empty(
        id=copy(other.file),
        name=registry.text(other.name, default),
        issuerName=registry.text(other.issuer_name, default),
        issuerUrl=other.issuer_url,
        issuedOn=other.issued_on.isoformat(),
        url=other.url,
        image=copy(other.image),
        verified={"on": other.verified.on.isoformat(), "how": other.verified.how, "by": other.verified.by}
        if other.verified
        else None,
    )


def _award(registry: Registry, urls: Urls, award: Award) -> Document:
    return without_empty(
        id=urls.absolute(urls.assertion(award.id)),
        page=urls.absolute(urls.award(award.id)),
        **_badge(registry, urls, award.badge),
        issuedOn=award.issued_on.isoformat(),
        expires=award.expires.isoformat() if award.expires else None,
        level=award.level,
        state=_state(award),
        because=[urls.absolute(urls.assertion(a.id)) for a in award.because if in_passport(a)],
    )


@lru_cache(maxsize=4096)  # the same in all awards of it
def _badge(registry: Registry, urls: Urls, badge: BadgeClass) -> Document:
    default = registry.default_language
    edition = ob2.edition(registry, badge, default)
    return {
        "badge": urls.absolute(urls.badge_document(badge.ref, badge.version, edition)),
        "name": registry.text(badge.record.name, default),
        "image": urls.absolute(urls.badge_image(badge.ref, badge.version)),
        "issuerName": registry.text(badge.issuer.record.name, default),
        "issuer": urls.absolute(urls.issuer_document(badge.issuer.slug)),
    }
