"""Open Badges 2.0 documents with hosted verification: one function each, from the registry to values.

Specification: https://www.imsglobal.org/spec/ob/v2p0/ (sections 4 and 5). Where real verifiers ask for more
than it does, a comment says which.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence

from badge_passport.credentials.documents import Document, without_empty
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.registry.editions import edition as edition
from badge_passport.registry.editions import editions as editions
from badge_passport.registry.entities import Alignment, Award, BadgeClass, Endorsement, Issuer
from badge_passport.urls import Urls

CONTEXT = "https://w3id.org/openbadges/v2"
HOSTED: Document = {"type": "HostedBadge"}
# The 1EdTech validator ignores a list of one entry (compaction unwraps it): this one is always there.
PLACEHOLDER = "urn:uuid:00000000-0000-4000-8000-000000000000"
DECLINED = "Declined by the recipient"


def timestamp(day: datetime.date) -> str:
    """The first second of a day in UTC, without a fraction (which openbadgeslib refuses)."""
    return f"{day.isoformat()}T00:00:00Z"


def issuer(registry: Registry, urls: Urls, who: Issuer) -> Document:
    """Issuer profile. ``type`` is Issuer: 1EdTech's inspector fetches ``revocationList`` for no other."""
    default = registry.default_language
    return without_empty(
        at_context=CONTEXT,
        type="Issuer",
        id=urls.absolute(urls.issuer_document(who.slug)),
        name=registry.text(who.record.name, default),
        url=who.record.url,
        email=who.record.email,
        description=registry.text(who.record.description, default),
        image=urls.absolute(urls.issuer_image(who.slug)) if who.picture else None,
        # One string each: a list of prefixes, or an origin with its scheme, is refused.
        verification={
            "type": "VerificationObject",
            "startsWith": urls.absolute(""),
            "allowedOrigins": urls.host,
        },
        revocationList=urls.absolute(urls.revocations(who.slug)),
        endorsement=_endorsement_ids(registry, urls, issuer=who),
    )


def badge_class(
    registry: Registry, urls: Urls, badge: BadgeClass, language: str, *, current: bool = False
) -> Document:
    """BadgeClass of one language, linked to the other languages by ``related``.

    Assertions point at the edition of their version, which never changes; with ``current`` this is the
    document at the badge's own address, which follows the latest version.
    """
    record, version = badge.record, None if current else badge.version
    here = urls.badge_document(badge.ref, version, language)
    others = [tag for tag in editions(registry, badge) if tag != language]
    related = [
        {"id": urls.absolute(urls.badge_document(badge.ref, version, tag)), "@language": tag}
        for tag in others
    ]
    return without_empty(
        at_context=CONTEXT,
        type="BadgeClass",
        id=urls.absolute(here),
        at_language=language,
        version=badge.version,
        name=registry.text(record.name, language),
        description=registry.text(record.description, language),
        image={
            "id": urls.absolute(urls.badge_image(badge.ref, version)),
            "caption": registry.text(record.image_caption, language),
        },
        criteria={
            "id": urls.absolute(urls.page(urls.badge(badge.ref), language)),
            "narrative": registry.text(record.criteria, language),
        },
        issuer=urls.absolute(urls.issuer_document(badge.issuer.slug)),
        tags=list(record.tags),
        alignment=[alignment(registry, urls, a, language) for a in badge.alignments],
        related=related,
        endorsement=_endorsement_ids(registry, urls, badge=badge)
        if language == registry.default_language
        else None,
    )


def alignment(registry: Registry, urls: Urls, aligned: Alignment, language: str) -> Document:
    """AlignmentObject; ``targetUrl`` must be http(s), and 2.0 knows no targetType."""
    if aligned.elsewhere is not None:
        there = aligned.elsewhere
        return without_empty(
            targetName=registry.text(there.target_name, language),
            targetUrl=there.target_url,
            targetDescription=registry.text(there.target_description, language)
            if there.target_description
            else None,
            targetFramework=registry.text(there.target_framework, language)
            if there.target_framework
            else None,
            targetCode=there.target_code,
        )
    competence = aligned.competence
    if competence is None:
        raise ValueError("an alignment is either to a competence or elsewhere")
    description = competence.record.description
    code = competence.ref + (f"#{aligned.level}" if aligned.level else "")
    return without_empty(
        targetName=registry.text(competence.record.name, language),
        targetUrl=urls.absolute(urls.page(urls.competence(competence.ref), language)),
        targetDescription=registry.text(description, language) if description else None,
        targetFramework=registry.text(competence.framework.record.name, language),
        targetCode=code,
    )


