"""The steps of a hosted assertion of Open Badges 2.0."""

from __future__ import annotations

from typing import Any

import pytest

from verify_fixtures import (
    BASE,
    EMAIL,
    ISSUER,
    REVOCATIONS,
    SILENT,
    STUB,
    Change,
    ask,
    assertion,
    changed,
    detail,
    failed,
    site,
    unknown,
)

STEPS2 = ["read", "shape", "hosted", "badge", "issuer", "scope", "issued", "expires", "revoked", "recipient"]


def test_a_good_assertion() -> None:
    result = ask(assertion(), recipient=EMAIL)
    assert result.valid, result.steps
    assert (result.kind, result.name, result.issuer) == ("ob2", "Dialogue", "Consortium")
    assert [step.id.removeprefix("ob2.") for step in result.steps] == STEPS2
    assert {step.outcome for step in result.steps} == {"pass"}


HOSTED: dict[str, tuple[Change, str]] = {
    "ended": (lambda d: d.update(expires="2026-05-01T00:00:00Z"), "ob2.expires"),
    "ends before it begins": (lambda d: d.update(expires="2025-05-01T00:00:00Z"), "ob2.expires"),
    "dated later": (lambda d: d.update(issuedOn="2026-07-01T00:00:00Z"), "ob2.issued"),
    "without a zone": (lambda d: d.update(issuedOn="2026-01-01"), "ob2.shape"),
    "no recipient": (lambda d: d.pop("recipient"), "ob2.shape"),
    "hashed is a lie": (lambda d: d["recipient"].update(hashed=False), "ob2.shape"),
    "signed": (lambda d: d.update(verification={"type": "SignedBadge"}), "ob2.shape"),
    "no verification": (lambda d: d.pop("verification"), "ob2.shape"),
    "another type": (lambda d: d.update(type="BadgeClass"), "ob2.shape"),
    "no address": (lambda d: d.update(id="urn:uuid:1"), "ob2.shape"),
    "address with a name": (lambda d: d.update(id="https://badges.example.org@evil.org/"), "ob2.shape"),
    "another address": (lambda d: d.update(id=BASE + "badge.json"), "ob2.hosted"),
    "no such badge": (lambda d: d.update(badge=BASE + "bagde.json"), "ob2.badge"),
    "the badge is an issuer": (lambda d: d.update(badge=BASE + "issuer.json"), "ob2.badge"),
    "says it is revoked": (lambda d: d.update(revoked=True), "ob2.revoked"),
}


@pytest.mark.parametrize(("change", "step"), HOSTED.values(), ids=list(HOSTED))
def test_an_assertion_is_refused_for_one_reason(change: Change, step: str) -> None:
    document = changed(assertion(), change)
    result = ask(document, site(**{"awards/1/assertion.json": document}))
    assert failed(result) == [step], result.steps


def test_a_copy_that_was_changed() -> None:
    assert failed(ask(assertion(narrative="More."))) == ["ob2.hosted"]
    assert failed(ask(assertion(), site(**{"awards/1/assertion.json": None}))) == ["ob2.hosted"]
    one, true = (site(**{"awards/1/assertion.json": assertion(x=x)}) for x in (1, True))
    assert ask(assertion(x=True), true).valid
    assert not ask(assertion(x=True), one).valid


def test_withdrawn() -> None:
    stub = site(**{"awards/1/assertion.json": STUB})
    for document in (assertion(), STUB):
        result = ask(document, stub)
        assert failed(result) == ["ob2.revoked"]
        assert "Issued in error" in detail(result, "ob2.revoked")


@pytest.mark.parametrize("entry", [STUB["id"], {"id": STUB["id"], "revocationReason": "Issued in error"}])
def test_in_the_revocation_list(entry: Any) -> None:
    files = site(**{"revocations.json": REVOCATIONS | {"revokedAssertions": [entry]}})
    assert failed(ask(assertion(), files)) == ["ob2.revoked"]


PAGES: dict[str, tuple[str, Change, str]] = {
    "badge without a name": ("badge.json", lambda d: d.pop("name"), "ob2.badge"),
    "badge without criteria": ("badge.json", lambda d: d.pop("criteria"), "ob2.badge"),
    "badge without an image": ("badge.json", lambda d: d.pop("image"), "ob2.badge"),
    "badge of nobody": ("badge.json", lambda d: d.pop("issuer"), "ob2.badge"),
    "badge with another id": ("badge.json", lambda d: d.update(id=BASE + "x.json"), "ob2.badge"),
    "alignment to nowhere": (
        "badge.json",
        lambda d: d.update(alignment=[{"targetName": "x", "targetUrl": "urn:x"}]),
        "ob2.badge",
    ),
    "badge of another": ("badge.json", lambda d: d.update(issuer=BASE + "x.json"), "ob2.issuer"),
    "issuer without a name": ("issuer.json", lambda d: d.pop("name"), "ob2.issuer"),
    "issuer with another id": ("issuer.json", lambda d: d.update(id=BASE + "x.json"), "ob2.issuer"),
    "another prefix": (
        "issuer.json",
        lambda d: d["verification"].update(startsWith="https://badges.example.org/x/"),
        "ob2.scope",
    ),
    "another origin": (
        "issuer.json",
        lambda d: d["verification"].update(allowedOrigins="example.org"),
        "ob2.scope",
    ),
    "a prefix of a longer host": (
        "issuer.json",
        lambda d: d.update(verification={"startsWith": "https://b", "allowedOrigins": "b"}),
        "ob2.scope",
    ),
    "scope is a text": ("issuer.json", lambda d: d.update(verification="x"), "ob2.scope"),
    "list of another": (
        "revocations.json",
        lambda d: d.update(issuer=BASE + "other.json"),
        "ob2.revoked",
    ),
    "list of something else": ("revocations.json", lambda d: d.update(type="X"), "ob2.revoked"),
}


@pytest.mark.parametrize(("path", "change", "step"), PAGES.values(), ids=list(PAGES))
def test_what_stands_behind_an_assertion(path: str, change: Change, step: str) -> None:
    files = site()
    files[path] = changed(files[path], change)
    assert failed(ask(assertion(), files)) == [step]


def test_the_own_host_is_the_scope_if_none_is_given() -> None:
    issuer = {name: value for name, value in ISSUER.items() if name != "verification"}
    assert ask(assertion(), site(**{"issuer.json": issuer})).valid


def test_another_recipient_of_an_assertion() -> None:
    assert failed(ask(assertion(), recipient="mallory@example.org")) == ["ob2.recipient"]
    plain = assertion(recipient={"type": "email", "hashed": False, "identity": EMAIL})
    files = site(**{"awards/1/assertion.json": plain})
    assert ask(plain, files, EMAIL.upper()).valid
    assert failed(ask(plain, files, "x@example.org")) == ["ob2.recipient"]


def test_silence_decides_nothing() -> None:
    for path, step in (
        ("awards/1/assertion.json", "ob2.hosted"),
        ("badge.json", "ob2.badge"),
        ("issuer.json", "ob2.issuer"),
        ("revocations.json", "ob2.revoked"),
    ):
        result = ask(assertion(), site(**{path: SILENT}))
        assert result.verdict == "undecided" and unknown(result) == [step]
