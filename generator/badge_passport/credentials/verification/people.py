"""Whether a badge was given to somebody, of whom an e-mail address is known."""

from __future__ import annotations

from badge_passport.credentials.documents import Document
from badge_passport.credentials.identity import is_recipient, normalise
from badge_passport.credentials.verification.steps import Failure, NothingToCheck
from badge_passport.credentials.verification.values import listed

_YES = "The address is the one it was given to."


def check_asked(recipient: str | None) -> str:
    if recipient is None:
        raise NothingToCheck("No e-mail address was given to compare with.")
    return recipient


def check_subject(document: Document, recipient: str | None) -> str:
    """The subject of a credential (Open Badges 3.0, IdentityObject), or its ``mailto:``."""
    wanted = check_asked(recipient)
    subject = document["credentialSubject"]
    compared = 0
    who = subject.get("id")
    if isinstance(who, str) and who.startswith("mailto:"):
        compared += 1
        if normalise(who.removeprefix("mailto:")) == normalise(wanted):
            return _YES
    for entry in listed(subject.get("identifier")):
        if not isinstance(entry, dict) or entry.get("identityType") not in ("emailAddress", "email"):
            continue
        identity, salt = entry.get("identityHash"), entry.get("salt", "")
        if not isinstance(identity, str) or not isinstance(salt, str):
            continue
        compared += 1
        hashed = entry.get("hashed")
        if hashed is True and identity.isascii() and is_recipient(wanted, salt, identity):
            return _YES
        if hashed is False and normalise(identity) == normalise(wanted):
            return _YES
    raise Failure(
        "It was given to another address." if compared else "It was not given to an e-mail address."
    )


def check_identity(who: Document, recipient: str | None) -> str:
    """The recipient of an assertion (Open Badges 2.0, IdentityObject)."""
    wanted = check_asked(recipient)
    if who["type"] != "email":
        raise Failure("It was not given to an e-mail address.")
    if who["hashed"]:
        if not who["identity"].startswith("sha256$"):
            raise Failure("The address is hashed in a way that is not supported.", "issuer")
        salt = who.get("salt", "")
        known = isinstance(salt, str) and who["identity"].isascii()
        fits = known and is_recipient(wanted, salt, who["identity"])
    else:
        fits = normalise(who["identity"]) == normalise(wanted)
    if not fits:
        raise Failure("It was given to another address.")
    return _YES
