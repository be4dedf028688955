"""Links to passports. That of a private one ends in its key, made of a secret that stays in ``private/``.

The key is in the fragment of the address, which browsers send to nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from badge_passport.credentials.sealing import LEAST, Seals
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.entities import Participant
from badge_passport.registry.privacy import is_sealed
from badge_passport.urls import Urls

NAME = "passports.key"
PASSPORTS_KEY = f"private/{NAME}"
VARIABLE = "PASSPORT_PASSPORTS_KEY"


def find_seals(
    folders: Iterable[Path], environment: Mapping[str, str] = os.environ
) -> tuple[Seals | None, Diagnostic | None]:
    """What encrypts the private passports of a site, or None: its secret is not here.

    The secret is in the environment, else in the first of the ``folders`` that has it, as hexadecimal
    digits. Problem: ``passports-key``, for one that is damaged.
    """
    written = environment.get(VARIABLE, "")
    file = next((f for folder in folders if (f := folder / NAME).exists()), None)
    if not written and file is None:
        return None, None
    try:
        secret = bytes.fromhex((written or (file.read_text(encoding="ascii") if file else "")).strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) >= LEAST:
        return Seals(secret), None
    return None, Diagnostic(
        "passports-key",
        f"{VARIABLE if written else 'this'} is not a key for private passports",
        None if written else Span(PASSPORTS_KEY),
        "take it from your copy: every link to a private passport was made with it.",
    )


def passport_url(urls: Urls, person: Participant, language: str, seals: Seals | None) -> str:
    """The address that opens a passport; empty for a private one whose key is not here."""
    address = urls.absolute(urls.page(urls.passport(person.slug), language))
    if not is_sealed(person):
        return address
    return address + seals.of(person.key).fragment if seals else ""
