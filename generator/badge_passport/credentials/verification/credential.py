"""The steps of a credential of Open Badges 3.0: a badge, an endorsement or a learner record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.contents import check_issuer, check_types
from badge_passport.credentials.verification.dates import check_begun, check_not_ended
from badge_passport.credentials.verification.endorsements import check_endorsements, endorsements_in
from badge_passport.credentials.verification.kinds import check_members
from badge_passport.credentials.verification.people import check_asked, check_subject
from badge_passport.credentials.verification.secured import Secured
from badge_passport.credentials.verification.steps import NothingToCheck, Steps
from badge_passport.credentials.verification.withdrawal import check_status

TITLES: Final = {
    "ob3": "It is an Open Badge",
    "endorsement": "It is an endorsement",
    "clr": "It is a learner record",
}


def run_credential(steps: Steps, kind: str, made: Secured, asking: Asking, depth: int = 0) -> None:
    """Add the steps of one credential; ``depth`` counts the endorsements around it."""
    _run_form(steps, kind, made)
    _run_signature(steps, made, asking)
    _run_state(steps, made, asking)
    if endorsements_in(made.document):
        steps.run(
            "endorsements",
            "Its endorsements are genuine",
            lambda: check_endorsements(made, asking, depth, run_credential),
        )
    steps.run(
        "recipient",
        "It was given to this person",
        _recipient(kind, made, asking),
        needs=["types"] if asking.recipient is not None else [],
        who="holder",
    )


def _run_form(steps: Steps, kind: str, made: Secured) -> None:
    steps.run("contexts", "Its vocabulary is known", made.check_contexts)
    if not made.token:
        steps.run("terms", "Everything it says is defined", made.check_words, needs=["contexts"])
    steps.run("types", TITLES[kind], lambda: _types(kind, made))
    steps.run("issuer", "It names its issuer", lambda: check_issuer(kind, made.document))


def _run_signature(steps: Steps, made: Secured, asking: Asking) -> None:
    steps.run("proof", "It has a proof of a supported kind", lambda: made.check_proof(asking))
    steps.run("key", "The key of the proof is published", lambda: made.find_keys(asking), needs=["proof"])
    steps.run(
        "controller",
        "The key is the issuer's",
        lambda: made.check_owner(made.issuer, asking),
        needs=["issuer", "key"],
    )
    if made.token:
        steps.run("claims", "The token and the credential agree", made.check_claims)
    steps.run(
        "signature",
        "Nothing was changed after signing",
        lambda: made.check_signature(asking),
        needs=["key", "claims"] if made.token else ["terms", "key"],
    )


def _run_state(steps: Steps, made: Secured, asking: Asking) -> None:
    document, token = made.document, made.token
    steps.run("valid-from", "It has begun", lambda: check_begun(document, token, asking.now))
    steps.run("valid-until", "It has not ended", lambda: check_not_ended(document, token, asking.now))
    steps.run(
        "status",
        "It was not withdrawn",
        lambda: check_status(document, asking),
        needs=["controller", "signature"],
    )


def _types(kind: str, made: Secured) -> str:
    detail = check_types(kind, made.document)
    if kind == "clr":
        members = check_members("clr", made.document)
        detail = ", ".join(filter(None, (detail, members)))
    return detail or "It is."


def _recipient(kind: str, made: Secured, asking: Asking) -> Callable[[], str]:
    def check() -> str:
        if kind == "endorsement":
            check_asked(asking.recipient)
            raise NothingToCheck("An endorsement is about something, and given to nobody.")
        return check_subject(made.document, asking.recipient)

    return check
