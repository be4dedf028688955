"""Signed tokens: their header, and whether the signature fits.

The header is the stranger's, so it decides nothing: the algorithm follows from the type of the key, and a
header that says something else is refused (RFC 8725, sections 2.1 and 3.1). Sources: RFC 7515, RFC 7518; Open
Badges 3.0, section 8.2.
"""

from __future__ import annotations

from typing import Any, Final

import jwt

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.publickeys import Kind, PublicKey, as_any
from badge_passport.credentials.verification.reading import Token
from badge_passport.credentials.verification.steps import Failure, Undecided

_OF_KEYS: Final[dict[Kind, str]] = {"RSA": "RS256", "P-256": "ES256", "Ed25519": "EdDSA"}
_TYPES: Final = frozenset({"jwt", "vc+jwt", "vp+jwt", "application/vc+jwt", "application/vp+jwt"})


def check_header(header: Document) -> str:
    """The algorithm that a header names, if it may be one."""
    check_algorithm(header)
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise Failure(f"The type of the token is “{kind}”, which is not that of a credential.")
    return str(header["alg"])


def check_algorithm(header: Document) -> str:
    for name, why in (
        ("crit", "asks for extensions that must be understood"),
        ("b64", "changes what is signed"),
        ("zip", "says that the token is compressed"),
    ):
        if name in header:
            raise Failure(f"The header of the token has “{name}”, which {why}: not accepted.")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none":
        raise Failure("The token is not signed (“alg” is none).")
    if algorithm.upper().startswith("HS"):
        raise Failure(
            f"The token is made with {algorithm}, for which everybody who verifies needs the secret."
        )
    if algorithm not in _OF_KEYS.values():
        raise Undecided(
            f"The token is signed with {algorithm}, which is not known here (RS256, ES256, EdDSA)."
        )
    return algorithm


def check_token(token: Token, key: PublicKey) -> str:
    """That this key made the signature, with the one algorithm that it is for."""
    algorithm = _OF_KEYS.get(key.kind)
    if algorithm is None:
        raise Undecided(f"Tokens that are signed with a key of {key.kind} are not known here.")
    if token.header.get("alg") != algorithm:
        raise Failure(
            f"The token says that it is signed with {token.header.get('alg')}; the key is for {algorithm}."
        )
    method: Any = jwt.get_algorithm_by_name(algorithm)
    if not method.verify(token.signed, as_any(key), token.signature):
        raise Failure("The signature does not fit: something was changed after signing.", "holder")
    return algorithm
