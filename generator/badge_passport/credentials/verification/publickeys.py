"""Public keys in every spelling: Multikey, JWK, PEM. What a key is decides what it can verify, nothing else.

Sources: Controlled Identifiers 1.0, sections 2.2.2 and 2.2.3; RFC 7517, RFC 7518 and RFC 8037; RFC 7468.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from badge_passport.credentials.multibase import multibase_decode
from badge_passport.credentials.verification.steps import Failure, Undecided

Kind = Literal["Ed25519", "P-256", "P-384", "RSA"]
Material = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_CURVES: Final[dict[str, Kind]] = {"secp256r1": "P-256", "secp384r1": "P-384"}
_MEMBERS: Final = {"OKP": ("crv", "x"), "EC": ("crv", "x", "y"), "RSA": ("n", "e")}
_JWK_CURVES: Final = frozenset({"Ed25519", "P-256", "P-384"})
_MAX_RSA: Final = 8192


@dataclass(frozen=True, slots=True)
class PublicKey:
    kind: Kind
    material: Material

    @property
    def info(self) -> bytes:
        """The key as bytes that are the same in every spelling of it (SubjectPublicKeyInfo)."""
        return self.material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def from_multikey(text: str) -> PublicKey:
    """``publicKeyMultibase``, or what follows ``did:key:``."""
    data = multibase_decode(text)
    code, raw = data[:2], data[2:]
    try:
        if code == b"\xed\x01":
            return _known(ed25519.Ed25519PublicKey.from_public_bytes(raw))
        if code in (b"\x80\x24", b"\x81\x24") and raw[:1] in (b"\x02", b"\x03"):
            curve = ec.SECP256R1() if code == b"\x80\x24" else ec.SECP384R1()
            return _known(ec.EllipticCurvePublicKey.from_encoded_point(curve, raw))
        if code == b"\x85\x24":  # PKCS#1; the loader takes it too
            return _known(load_der_public_key(raw))
    except (ValueError, UnsupportedAlgorithm):
        raise Failure(f"“{text[:60]}” is not a public key.") from None
    if code in (b"\xed\x01", b"\x80\x24", b"\x81\x24"):
        raise Failure(f"“{text[:60]}” is not a public key.")
    raise Undecided(f"“{text[:60]}” is not a key of a kind that is known here.")


def from_jwk(jwk: object) -> PublicKey:
    """A JWK of a public key. Its ``alg`` does not matter: its type does."""
    if not isinstance(jwk, dict):
        raise Failure("The key is not a JWK.")
    if "d" in jwk or jwk.get("kty") == "oct":
        raise Failure("The key is a secret one, which must never be published.")
    members = _MEMBERS.get(str(jwk.get("kty")))
    if members is None or ("crv" in members and jwk.get("crv") not in _JWK_CURVES):
        raise Undecided("The key is of a kind that is not known here.")
    if jwk.get("use", "sig") != "sig":
        raise Failure("The key is not for signatures.")
    if not all(isinstance(jwk.get(name), str) for name in members):
        raise Failure("The JWK is not complete.")
    try:
        found = jwt.PyJWK({"kty": jwk["kty"], **{name: jwk[name] for name in members}}, algorithm=_named(jwk))
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Failure("The JWK is not a public key.") from None
    return _known(found.key)


def from_pem(text: str) -> PublicKey:
    try:
        return _known(load_pem_public_key(text.encode("utf-8", "replace")))
    except (ValueError, UnsupportedAlgorithm):
        raise Failure("“publicKeyPem” is not a public key.") from None


def _named(jwk: dict[str, Any]) -> str:
    names = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}
    return "RS256" if jwk["kty"] == "RSA" else names[jwk["crv"]]


def _known(key: object) -> PublicKey:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey("Ed25519", key)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return PublicKey(_CURVES[key.curve.name], key)
    if isinstance(key, rsa.RSAPublicKey):
        if not 2048 <= key.key_size <= _MAX_RSA:
            raise Failure(f"The RSA key has {key.key_size} bits; 2048 are the least, {_MAX_RSA} the most.")
        return PublicKey("RSA", key)
    raise Undecided("The key is of a kind that is not known here.")


def as_any(key: PublicKey) -> Any:
    """The key for libraries whose types are less precise."""
    return cast(Any, key.material)
