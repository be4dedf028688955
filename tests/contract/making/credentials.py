"""Unsigned credentials of the corpus, in both versions of the data model."""

from __future__ import annotations

from typing import Any

from .keys import BASE, DID, Document
from .orders import CLR, CREDENTIALS, CREDENTIALS_1, ED_2020, INTEGRITY, OPEN_BADGES, OPEN_BADGES_1

LIST = f"{BASE}status/1.json"
EMAIL, SALT = "ada@example.org", "q7Xw2mVd9KcT4RzL"
BEGIN, PAST, FUTURE = "2024-03-14T09:00:00Z", "2025-03-14T09:00:00Z", "2999-03-14T09:00:00Z"


def profile(did: str = DID) -> Document:
    return {"id": did, "type": ["Profile"], "name": "Example consortium – échange", "url": BASE}


def subject(**changes: Any) -> Document:
    return {
        "id": "urn:uuid:2c27bbdf-a3b1-441f-a5e3-d255fd8789f0",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": f"{BASE}achievements/dialogue.json",
            "type": ["Achievement"],
            "name": "Dialogue participant",
            "description": "Took part in a virtual exchange & débat.",
            "criteria": {"narrative": "* Came to four sessions"},
        },
        **changes,
    }


def credential(did: str = DID, version: int = 2, suite: str = "eddsa-rdfc-2022", **changes: Any) -> Document:
    contexts = [CREDENTIALS, OPEN_BADGES] if version == 2 else [CREDENTIALS_1, OPEN_BADGES_1]
    if suite == "Ed25519Signature2020":
        contexts.append(ED_2020)
    elif version == 1 and suite:
        contexts.append(INTEGRITY)
    return {
        "@context": contexts,
        "id": f"{BASE}credentials/1.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue participant",
        "issuer": profile(did),
        ("validFrom" if version == 2 else "issuanceDate"): BEGIN,
        "credentialSubject": subject(),
        **changes,
    }


def endorsement(did: str, of: str, **changes: Any) -> Document:
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"{BASE}endorsements/1.json",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": did, "type": ["Profile"], "name": "Endorser"},
        "validFrom": BEGIN,
        "credentialSubject": {"id": of, "type": ["EndorsementSubject"], "endorsementComment": "Good."},
        **changes,
    }


def clr(members: list[Document], did: str = DID, **changes: Any) -> Document:
    return {
        "@context": [CREDENTIALS, CLR, OPEN_BADGES],
        "id": f"{BASE}clr/1.json",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Learner record",
        "issuer": profile(did),
        "validFrom": BEGIN,
        "credentialSubject": {
            "id": "urn:uuid:2c27bbdf-a3b1-441f-a5e3-d255fd8789f0",
            "type": ["ClrSubject"],
            "verifiableCredential": members,
        },
        **changes,
    }


def presentation(members: list[Any], **changes: Any) -> Document:
    return {
        "@context": [CREDENTIALS],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": members,
        **changes,
    }


def status(index: int, url: str = LIST, purpose: str = "revocation") -> Document:
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": url,
    }
