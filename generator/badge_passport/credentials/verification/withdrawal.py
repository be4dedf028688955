"""Whether the issuer of a credential withdrew it: status lists of both kinds.

Sources: Bitstring Status List 1.0, section 3.2; 1EdTech Revocation List status method 1.0.
"""

from __future__ import annotations

import re
from typing import Any, Final

from badge_passport.credentials import status
from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.dates import check_begun, check_not_ended
from badge_passport.credentials.verification.secured import secured
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import address, id_of, listed, same, text_in, types_of

MAX_ENTRIES: Final = 8
MAX_LIST: Final = 16_000_000
"""Bytes to which a status list may grow: 128 million credentials."""
PURPOSES: Final = frozenset({"revocation", "suspension"})

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def check_status(document: Document, asking: Asking) -> str:
    """Every entry of a credential's status."""
    if "credentialStatus" not in document:
        return "It names no status list: its issuer cannot withdraw it."
    entries = listed(document["credentialStatus"])
    if not 1 <= len(entries) <= MAX_ENTRIES:
        raise Failure(f"It has no status, or more than {MAX_ENTRIES}.")
    # What is known to be withdrawn counts, also if another entry is of a kind that is not known.
    found, undecided = [], None
    for entry in entries:
        try:
            found.append(_entry(entry, document, asking))
        except Undecided as reason:
            undecided = undecided or reason
    if undecided:
        raise undecided
    return " ".join(found)


def _entry(entry: Any, document: Document, asking: Asking) -> str:
    types = types_of(entry)
    issuer = id_of(document.get("issuer"))
    if types == ["BitstringStatusListEntry"]:
        return _bit(entry, issuer, asking)
    if types == ["1EdTechRevocationList"]:
        return _named(entry, document, issuer, asking)
    raise Undecided(f"Its status is of the type {', '.join(types) or 'nothing'}, which is not known here.")


# --- A bit in a list --------------------------------------------------------------------------------------


def _bit(entry: Document, issuer: object, asking: Asking) -> str:
    url = address(entry, "statusListCredential", "The status")
    purpose = text_in(entry, "statusPurpose", "The status")
    if purpose not in PURPOSES or not same(entry.get("statusSize", 1), 1):
        raise Undecided(f"A status of the purpose “{purpose}” is not known here.")
    place = text_in(entry, "statusListIndex", "The status")
    if not _INDEX.fullmatch(place):
        raise Failure(f"“{place}” is no index of a status list.")
    try:
        bits = _list(url, purpose, issuer, asking)
    except Failure as failure:
        raise Failure(f"The status list {url}: {failure.detail}", "issuer") from None
    except Undecided as reason:
        raise Undecided(f"The status list {url}: {reason}") from None
    if int(place) >= len(bits) * 8:
        raise Failure(f"The status list has {len(bits) * 8:,} places, and none with the number {place}.")
    if status.is_set(bits, int(place)):
        raise Failure(f"The issuer withdrew it ({purpose}).")
    return f"Place {place} of {url} ({purpose}) is not set."


def check_list(url: str, asking: Asking) -> None:
    """A status list by itself: everything about it but who names it. Raises `Failure`, `Undecided`."""
    document = secured(asking.thing(url)).document
    subject = document.get("credentialSubject")
    purposes = listed(subject.get("statusPurpose")) if isinstance(subject, dict) else []
    for purpose in purposes or ["revocation"]:
        _list(url, str(purpose), id_of(document.get("issuer")), asking)


def _list(url: str, purpose: str, issuer: object, asking: Asking) -> bytes:
    """The bits of a status list, after everything about it was verified; once in a verification."""
    which = (url, purpose, str(issuer))
    if which not in asking.lists:
        asking.lists[which] = _verified_list(url, purpose, issuer, asking)
    return asking.lists[which]


def _verified_list(url: str, purpose: str, issuer: object, asking: Asking) -> bytes:
    made = secured(asking.thing(url))
    document, token = made.document, made.token
    made.check_contexts()
    if not token:
        made.check_words()
    if document.get("id") != url:
        raise Failure("it has another id.")
    if not {"VerifiableCredential", "BitstringStatusListCredential"} <= set(types_of(document)):
        raise Failure("it is no BitstringStatusListCredential.")
    if made.issuer != issuer:
        raise Failure(f"it is of another issuer, {made.issuer}.")
    made.check_proof(asking)
    made.find_keys(asking)
    made.check_owner(issuer, asking)
    if token:
        made.check_claims()
    made.check_signature(asking)
    check_begun(document, token, asking.now)
    check_not_ended(document, token, asking.now)
    return _bits(document, purpose)


def _bits(document: Document, purpose: str) -> bytes:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict) or types_of(subject) != ["BitstringStatusList"]:
        raise Failure("its subject is no BitstringStatusList.")
    if purpose not in listed(subject.get("statusPurpose")):
        raise Failure(f"it is not for the purpose “{purpose}”.")
    bits = status.decode(text_in(subject, "encodedList", "the list"), MAX_LIST)
    if len(bits) * 8 < status.SIZE:
        raise Failure(f"it has {len(bits) * 8:,} places; {status.SIZE:,} is the least.")
    return bits


# --- A list of ids ----------------------------------------------------------------------------------------


def _named(entry: Document, document: Document, issuer: object, asking: Asking) -> str:
    """The list is not signed: that the credential names it is what makes it count."""
    url = address(entry, "id", "The status")
    found = asking.json(url)
    if found.get("id") != url:
        raise Failure(f"The revocation list {url} says that it is {found.get('id')}.")
    if id_of(found.get("issuer")) != issuer:
        raise Failure(f"The revocation list {url} is of another issuer, {id_of(found.get('issuer'))}.")
    entries = found.get("revokedCredential", [])
    if not isinstance(entries, list):
        raise Failure(f"The revocation list {url} has no list of credentials.")
    own = text_in(document, "id", "The credential")
    for listing in entries:
        known = listing if isinstance(listing, dict) else {"id": listing}
        if known.get("id") == own and known.get("revoked", True) is not False:
            reason = known.get("revocationReason")
            raise Failure(f"The issuer withdrew it{f': {reason}' if isinstance(reason, str) else '.'}")
    return f"It is not in {url}."
