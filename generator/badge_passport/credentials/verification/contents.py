"""What a credential must have in it, by its kind (Open Badges 3.0 and CLR 2.0, appendices B)."""

from __future__ import annotations

from typing import Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import is_blank, text_at, text_in, types_of

OPEN_BADGE: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})
MAX_MEMBERS: Final = 100
"""Credentials in one presentation or learner record."""


def check_types(kind: str, document: Document) -> str:
    types = set(types_of(document))
    wanted = {"ob3": OPEN_BADGE, "endorsement": {"EndorsementCredential"}, "clr": {"ClrCredential"}}[kind]
    if "VerifiableCredential" not in types or not wanted & types:
        raise Failure(f"Its type is not that of {_WHAT[kind]}.")
    text_in(document, "id", "The credential")
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise Failure("It is not about one subject.")
    return _CHECKS[kind](document, subject)


def _badge(_: Document, subject: Document) -> str:
    if "AchievementSubject" not in types_of(subject):
        raise Failure("Its subject is not one AchievementSubject.")
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict) or "Achievement" not in types_of(achievement):
        raise Failure("It does not say what was achieved.")
    return text_in(achievement, "name", "The achievement")


def _endorsement(document: Document, subject: Document) -> str:
    if "EndorsementSubject" not in types_of(subject):
        raise Failure("Its subject is not one EndorsementSubject.")
    name = text_at(document, "name")
    return f"{name} (of {text_in(subject, 'id', 'What is endorsed')})".strip()


def _record(document: Document, subject: Document) -> str:
    if "ClrSubject" not in types_of(subject):
        raise Failure("Its subject is not one ClrSubject.")
    return text_at(document, "name")


_WHAT: Final = {"ob3": "an Open Badge", "endorsement": "an endorsement", "clr": "a learner record"}
_CHECKS: Final = {"ob3": _badge, "endorsement": _endorsement, "clr": _record}


def check_issuer(kind: str, document: Document) -> str:
    """An object with an id; of a badge it is a Profile, as 1EdTech wants it, or the id alone."""
    issuer = document.get("issuer")
    if isinstance(issuer, str) and not is_blank(issuer):
        return issuer
    if not isinstance(issuer, dict):
        raise Failure("It does not name its issuer.")
    if kind == "ob3" and "Profile" not in types_of(issuer):
        raise Failure("The issuer is not an object of the type Profile.")
    return f"{text_at(issuer, 'name')} ({text_in(issuer, 'id', 'The issuer')})".strip()
