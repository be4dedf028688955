"""What badges from elsewhere say of people. Their documents are kept and published as they are.

Only what a reader needs to know before it is published: addresses and names. Whether a badge is good is
judged by ``credentials.verification``.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from badge_passport.registry.spelling import addresses_in

_TOKEN = re.compile(r"(?:data:application/(?:vc|vp)\+jwt,)?[\w-]+\.([\w-]+)\.[\w-]*")
_PROFILES = {"Issuer", "Profile"}
_SPEAKS = ("issuer", "creator")  # keys under which a document has the profile of an organisation
_NAMES = ("name", "givenName", "familyName", "additionalName", "patronymicName", "fullName")
_NAME_TYPES = {"name", *_NAMES}


def document_of(data: bytes) -> dict[str, Any] | None:
    """The JSON object in a file, or None."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def opened(document: dict[str, Any]) -> dict[str, Any]:
    """What a token in an envelope says (VC Data Model 2.0, section 4.13); any other document as it is."""
    token = document.get("id")
    claims = _claims(token) if isinstance(token, str) and token.startswith("data:") else None
    inner = claims.get("vc") if claims else None
    return inner if isinstance(inner, dict) else claims or document


def plain_addresses_of(document: dict[str, Any]) -> Iterator[str]:
    """Every e-mail address in a document, but those of organisations in their profiles."""
    for text in _texts(document):
        yield from (address for address, _ in addresses_in(text))


def _texts(document: dict[str, Any]) -> Iterator[str]:
    """All texts of a document and of tokens in it; nothing that it holds makes this recurse."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        under, value = waiting.pop()
        if isinstance(value, dict):
            is_profile = under in _SPEAKS or (value is document and bool(_PROFILES & set(_types(value))))
            for key, inner in value.items():
                yield key
                if not (is_profile and key == "email"):
                    waiting.append((key, inner))
        elif isinstance(value, list):
            waiting += [(under, inner) for inner in value]
        elif isinstance(value, str):
            yield value
            if (claims := _claims(value)) is not None:
                waiting.append(("", claims))


def _types(document: dict[str, Any]) -> list[str]:
    kinds = document.get("type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _claims(text: str) -> dict[str, Any] | None:
    """What a token says, or None if the text is none."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    try:
        return document_of(base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    except (binascii.Error, ValueError):
        return None


def names_in(document: dict[str, Any]) -> list[str]:
    """What a badge calls its holder.

    Open Badges 3.0: the subject and its identifiers (IdentityObject). 2.0: the recipient, and the profile
    of the recipient that some systems add.
    """
    said = opened(document)
    found: list[str] = []
    for subject in _objects(said.get("credentialSubject")):
        found += _named(subject)
        for identifier in _objects(subject.get("identifier")):
            if identifier.get("identityType") in _NAME_TYPES and identifier.get("hashed") is not True:
                found += [str(identifier.get("identityHash", ""))]
    for key in ("recipient", "extensions:recipientProfile", "recipientProfile"):
        for profile in _objects(said.get(key)):
            found += _named(profile)
    return [name for name in found if name.strip()]


def _named(thing: dict[str, Any]) -> list[str]:
    return [value for key in _NAMES if isinstance(value := thing.get(key), str)]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
