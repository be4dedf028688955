"""Tokens: the key decides the algorithm, headers decide nothing, and what is said twice is the same."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badge_passport.credentials.status import status_list_credential
from verify_fixtures import (
    BASE,
    DID,
    EMAIL,
    GOOD3,
    ISSUER,
    LIST,
    SILENT,
    Change,
    ask,
    assertion,
    changed,
    credential,
    failed,
    site,
    unknown,
)

RSA = rsa.generate_private_key(65537, 2048)
SMALL = rsa.generate_private_key(65537, 1024)
P256 = ec.derive_private_key(12345, ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEYS: dict[str, Any] = {"RS256": RSA, "ES256": P256, "EdDSA": ED}
STEPS = [
    "read",
    "contexts",
    "types",
    "issuer",
    "proof",
    "key",
    "controller",
    "claims",
    "signature",
    "valid-from",
    "valid-until",
    "status",
    "recipient",
]


def jwk(key: Any, algorithm: str) -> dict[str, Any]:
    method: Any = jwt.get_algorithm_by_name(algorithm)
    made = method.to_jwk(key.public_key(), as_dict=True)
    return {name: value for name, value in made.items() if name != "key_ops"}


def pem(key: Any) -> str:
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, info).decode()


def document(**changes: Any) -> dict[str, Any]:
    keys = {
        "id": DID,
        "verificationMethod": [
            {"id": f"{DID}#{name}", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk(key, name)}
            for name, key in KEYS.items()
        ],
        "assertionMethod": [f"{DID}#{name}" for name in KEYS],
    }
    return {**keys, **changes}


def files(**changes: Any) -> dict[str, Any]:
    listed = status_list_credential(LIST, DID, [3], "2026-01-01T00:00:00Z")
    made = jwt.encode({**listed, "iss": DID, "jti": LIST}, RSA, "RS256", {"kid": f"{DID}#RS256"})
    return {**site(), "did.json": document(), "status/1.json": made.encode(), **changes}


def payload(**claims: Any) -> dict[str, Any]:
    made = {**credential(), "iss": DID, "jti": BASE + "awards/1/credential.json", "nbf": 1767225600}
    return {**made, "exp": 1798761600, **claims}


def token(
    algorithm: str = "RS256", body: dict[str, Any] | None = None, key: Any = None, **header: Any
) -> bytes:
    head = {"kid": f"{DID}#{algorithm}", **header}
    head = {name: value for name, value in head.items() if value is not None}
    signer = KEYS[algorithm] if key is None else key
    return jwt.encode(payload() if body is None else body, signer, algorithm, head).encode()


def recoded(made: bytes, part: int, change: Change) -> bytes:
    pieces = made.split(b".")
    inside = json.loads(base64.urlsafe_b64decode(pieces[part] + b"=" * (-len(pieces[part]) % 4)))
    pieces[part] = base64.urlsafe_b64encode(json.dumps(changed(inside, change)).encode()).rstrip(b"=")
    return b".".join(pieces)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_good_token(algorithm: str) -> None:
    result = ask(token(algorithm), files(), EMAIL)
    assert result.valid, result.steps
    assert [step.id.removeprefix("ob3.") for step in result.steps] == STEPS


def test_the_vc_claim_of_version_1() -> None:
    body = {"vc": credential(), "iss": DID, "nbf": 1767225600}
    assert ask(token(body=body), files()).valid
    both = {**payload(), "vc": credential(name="Other")}
    assert failed(ask(token(body=both), files())) == ["ob3.claims"]


CLAIMS = {
    "iss": {"iss": "did:web:example.org"},
    "jti": {"jti": "urn:x:y"},
    "nbf": {"nbf": 1767225601},
    "exp": {"exp": 1798761601},
    "no number": {"exp": "2027"},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=list(CLAIMS))
def test_claims_that_say_something_else(claims: dict[str, Any]) -> None:
    assert "ob3.claims" in failed(ask(token(body=payload(**claims)), files()))


HEADERS: dict[str, tuple[Change, str]] = {
    "none": (lambda h: h.update(alg="none"), "ob3.proof"),
    "None": (lambda h: h.update(alg="None"), "ob3.proof"),
    "no algorithm": (lambda h: h.pop("alg"), "ob3.proof"),
    "a secret": (lambda h: h.update(alg="HS256"), "ob3.proof"),
    "critical": (lambda h: h.update(crit=["x"]), "ob3.proof"),
    "unencoded": (lambda h: h.update(b64=False), "ob3.proof"),
    "compressed": (lambda h: h.update(zip="DEF"), "ob3.proof"),
    "type": (lambda h: h.update(typ="at+jwt"), "ob3.proof"),
    "another algorithm": (lambda h: h.update(alg="ES256"), "ob3.signature"),
    "another key": (lambda h: h.update(kid=f"{DID}#ES256"), "ob3.signature"),
    "no such key": (lambda h: h.update(kid=f"{DID}#x"), "ob3.key"),
    "no key": (lambda h: h.pop("kid"), "ob3.key"),
}


@pytest.mark.parametrize(("change", "step"), HEADERS.values(), ids=list(HEADERS))
def test_a_header_that_is_refused(change: Change, step: str) -> None:
    assert failed(ask(recoded(token(), 0, change), files())) == [step]


def test_the_public_key_is_no_secret() -> None:
    """What a verifier falls for that believes the header."""
    head = {"alg": "HS256", "kid": f"{DID}#RS256"}
    parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in (head, payload())]
    signature = hmac.new(pem(RSA).encode(), b".".join(parts), hashlib.sha256).digest()
    forged = b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")])
    assert failed(ask(forged, files())) == ["ob3.proof"]


def test_an_unknown_algorithm_decides_nothing() -> None:
    result = ask(recoded(token(), 0, lambda h: h.update(alg="PS256")), files())
    assert result.verdict == "undecided" and unknown(result) == ["ob3.proof"]


def test_a_changed_payload() -> None:
    made = recoded(token(), 1, lambda p: p["credentialSubject"]["achievement"].update(name="Other"))
    assert failed(ask(made, files())) == ["ob3.signature"]


def test_a_status_list_that_is_a_token() -> None:
    body = payload()
    body["credentialStatus"] = {**body["credentialStatus"], "statusListIndex": "3"}
    assert failed(ask(token(body=body), files())) == ["ob3.status"]
    wrong = token(body={**body, "credentialStatus": credential()["credentialStatus"]})
    broken = files()["status/1.json"][:-8] + b"AAAAAAAA"
    assert failed(ask(wrong, files(**{"status/1.json": broken}))) == ["ob3.status"]


# --- Where the key is -------------------------------------------------------------------------------------


def test_a_bare_jwk_must_lie_on_the_issuers_host() -> None:
    url = BASE + "key.json"
    assert ask(token(kid=url), files(**{"key.json": jwk(RSA, "RS256")})).valid
    elsewhere = "https://example.org/key.json"
    result = ask(token(kid=elsewhere), {**files(), elsewhere: jwk(RSA, "RS256")})
    assert failed(result) == ["ob3.controller"]
    neighbour = "https://badges.example.org/mine/key.json"
    result = ask(token(kid=neighbour), {**files(), neighbour: jwk(RSA, "RS256")})
    assert failed(result) == ["ob3.controller"]
    assert failed(ask(token(kid=url), files(**{"key.json": {"keys": [jwk(RSA, "RS256")]}}))) == ["ob3.key"]


def test_a_key_document_must_be_listed_by_whom_it_names() -> None:
    url = BASE + "key.json"
    key = {"id": url, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk(RSA, "RS256")}
    served = files(**{"key.json": key})
    assert failed(ask(token(kid=url), served)) == ["ob3.controller"]
    served["did.json"] = document(assertionMethod=[*document()["assertionMethod"], url])
    assert ask(token(kid=url), served).valid
    assert failed(ask(token(kid=url), files(**{"key.json": {**key, "controller": ISSUER["id"]}}))) == [
        "ob3.controller"
    ]


def test_a_key_in_the_token_is_of_nobody() -> None:
    assert failed(ask(token(kid=None, jwk=jwk(RSA, "RS256")), files())) == ["ob3.controller"]
    did = "did:jwk:" + base64.urlsafe_b64encode(json.dumps(jwk(P256, "ES256")).encode()).decode().rstrip("=")
    body = payload(iss=did)
    body["issuer"] = {**body["issuer"], "id": did}
    del body["credentialStatus"]
    assert ask(token("ES256", body, kid=None, jwk=jwk(P256, "ES256")), {}).valid
    assert ask(token("ES256", body, kid=f"{did}#0"), {}).valid
    assert failed(ask(token("EdDSA", body, kid=None, jwk=jwk(ED, "EdDSA")), {})) == ["ob3.controller"]


BAD_JWKS: dict[str, tuple[dict[str, Any], bool]] = {
    "with its secret": ({**jwk(RSA, "RS256"), "d": "AQAB"}, True),
    "a secret": ({"kty": "oct", "k": "AAAA"}, True),
    "too small": (jwk(SMALL, "RS256"), True),
    "for encryption": ({**jwk(RSA, "RS256"), "use": "enc"}, True),
    "not complete": ({"kty": "RSA", "n": "AQAB"}, True),
    "not on the curve": ({**jwk(P256, "ES256"), "y": jwk(P256, "ES256")["x"]}, True),
    "of an unknown curve": ({"kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA"}, False),
    "of an unknown kind": ({"kty": "AKP", "pub": "AAAA"}, False),
}


@pytest.mark.parametrize(("key", "wrong"), BAD_JWKS.values(), ids=list(BAD_JWKS))
def test_a_jwk_that_is_none(key: dict[str, Any], wrong: bool) -> None:
    result = ask(token(kid=BASE + "key.json"), files(**{"key.json": key}))
    assert (failed(result) if wrong else unknown(result)) == ["ob3.key"]


def test_a_key_that_does_not_answer_decides_nothing() -> None:
    result = ask(token(kid=BASE + "key.json"), files(**{"key.json": SILENT}))
    assert result.verdict == "undecided" and unknown(result) == ["ob3.key"]


# --- Open Badges 2.0 --------------------------------------------------------------------------------------

CREATOR = BASE + "ob2-key.json"


def signed(algorithm: str = "RS256", key: Any = None, **changes: Any) -> bytes:
    body = assertion(
        id="urn:uuid:0d5a3c0e-0b53-4c40-8f5d-4a3f9d2f7c55",
        verification={"type": "SignedBadge", "creator": CREATOR},
        **changes,
    )
    return jwt.encode(body, KEYS[algorithm] if key is None else key, algorithm).encode()


def with_key(algorithm: str = "RS256", **changes: Any) -> dict[str, Any]:
    key = {
        "type": "CryptographicKey",
        "id": CREATOR,
        "owner": ISSUER["id"],
        "publicKeyPem": pem(KEYS[algorithm]),
        **changes,
    }
    return site(**{"ob2-key.json": key, "issuer.json": {**ISSUER, "publicKey": CREATOR}})


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_signed_assertion(algorithm: str) -> None:
    result = ask(signed(algorithm), with_key(algorithm), EMAIL)
    assert result.valid, result.steps
    steps = ["shape", "badge", "issuer", "key", "signature", "issued", "expires", "revoked", "recipient"]
    assert [step.id for step in result.steps] == ["read", *(f"ob2.{name}" for name in steps)]


def test_a_signed_assertion_that_is_refused() -> None:
    assert failed(ask(signed(key=rsa.generate_private_key(65537, 2048)), with_key())) == ["ob2.signature"]
    assert failed(ask(signed(), with_key("ES256"))) == ["ob2.signature"]
    assert failed(ask(signed(), with_key(owner=BASE + "x"))) == ["ob2.key"]
    assert failed(ask(signed(), {**with_key(), "issuer.json": ISSUER})) == ["ob2.key"]
    made = recoded(signed(), 1, lambda a: a.update(issuedOn="2026-02-01T00:00:00Z"))
    assert failed(ask(made, with_key())) == ["ob2.signature"]
    assert failed(ask(recoded(signed(), 0, lambda h: h.update(alg="none")), with_key())) == ["ob2.signature"]
    bare = json.loads(base64.urlsafe_b64decode(signed().split(b".")[1] + b"=="))
    assert failed(ask(bare, with_key())) == ["ob2.shape"]


def test_a_token_of_a_credential_with_an_embedded_proof_is_read_as_a_token() -> None:
    assert ask(token(body={**payload(), "proof": GOOD3["proof"]}), files()).valid
