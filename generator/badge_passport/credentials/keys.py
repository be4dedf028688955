"""Signing keys: Ed25519 for proofs, P-256 for tokens, in PEM files (PKCS#8, RFC 5958) of one reader.

The private key never shows in a representation, a comparison or a message.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import nacl.signing
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from badge_passport.credentials.multibase import (
    Curve,
    MultibaseError,
    base64url,
    multikey_decode,
    multikey_encode,
)

MAX_BYTES: Final = 65_536
"""Size up to which a key file is read; an Ed25519 key takes about 120 bytes."""

_P256: Final = ec.SECP256R1.name
_LABEL: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_HELP_MAKE: Final = "Let `passport keys new` make one."
# The nonce comes from the text (RFC 6979), so that a build gives the same bytes every time.
_ES256: Final = ec.ECDSA(SHA256(), deterministic_signing=True)
_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (rsa.RSAPrivateKey, "an RSA key"),
    (dsa.DSAPrivateKey, "a DSA key"),
    (ed448.Ed448PrivateKey, "an Ed448 key"),
    (x25519.X25519PrivateKey, "an X25519 key, which encrypts and does not sign"),
    (ed25519.Ed25519PrivateKey, "an Ed25519 key"),
    (x448.X448PrivateKey, "an X448 key, which encrypts and does not sign"),
)


class KeyProblem(Exception):
    """A key that cannot be used: what is wrong, and what to do."""

    def __init__(self, code: str, message: str, help: str) -> None:  # noqa: A002 - as in a diagnostic
        super().__init__(code, message, help)
        self.code, self.message, self.help = code, message, help

    def __str__(self) -> str:
        return f"{self.message} {self.help}"


_Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair, known by its public half.

    ``sign`` gives a signature of 64 bytes, the same every time: EdDSA (RFC 8032) for an Ed25519 key, ES256
    (RFC 7518, section 3.4) for one of P-256.
    """

    multibase: str
    _private: _Private = field(repr=False, compare=False)
    sign: Sign = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        private = self._private
        sign = _eddsa(private) if isinstance(private, ed25519.Ed25519PrivateKey) else _es256(private)
        object.__setattr__(self, "sign", sign)


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """What an issuer signs with: proofs always (Ed25519), tokens if it wants them (P-256)."""

    proof: SigningKey
    token: SigningKey | None = None


def new_key(curve: Curve = "Ed25519") -> SigningKey:
    """A new key from the randomness of the operating system."""
    if curve == "P-256":
        return _signing_key(ec.generate_private_key(ec.SECP256R1()))
    return _signing_key(ed25519.Ed25519PrivateKey.generate())


def load_pem(data: bytes, passphrase: bytes | None, curve: Curve = "Ed25519") -> SigningKey:
    """The key of a PEM text; a passphrase that it does not need is ignored.

    Raises `KeyProblem`: ``key-not-pem``, ``key-type``, ``key-encrypted`` or ``key-passphrase``.
    """
    label = _LABEL.search(data)
    if label is None:
        raise KeyProblem("key-not-pem", "The text is not a key in PEM form.", _HELP_MAKE)
    name = label[1].decode("ascii")
    if not name.endswith("PRIVATE KEY"):
        message = f"The text is not a private key but “{name}”."
        raise KeyProblem("key-type", message, "Use the file that holds the private key.")
    if name == "OPENSSH PRIVATE KEY":
        raise KeyProblem("key-type", "The key has the form of OpenSSH, not PKCS#8.", _HELP_MAKE)
    private = _decode(data, passphrase or None, _is_encrypted(data, name))
    if curve == "Ed25519" and isinstance(private, ed25519.Ed25519PrivateKey):
        return _signing_key(private)
    if curve == "P-256" and isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name == _P256:
        return _signing_key(private)
    raise KeyProblem("key-type", f"The key is {_kind(private)}, not {curve}.", _HELP_MAKE)


def to_pem(key: SigningKey, passphrase: bytes | None) -> bytes:
    """PKCS#8 in PEM, encrypted when there is a passphrase."""
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase:
        encryption = BestAvailableEncryption(passphrase)
    return key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def read_key_file(path: Path) -> bytes:
    """The bytes of a key file.

    Raises `KeyProblem`: ``key-unreadable``, or ``key-permissions`` when others than its owner may read or
    change it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise KeyProblem("key-unreadable", f"{path} is not a file.", "Name the file of the key.")
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                message = f"Others than its owner have access to {path}."
                raise KeyProblem("key-permissions", message, f"Run “chmod 600 {path}”.")
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unknown error"
        fix = "Check its path and its permissions."
        raise KeyProblem("key-unreadable", f"{path} cannot be read: {reason}.", fix) from None
    if len(data) > MAX_BYTES:
        raise KeyProblem("key-unreadable", f"{path} is too large for a key.", "Name the file of the key.")
    return data


def public_from_multibase(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key; raises `MultibaseError`."""
    curve, key = multikey_decode(text)
    if curve != "Ed25519":
        raise MultibaseError(f"The public key is of {curve}, not Ed25519.")
    return key


def public_jwk(multibase: str) -> dict[str, str]:
    """A P-256 public key as a JSON Web Key (RFC 7518, section 6.2.1); raises `MultibaseError`."""
    curve, key = multikey_decode(multibase)
    if curve != "P-256":
        raise MultibaseError(f"The public key is of {curve}, not P-256.")
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key).public_numbers()
    except ValueError:
        raise MultibaseError("The text is not a point of P-256.") from None
    x, y = (base64url(n.to_bytes(32, "big")) for n in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _signing_key(private: _Private) -> SigningKey:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return SigningKey(multikey_encode("Ed25519", private.public_key().public_bytes_raw()), private)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return SigningKey(multikey_encode("P-256", point), private)


def _eddsa(private: ed25519.Ed25519PrivateKey) -> Sign:
    """Libsodium signs in two thirds of the time of OpenSSL, and this is the largest step of a credential."""
    key = nacl.signing.SigningKey(private.private_bytes_raw())
    return lambda data: key.sign(data).signature


def _es256(private: ec.EllipticCurvePrivateKey) -> Sign:
    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(data, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def _is_encrypted(data: bytes, label: str) -> bool:
    """Whether a passphrase is needed: PKCS#8 says so in its label, older forms in a header."""
    return label.startswith("ENCRYPTED") or b"Proc-Type: 4,ENCRYPTED" in data


def _decode(data: bytes, passphrase: bytes | None, encrypted: bool) -> object:
    if encrypted and passphrase is None:
        raise KeyProblem("key-encrypted", "The key is encrypted.", "Give its passphrase.")
    try:
        return load_pem_private_key(data, passphrase if encrypted else None)
    except (ValueError, TypeError):
        if encrypted:
            message = "The passphrase does not open the key, or the key is damaged."
            raise KeyProblem("key-passphrase", message, "Give its right passphrase.") from None
        raise KeyProblem("key-not-pem", "The key is damaged.", "Take it from a copy.") from None
    except UnsupportedAlgorithm:
        raise KeyProblem("key-type", "The key is of an unknown kind.", _HELP_MAKE) from None


def _kind(private: object) -> str:
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return f"a key on the curve {private.curve.name}"
    return next((name for kind, name in _KINDS if isinstance(private, kind)), "of another kind")
