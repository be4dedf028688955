"""The verifier: what it accepts, which step refuses what, and that nothing makes it fall over."""

from __future__ import annotations

import base64
import copy
import gzip
import io
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_passport.cli import cli
from badge_passport.credentials import baking, verifying_steps
from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.did import did_document, did_key, verification_method
from badge_passport.credentials.documents import Document, to_bytes
from badge_passport.credentials.fetching import FetchError
from badge_passport.credentials.identity import hash_identity
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.multibase import multikey_encode
from badge_passport.credentials.proofs import add_proof
from badge_passport.credentials.status import encode, status_entry, status_list_credential
from badge_passport.credentials.verifying import Result, verify

BASE = "https://badges.example.org/ve/"
DID = "did:web:badges.example.org:ve"
OTHER = "did:web:badges.example.org:other"
LIST = BASE + "status/1.json"
EMAIL, SALT = "ada@example.org", "q7Xw2mVd9KcT4RzL"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
STEPS2 = ["read", "shape", "hosted", "badge", "issuer", "scope", "issued", "expires", "revoked", "recipient"]
STEPS3 = [
    "read",
    "contexts",
    "terms",
    "types",
    "issuer",
    "proof",
    "key",
    "controller",
    "signature",
    "valid-from",
    "valid-until",
    "status",
    "recipient",
]
Change = Callable[[Any], Any]


def key_of(seed: int) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return SigningKey(multikey_encode("Ed25519", private.public_key().public_bytes_raw()), private)


KEY, OTHER_KEY = key_of(1), key_of(2)


def sign(document: Document, key: SigningKey = KEY, did: str = DID) -> Document:
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return add_proof(
        unsigned, key, verification_method(did, key.multibase), "2026-01-01T00:00:00Z", canonical
    )


def credential(**changes: Any) -> Document:
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": BASE + "awards/1/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Consortium"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": hash_identity(EMAIL, SALT),
                    "identityType": "emailAddress",
                    "salt": SALT,
                }
            ],
            "achievement": {
                "id": BASE + "achievement.json",
                "type": ["Achievement"],
                "name": "Dialogue",
                "description": "Takes part.",
                "criteria": {"narrative": "Take part."},
            },
        },
        "credentialStatus": status_entry(LIST, 94567),
        **changes,
    }


def status_list(bits: list[int], issuer: str = DID) -> Document:
    return status_list_credential(LIST, issuer, bits, "2026-01-01T00:00:00Z")


def assertion(**changes: Any) -> Document:
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": BASE + "awards/1/assertion.json",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": SALT,
            "identity": hash_identity(EMAIL, SALT),
        },
        "badge": BASE + "badge.json",
        "issuedOn": "2026-01-01T00:00:00Z",
        "expires": "2027-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
        **changes,
    }


STUB = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": BASE + "awards/1/assertion.json",
    "revoked": True,
    "revocationReason": "Issued in error",
}
BADGE = {
    "type": "BadgeClass",
    "id": BASE + "badge.json",
    "name": "Dialogue",
    "description": "Takes part.",
    "criteria": {"narrative": "Take part."},
    "image": BASE + "image.png",
    "issuer": BASE + "issuer.json",
}
ISSUER = {
    "type": "Issuer",
    "id": BASE + "issuer.json",
    "name": "Consortium",
    "url": "https://example.org/",
    "email": "badges@example.org",
    "verification": {"startsWith": BASE, "allowedOrigins": "badges.example.org"},
    "revocationList": BASE + "revocations.json",
}
REVOCATIONS = {
    "type": "RevocationList",
    "id": BASE + "revocations.json",
    "issuer": BASE + "issuer.json",
    "revokedAssertions": ["urn:uuid:00000000-0000-4000-8000-000000000000"],
}


def site(**changes: Any) -> dict[str, Any]:
    """What is on the network: path to document or bytes; a double underscore stands for a slash."""
    files: dict[str, Any] = {
        "awards/1/assertion.json": assertion(),
        "badge.json": BADGE,
        "issuer.json": ISSUER,
        "revocations.json": REVOCATIONS,
        "did.json": did_document(DID, [KEY.multibase], []),
        "status/1.json": sign(status_list([3])),
    }
    return files | changes


