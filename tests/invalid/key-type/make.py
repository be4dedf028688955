from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from key_fixtures import sign_with


def make(site: Path) -> None:
    other = X25519PrivateKey.from_private_bytes(bytes(32))
    private = other.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    sign_with(site, "harbour", 1, private)
