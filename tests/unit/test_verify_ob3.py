"""The steps of a credential with an embedded proof: what each refuses, and what stays undecided."""

from __future__ import annotations

import copy
import time

import pytest

from badge_passport.credentials.did import did_document, did_key
from badge_passport.credentials.status import status_entry
from verify_fixtures import (
    BASE,
    DID,
    GOOD3,
    KEY,
    LIST,
    OTHER,
    OTHER_KEY,
    SILENT,
    Change,
    ask,
    changed,
    credential,
    detail,
    failed,
    sign,
    site,
    unknown,
)

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
    "domain": (lambda d: d["proof"][0].update(domain="x"), "ob3.signature"),
    "a second proof that is none": (
        lambda d: d["proof"].append({**d["proof"][0], "proofValue": "z" + "3" * 87}),
        "ob3.signature",
    ),
    "old suite without a key": (lambda d: d.update(proof={"type": "Ed25519Signature2020"}), "ob3.proof"),
    "no proof": (lambda d: d.pop("proof"), "ob3.proof"),
    "proof is a text": (lambda d: d.update(proof="x"), "ob3.proof"),
    "another key": (
        lambda d: d["proof"][0].update(verificationMethod=f"{DID}#{OTHER_KEY.multibase}"),
        "ob3.key",
    ),
    "method on the web": (
        lambda d: d["proof"][0].update(verificationMethod="https://example.org/#1"),
        "ob3.key",
    ),
    "did with a path up": (
        lambda d: d["proof"][0].update(verificationMethod="did:web:a:..:b#1"),
        "ob3.key",
    ),
    "unknown term": (lambda d: d.update(grade="A+"), "ob3.terms"),
    "context object": (lambda d: d["@context"].append({"grade": "urn:x:grade"}), "ob3.contexts"),
    "order of contexts": (lambda d: d["@context"].reverse(), "ob3.contexts"),
    "issuer is a text": (lambda d: d.update(issuer=DID), "ob3.signature"),
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


UNKNOWN: dict[str, tuple[Change, str]] = {
    "suite": (lambda d: d["proof"][0].update(cryptosuite="ecdsa-sd-2023"), "ob3.proof"),
    "method": (lambda d: d["proof"][0].update(verificationMethod="did:example:1#1"), "ob3.key"),
    "context": (lambda d: d["@context"].append("https://example.org/context"), "ob3.contexts"),
    "member of the proof": (lambda d: d["proof"][0].update(previousProof="urn:x:y"), "ob3.proof"),
}


@pytest.mark.parametrize(("change", "step"), UNKNOWN.values(), ids=list(UNKNOWN))
def test_what_is_not_known_decides_nothing(change: Change, step: str) -> None:
    result = ask(changed(GOOD3, change))
    assert result.verdict == "undecided" and unknown(result) == [step]
    assert next(s.who for s in result.steps if s.id == step) == "verifier"


def test_a_host_that_does_not_answer_decides_nothing() -> None:
    for path, step in (("did.json", "ob3.key"), ("status/1.json", "ob3.status")):
        result = ask(GOOD3, site(**{path: SILENT}))
        assert result.verdict == "undecided" and unknown(result) == [step]
        assert failed(ask(GOOD3, site(**{path: None}))) == [step]


def test_one_that_failed_counts_more_than_one_that_is_unknown() -> None:
    late = sign(credential(validUntil="2026-05-01T00:00:00Z"))
    assert ask(late, site(**{"did.json": SILENT})).verdict == "not-valid"


def test_the_same_proof_twice_is_good() -> None:
    assert ask(changed(GOOD3, lambda d: d["proof"].append(d["proof"][0]))).valid


def test_nine_proofs_are_too_many() -> None:
    assert failed(ask(changed(GOOD3, lambda d: d.update(proof=d["proof"] * 9)))) == ["ob3.proof"]


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
    "a secret": lambda d: d["verificationMethod"][0].update(
        type="JsonWebKey", publicKeyJwk={"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43}
    ),
    "revoked": lambda d: d["verificationMethod"][0].update(revoked="2026-02-01T00:00:00Z"),
    "no key": lambda d: d["verificationMethod"][0].pop("publicKeyMultibase"),
    "no multibase": lambda d: d["verificationMethod"][0].update(publicKeyMultibase="x"),
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


def test_parts_that_look_alike_do_not_make_it_slow() -> None:
    result_of = {"type": ["Result"], "alignment": [{"type": ["Alignment"], "targetName": "t"}] * 10}
    document = changed(GOOD3, lambda d: d["credentialSubject"].update(result=[result_of, result_of]))
    started = time.monotonic()
    assert "ob3.signature" in unknown(ask(document))
    assert time.monotonic() - started < 2
