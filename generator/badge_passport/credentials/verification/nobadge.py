"""What is clearly no badge, and what it is instead.

A broken or changed badge must stay one that is not valid. So only what holds nothing of a badge is told apart
here; whatever could have been one goes on, and fails for what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.steps import NoBadge
from badge_passport.credentials.verification.values import listed, types_of

_WORDS: Final = re.compile(
    "openbadge|imsglobal|clrcredential|verifiablecredential|verifiablepresentation|<svg", re.I
)
_START: Final = re.compile(r'[\s\ufeff\ufffd]*(?:[{["]|e[wy][A-Za-z0-9_-]{6})')
"""Of JSON, or of a token."""
_INSIDE: Final = re.compile(r"\{|e[wy][A-Za-z0-9_-]{20}")
_TOKEN: Final = re.compile(r"\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")

_MEMBERS: Final = frozenset(
    {
        "achievement",
        "badge",
        "credentialStatus",
        "credentialSubject",
        "evidence",
        "issuanceDate",
        "proof",
        "recipient",
        "revoked",
        "validFrom",
        "verifiableCredential",
        "verify",
    }
)
"""Each is of a badge; the other documents of Open Badges have none of them."""
_BADGES: Final = re.compile(
    "Assertion|(Achievement|Clr|Endorsement|OpenBadge|(Enveloped)?Verifiable)Credential"
    "|(Enveloped)?VerifiablePresentation"
)
_KINDS: Final = {
    "BadgeClass": "It says what a badge is for, not who was given it; ask for the badge of that person.",
    "Issuer": "It says who an issuer is, and is no badge.",
    "Profile": "It says who an issuer is, and is no badge.",
    "Endorsement": (
        "It is an endorsement of Open Badges 2.0, which says something about a badge or an issuer, and is "
        "no badge."
    ),
}


def check_bytes(data: bytes) -> None:
    """Raises NoBadge for bytes that are neither a picture nor anything like JSON or a token."""
    if data.startswith(b"%PDF"):
        raise NoBadge(
            "It is a PDF, which holds no badge that can be verified; open the address in it, or ask for the "
            "badge itself."
        )
    if data.startswith(b"PK\x03\x04"):
        raise NoBadge("It is a ZIP archive; unpack it, and choose one of the badges in it.")
    if not data.strip():
        raise NoBadge("It is empty.")
    text = data.decode("utf-8", "replace")
    plain = text.replace("\0", "")  # so that UTF-16 is seen for what it is
    if _WORDS.search(plain) or _START.match(plain) or _TOKEN.fullmatch(plain):
        return
    if plain != text or not _INSIDE.search(plain):
        raise NoBadge("It is neither a PNG or SVG, nor JSON, nor a signed token: there is no badge in it.")


def check_document(document: Document) -> None:
    """Raises NoBadge for JSON that says nothing of what a badge says."""
    types = types_of(document)
    if _MEMBERS & document.keys() or any(map(_BADGES.fullmatch, types)):
        return
    for name in types:
        if name in _KINDS:
            raise NoBadge(_KINDS[name])
    contexts = [text for text in listed(document.get("@context")) if isinstance(text, str)]
    if any(word in text for text in contexts for word in ("openbadges", "imsglobal", "/credentials/")):
        return
    address, page = document.get("id"), document.get("page")
    if isinstance(address, str) and address.endswith("/passport.json") and isinstance(page, str):
        raise NoBadge(
            "It is a passport as data, not signed by itself; verify its badges one by one, by the addresses "
            "of their pages."
        )
    raise NoBadge("It is JSON, but neither an Open Badge nor a presentation of some.")