def ask(document: Any, files: Mapping[str, Any] | None = None, recipient: str | None = None) -> Result:
    served = site() if files is None else files

    def fetch(url: str) -> bytes:
        found = served.get(url.removeprefix(BASE))
        if found is None:
            raise FetchError(f"There is nothing at {url}.")
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    result = verify(data, fetch, now=NOW, recipient=recipient)
    assert [step.number for step in result.steps] == list(range(1, len(result.steps) + 1))
    assert result.valid is not any(step.outcome == "fail" for step in result.steps)
    assert all(bool(step.who) is (step.outcome == "fail") for step in result.steps)
    assert all(step.detail for step in result.steps)
    return result


def failed(result: Result) -> list[str]:
    return [step.id for step in result.steps if step.outcome == "fail"]


def detail(result: Result, step: str) -> str:
    return next(s.detail for s in result.steps if s.id == step)


def changed(document: Document, change: Change) -> Document:
    made = copy.deepcopy(document)
    change(made)
    return made


# --- Open Badges 3.0 ------------------------------------------------------------------------------------

GOOD3 = sign(credential())


def test_a_good_credential() -> None:
    result = ask(GOOD3, recipient=" Ada@Example.org ")
    assert result.valid, failed(result)
    assert (result.kind, result.name, result.issuer) == ("ob3", "Dialogue", "Consortium")
    assert [step.id.removeprefix("ob3.") for step in result.steps] == STEPS3
    assert {step.outcome for step in result.steps} == {"pass"}


def test_without_an_address_the_recipient_is_not_checked() -> None:
    result = ask(GOOD3)
    assert result.valid
    assert result.steps[-1].outcome == "not-checked"


def test_did_key_needs_no_document() -> None:
    did = did_key(KEY.multibase)
    document = credential(issuer={"id": did, "type": ["Profile"], "name": "Consortium"})
    del document["credentialStatus"]
    assert ask(sign(document, KEY, did), {}).valid
    wrong = copy.deepcopy(sign(document, KEY, did))
    wrong["proof"][0]["verificationMethod"] = f"{did}#{OTHER_KEY.multibase}"
    assert failed(ask(wrong, {})) == ["ob3.key"]


RESIGNED: dict[str, tuple[Change, str]] = {
    "not begun": (lambda d: d.update(validFrom="2026-12-01T00:00:00Z"), "ob3.valid-from"),
    "ended": (lambda d: d.update(validUntil="2026-05-01T00:00:00Z"), "ob3.valid-until"),
    "no date": (lambda d: d.pop("validFrom"), "ob3.valid-from"),
    "a date without a zone": (lambda d: d.update(validFrom="2026-01-01T00:00:00"), "ob3.valid-from"),
    "withdrawn": (lambda d: d.update(credentialStatus=status_entry(LIST, 3)), "ob3.status"),
    "index out of range": (lambda d: d.update(credentialStatus=status_entry(LIST, 131_072)), "ob3.status"),
    "index below zero": (lambda d: d["credentialStatus"].update(statusListIndex="-1"), "ob3.status"),
    "index with zeros": (lambda d: d["credentialStatus"].update(statusListIndex="03"), "ob3.status"),
    "another purpose": (lambda d: d["credentialStatus"].update(statusPurpose="suspension"), "ob3.status"),
    "unknown purpose": (lambda d: d["credentialStatus"].update(statusPurpose="message"), "ob3.status"),
    "a list that is not there": (
        lambda d: d["credentialStatus"].update(statusListCredential=BASE + "2.json"),
        "ob3.status",
    ),
    "no subject type": (lambda d: d["credentialSubject"].pop("type"), "ob3.types"),
    "no achievement name": (lambda d: d["credentialSubject"]["achievement"].pop("name"), "ob3.types"),
    "a Profile missing": (lambda d: d["issuer"].pop("type"), "ob3.issuer"),
}


@pytest.mark.parametrize(("change", "step"), RESIGNED.values(), ids=list(RESIGNED))
def test_a_well_signed_credential_is_refused_for_one_reason(change: Change, step: str) -> None:
    result = ask(sign(changed(credential(), change)))
    refused = {step} | ({"ob3.terms"} & set(failed(result)))
    assert set(failed(result)) == refused, result.steps


