"""Open Badges 3.0 documents, unsigned: one function each, from the registry to values.

Specification: https://www.imsglobal.org/spec/ob/v3p0/ with the Verifiable Credentials Data Model 2.0. Plain
strings only (no language maps): a badge has one Achievement for each language, linked by ``related``.
"""

from __future__ import annotations

import uuid

from badge_passport.credentials import ob2
from badge_passport.credentials.contexts import CONTEXTS
from badge_passport.credentials.documents import Document, Finished, without_empty
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.registry.entities import Alignment, Award, BadgeClass, Endorsement, Issuer
from badge_passport.urls import Urls

_TARGET_TYPES = {
    "http://data.europa.eu/esco/": "ext:ESCOAlignment",
    "http://data.europa.eu/snb/eqf/": "ext:EQFAlignment",
}
_IDENTITY_TYPES = {
    "email": "emailAddress",
    "url": "ext:url",
    "telephone": "ext:telephone",
    "id": "identifier",
}


def profile(registry: Registry, urls: Urls, who: Issuer, did: str) -> Document:
    """The issuer's Profile as it stands in every credential; ``id`` is the controller of its keys."""
    default = registry.default_language
    record = who.record
    return without_empty(
        id=did,
        type=["Profile"],
        name=registry.text(record.name, default),
        url=record.url,
        email=record.email,
        description=registry.text(record.description, default),
        image=_image(urls, urls.issuer_image(who.slug), registry.text(record.image_caption, default))
        if who.picture and record.image_caption
        else None,
        otherIdentifier=[
            {
                "type": "IdentifierEntry",
                "identifier": urls.absolute(urls.issuer_document(who.slug)),
                "identifierType": "identifier",
            }
        ],
    )


def achievement(
    registry: Registry, urls: Urls, badge: BadgeClass, language: str, did: str, *, current: bool = False
) -> Document:
    """Achievement of one language, without ``@context``: it stands inside credentials."""
    record, version = badge.record, None if current else badge.version
    here = urls.absolute(urls.achievement(badge.ref, version, language))
    related = [
        {
            "id": urls.absolute(urls.achievement(badge.ref, version, tag)),
            "type": ["Related"],
            "inLanguage": tag,
        }
        for tag in ob2.editions(registry, badge)
        if tag != language
    ]
    related.append(
        {
            "id": urls.absolute(urls.badge_document(badge.ref, version, language)),
            "type": ["Related", "https://w3id.org/openbadges#BadgeClass"],
            "version": "Open Badges v2p0",
        }
    )
    return without_empty(
        id=here,
        type=["Achievement"],
        achievementType="Badge",
        inLanguage=language,
        version=badge.version,
        name=registry.text(record.name, language),
        description=registry.text(record.description, language),
        criteria={
            "id": urls.absolute(urls.page(urls.badge(badge.ref), language)),
            "narrative": registry.text(record.criteria, language),
        },
        image=_image(
            urls, urls.badge_image(badge.ref, version), registry.text(record.image_caption, language)
        ),
        creator={
            "id": did,
            "type": ["Profile"],
            "name": registry.text(badge.issuer.record.name, registry.default_language),
        },
        tag=list(record.tags),
        alignment=[_alignment(registry, urls, a, language) for a in badge.alignments],
        resultDescription=[
            _result_description(registry, d, here, language) for d in record.result_description
        ],
        related=related,
    )


class Shared:
    """What the credentials of an issuer or of a badge have in common, made once: Profile and Achievement."""

    def __init__(self, registry: Registry, urls: Urls) -> None:
        self.registry, self.urls = registry, urls
        self._profiles: dict[tuple[Issuer, str], Finished] = {}
        self._achievements: dict[tuple[BadgeClass, str, str], Finished] = {}

    def profile(self, who: Issuer, did: str) -> Finished:
        """`profile`."""
        made = self._profiles.get((who, did))
        if made is None:
            made = self._profiles[who, did] = Finished(profile(self.registry, self.urls, who, did))
        return made

    def achievement(self, badge: BadgeClass, language: str, did: str) -> Finished:
        """`achievement`, of the version that was awarded."""
        made = self._achievements.get((badge, language, did))
        if made is None:
            made = self._achievements[badge, language, did] = Finished(
                achievement(self.registry, self.urls, badge, language, did)
            )
        return made


