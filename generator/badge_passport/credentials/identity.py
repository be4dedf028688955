"""Hashed recipients: an address becomes SHA-256 of its lower-case form followed by a salt."""

from __future__ import annotations

import hashlib
import hmac


def normalise(address: str) -> str:
    """The form in which an address is hashed: verifiers compare case by case, so everything is lower-case."""
    return address.strip().lower()


def hash_identity(address: str, salt: str) -> str:
    """``sha256$`` and the hexadecimal hash (Open Badges 2.0, IdentityHash). The salt follows the address."""
    digest = hashlib.sha256((normalise(address) + salt).encode()).hexdigest()
    return f"sha256${digest}"


def is_recipient(address: str, salt: str, identity: str) -> bool:
    """Whether a hashed identity is this address."""
    return hmac.compare_digest(hash_identity(address, salt), identity.lower())