TAMPERED: dict[str, tuple[Change, str]] = {
    "name": (lambda d: d.update(name="Other"), "ob3.signature"),
    "proof value": (lambda d: d["proof"][0].update(proofValue="z" + "3" * 87), "ob3.signature"),
    "proof value that is none": (lambda d: d["proof"][0].update(proofValue="0"), "ob3.signature"),
    "proof date": (lambda d: d["proof"][0].update(created="2026-02-01T00:00:00Z"), "ob3.signature"),
    "purpose": (lambda d: d["proof"][0].update(proofPurpose="authentication"), "ob3.proof"),
    "suite": (lambda d: d["proof"][0].update(cryptosuite="ecdsa-sd-2023"), "ob3.proof"),
    "old suite": (lambda d: d.update(proof={"type": "Ed25519Signature2020"}), "ob3.proof"),
    "domain": (lambda d: d["proof"][0].update(domain="x"), "ob3.proof"),
    "two proofs": (lambda d: d["proof"].append(d["proof"][0]), "ob3.proof"),
    "no proof": (lambda d: d.pop("proof"), "ob3.proof"),
    "proof is a text": (lambda d: d.update(proof="x"), "ob3.proof"),
    "another key": (
        lambda d: d["proof"][0].update(verificationMethod=f"{DID}#{OTHER_KEY.multibase}"),
        "ob3.key",
    ),
    "another method": (lambda d: d["proof"][0].update(verificationMethod="did:example:1#1"), "ob3.key"),
    "method on the web": (
        lambda d: d["proof"][0].update(verificationMethod="https://example.org/#1"),
        "ob3.key",
    ),
    "did with a path up": (
        lambda d: d["proof"][0].update(verificationMethod="did:web:a:..:b#1"),
        "ob3.key",
    ),
    "unknown term": (lambda d: d.update(grade="A+"), "ob3.terms"),
    "unknown context": (lambda d: d["@context"].append("https://example.org/context"), "ob3.contexts"),
    "context object": (lambda d: d["@context"].append({"grade": "urn:x:grade"}), "ob3.contexts"),
    "order of contexts": (lambda d: d["@context"].reverse(), "ob3.contexts"),
    "issuer is a text": (lambda d: d.update(issuer=DID), "ob3.issuer"),
    "issuer is another": (lambda d: d["issuer"].update(id=OTHER), "ob3.controller"),
    "two subjects": (lambda d: d.update(credentialSubject=[d["credentialSubject"]] * 2), "ob3.types"),
    "a null": (lambda d: d.update(name=None), "ob3.terms"),
    "status is a text": (lambda d: d.update(credentialStatus="x"), "ob3.terms"),
}


@pytest.mark.parametrize(("change", "step"), TAMPERED.values(), ids=list(TAMPERED))
def test_a_changed_credential_is_refused(change: Change, step: str) -> None:
    result = ask(changed(GOOD3, change))
    assert not result.valid
    assert step in failed(result), result.steps


def test_steps_that_need_a_failed_one_are_not_checked() -> None:
    result = ask(changed(GOOD3, lambda d: d.pop("proof")))
    silent = {step.id: step.detail for step in result.steps if step.outcome == "not-checked"}
    assert set(silent) == {"ob3.key", "ob3.controller", "ob3.signature", "ob3.status", "ob3.recipient"}
    assert silent["ob3.key"] == "Step 6 must pass first."


def test_the_suite_is_named() -> None:
    result = ask(changed(GOOD3, lambda d: d["proof"][0].update(cryptosuite="ecdsa-sd-2023")))
    assert "ecdsa-sd-2023" in detail(result, "ob3.proof")


@pytest.mark.parametrize("address", ["mallory@example.org", "", "ä@example.org", "\ud800"])
def test_another_recipient(address: str) -> None:
    assert failed(ask(GOOD3, recipient=address)) == ["ob3.recipient"]


DIDS: dict[str, Change] = {
    "another id": lambda d: d.update(id=OTHER),
    "another controller": lambda d: d["verificationMethod"][0].update(controller=OTHER),
    "no controller": lambda d: d["verificationMethod"][0].pop("controller"),
    "not for assertions": lambda d: d.update(assertionMethod=[]),
    "no method": lambda d: d.update(verificationMethod=[]),
    "two of one name": lambda d: d["verificationMethod"].append(d["verificationMethod"][0]),
    "another type": lambda d: d["verificationMethod"][0].update(type="JsonWebKey"),
    "revoked": lambda d: d["verificationMethod"][0].update(revoked="2026-02-01T00:00:00Z"),
    "no key": lambda d: d["verificationMethod"][0].pop("publicKeyMultibase"),
    "key of another kind": lambda d: d["verificationMethod"][0].update(publicKeyMultibase="zDnaeX"),
    "methods are texts": lambda d: d.update(verificationMethod="x", assertionMethod=7),
}


