"""From when until when a credential holds, in both versions of the data model and in a token."""

from __future__ import annotations

from datetime import UTC, datetime

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.reading import Token
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import moment, seconds, types_of


def check_begun(document: Document, token: Token | None, now: datetime) -> str:
    """``validFrom``, which was ``issuanceDate`` in version 1.1; and ``nbf``."""
    begin = _member(document, "validFrom", "issuanceDate")
    begins = [moment(document.get(begin), begin)] if begin or not _may_lack(document) else []
    if token and "nbf" in token.payload:
        begins.append(seconds(token.payload["nbf"], "nbf"))
    if begins and max(begins) > now:
        raise Failure(f"It is valid from {spelt(max(begins))} on.")
    return spelt(max(begins)) if begins else "It does not say from when."


def check_not_ended(document: Document, token: Token | None, now: datetime) -> str:
    """``validUntil``, which was ``expirationDate`` in version 1.1; and ``exp``."""
    end = _member(document, "validUntil", "expirationDate")
    ends = [moment(document[end], end)] if end else []
    if token and "exp" in token.payload:
        ends.append(seconds(token.payload["exp"], "exp"))
    if not ends:
        return "It has no end."
    if min(ends) <= now:
        raise Failure(f"It ended on {spelt(min(ends))}.", "issuer")
    return spelt(min(ends))


def spelt(moment: datetime) -> str:
    """The day (UTC), and the time if it is not the first moment of that day."""
    text = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return text.removesuffix("T00:00:00Z")


def _member(document: Document, name: str, old: str) -> str:
    """Which of two names a document has; both is one too many."""
    if name in document and old in document:
        raise Failure(f"It has “{name}” and “{old}”, which mean the same.")
    return name if name in document else old if old in document else ""


def _may_lack(document: Document) -> bool:
    """A status list need not say from when it holds; a badge must (Open Badges 3.0, appendix B)."""
    return "BitstringStatusListCredential" in types_of(document)
