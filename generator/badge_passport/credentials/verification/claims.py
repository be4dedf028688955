"""A token that is a credential or a presentation: what it says twice must be the same.

Sources: Open Badges 3.0, section 8.2.4; VC Data Model 1.1, section 6.3.1 (the ``vc`` claim).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.reading import Token
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import id_of, moment, seconds

_CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "vc", "vp"})


def inner(token: Token) -> Document:
    """The credential or presentation in a token: the whole payload, or what is under ``vc`` or ``vp``."""
    payload = token.payload
    for name in ("vc", "vp"):
        value = payload.get(name)
        if isinstance(value, dict) and "@context" not in payload:
            return _completed(value, payload) if name == "vc" else value
    return {name: value for name, value in payload.items() if name not in _CLAIMS}


def _completed(credential: Document, payload: Document) -> Document:
    """In version 1.1 a credential may leave out what the token says."""
    made: Document = dict(credential)
    if "iss" in payload:
        issuer = made.get("issuer")
        if issuer is None:
            made["issuer"] = payload["iss"]
        elif isinstance(issuer, dict) and "id" not in issuer:
            made["issuer"] = {"id": payload["iss"], **issuer}
    if "jti" in payload and "id" not in made:
        made["id"] = payload["jti"]
    for claim, old, new in (
        ("nbf", "issuanceDate", "validFrom"),
        ("exp", "expirationDate", "validUntil"),
    ):
        if claim in payload and old not in made and new not in made:
            made[old] = seconds(payload[claim], claim).strftime("%Y-%m-%dT%H:%M:%SZ")
    subject = made.get("credentialSubject")
    if "sub" in payload and isinstance(subject, dict) and "id" not in subject:
        made["credentialSubject"] = {"id": payload["sub"], **subject}
    return made


def check_claims(token: Token, document: Document) -> str:
    """The claims agree with the credential, where both are there."""
    payload = token.payload
    if any(name in payload for name in ("vc", "vp")) and "@context" in payload:
        raise Failure("The token has two credentials, one inside the other; programs read one or the other.")
    subject = document.get("credentialSubject")
    pairs: list[tuple[str, str, Any]] = [
        ("iss", "issuer", id_of(document.get("issuer"))),
        ("jti", "id", document.get("id")),
        ("sub", "credentialSubject", id_of(subject) if isinstance(subject, dict) else None),
    ]
    for claim, name, value in pairs:
        if claim in payload and value is not None and payload[claim] != value:
            raise Failure(
                f"The token says “{claim}” {payload[claim]}, but “{name}” of the credential is {value}."
            )
    for claim, names in (("nbf", ("validFrom", "issuanceDate")), ("exp", ("validUntil", "expirationDate"))):
        for name in names:
            if claim in payload and name in document:
                _agree(seconds(payload[claim], claim), moment(document[name], name), claim, name)
    return "Everything that is said twice is the same."


def _agree(claimed: datetime, said: datetime, claim: str, name: str) -> None:
    if abs((claimed - said).total_seconds()) >= 1:
        raise Failure(f"The token says “{claim}” {claimed:%Y-%m-%dT%H:%M:%SZ}, but “{name}” is another time.")
