"""Private passports: encrypted so that only who has the link can read them, and not the host.

AES-256-GCM (NIST SP 800-38D). Every person has a key of their own, derived from the secret of the site by
HKDF-SHA-256 (RFC 5869), so that a link stays good from one build to the next. There is no randomness: the
nonce is an HMAC of what is encrypted and of where it is published, as in SIV (RFC 5297). The same text at the
same place gives the same bytes, and two that differ never share a nonce.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from badge_passport.credentials.multibase import base64url

LEAST: Final = 16
"""Bytes that the secret of a site has at least."""
_NONCE: Final = 12
_INFO: Final = b"badge-passport private passport v1\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """What encrypts for one person."""

    _key: bytes = field(repr=False)
    _nonces: bytes = field(repr=False)

    @property
    def fragment(self) -> str:
        """What a link to the person's passport ends in: ``#key=`` and 43 letters of base64url."""
        return f"#key={base64url(self._key)}"

    def seal(self, path: str, data: bytes) -> bytes:
        """``data`` as it is published at ``path``, its associated data: nonce, ciphertext and tag."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        place = path.encode("utf-8")
        # The path is part of it: one nonce for two places would tell GCM's authentication key.
        message = len(place).to_bytes(8, "big") + place + data
        nonce = hmac.digest(self._nonces, message, hashlib.sha256)[:_NONCE]
        return nonce + AESGCM(self._key).encrypt(nonce, data, place)


@dataclass(frozen=True, slots=True)
class Seals:
    """What encrypts for everybody; made of the secret of a site."""

    _secret: bytes = field(repr=False)

    def of(self, key: str) -> Seal:
        """The seal of the person with this key, the slug they were first published under."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(SHA256(), 64, None, _INFO + key.encode("utf-8")).derive(self._secret)
        return Seal(made[:32], made[32:])
