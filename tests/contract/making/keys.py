"""The keys, identifiers and key documents of the corpus. RSA keys are new each time, the others never."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

BASE = "https://badges.example.org/"
DID = "did:web:badges.example.org:issuer"
OTHER_DID = "did:web:other.example.org"
DID_URL = f"{BASE}issuer/did.json"
OTHER_URL = "https://other.example.org/.well-known/did.json"

Kind = Literal["Ed25519", "P-256", "P-384", "RSA"]
Document = dict[str, Any]
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CODES = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24"}
ALGORITHMS = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "RS256"}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


@dataclass(frozen=True)
class Pair:
    """A key pair, known by its kind and a number."""

    kind: Kind
    number: int = 1

    @functools.cached_property
    def private(self) -> Any:
        return _private(self.kind, self.number)

    @property
    def seed(self) -> bytes:
        return bytes([self.number]) * 32

    @property
    def pem(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def public_pem(self) -> str:
        public = self.private.public_key()
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.PEM, info).decode()

    @property
    def public_jwk(self) -> Document:
        return {
            name: value for name, value in self.jwk.items() if name not in ("d", "p", "q", "dp", "dq", "qi")
        }

    @property
    def jwk(self) -> Document:
        """The private key as a JWK."""
        if self.kind == "Ed25519":
            public = self.private.public_key().public_bytes_raw()
            return {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": b64(public),
                "d": b64(self.private.private_bytes_raw()),
            }
        numbers = self.private.private_numbers()
        if self.kind == "RSA":
            public = numbers.public_numbers
            values = {
                "n": public.n,
                "e": public.e,
                "d": numbers.d,
                "p": numbers.p,
                "q": numbers.q,
                "dp": numbers.dmp1,
                "dq": numbers.dmq1,
                "qi": numbers.iqmp,
            }
            texts = {name: b64(v.to_bytes((v.bit_length() + 7) // 8, "big")) for name, v in values.items()}
            return {"kty": "RSA", **texts}
        size = 32 if self.kind == "P-256" else 48
        point = numbers.public_numbers
        named = {"x": point.x, "y": point.y, "d": numbers.private_value}
        return {
            "kty": "EC",
            "crv": self.kind,
            **{name: b64(value.to_bytes(size, "big")) for name, value in named.items()},
        }

    @property
    def multibase(self) -> str:
        public = self.private.public_key()
        if self.kind == "Ed25519":
            raw = public.public_bytes_raw()
        else:
            raw = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        return "z" + base58(_CODES[self.kind] + raw)

    @property
    def did_key(self) -> str:
        if self.kind == "RSA":
            der = self.private.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.PKCS1
            )
            return "did:key:z" + base58(b"\x85\x24" + der)
        return f"did:key:{self.multibase}"

    @property
    def did_jwk(self) -> str:
        return "did:jwk:" + b64(json.dumps(self.public_jwk, separators=(",", ":")).encode())


@functools.cache
def _private(kind: Kind, number: int) -> Any:
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    if kind == "RSA":
        return rsa.generate_private_key(65537, 2048)
    curve = ec.SECP256R1() if kind == "P-256" else ec.SECP384R1()
    scalar = int.from_bytes(hashlib.sha256(f"{kind} {number}".encode()).digest(), "big") >> 8
    return ec.derive_private_key(scalar, curve)


ED, P256, P384, RSA = Pair("Ed25519"), Pair("P-256"), Pair("P-384"), Pair("RSA")
OLD = Pair("Ed25519", 2)  # published, but no longer for assertions
UNKNOWN = Pair("Ed25519", 3)  # published nowhere
OTHER = Pair("Ed25519", 4)  # of another issuer
HOLDER = Pair("Ed25519", 5)
HTTPS = Pair("Ed25519", 6)  # of an issuer with an https id
UNKNOWN_EC = Pair("P-256", 3)
UNKNOWN_RSA = Pair("RSA", 3)


def method(did: str, fragment: str, pair: Pair, form: str = "Multikey") -> Document:
    entry: Document = {"id": f"{did}#{fragment}", "type": form, "controller": did}
    if form.startswith("JsonWebKey"):
        return {**entry, "publicKeyJwk": pair.public_jwk}
    return {**entry, "publicKeyMultibase": pair.multibase}


def did_document(**changes: Any) -> Document:
    methods = [
        method(DID, ED.multibase, ED),
        method(DID, P256.multibase, P256),
        method(DID, P384.multibase, P384),
        method(DID, "ed-2020", ED, "Ed25519VerificationKey2020"),
        method(DID, "rsa", RSA, "JsonWebKey"),
        method(DID, "p256", P256, "JsonWebKey2020"),
        method(DID, "ed", ED, "JsonWebKey"),
        method(DID, OLD.multibase, OLD),
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": methods,
        "assertionMethod": [entry["id"] for entry in methods[:-1]],
        **changes,
    }


def other_document() -> Document:
    entry = method(OTHER_DID, OTHER.multibase, OTHER)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": OTHER_DID,
        "verificationMethod": [entry],
        "assertionMethod": [entry["id"]],
    }