@pytest.mark.parametrize("change", DIDS.values(), ids=list(DIDS))
def test_a_did_document_that_does_not_vouch(change: Change) -> None:
    files = site(**{"did.json": changed(did_document(DID, [KEY.multibase], []), change)})
    assert failed(ask(GOOD3, files)) == ["ob3.key"]


def test_a_key_under_another_name_does_not_sign() -> None:
    files = site(**{"did.json": did_document(DID, [KEY.multibase], [])})
    files["did.json"]["verificationMethod"][0]["publicKeyMultibase"] = OTHER_KEY.multibase
    assert failed(ask(GOOD3, files)) == ["ob3.signature"]


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


def test_parts_that_look_alike_do_not_make_it_slow() -> None:
    result_of = {"type": ["Result"], "alignment": [{"type": ["Alignment"], "targetName": "t"}] * 10}
    document = changed(GOOD3, lambda d: d["credentialSubject"].update(result=[result_of, result_of]))
    started = time.monotonic()
    assert "ob3.terms" in failed(ask(document))
    assert time.monotonic() - started < 2


# --- Open Badges 2.0 ------------------------------------------------------------------------------------


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


# --- Pictures -------------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, "PNG")
    return file.getvalue()


def texts() -> dict[str, str]:
    return {"openbadges": json.dumps(assertion()), "openbadgecredential": json.dumps(GOOD3)}


def test_a_picture_with_both_versions() -> None:
    result = ask(baking.bake_png(png(), texts()), recipient=EMAIL)
    assert result.valid, result.steps
    assert result.kind == "ob2+ob3"
    assert len(result.steps) == 1 + 9 + 12
    bad = texts() | {"openbadges": json.dumps(assertion(narrative="More."))}
    assert failed(ask(baking.bake_png(png(), bad))) == ["ob2.hosted"]


def test_an_svg() -> None:
    svg = baking.bake_svg(SVG, document=json.dumps(assertion()))
    assert ask(svg).valid
    assert ask(baking.bake_svg(SVG, verify=STUB["id"])).valid
    both = baking.bake_svg(svg, document=json.dumps(GOOD3), form="openbadgecredential")
    assert ask(both).kind == "ob2+ob3" and ask(both).valid


# --- Hostile inputs -------------------------------------------------------------------------------------


def two_chunks() -> bytes:
    once = baking.bake_png(png(), {"openbadges": "{}"})
    head, _ = baking.split_png(once)
    chunk = baking.png_chunks({"openbadges": "{}"})
    return head + chunk + once[len(head) :]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeros": lambda: bytes(100),
    "60 MB": lambda: b" " * 60_000_000,
    "duplicate members": lambda: json.dumps(GOOD3)[:-1].encode() + b', "name": "Other"}',
    "duplicate member inside": lambda: (
        json.dumps(assertion()).replace('"salt":', '"salt": "", "salt":').encode()
    ),
    "not a number": lambda: b'{"type": "Assertion", "x": NaN}',
    "endless number": lambda: b'{"type": "Assertion", "x": ' + b"1" * 10_000 + b"}",
    "deep": lambda: b'{"type": "Assertion", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
    "very deep": lambda: b"[" * 1_000_000,
    "deep objects": lambda: b'{"a":' * 100_000,
    "a list of it": lambda: json.dumps([GOOD3]).encode(),
    "a text": lambda: b'"x"',
    "not UTF-8": lambda: b'{"type": "\xff"}',
    "UTF-16": lambda: json.dumps(assertion()).encode("utf-16"),
    "neither": lambda: b'{"type": "Person"}',
    "a token": lambda: b"eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.AAAA",
    "presentation": lambda: json.dumps(
        {"@context": [CREDENTIALS], "type": ["VerifiablePresentation"], "verifiableCredential": [GOOD3]}
    ).encode(),
    "CLR": lambda: json.dumps(credential(type=["VerifiableCredential", "ClrCredential"])).encode(),
    "truncated PNG": lambda: baking.bake_png(png(), texts())[:-20],
    "damaged PNG": lambda: baking.bake_png(png(), texts()).replace(b"Dialogue", b"Diaphone"),
    "plain PNG": png,
    "two chunks of a keyword": two_chunks,
    "two of one version": lambda: baking.bake_png(png(), dict.fromkeys(texts(), json.dumps(assertion()))),
    "plain SVG": lambda: SVG,
    "SVG with entities": lambda: b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
    "broken SVG": lambda: SVG[:-3],
    "SVG of an address elsewhere": lambda: baking.bake_svg(SVG, verify="https://example.org/x.json"),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_input_fails_to_be_read(made: Callable[[], bytes]) -> None:
    started = time.monotonic()
    result = ask(made())
    assert failed(result) == ["read"] and result.kind == "unknown"
    assert time.monotonic() - started < 5


