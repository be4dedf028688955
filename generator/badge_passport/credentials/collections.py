"""Many credentials in one document: a holder's presentation, and an issuer's learner record.

Sources: Verifiable Credentials Data Model 2.0, section 4.13 (Verifiable Presentations); Comprehensive Learner
Record 2.0 (https://www.imsglobal.org/spec/clr/v2p0/).
"""

from __future__ import annotations

from collections.abc import Sequence

from badge_passport.credentials import ob2, ob3
from badge_passport.credentials.contexts import CREDENTIALS, RECORD_CONTEXTS
from badge_passport.credentials.documents import Document, Finished, without_empty
from badge_passport.registry.entities import Award, Issuer, Participant
from badge_passport.urls import Urls


def presentation(urls: Urls, person: Participant, credentials: Sequence[Document]) -> Finished:
    """VerifiablePresentation of a passport, unsigned: each credential in it has its own proof.

    Wallets read it as an export; who presents it is nobody's claim.
    """
    return Finished(
        {
            "@context": [CREDENTIALS],
            "id": urls.absolute(urls.presentation(person.slug)),
            "type": ["VerifiablePresentation"],
            "verifiableCredential": list(credentials),
        }
    )


def learner_record(
    shared: ob3.Shared,
    who: Issuer,
    did: str,
    awards: Sequence[Award],
    credentials: Sequence[Document],
) -> Document:
    """ClrCredential, without its proof: what one issuer gave one person, in the order of the days.

    ``credentials`` are the signed ones of ``awards``. It holds from the last award on, because it says that
    this is all there is; what is withdrawn later is told by the status of each credential.
    """
    registry, urls = shared.registry, shared.urls
    person, default = awards[0].participant, registry.default_language
    identities = {a.identity.identity: ob3.identity(a.identity) for a in awards if a.identity}
    issuer, site = registry.text(who.record.name, default), registry.text(registry.site.name, default)
    return without_empty(
        at_context=RECORD_CONTEXTS,
        id=urls.absolute(urls.learner_record(person.slug, who.slug)),
        type=["VerifiableCredential", "ClrCredential"],
        name=f"{issuer}, {site}",
        issuer=shared.profile(who, did),
        validFrom=ob2.timestamp(max(a.issued_on for a in awards)),
        credentialSubject={
            "type": ["ClrSubject"],
            "identifier": list(identities.values()),
            "verifiableCredential": list(credentials),
        },
    )
