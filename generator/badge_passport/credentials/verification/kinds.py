"""What a document or a token is, by what it says itself."""

from __future__ import annotations

from typing import Any, Final, Literal

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.claims import inner
from badge_passport.credentials.verification.contents import MAX_MEMBERS, OPEN_BADGE
from badge_passport.credentials.verification.reading import Thing, Token, enveloped, read_token
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import listed, types_of
from badge_passport.credentials.verification.vocabulary import CREDENTIALS, CREDENTIALS_1

Kind = Literal["ob2", "ob3", "clr", "presentation", "endorsement"]

MAX_PARTS: Final = 200
"""Credentials in all, those in learner records of a presentation too."""

_ENVELOPES: Final = frozenset({"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"})


INSIDE: Final[dict[str, tuple[Kind, ...]]] = {
    "presentation": ("ob2", "ob3", "clr", "endorsement"),
    "clr": ("ob2", "ob3", "endorsement"),
}
"""What can be inside what."""


def opened(thing: Thing) -> Thing:
    """What is in an envelope; anything else as it is."""
    if not isinstance(thing, Token) and _ENVELOPES & set(types_of(thing)):
        return enveloped(thing)
    return thing


def member(value: Any) -> Thing:
    """A member of a presentation: an object, or the text of a token."""
    if isinstance(value, str):
        return read_token(value)
    if isinstance(value, dict):
        return opened(value)
    raise Failure("A member is neither an object nor a token.")


def kind_of(thing: Thing) -> Kind:
    document = document_of(thing)
    types = set(types_of(document))
    contexts = listed(document.get("@context"))
    if "VerifiablePresentation" in types or "verifiableCredential" in document:
        return "presentation"
    if "ClrCredential" in types:
        return "clr"
    if "EndorsementCredential" in types and not OPEN_BADGE & types:
        return "endorsement"
    if "VerifiableCredential" in types or "credentialSubject" in document:
        return "ob3"
    if CREDENTIALS in contexts or CREDENTIALS_1 in contexts:
        return "ob3"
    if "Assertion" in types or any(isinstance(c, str) and "openbadges/v2" in c for c in contexts):
        return "ob2"
    raise Failure(
        "It is neither an assertion of Open Badges 2.0, nor a credential of Open Badges 3.0, an endorsement, "
        "a learner record or a presentation."
    )


def members_of(kind: Kind, document: Document) -> list[Any]:
    """The credentials in a presentation or a learner record."""
    if kind == "presentation":
        return listed(document.get("verifiableCredential"))
    subject = document.get("credentialSubject")
    return listed(subject.get("verifiableCredential")) if kind == "clr" and isinstance(subject, dict) else []


def check_members(kind: Kind, document: Document) -> str:
    """That there are some, not too many, and that each is one that can be read in here."""
    members = members_of(kind, document)
    if not members:
        raise Failure("It has no credentials.")
    if len(members) > MAX_MEMBERS:
        raise Failure(f"It has more than {MAX_MEMBERS} credentials.")
    parts = len(members)
    undecided: Undecided | None = None
    for number, value in enumerate(members, 1):
        try:
            thing = member(value)
            inner_kind = kind_of(thing)
        except Undecided as reason:
            undecided = undecided or reason
            continue
        except Failure as failure:
            raise Failure(f"Credential {number}: {failure.detail}") from None
        if inner_kind not in INSIDE[kind]:
            undecided = Undecided(
                f"Credential {number} is a {inner_kind}, which is not read inside a {kind}."
            )
        parts += len(members_of(inner_kind, document_of(thing)))
    if parts > MAX_PARTS:
        raise Failure(f"It has more than {MAX_PARTS} credentials in all.")
    if undecided:
        raise undecided
    return f"{len(members)} credential{'s' * (len(members) != 1)}"


def document_of(thing: Thing) -> Document:
    return inner(thing) if isinstance(thing, Token) else thing