def test_several_credentials_are_said_to_be_unsupported() -> None:
    for name in ("presentation", "CLR", "a token"):
        assert "not supported yet" in detail(ask(HOSTILE[name]()), "read")


def test_what_is_told_cannot_steer_a_terminal() -> None:
    result = ask(credential(issuer={"id": DID, "type": ["Profile"], "name": "a\x1b[31mb\u202ec"}))
    assert "\x1b" not in result.issuer and "\u202e" not in result.issuer
    assert all(step.detail.isprintable() for step in result.steps)
    assert verifying_steps.printable("a\u00a0b\nc می\u200cخواهم") == "a b c می\u200cخواهم"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [here] * bool(here) + [path for key, item in entries for path in paths(item, (*here, key))]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), junk=JUNK)
def test_junk_anywhere_is_a_failed_step(data: st.DataObject, junk: Any) -> None:
    """In the document itself, and in everything that is fetched for it."""
    whole = {"": data.draw(st.sampled_from([GOOD3, assertion()])), **site()}
    made = copy.deepcopy(whole)
    *outer, last = data.draw(st.sampled_from(paths(made)))
    inner: Any = made
    for key in outer:
        inner = inner[key]
    inner[last] = junk
    document = made.pop("")
    ask(document, {k: v for k, v in made.items() if v is not None}, EMAIL)  # which checks the result itself


# --- The command ----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    endless = {name: value for name, value in assertion().items() if name != "expires"}
    files = {"awards/1/credential.json": GOOD3, "awards/1/assertion.json": endless}
    for path, document in (site() | files).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(to_bytes(document))
    return tmp_path


def run(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["verify", *map(str, arguments)], input=stdin)
    return done.exit_code, done.output


def test_the_command(folder: Path) -> None:
    offline = ("--offline", folder, "--base", BASE)
    file = folder / "awards/1/assertion.json"
    url = BASE + "awards/1/assertion.json"
    for source, stdin in ((file, b""), (url, b""), ("-", file.read_bytes())):
        code, text = run(source, *offline, stdin=stdin)
        assert code == 0 and text.endswith("\nvalid\n"), text
        assert "✓ Its address has the same document" in text
    code, text = run(BASE + "none.json", *offline)
    assert code == 1 and "1. ✗ It can be read" in text and "not valid: 1 step failed" in text


def test_the_result_as_json(folder: Path) -> None:
    file = folder / "awards/1/credential.json"
    code, text = run(file, "--offline", folder, "--base", BASE, "--json", "--recipient", "x@example.org")
    result = json.loads(text)
    assert code == 1
    assert list(result) == ["kind", "valid", "steps", "name", "issuer"]
    assert list(result["steps"][0]) == ["number", "id", "title", "outcome", "detail", "who"]
    assert result["steps"][-1] == {
        "number": 13,
        "id": "ob3.recipient",
        "title": "It was given to this person",
        "outcome": "fail",
        "detail": "It was given to another address.",
        "who": "holder",
    }


def test_wrong_usage(tmp_path: Path) -> None:
    assert run("x.json", "--offline", tmp_path)[0] == 2
    assert run("x.json", "--base", BASE)[0] == 2
    assert run("x.json", "--base", BASE, "--offline", tmp_path, "--allow-private")[0] == 2
    assert run(tmp_path / "none.json")[0] == 2
    assert run(tmp_path)[0] == 2


def test_without_asking_for_it_this_machine_is_not_asked() -> None:
    code, text = run("https://127.0.0.1/badge.json")
    assert code == 1 and "private network" in text
