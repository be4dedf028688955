"""VC-JWT: a credential as a JSON Web Token, beside the one with a proof inside.

Sources: Open Badges 3.0, section 8.2 ("JSON Web Token Proof Format"); RFC 7515. ES256, because 1EdTech's
validator refuses EdDSA; ``typ`` is JWT and the header has nothing else, for the same reason.
"""

from __future__ import annotations

import datetime
import json
import uuid

from badge_passport.credentials.documents import Document
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.multibase import base64url


def token(credential: Document, address: str, issuer_id: str, key: SigningKey, method: str) -> bytes:
    """The credential as a compact token of its own address, signed with a P-256 key.

    ``credential`` has no proof; ``method`` is the URL of the key. The subject gets an id, which
    ``sub`` needs: a UUID made of the address, which says nothing of the person.
    """
    subject = {
        "id": uuid.uuid5(uuid.NAMESPACE_URL, address).urn,
        **credential["credentialSubject"],
    }
    payload = {
        **credential,
        "id": address,
        "issuer": {**credential["issuer"], "id": issuer_id},
        "credentialSubject": subject,
        "iss": issuer_id,
        "jti": address,
        "sub": subject["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        payload["exp"] = _seconds(credential["validUntil"])
    signed = f"{_part({'alg': 'ES256', 'kid': method, 'typ': 'JWT'})}.{_part(payload)}"
    return f"{signed}.{base64url(key.sign(signed.encode('ascii')))}".encode("ascii")


def _part(value: Document) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode("ascii"))


def _seconds(timestamp: str) -> int:
    """A NumericDate (RFC 7519, section 2)."""
    return int(datetime.datetime.fromisoformat(timestamp).timestamp())
