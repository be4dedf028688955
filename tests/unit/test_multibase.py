"""Base58btc, multibase and Multikey: known answers, and what goes in comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.credentials.multibase import (
    MAX_LENGTH,
    MultibaseError,
    base58_decode,
    base58_encode,
    multibase_decode,
    multikey_decode,
    multikey_encode,
)

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# From draft-msporny-base58, and W3C's vector for Ed25519 (Data Integrity EdDSA Cryptosuites, B.1).
KNOWN = [
    (b"", ""),
    (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    (b"\0\0", "11"),
]
W3C_KEY = (
    "b00d8d938e7f773d51565aad36a623f5344f7f5d1960f9cf3e8e12620ea2810f",
    "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
)


def plain_base58(data: bytes) -> str:
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


@pytest.mark.parametrize(("data", "text"), KNOWN)
def test_known_answers(data: bytes, text: str) -> None:
    assert base58_encode(data) == text
    assert base58_decode(text) == data


@given(st.binary(max_size=90), st.integers(0, 3))
def test_digit_by_digit_gives_the_same(data: bytes, zeros: int) -> None:
    data = bytes(zeros) + data
    assert base58_encode(data) == plain_base58(data)
    assert base58_decode(base58_encode(data)) == data


@given(st.text(ALPHABET, max_size=90))
def test_every_text_is_that_of_its_bytes(text: str) -> None:
    assert base58_encode(base58_decode(text)) == text


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "1 1", "é", "z-", "1" * (MAX_LENGTH + 1)])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(MultibaseError):
        base58_decode(text)


def test_a_known_public_key() -> None:
    raw, multibase = W3C_KEY
    assert multikey_encode("Ed25519", bytes.fromhex(raw)) == multibase
    assert multikey_decode(multibase) == ("Ed25519", bytes.fromhex(raw))
    assert multibase_decode(multibase)[:2] == b"\xed\x01"


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=33, max_size=33))
def test_public_keys_come_back(edwards: bytes, point: bytes) -> None:
    assert multikey_encode("Ed25519", edwards).startswith("z6Mk")
    assert multikey_decode(multikey_encode("Ed25519", edwards)) == ("Ed25519", edwards)
    assert multikey_decode(multikey_encode("P-256", point)) == ("P-256", point)


def test_a_compressed_point_starts_as_expected() -> None:
    assert multikey_encode("P-256", b"\x02" + bytes(32)).startswith("zDn")


@pytest.mark.parametrize("text", ["", "z", "uAAAA", "6MkrJ", W3C_KEY[1][:-1], W3C_KEY[1] + "1"])
def test_other_texts_are_no_keys(text: str) -> None:
    with pytest.raises(MultibaseError):
        multikey_decode(text)


def test_a_key_of_wrong_length_is_refused() -> None:
    with pytest.raises(MultibaseError):
        multikey_encode("Ed25519", bytes(33))
