"""Keys for tests: made of fixed seeds, so that they are the same every time and worth nothing."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_passport.credentials.multibase import multikey_encode


def private_key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def public(seed: int) -> str:
    """The public key of a seed in multibase."""
    return multikey_encode("Ed25519", private_key(seed).public_key().public_bytes_raw())


def pem(seed: int, passphrase: bytes | None = None) -> bytes:
    """The private key of a seed, PKCS#8."""
    how = s.BestAvailableEncryption(passphrase) if passphrase else s.NoEncryption()
    return private_key(seed).private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, how)


def token_key(seed: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(seed, ec.SECP256R1())


def add_token_key(site: Path, issuer: str, seed: int) -> None:
    """Give an issuer that signs a key for tokens too, both halves."""
    private = token_key(seed)
    point = private.public_key().public_bytes(s.Encoding.X962, s.PublicFormat.CompressedPoint)
    file = site / "badges" / issuer / "issuer.yml"
    key = f"  - publicKeyMultibase: {multikey_encode('P-256', point)}\n    created: 2018-01-01\n"
    file.write_text(file.read_text(encoding="utf-8") + key, encoding="utf-8")
    target = site / "private" / "keys" / f"{issuer}.token.pem"
    target.write_bytes(private.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
    target.chmod(0o600)


def sign_with(site: Path, issuer: str, seed: int, private: bytes | None, mode: int = 0o600) -> None:
    """Give an issuer the public key of a seed, and put ``private`` where its private key belongs."""
    file = site / "badges" / issuer / "issuer.yml"
    text = file.read_text(encoding="utf-8").rstrip("\n")
    key = f"keys:\n  - publicKeyMultibase: {public(seed)}\n    created: 2018-01-01\n"
    file.write_text(f"{text}\n{key}", encoding="utf-8")
    if private is not None:
        target = site / "private" / "keys" / f"{issuer}.pem"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(private)
        target.chmod(mode)
