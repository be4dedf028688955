"""Base58btc, multibase and Multikey: how public keys and signatures are spelt.

Sources: Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase); the multicodec table.
A signature is 64 bytes for every credential, so encoding takes ten digits with each long division and
looks them up two at a time.
"""

from __future__ import annotations

import base64
from typing import Final, Literal

Curve = Literal["Ed25519", "P-256"]

MAX_LENGTH: Final = 1024
"""Characters of base58 that `base58_decode` reads: the work grows with their square."""

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS: Final = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_VALUES: Final = {pair: value for value, pair in enumerate(_PAIRS)}
_PAIR: Final = 58**2
_CHUNK: Final = 58**10
# Varint of the multicodec and length of the raw key; a P-256 key is a compressed point.
_CODES: Final[dict[Curve, tuple[bytes, int]]] = {
    "Ed25519": (b"\xed\x01", 32),
    "P-256": (b"\x80\x24", 33),
}


class MultibaseError(ValueError):
    """A text that is not what it should encode; the message is one plain sentence."""


def base58_encode(data: bytes) -> str:
    """Base58btc; every leading zero byte is one ``1``."""
    number = int.from_bytes(data, "big")
    chunks: list[str] = []
    while number:
        number, rest = divmod(number, _CHUNK)
        rest, e = divmod(rest, _PAIR)
        rest, d = divmod(rest, _PAIR)
        rest, c = divmod(rest, _PAIR)
        a, b = divmod(rest, _PAIR)
        chunks.append(_PAIRS[a] + _PAIRS[b] + _PAIRS[c] + _PAIRS[d] + _PAIRS[e])
    digits = "".join(reversed(chunks)).lstrip("1")
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def base58_decode(text: str) -> bytes:
    """The bytes of `base58_encode`.

    Raises `MultibaseError` for other characters and for more than `MAX_LENGTH` of them.
    """
    if len(text) > MAX_LENGTH:
        raise MultibaseError(f"The base58 text is longer than {MAX_LENGTH} characters.")
    even = "1" * (len(text) % 2) + text
    number = 0
    try:
        for at in range(0, len(even), 2):
            number = number * _PAIR + _VALUES[even[at : at + 2]]
    except KeyError:
        raise MultibaseError("The text has a character that base58 does not know.") from None
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase_encode(data: bytes) -> str:
    """Multibase of base58btc: ``z…``."""
    return "z" + base58_encode(data)


def multibase_decode(text: str) -> bytes:
    """The bytes of `multibase_encode`; raises `MultibaseError`."""
    if not text.startswith("z"):
        raise MultibaseError("The text is not multibase in base58btc: it does not start with “z”.")
    return base58_decode(text[1:])


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def multikey_encode(curve: Curve, key: bytes) -> str:
    """``publicKeyMultibase`` of a raw public key: ``z6Mk…`` for Ed25519, ``zDn…`` for P-256."""
    code, length = _CODES[curve]
    if len(key) != length:
        raise MultibaseError(f"A public key of {curve} has {length} bytes, not {len(key)}.")
    return multibase_encode(code + key)


def multikey_decode(text: str) -> tuple[Curve, bytes]:
    """The curve and the raw public key of a ``publicKeyMultibase``; raises `MultibaseError`."""
    data = multibase_decode(text)
    for curve, (code, length) in _CODES.items():
        if data.startswith(code) and len(data) == len(code) + length:
            return curve, data[len(code) :]
    raise MultibaseError("The text is not a public key of Ed25519 or P-256.")
