"""Small documents of a site, signed by the project itself, and how to ask the verifier about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.did import did_document, verification_method
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import FetchError
from badge_passport.credentials.identity import hash_identity
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.multibase import multikey_encode
from badge_passport.credentials.proofs import add_proof
from badge_passport.credentials.status import status_entry, status_list_credential
from badge_passport.credentials.verification.whole import Result, verify

BASE = "https://badges.example.org/ve/"
DID = "did:web:badges.example.org:ve"
OTHER = "did:web:badges.example.org:other"
LIST = BASE + "status/1.json"
EMAIL, SALT = "ada@example.org", "q7Xw2mVd9KcT4RzL"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Change = Callable[[Any], Any]


def key_of(seed: int) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return SigningKey(multikey_encode("Ed25519", private.public_key().public_bytes_raw()), private)


KEY, OTHER_KEY = key_of(1), key_of(2)
SILENT = FetchError("Nothing answers.")


def sign(document: Document, key: SigningKey = KEY, did: str = DID) -> Document:
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return add_proof(
        unsigned, key, verification_method(did, key.multibase), "2026-01-01T00:00:00Z", canonical
    )


def credential(**changes: Any) -> Document:
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": BASE + "awards/1/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Consortium"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": hash_identity(EMAIL, SALT),
                    "identityType": "emailAddress",
                    "salt": SALT,
                }
            ],
            "achievement": {
                "id": BASE + "achievement.json",
                "type": ["Achievement"],
                "name": "Dialogue",
                "description": "Takes part.",
                "criteria": {"narrative": "Take part."},
            },
        },
        "credentialStatus": status_entry(LIST, 94567),
        **changes,
    }


def status_list(bits: list[int], issuer: str = DID) -> Document:
    return status_list_credential(LIST, issuer, bits, "2026-01-01T00:00:00Z")


def assertion(**changes: Any) -> Document:
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": BASE + "awards/1/assertion.json",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": SALT,
            "identity": hash_identity(EMAIL, SALT),
        },
        "badge": BASE + "badge.json",
        "issuedOn": "2026-01-01T00:00:00Z",
        "expires": "2027-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
        **changes,
    }


STUB = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": BASE + "awards/1/assertion.json",
    "revoked": True,
    "revocationReason": "Issued in error",
}
BADGE = {
    "type": "BadgeClass",
    "id": BASE + "badge.json",
    "name": "Dialogue",
    "description": "Takes part.",
    "criteria": {"narrative": "Take part."},
    "image": BASE + "image.png",
    "issuer": BASE + "issuer.json",
}
ISSUER = {
    "type": "Issuer",
    "id": BASE + "issuer.json",
    "name": "Consortium",
    "url": "https://example.org/",
    "email": "badges@example.org",
    "verification": {"startsWith": BASE, "allowedOrigins": "badges.example.org"},
    "revocationList": BASE + "revocations.json",
}
REVOCATIONS = {
    "type": "RevocationList",
    "id": BASE + "revocations.json",
    "issuer": BASE + "issuer.json",
    "revokedAssertions": ["urn:uuid:00000000-0000-4000-8000-000000000000"],
}


def site(**changes: Any) -> dict[str, Any]:
    """What is on the network: path to document or bytes; a double underscore stands for a slash."""
    files: dict[str, Any] = {
        "awards/1/assertion.json": assertion(),
        "badge.json": BADGE,
        "issuer.json": ISSUER,
        "revocations.json": REVOCATIONS,
        "did.json": did_document(DID, [KEY.multibase], []),
        "status/1.json": sign(status_list([3])),
    }
    return files | changes


def ask(document: Any, files: Mapping[str, Any] | None = None, recipient: str | None = None) -> Result:
    served = site() if files is None else files

    def fetch(url: str) -> bytes:
        found = served.get(url.removeprefix(BASE))
        if found is None:
            raise FetchError(f"There is nothing at {url}.", answered=True)
        if isinstance(found, FetchError):
            raise found
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return proper(verify(data, fetch, now=NOW, recipient=recipient))


def proper(result: Result) -> Result:
    """The result, after a look at what every result keeps."""
    assert [step.number for step in result.steps] == list(range(1, len(result.steps) + 1))
    if any(step.outcome == "fail" for step in result.steps):
        assert result.verdict == "not-valid"
    elif result.steps[0].outcome == "no-badge":
        assert result.verdict == "no-badge"
    elif len(result.parts) == 1:
        unknown = any(s.outcome == "not-checked" and s.needed for s in result.steps)
        assert result.verdict == ("undecided" if unknown else "valid")
    assert all(
        step.outcome == "not-checked" or bool(step.who) is (step.outcome == "fail") for step in result.steps
    )
    assert all(step.detail for step in result.steps)
    return result


def failed(result: Result) -> list[str]:
    return [step.id for step in result.steps if step.outcome == "fail"]


def unknown(result: Result) -> list[str]:
    """What could not be found out, without what only waits for another step."""
    return [s.id for s in result.steps if s.outcome == "not-checked" and s.needed and s.who]


def detail(result: Result, step: str) -> str:
    return next(s.detail for s in result.steps if s.id == step)


def changed(document: Document, change: Change) -> Document:
    made = copy.deepcopy(document)
    change(made)
    return made


GOOD3 = sign(credential())
