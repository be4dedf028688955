"""New participants: a slug that says nothing, and an address known only by its salted hash."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Sequence

from badge_passport.credentials.identity import hash_identity

Draw = Callable[[int], bytes]
"""A source of random bytes; `secrets.token_bytes` but in tests."""

_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that looks like something else
_DIGITS = frozenset("0123456789e")
SCHEMA = "# yaml-language-server: $schema=../../schemas/participant.schema.json\n"


def new_slug(taken: Container[str], draw: Draw = secrets.token_bytes) -> str:
    """Twelve random letters (58 bits), which nobody can guess: ``k4tz-8wnr-m2ha``."""
    while True:
        letters: list[str] = []
        while len(letters) < 12:
            byte = draw(1)[0]
            if byte < len(_LETTERS) * 8:  # so that each letter is as likely as any other
                letters.append(_LETTERS[byte % len(_LETTERS)])
        slug = "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
        if slug not in taken:
            return slug


def new_salt(draw: Draw = secrets.token_bytes) -> str:
    """The salt of one identity: 16 random bytes in hexadecimal, which YAML does not take for a number.

    One of three million is digits alone, or digits around an e; another is drawn then.
    """
    while True:
        salt = draw(16).hex()
        if not _DIGITS.issuperset(salt):
            return salt


def identity_lines(address: str, salt: str, label: str = "") -> str:
    """One entry of ``identities`` in a participant's file; ``address`` is not in it."""
    lines = f"  - identity: {hash_identity(address, salt)}\n    salt: {salt}\n"
    if label and (not label[0].isalpha() or label in ("true", "false", "null")):
        label = f'"{label}"'  # or YAML would read something else than a text
    return lines + (f"    label: {label}\n" if label else "")


def new_person(
    address: str,
    language: str = "",
    draw: Draw = secrets.token_bytes,
    label: str = "",
    further: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The file of a participant who has not said anything yet: unlisted, without a name.

    ``further`` holds other addresses of the same person, each with its label.
    """
    spoken = f"language: {language}\n" if language else ""
    identities = "".join(
        identity_lines(one, new_salt(draw), name) for one, name in [(address, label), *further]
    )
    return f"{SCHEMA}{spoken}identities:\n{identities}".encode()
