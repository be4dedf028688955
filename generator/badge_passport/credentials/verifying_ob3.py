"""The steps of an Open Badges 3.0 credential with an embedded proof."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from badge_passport.credentials import status
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch
from badge_passport.credentials.identity import is_recipient, normalise
from badge_passport.credentials.verifying_proofs import (
    Key,
    check_contexts,
    check_controller,
    check_signature,
    check_words,
    issuer_id,
    only_proof,
    resolve_key,
)
from badge_passport.credentials.verifying_steps import (
    Failure,
    NotChecked,
    Steps,
    fetch_json,
    listed,
    moment,
    text_in,
    types_of,
)

TYPES: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})
PURPOSES: Final = frozenset({"revocation", "suspension"})
MAX_LIST: Final = 16_000_000
"""Bytes to which a status list may grow: 128 million credentials."""

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def verify_ob3(steps: Steps, document: Document, fetch: Fetch, now: datetime, recipient: str | None) -> None:
    """Add the steps of a credential."""
    keys: list[Key] = []

    def key() -> str:
        keys.append(resolve_key(only_proof(document), fetch, now))
        return f"{keys[0].multibase} of {keys[0].did}"

    run = steps.run
    run("contexts", "Its vocabulary is known", lambda: check_contexts(document, [CREDENTIALS, OPEN_BADGES]))
    run("terms", "Everything it says is defined", lambda: check_words(document), needs=["contexts"])
    run("types", "It is an Open Badge", lambda: _types(document))
    run("issuer", "It names its issuer", lambda: _issuer(document))
    run("proof", "It has a proof of a supported kind", lambda: _proof(document))
    run("key", "The key of the proof is published", key, needs=["proof"])
    run(
        "controller",
        "The key is the issuer's",
        lambda: check_controller(document, keys[0]),
        needs=["issuer", "key"],
    )
    run(
        "signature",
        "Nothing was changed after signing",
        lambda: check_signature(document, keys[0]),
        needs=["terms", "key"],
    )
    run("valid-from", "It has begun", lambda: _begun(document, now))
    run("valid-until", "It has not ended", lambda: _not_ended(document, now))
    run(
        "status",
        "It was not withdrawn",
        lambda: _status(document, fetch, now),
        needs=["controller", "signature"],
    )
    run(
        "recipient",
        "It was given to this person",
        lambda: _recipient(document, recipient),
        needs=["types"] if recipient is not None else [],
        who="holder",
    )


def _types(document: Document) -> str:
    types = types_of(document)
    if "VerifiableCredential" not in types or not TYPES & set(types):
        raise Failure("Its type is not that of an Open Badges credential.")
    text_in(document, "id", "The credential")
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict) or "AchievementSubject" not in types_of(subject):
        raise Failure("Its subject is not one AchievementSubject.")
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict) or "Achievement" not in types_of(achievement):
        raise Failure("It does not say what was achieved.")
    return text_in(achievement, "name", "The achievement")


def _issuer(document: Document) -> str:
    issuer = document.get("issuer")
    if not isinstance(issuer, dict) or "Profile" not in types_of(issuer):
        raise Failure("The issuer is not an object of the type Profile.")
    name = issuer.get("name")
    return f"{name if isinstance(name, str) else ''} ({text_in(issuer, 'id', 'The issuer')})".strip()


def _proof(document: Document) -> str:
    proof = only_proof(document)
    return f"{proof['cryptosuite']}, {proof['created']}"


def _begun(document: Document, now: datetime) -> str:
    if moment(document.get("validFrom"), "validFrom") > now:
        raise Failure(f"It is valid from {document['validFrom']} on.", "holder")
    return str(document["validFrom"])


def _not_ended(document: Document, now: datetime) -> str:
    if "validUntil" not in document:
        return "It has no end."
    end = moment(document["validUntil"], "validUntil")
    if end <= now:
        raise Failure(f"It ended on {document['validUntil']}.", "holder")
    return str(document["validUntil"])


# --- Status ---------------------------------------------------------------------------------------------


def _status(document: Document, fetch: Fetch, now: datetime) -> str:
    if "credentialStatus" not in document:
        return "It names no status list: its issuer cannot withdraw it."
    entries = listed(document["credentialStatus"])
    if not 1 <= len(entries) <= 8:
        raise Failure("It has no status, or more than eight.")
    return " ".join(_entry(entry, issuer_id(document), fetch, now) for entry in entries)


def _entry(entry: Any, issuer: object, fetch: Fetch, now: datetime) -> str:
    if not isinstance(entry, dict) or types_of(entry) != ["BitstringStatusListEntry"]:
        raise Failure("Its status is not a BitstringStatusListEntry: not supported.", "verifier")
    url = text_in(entry, "statusListCredential", "The status")
    purpose = text_in(entry, "statusPurpose", "The status")
    if purpose not in PURPOSES or entry.get("statusSize", 1) != 1:
        raise Failure(f"A status of the purpose “{purpose}” is not supported.", "verifier")
    place = text_in(entry, "statusListIndex", "The status")
    if not _INDEX.fullmatch(place):
        raise Failure(f"“{place}” is no index of a status list.")
    credential = fetch_json(fetch, url)
    try:
        bits = _list(credential, url, purpose, issuer, fetch, now)
    except Failure as failure:
        raise Failure(f"The status list {url}: {failure.detail}", "issuer") from None
    if int(place) >= len(bits) * 8:
        raise Failure(f"The status list has {len(bits) * 8:,} places, and none with the number {place}.")
    if status.is_set(bits, int(place)):
        raise Failure(f"The issuer withdrew it ({purpose}).")
    return f"Place {place} of {url} ({purpose}) is not set."


def _list(credential: Document, url: str, purpose: str, issuer: object, fetch: Fetch, now: datetime) -> bytes:
    """The bits of a status list, after everything about it was verified."""
    if credential.get("@context") != [CREDENTIALS]:
        check_contexts(credential, [CREDENTIALS, OPEN_BADGES])
    check_words(credential)
    if credential.get("id") != url:
        raise Failure("it has another id.")
    if not {"VerifiableCredential", "BitstringStatusListCredential"} <= set(types_of(credential)):
        raise Failure("it is no BitstringStatusListCredential.")
    if issuer_id(credential) != issuer:
        raise Failure(f"it is of another issuer, {issuer_id(credential)}.")
    key = resolve_key(only_proof(credential), fetch, now)
    check_controller(credential, key)
    check_signature(credential, key)
    if "validFrom" in credential:
        _begun(credential, now)
    _not_ended(credential, now)
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or types_of(subject) != ["BitstringStatusList"]:
        raise Failure("its subject is no BitstringStatusList.")
    if purpose not in listed(subject.get("statusPurpose")):
        raise Failure(f"it is not for the purpose “{purpose}”.")
    bits = status.decode(text_in(subject, "encodedList", "the list"), MAX_LIST)
    if len(bits) * 8 < status.SIZE:
        raise Failure(f"it has {len(bits) * 8:,} places; {status.SIZE:,} is the least.")
    return bits


# --- The person -----------------------------------------------------------------------------------------


def _recipient(document: Document, recipient: str | None) -> str:
    if recipient is None:
        raise NotChecked("No e-mail address was given to compare with.")
    entries = listed(document["credentialSubject"].get("identifier"))
    compared = 0
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("identityType") not in ("emailAddress", "email"):
            continue
        identity, salt = entry.get("identityHash"), entry.get("salt", "")
        if not isinstance(identity, str) or not isinstance(salt, str):
            continue
        compared += 1
        hashed = entry.get("hashed")
        if hashed is True and identity.isascii() and is_recipient(recipient, salt, identity):
            return "The address is the one it was given to."
        if hashed is False and normalise(identity) == normalise(recipient):
            return "The address is the one it was given to."
    if not compared:
        raise Failure("It was not given to an e-mail address.")
    raise Failure("It was given to another address.")