def assertion(registry: Registry, urls: Urls, award: Award) -> Document:
    """Assertion of an award; for one that no longer holds, the stub that verifiers refuse.

    A full assertion with ``revoked: true`` is reported valid by the 1EdTech validator, so the stub drops
    recipient, badge, verification and issuedOn.
    """
    here = urls.absolute(urls.assertion(award.id))
    if not award.in_force or award.identity is None:
        return without_empty(
            at_context=CONTEXT,
            type="Assertion",
            id=here,
            revoked=True,
            revocationReason=revocation_reason(registry, award),
        )
    record = award.record
    language = edition(registry, award.badge, record.language, award.participant.record.language)
    return without_empty(
        at_context=CONTEXT,
        type="Assertion",
        id=here,
        recipient={
            "type": award.identity.type,
            "hashed": True,
            "salt": award.identity.salt,
            "identity": award.identity.identity,
        },
        badge=urls.absolute(urls.badge_document(award.badge.ref, award.badge.version, language)),
        issuedOn=timestamp(award.issued_on),
        expires=timestamp(award.expires) if award.expires else None,
        image={
            "id": urls.absolute(
                urls.baked(award.id, "png")
                if "png" in registry.site.output.baked
                else urls.badge_image(award.badge.ref, award.badge.version)
            ),
            "caption": registry.text(award.badge.record.image_caption, language),
        },
        narrative=registry.text(record.narrative, language) if record.narrative else None,
        evidence=[evidence(registry, item, language) for item in record.evidence if not item.hidden],
        verification=HOSTED,
        endorsement=_endorsement_ids(registry, urls, award=award),
    )


def revocation_reason(registry: Registry, award: Award) -> str:
    """Why an award no longer holds, in the site's default language."""
    if award.revoked is not None:
        return registry.text(award.revoked.reason, registry.default_language)
    return DECLINED


def evidence(registry: Registry, item: r.Evidence, language: str) -> Document:
    """Evidence; ``type`` is set because some consumers tell evidence from a bare link by it."""
    return without_empty(
        type="Evidence",
        id=item.url,
        name=registry.text(item.name, language) if item.name else None,
        description=registry.text(item.description, language) if item.description else None,
        narrative=registry.text(item.narrative, language) if item.narrative else None,
        genre=item.genre,
        audience=item.audience,
    )


def revocation_list(registry: Registry, urls: Urls, who: Issuer, awards: Sequence[Award]) -> Document:
    """RevocationList with every award of the issuer that no longer holds."""
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": urls.absolute(urls.revocations(who.slug)),
        "issuer": urls.absolute(urls.issuer_document(who.slug)),
        "revokedAssertions": [
            {
                "id": urls.absolute(urls.assertion(award.id)),
                "revocationReason": revocation_reason(registry, award),
            }
            for award in awards
            if not award.in_force
        ]
        + [PLACEHOLDER],
    }


def endorsement(registry: Registry, urls: Urls, given: Endorsement) -> Document:
    """Endorsement, hosted by the endorser."""
    if given.badge is not None:
        language = edition(registry, given.badge, registry.default_language)
        claimed = urls.badge_document(given.badge.ref, given.badge.version, language)
    elif given.issuer is not None:
        claimed = urls.issuer_document(given.issuer.slug)
    elif given.award is not None:
        claimed = urls.assertion(given.award.id)
    else:
        raise ValueError("an endorsement is of a badge, an issuer or an award")
    return {
        "@context": CONTEXT,
        "type": "Endorsement",
        "id": urls.absolute(urls.endorsement(given.endorser.slug, given.slug)),
        "issuer": urls.absolute(urls.issuer_document(given.endorser.slug)),
        "issuedOn": timestamp(given.record.issued_on),
        "claim": {
            "id": urls.absolute(claimed),
            "endorsementComment": registry.text(given.record.comment, registry.default_language),
        },
        "verification": HOSTED,
    }


def _endorsement_ids(
    registry: Registry,
    urls: Urls,
    *,
    badge: BadgeClass | None = None,
    issuer: Issuer | None = None,
    award: Award | None = None,
) -> list[str]:
    given = _by_endorsed(registry).get(badge or issuer or award, ())
    return [urls.absolute(urls.endorsement(e.endorser.slug, e.slug)) for e in given]


@functools.lru_cache(maxsize=1)
def _by_endorsed(registry: Registry) -> Mapping[object, Sequence[Endorsement]]:
    found: dict[object, list[Endorsement]] = {}
    for given in registry.endorsements:
        found.setdefault(given.badge or given.issuer or given.award, []).append(given)
    return found
