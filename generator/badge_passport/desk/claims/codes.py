"""Claim codes: what only the person an award was sent to can know.

A code is an HMAC of the award and the address, under a key that stays in ``private/``. It travels in the
fragment of a URL, which browsers send to nobody; it is never published.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from badge_passport.credentials.identity import normalise
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.ids import CROCKFORD
from badge_passport.urls import Urls

CLAIM_KEY = "private/claims.key"
VARIABLE = "PASSPORT_CLAIMS_KEY"
LENGTH = 24  # characters of 5 bits: 120 bits
LEAST = 16  # bytes of a key


def claim_key(root: Path, environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The key of this site's claim codes, or None: from the environment, else from ``private/``."""
    text = environment.get(VARIABLE) or (
        (root / CLAIM_KEY).read_text(encoding="ascii") if (root / CLAIM_KEY).exists() else ""
    )
    return bytes.fromhex(text.strip()) if text.strip() else None


def find_claim_key(
    root: Path, environment: Mapping[str, str] = os.environ
) -> tuple[bytes | None, Diagnostic | None]:
    """As `claim_key`, with the problem ``claims-key`` for one that is damaged."""
    try:
        key = claim_key(root, environment)
    except (ValueError, OSError):
        key = b""
    if key is None or len(key) >= LEAST:
        return key, None
    where = None if environment.get(VARIABLE) else Span(CLAIM_KEY)
    return None, Diagnostic(
        "claims-key",
        f"{VARIABLE if where is None else 'this'} is not a key for claim codes",
        where,
        "take it from your copy: every claim link that was sent was made with it.",
    )


def new_claim_key() -> str:
    """What ``private/claims.key`` holds: 32 random bytes in hexadecimal. A site has one, for good."""
    return secrets.token_hex(32) + "\n"


def claim_code(key: bytes, award_id: str, address: str) -> str:
    """The code by which whoever reads mail at ``address`` claims an award: 24 characters of base32."""
    message = f"claim\n{award_id}\n{normalise(address)}".encode()
    bits = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[: LENGTH * 5 // 8], "big")
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def claim_url(urls: Urls, award_id: str, language: str, code: str) -> str:
    """The address behind the button “Get your badge”: the award's page, with the code in the fragment."""
    return urls.absolute(urls.page(urls.award(award_id), language)) + f"#claim={code}"
