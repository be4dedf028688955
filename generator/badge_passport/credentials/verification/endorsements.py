"""What others say about a badge, its achievement or its issuer; each is verified as a credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.reading import Thing, enveloped, read_token
from badge_passport.credentials.verification.secured import Secured, secured
from badge_passport.credentials.verification.steps import Failure, Steps, Undecided
from badge_passport.credentials.verification.values import id_of, listed, types_of

MAX_ENDORSEMENTS: Final = 20

Run = Callable[[Steps, str, Secured, Asking, int], None]


def endorsements_in(document: Document) -> list[Any]:
    """Those of the credential, of the achievement and of the issuer; a token is a text."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    found: list[Any] = []
    for where in (document, achievement, document.get("issuer")):
        if isinstance(where, dict):
            found += listed(where.get("endorsement")) + listed(where.get("endorsementJwt"))
    return found


def check_endorsements(made: Secured, asking: Asking, depth: int, run: Run) -> str:
    """``run`` adds the steps of a credential; an endorsement can have endorsements itself, once."""
    found = endorsements_in(made.document)
    if len(found) > MAX_ENDORSEMENTS:
        raise Failure(f"It has more than {MAX_ENDORSEMENTS} endorsements.")
    if depth > 0:
        raise Undecided("Endorsements of endorsements are not followed.")
    here = _ids(made.document)
    reasons, elsewhere = [], 0
    for number, endorsement in enumerate(found, 1):
        steps = Steps()
        inner = secured(_thing(endorsement, number))
        run(steps, "endorsement", inner, asking.without_person(), depth + 1)
        elsewhere += id_of(inner.document.get("credentialSubject")) not in here
        for step in steps.steps:
            if step.outcome == "fail":
                raise Failure(f"Endorsement {number} ({step.title}): {step.detail}")
        reasons += [
            f"Endorsement {number} ({step.title}): {step.detail}"
            for step in steps.steps
            if step.outcome == "not-checked" and step.needed
        ]
    if reasons:
        raise Undecided(reasons[0])
    genuine = f"{len(found)} {'is' if len(found) == 1 else 'are'} genuine"
    if not elsewhere:
        return f"{genuine}."
    some = "it is" if len(found) == 1 else f"{elsewhere} are"
    return f"{genuine}, but {some} about something else than this badge."


def _ids(document: Document) -> list[str]:
    """What an endorsement of a badge may be about: it, its achievement, who made that, or its issuer."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    creator = achievement.get("creator") if isinstance(achievement, dict) else None
    ids = map(id_of, (document, achievement, document.get("issuer"), creator))
    return [one for one in ids if isinstance(one, str)]


def _thing(endorsement: Any, number: int) -> Thing:
    if isinstance(endorsement, str):
        return read_token(endorsement)
    if isinstance(endorsement, dict):
        if "EnvelopedVerifiableCredential" in types_of(endorsement):
            return enveloped(endorsement)
        return endorsement
    raise Failure(f"Endorsement {number} is neither an object nor a token ({id_of(endorsement)}).")
