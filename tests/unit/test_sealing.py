"""What encrypts private passports: by the book, the same every time, and never one nonce for two texts."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.credentials.sealing import Seals

SECRET = bytes(range(32))
SEAL = Seals(SECRET).of("amira-k")


def key_of(fragment: str) -> bytes:
    return base64.urlsafe_b64decode(fragment.removeprefix("#key=") + "=")


def unsealed(data: bytes, path: str, fragment: str) -> bytes:
    return AESGCM(key_of(fragment)).decrypt(data[:12], data[12:], path.encode())


def test_the_key_is_that_of_rfc_5869() -> None:
    """Extract and expand, written out; whoever has the secret can open a passport with any library."""
    extracted = hmac.digest(bytes(32), SECRET, hashlib.sha256)
    info = b"badge-passport private passport v1\namira-k"
    assert key_of(SEAL.fragment) == hmac.digest(extracted, info + b"\x01", hashlib.sha256)
    assert len(SEAL.fragment) == len("#key=") + 43


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_with_the_key_at_its_place(data: bytes, path: str) -> None:
    sealed = SEAL.seal(path, data)
    assert sealed == SEAL.seal(path, data)
    assert len(sealed) == 12 + len(data) + 16
    assert unsealed(sealed, path, SEAL.fragment) == data
    with pytest.raises(InvalidTag):
        unsealed(sealed, path + "x", SEAL.fragment)


@given(
    st.tuples(st.binary(max_size=9), st.text(max_size=9)),
    st.tuples(st.binary(max_size=9), st.text(max_size=9)),
)
def test_two_texts_or_two_places_never_share_a_nonce(
    one: tuple[bytes, str], other: tuple[bytes, str]
) -> None:
    nonces = [SEAL.seal(path, data)[:12] for data, path in (one, other)]
    assert (nonces[0] == nonces[1]) is (one == other)


def test_a_boundary_that_moves_gives_another_nonce() -> None:
    assert SEAL.seal("ab", b"c")[:12] != SEAL.seal("a", b"bc")[:12]


def test_people_and_sites_have_keys_of_their_own() -> None:
    keys = {
        Seals(secret).of(name).fragment for secret in (SECRET, SECRET[::-1]) for name in ("amira-k", "lea-m")
    }
    assert len(keys) == 4


@pytest.mark.parametrize("at", [0, 11, 12, 20, -1])
def test_a_changed_byte_is_refused(at: int) -> None:
    sealed = bytearray(SEAL.seal("passports/amira-k/", b"ten badges"))
    sealed[at] ^= 1
    with pytest.raises(InvalidTag):
        unsealed(bytes(sealed), "passports/amira-k/", SEAL.fragment)


def test_no_key_shows_in_a_representation() -> None:
    assert repr(Seals(SECRET)) == "Seals()" and repr(SEAL) == "Seal()"
