"""Status lists: what proves that a credential was not withdrawn, and what proves nothing."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from typing import Any

import pytest

from badge_passport.credentials.did import did_document
from badge_passport.credentials.documents import Document
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.status import encode, status_entry
from verify_fixtures import (
    BASE,
    DID,
    GOOD3,
    KEY,
    LIST,
    OTHER,
    OTHER_KEY,
    Change,
    ask,
    changed,
    credential,
    failed,
    sign,
    site,
    status_list,
)


def bomb() -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(100_000_000))).rstrip(b"=").decode()


def listing(change: Change, did: str = DID, key: SigningKey = KEY) -> Document:
    return sign(changed(status_list([3], did), change), key, did)


LISTS: dict[str, Callable[[], Any]] = {
    "not there": lambda: None,
    "not signed": lambda: status_list([3]),
    "changed": lambda: changed(
        sign(status_list([3])), lambda d: d["credentialSubject"].update(encodedList=encode([]))
    ),
    "of another issuer": lambda: listing(lambda d: None, OTHER, OTHER_KEY),
    "signed by another": lambda: sign(status_list([3]), OTHER_KEY, OTHER),
    "another id": lambda: listing(lambda d: d.update(id=BASE + "status/2.json")),
    "another type": lambda: listing(lambda d: d.update(type=["VerifiableCredential"])),
    "too short": lambda: listing(lambda d: d["credentialSubject"].update(encodedList=encode([3], 1024))),
    "bomb": lambda: listing(lambda d: d["credentialSubject"].update(encodedList=bomb())),
    "no gzip": lambda: listing(lambda d: d["credentialSubject"].update(encodedList="uAAAA")),
    "another purpose": lambda: listing(lambda d: d["credentialSubject"].update(statusPurpose="suspension")),
    "ended": lambda: listing(lambda d: d.update(validUntil="2026-05-01T00:00:00Z")),
    "no JSON": lambda: b"<html>",
    "a list": lambda: b"[]",
}


@pytest.mark.parametrize("made", LISTS.values(), ids=list(LISTS))
def test_a_status_list_that_proves_nothing(made: Callable[[], Any]) -> None:
    files = site(**{"status/1.json": made()})
    files["../other/did.json"] = did_document(OTHER, [OTHER_KEY.multibase], [])
    result = ask(GOOD3, files)
    assert failed(result) == ["ob3.status"]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["credentialStatus"].update(statusPurpose="message"),
        lambda d: d["credentialStatus"].update(type="StatusList2021Entry"),
        lambda d: d["credentialStatus"].update(statusSize=2),
    ],
)
def test_a_status_of_an_unknown_kind_decides_nothing(change: Change) -> None:
    result = ask(sign(changed(credential(), change)))
    assert result.verdict in ("undecided", "not-valid")  # one of the types is not in the contexts either
    assert "ob3.status" not in failed(result)


def test_withdrawn_counts_beside_an_entry_of_an_unknown_kind() -> None:
    other = {**status_entry(LIST, 5), "statusPurpose": "message"}
    made = sign(credential(credentialStatus=[other, status_entry(LIST, 3)]))
    assert failed(ask(made)) == ["ob3.status"]
