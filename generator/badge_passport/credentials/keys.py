"""Signing keys: Ed25519, kept in PEM files (PKCS#8, RFC 5958) that nobody else may read.

The private key never shows in a representation, a comparison or a message.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from badge_passport.credentials.multibase import MultibaseError, multikey_decode, multikey_encode

MAX_BYTES: Final = 65_536
"""Size up to which a key file is read; an Ed25519 key takes about 120 bytes."""

_LABEL: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_HELP_MAKE: Final = "Make one with “openssl genpkey -algorithm ed25519 -out key.pem”."
_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (rsa.RSAPrivateKey, "an RSA key"),
    (dsa.DSAPrivateKey, "a DSA key"),
    (ed448.Ed448PrivateKey, "an Ed448 key"),
    (x25519.X25519PrivateKey, "an X25519 key, which encrypts and does not sign"),
    (x448.X448PrivateKey, "an X448 key, which encrypts and does not sign"),
)


class KeyProblem(Exception):
    """A key that cannot be used: what is wrong, and what to do."""

    def __init__(self, code: str, message: str, help: str) -> None:  # noqa: A002 - as in a diagnostic
        super().__init__(code, message, help)
        self.code, self.message, self.help = code, message, help

    def __str__(self) -> str:
        return f"{self.message} {self.help}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key pair, known by its public half."""

    multibase: str
    _private: ed25519.Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes, the same every time (RFC 8032)."""
        return self._private.sign(data)


def new_key() -> SigningKey:
    """A new key from the randomness of the operating system."""
    return _signing_key(ed25519.Ed25519PrivateKey.generate())


def load_pem(data: bytes, passphrase: bytes | None) -> SigningKey:
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
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        raise KeyProblem("key-type", f"The key is {_kind(private)}, not Ed25519.", _HELP_MAKE)
    return _signing_key(private)


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
        raise KeyProblem("key-unreadable", f"{path} cannot be read: {reason}.", "Check the path.") from None
    if len(data) > MAX_BYTES:
        raise KeyProblem("key-unreadable", f"{path} is too large for a key.", "Name the file of the key.")
    return data


def public_from_multibase(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key; raises `MultibaseError`."""
    curve, key = multikey_decode(text)
    if curve != "Ed25519":
        raise MultibaseError(f"The public key is of {curve}, not Ed25519.")
    return key


def _signing_key(private: ed25519.Ed25519PrivateKey) -> SigningKey:
    return SigningKey(multikey_encode("Ed25519", private.public_key().public_bytes_raw()), private)


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
