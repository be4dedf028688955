"""Tokens: a credential as VC-JWT, read by a library, and P-256 keys."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from test_proofs import credential as example_credential

from badge_passport.credentials.keys import KeyProblem, load_pem, new_key, public_jwk, to_pem
from badge_passport.credentials.multibase import MultibaseError, multikey_encode
from badge_passport.credentials.tokens import token

ADDRESS = "https://badges.example.org/ve/awards/X/credential.jwt.txt"
ISSUER = "did:web:badges.example.org:ve:issuers:acme"
KEY = new_key("P-256")
METHOD = f"{ISSUER}#{KEY.multibase}"


def made(**changes: Any) -> str:
    return token({**example_credential(), **changes}, ADDRESS, ISSUER, KEY, METHOD).decode("ascii")


def read(text: str) -> dict[str, Any]:
    key = jwt.PyJWK(public_jwk(KEY.multibase), algorithm="ES256")
    # Its dates are of the past: whether it has expired is for verifiers.
    payload: dict[str, Any] = jwt.decode(text, key, algorithms=["ES256"], options={"verify_exp": False})
    return payload


def test_the_header_has_what_every_verifier_takes() -> None:
    assert jwt.get_unverified_header(made()) == {"alg": "ES256", "kid": METHOD, "typ": "JWT"}


def test_the_payload_is_the_credential_with_its_claims() -> None:
    credential = example_credential()
    payload = read(made())
    subject = payload["credentialSubject"]
    assert payload["jti"] == payload["id"] == ADDRESS
    assert payload["iss"] == payload["issuer"]["id"] == ISSUER
    assert payload["sub"] == subject["id"] and subject["id"].startswith("urn:uuid:")
    assert {k: v for k, v in subject.items() if k != "id"} == credential["credentialSubject"]
    same = credential.keys() - {"id", "issuer", "credentialSubject"}
    assert {k: payload[k] for k in same} == {k: credential[k] for k in same}
    assert payload["nbf"] == 1773478800  # 2026-03-14T09:00:00Z
    assert "exp" not in payload


def test_an_end_is_a_claim() -> None:
    assert read(made(validUntil="2036-03-14T00:00:00Z"))["exp"] == 2089065600


def test_a_token_is_the_same_every_time_and_of_three_parts() -> None:
    text = made()
    assert text == made() and text.count(".") == 2 and text == text.strip() and "=" not in text


def test_a_changed_token_is_refused() -> None:
    head, body, signature = made().split(".")
    other = made(name="Another").split(".")[1]
    assert body != other
    with pytest.raises(jwt.InvalidSignatureError):
        read(f"{head}.{other}.{signature}")


def test_a_token_key_comes_back_from_its_pem_and_no_other_does() -> None:
    pem = to_pem(KEY, b"correct horse")
    assert load_pem(pem, b"correct horse", "P-256") == KEY
    for wrong, curve in ((to_pem(new_key(), None), "P-256"), (to_pem(KEY, None), "Ed25519")):
        with pytest.raises(KeyProblem) as caught:
            load_pem(wrong, None, curve)  # type: ignore[arg-type]
        assert caught.value.code == "key-type"
    other = ec.generate_private_key(ec.SECP384R1())
    from cryptography.hazmat.primitives import serialization as s

    text = other.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    with pytest.raises(KeyProblem, match="secp384r1"):
        load_pem(text, None, "P-256")


def test_a_public_key_as_jwk() -> None:
    jwk = public_jwk(KEY.multibase)
    assert jwk.keys() == {"kty", "crv", "x", "y"} and "d" not in json.dumps(sorted(jwk))
    for wrong in (new_key().multibase, multikey_encode("P-256", b"\x05" + bytes(32))):
        with pytest.raises(MultibaseError):
            public_jwk(wrong)
