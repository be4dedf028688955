"""Award ids: computed, never stored, so the same record has the same URL on every machine."""

from __future__ import annotations

import datetime
import hmac

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16  # characters of 5 bits: 80 bits
_PAIRS = [first + second for first in CROCKFORD for second in CROCKFORD]


def award_id(
    namespace: str,
    issuer: str,
    badge: str,
    participant_key: str,
    issued_on: datetime.date | None,
    number: int | None,
) -> str:
    """16 characters of Crockford base32: HMAC-SHA-256 of the record under the site's ``idNamespace``.

    ``issued_on`` is None for an award that follows from a milestone: its date may move when an earlier
    award is entered later, and its id must not. ``number`` tells repeats apart; None and 1 are the same.
    """
    day = issued_on.isoformat() if issued_on else "milestone"
    message = "\n".join((issuer, badge, participant_key, day, str(number or 1)))
    digest = hmac.digest(namespace.encode(), message.encode(), "sha256")
    bits = int.from_bytes(digest[: LENGTH * 5 // 8], "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(5 * (LENGTH - 2), -1, -10)])
