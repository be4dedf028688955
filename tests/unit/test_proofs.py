"""Proofs: W3C's known answer, another implementation's opinion, and what any change does to them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_passport.credentials.canonical import Canonizer, UnsignableError, canonical
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.did import did_key, verification_method
from badge_passport.credentials.documents import Document, to_bytes
from badge_passport.credentials.keys import SigningKey, load_pem, new_key, public_from_multibase, to_pem
from badge_passport.credentials.multibase import multibase_decode, multibase_encode, multikey_encode
from badge_passport.credentials.proofs import add_proof, hash_data, verify_proof
from badge_passport.credentials.status import status_entry, status_list_credential

DID = "did:web:badges.example.org:ve"
BASE = "https://badges.example.org/ve/"
CREATED = "2026-03-14T09:00:00Z"
CANONIZER = Canonizer()


def key_of(seed: bytes) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return SigningKey(multikey_encode("Ed25519", private.public_key().public_bytes_raw()), private)


KEY = key_of(bytes(range(32)))
METHOD = verification_method(DID, KEY.multibase)


def credential() -> Document:
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": BASE + "credentials/1.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue “é” & <b>\nline",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Consortium", "url": BASE},
        "validFrom": CREATED,
        "awardedDate": CREATED,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$00",
                    "identityType": "emailAddress",
                }
            ],
            "creditsEarned": 1,
            "achievement": {
                "id": BASE + "achievements/a.en.json",
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": "Dialogue",
                "description": "Took part.",
                "criteria": {"narrative": "* Do\n* it"},
                "tag": ["one", "two"],
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "one",
                        "targetUrl": "http://data.europa.eu/snb/eqf/5",
                    }
                ],
            },
        },
        "evidence": [{"id": BASE + "evidence/1/", "type": ["Evidence"], "name": "Journal"}],
        "credentialStatus": status_entry(BASE + "status/1.json", 7),
    }


def signed(document: Document | None = None) -> Document:
    return add_proof(document or credential(), KEY, METHOD, CREATED, CANONIZER.signable)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, item in entries:
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, step))
        else:
            yield (*path, step)


def flipped(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    assert isinstance(value, str)
    return value[:-1] + ("a" if value[-1] != "a" else "b")


def place(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


# --- Known answers --------------------------------------------------------------------------------------


def test_the_vector_of_the_cryptosuite() -> None:
    """Data Integrity EdDSA Cryptosuites 1.0, B.1: the two hashes, the key and the signature."""
    secret = multibase_decode("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
    assert secret[:2] == b"\x80\x26"
    key = key_of(secret[2:])
    assert key.multibase == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    hashes = bytes.fromhex(
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    )
    assert multibase_encode(key.sign(hashes)) == (
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
    )


def test_the_configuration_is_hashed_first_and_in_the_contexts_of_the_document() -> None:
    key = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"{key}#{key.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    data = hash_data(credential(), options, canonical)
    assert data[:32].hex() == "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
    assert len(data) == 64


def test_the_proof_has_the_form_that_verifiers_want() -> None:
    document = credential()
    before = copy.deepcopy(document)
    result = signed(document)
    assert document == before
    proofs = result.pop("proof")
    assert result == before
    assert len(proofs) == 1
    value = proofs[0].pop("proofValue")
    assert proofs[0] == {
        "type": "DataIntegrityProof",
        "created": CREATED,
        "verificationMethod": METHOD,
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    assert value.startswith("z") and len(multibase_decode(value)) == 64


def test_a_proof_is_the_same_every_time_and_by_every_way() -> None:
    fast, slow = signed(), add_proof(credential(), KEY, METHOD, CREATED, canonical)
    assert to_bytes(fast) == to_bytes(slow) == to_bytes(signed())
    again = load_pem(to_pem(KEY, b"x"), b"x")
    assert add_proof(credential(), again, METHOD, CREATED, Canonizer()) == fast


# --- Another implementation -----------------------------------------------------------------------------


def public_pem(multibase: str) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(public_from_multibase(multibase))
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_openbadgeslib_accepts_our_proofs_and_we_accept_its() -> None:
    from openbadgeslib.ob3 import ldp

    for document in (credential(), status_list_credential(BASE + "status/1.json", DID, [7], CREATED)):
        ldp.verify_data_integrity_proof(signed(document), public_pem(KEY.multibase))
        theirs = ldp.add_data_integrity_proof(document, to_pem(KEY, None), METHOD)
        assert verify_proof(theirs, KEY.multibase, CANONIZER)
        broken = signed(document) | {"validFrom": "2026-03-15T09:00:00Z"}
        with pytest.raises(Exception, match="mismatch"):
            ldp.verify_data_integrity_proof(broken, public_pem(KEY.multibase))


# --- Changes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", list(leaves(signed())), ids=lambda path: "/".join(map(str, path)))
def test_a_changed_leaf_is_noticed(path: tuple[Any, ...]) -> None:
    document = copy.deepcopy(signed())
    there = place(document, path[:-1])
    there[path[-1]] = flipped(there[path[-1]])
    assert not verify_proof(document, KEY.multibase, CANONIZER)
    assert not verify_proof(document, KEY.multibase, canonical)


@pytest.mark.parametrize("path", list(leaves(signed())), ids=lambda path: "/".join(map(str, path)))
def test_a_missing_leaf_is_noticed(path: tuple[Any, ...]) -> None:
    document = copy.deepcopy(signed())
    del place(document, path[:-1])[path[-1]]
    assert not verify_proof(document, KEY.multibase, CANONIZER)


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ((), "home", "made"),
        ((), "description", "more"),
        (("issuer",), "email", "badges@example.org"),
        (("credentialSubject",), "id", "urn:x:1"),
        (("evidence", 0), "home", "made"),
        (("proof", 0), "home", "made"),
        (("proof", 0), "id", "urn:x:1"),
        (("proof", 0), "expires", CREATED),
    ],
)
def test_an_added_entry_is_noticed(path: tuple[Any, ...], name: str, value: str) -> None:
    document = copy.deepcopy(signed())
    place(document, path)[name] = value
    assert not verify_proof(document, KEY.multibase, CANONIZER)


@pytest.mark.parametrize("proof", [None, [], {}, "z", [{}], [1], [[]]])
def test_what_is_no_proof_is_not_valid(proof: object) -> None:
    assert not verify_proof(credential() | {"proof": proof}, KEY.multibase, CANONIZER)


def test_two_proofs_and_a_proof_by_another_key_are_not_valid() -> None:
    document = signed()
    assert verify_proof(document, KEY.multibase, CANONIZER)
    assert verify_proof(document | {"proof": document["proof"][0]}, KEY.multibase, CANONIZER)
    assert not verify_proof(document | {"proof": document["proof"] * 2}, KEY.multibase, CANONIZER)
    assert not verify_proof(document, new_key().multibase, CANONIZER)
    assert not verify_proof(document, "z6Mk", CANONIZER)
    assert not verify_proof(credential(), KEY.multibase, CANONIZER)


def test_the_order_of_entries_and_the_bytes_of_the_file_do_not_matter() -> None:
    document = signed()
    assert verify_proof(dict(reversed(document.items())), KEY.multibase, CANONIZER)
    assert verify_proof(json.loads(to_bytes(document)), KEY.multibase, CANONIZER)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(min_size=1), st.integers(0, 131_071))
def test_what_is_signed_is_valid(seed: bytes, name: str, index: int) -> None:
    key = key_of(seed)
    document = credential() | {"name": name, "credentialStatus": status_entry(BASE + "status/1.json", index)}
    try:
        method = verification_method(did_key(key.multibase), key.multibase)
        result = add_proof(document, key, method, CREATED, CANONIZER.signable)
    except UnsignableError as error:
        assert error.path == "/name"
    else:
        assert verify_proof(result, key.multibase, canonical)


def test_what_cannot_be_signed_is_not() -> None:
    with pytest.raises(UnsignableError):
        signed(credential() | {"home": "made"})
    with pytest.raises(ValueError, match="already"):
        signed(signed())
    with pytest.raises(ValueError, match="not the method"):
        add_proof(credential(), new_key(), METHOD, CREATED, CANONIZER.signable)
    with pytest.raises(UnsignableError):
        add_proof(credential(), KEY, "key#" + KEY.multibase, CREATED, CANONIZER.signable)