def credential(shared: Shared, award: Award, did: str, status: Document | None) -> Document:
    """OpenBadgeCredential of an award, without its proof.

    A revoked or declined award keeps its credential: ``status`` (its BitstringStatusListEntry) tells. What
    was said of the person (narrative, results, evidence) is taken out of it, as from the Assertion.

    Endorsements of the award are not inside: one would describe the credential within the credential, which
    openbadgeslib refuses, rightly careful about documents that say two things of one id.
    """
    registry, urls, badge, record = shared.registry, shared.urls, award.badge, award.record
    language = ob2.edition(registry, badge, record.language, award.participant.record.language)
    earned = shared.achievement(badge, language, did)
    issued = ob2.timestamp(award.issued_on)
    subject = without_empty(
        # A subject has an identifier or an id; that of an erased award says no more than its address.
        id=None
        if award.identity
        else uuid.uuid5(uuid.NAMESPACE_URL, urls.absolute(urls.award(award.id))).urn,
        type=["AchievementSubject"],
        identifier=[identity(award.identity)] if award.identity else None,
        narrative=registry.text(record.narrative, language) if record.narrative and award.in_force else None,
        achievement=earned,
        result=[
            {
                "type": ["Result"],
                "resultDescription": f"{earned['id']}#{result.result_description}",
                "value": result.value,
            }
            for result in record.result
            if award.in_force
        ],
    )
    return without_empty(
        at_context=CONTEXTS,
        id=urls.absolute(urls.credential(award.id)),
        type=["VerifiableCredential", "OpenBadgeCredential"],
        name=earned["name"],
        description=earned["description"],
        image=earned["image"],
        issuer=shared.profile(badge.issuer, did),
        validFrom=issued,
        awardedDate=issued,
        validUntil=ob2.timestamp(award.expires) if award.expires else None,
        credentialSubject=subject,
        evidence=_evidence(registry, urls, award, language),
        credentialStatus=status,
    )


def endorsement(registry: Registry, urls: Urls, given: Endorsement, did: str, endorsed: str) -> Document:
    """EndorsementCredential, without its proof; ``endorsed`` is the id of what it speaks for."""
    default = registry.default_language
    awarded = given.badge or (given.award.badge if given.award else None)
    named = awarded.record.name if awarded else given.issuer.record.name if given.issuer else None
    endorser = registry.text(given.endorser.record.name, default)
    return without_empty(
        at_context=CONTEXTS,
        id=urls.absolute(urls.endorsement_credential(given.endorser.slug, given.slug)),
        type=["VerifiableCredential", "EndorsementCredential"],
        name=f"{endorser}: {registry.text(named, default)}" if named else endorser,
        issuer=profile(registry, urls, given.endorser, did),
        validFrom=ob2.timestamp(given.record.issued_on),
        credentialSubject={
            "id": endorsed,
            "type": ["EndorsementSubject"],
            "endorsementComment": registry.text(given.record.comment, default),
        },
    )


def _image(urls: Urls, path: str, caption: str) -> Document:
    return {"id": urls.absolute(path), "type": "Image", "caption": caption}


def identity(known: r.Identity) -> Document:
    """The IdentityObject of an award's holder: a salted hash."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": known.identity,
        "identityType": _IDENTITY_TYPES[known.type],
        "salt": known.salt,
    }


def _alignment(registry: Registry, urls: Urls, aligned: Alignment, language: str) -> Document:
    node = ob2.alignment(registry, urls, aligned, language)
    kind = next((k for start, k in _TARGET_TYPES.items() if node["targetUrl"].startswith(start)), None)
    return {"type": ["Alignment"], **node, **({"targetType": kind} if kind else {})}


def _result_description(
    registry: Registry, described: r.ResultDescription, here: str, language: str
) -> Document:
    return without_empty(
        id=f"{here}#{described.id}",
        type=["ResultDescription"],
        name=registry.text(described.name, language),
        resultType=described.result_type,
        valueMin=described.value_min,
        valueMax=described.value_max,
        requiredValue=described.required_value,
        allowedValue=list(described.allowed_value),
    )


def _evidence(registry: Registry, urls: Urls, award: Award, language: str) -> list[Document]:
    """Evidence that is published; without an address of its own its id is its place on the award's page."""
    shown = [item for item in award.record.evidence if award.in_force and not item.hidden]
    page = urls.absolute(urls.award(award.id))
    return [
        {
            **ob2.evidence(registry, item, language),
            "id": item.url or f"{page}#evidence-{number}",
            "type": ["Evidence"],
        }
        for number, item in enumerate(shown, 1)
    ]
