"""The steps of a presentation: what somebody shows, signed by whoever shows it or not."""

from __future__ import annotations

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification import kinds
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.dates import check_begun, check_not_ended
from badge_passport.credentials.verification.secured import Secured
from badge_passport.credentials.verification.steps import Failure, NothingToCheck, Steps
from badge_passport.credentials.verification.values import id_of, types_of


def run_presentation(steps: Steps, made: Secured, asking: Asking) -> None:
    """Add the steps of the presentation itself; its members have theirs."""
    steps.run("shape", "It is a presentation of credentials", lambda: check_shape(made.document))
    steps.run(
        "proof",
        "Whoever presents it signed it",
        lambda: check_presenter(made, asking),
        who="holder",
    )


def check_shape(document: Document) -> str:
    if "VerifiablePresentation" not in types_of(document):
        raise Failure("Its type is not VerifiablePresentation.")
    return kinds.check_members("presentation", document)


def check_presenter(made: Secured, asking: Asking) -> str:
    """Key, owner and signature at once: the holder is whoever the key belongs to."""
    document, token = made.document, made.token
    if not token and document.get("proof") in (None, "", []):
        raise NothingToCheck("It is not signed: it says nothing about who presents it.")
    made.check_contexts()
    if not token:
        made.check_words()
    made.check_proof(asking)
    made.find_keys(asking)
    holder = id_of(document.get("holder"))
    if token and "iss" in token.payload:
        if holder is not None and holder != token.payload["iss"]:
            raise Failure(f"The token is of {token.payload['iss']}, but the holder is {holder}.")
        holder = token.payload["iss"]
    presenter = made.check_owner(holder if holder is not None else made.keys[0].controller, asking)
    made.check_signature(asking)
    if token:
        dates = {"type": "BitstringStatusListCredential"}  # which need not say from when
        check_begun(dates, token, asking.now)
        check_not_ended(dates, token, asking.now)
    return f"Presented by {presenter}."
