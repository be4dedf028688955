"""Status lists: known bits, bounded reading, and places that never move."""

from __future__ import annotations

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.credentials.canonical import check_terms
from badge_passport.credentials.documents import to_bytes
from badge_passport.credentials.status import (
    SIZE,
    StatusListError,
    allocate,
    decode,
    encode,
    is_set,
    status_entry,
    status_list_credential,
)

URL = "https://badges.example.org/ve/status/1.json"
# `encodedList` of an example of the specification: all bits are zero.
EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
IDS = st.lists(st.text(min_size=1), max_size=40, unique=True)


def test_an_example_of_the_specification() -> None:
    assert decode(EMPTY) == bytes(SIZE // 8) == decode(encode([]))


def test_bit_0_is_the_most_significant_one() -> None:
    data = decode(encode([0, 9, SIZE - 1]))
    assert (data[0], data[1], data[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)
    assert len(data) == 16_384


@given(st.sets(st.integers(0, SIZE - 1), max_size=60))
def test_bits_come_back(bits: set[int]) -> None:
    text = encode(bits)
    data = decode(text)
    assert {index for index in bits if is_set(data, index)} == bits
    assert sum(byte.bit_count() for byte in data) == len(bits)
    assert text == encode(sorted(bits, reverse=True))
    assert "=" not in text


def test_the_gzip_header_says_nothing_of_time_or_system() -> None:
    packed = base64.urlsafe_b64decode(encode([1])[1:] + "==")
    assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
    assert gzip.decompress(packed) == decode(encode([1]))


@pytest.mark.parametrize("bits", [[-1], [SIZE]])
def test_an_index_outside_is_refused(bits: list[int]) -> None:
    with pytest.raises(ValueError, match="no index"):
        encode(bits)


@pytest.mark.parametrize("size", [0, -8, 7])
def test_half_bytes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="bits"):
        encode([], size)


def pack(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        EMPTY[1:],
        "z" + EMPTY[1:],
        "u",
        "u!!",
        "u+/==",
        "ué",
        EMPTY[:-8],
        pack(b"plain"),
        pack(gzip.compress(b"a") + b"more"),
        pack(gzip.compress(bytes(16_385))),
        pack(gzip.compress(bytes(100_000_000))),
    ],
    ids=range(12),
)
def test_hostile_lists_are_refused(text: str) -> None:
    with pytest.raises(StatusListError):
        decode(text)


@given(IDS, IDS)
def test_appending_moves_no_index(before: list[str], after: list[str]) -> None:
    more = before + [one for one in after if one not in before]
    for size in (8, 16, SIZE):
        first, second = allocate(before, size), allocate(more, size)
        assert {one: second[one] for one in before} == first
        assert len(set(second.values())) == len(more)
        assert all(0 <= index < size for _, index in second.values())


def test_a_list_is_filled_by_half_and_scattered() -> None:
    places = allocate([f"urn:uuid:{number}" for number in range(1000)], 400)
    assert {number for number, _ in places.values()} == {0, 1, 2, 3, 4}
    assert len(set(places.values())) == 1000
    first = [index for number, index in places.values() if number == 0]
    assert first != sorted(first)
    with pytest.raises(ValueError, match="twice"):
        allocate(["a", "a"])


def test_an_entry_and_its_list_say_the_same() -> None:
    entry = status_entry(URL, 94567)
    listed = status_list_credential(URL, {"id": "did:web:a.org:ve"}, [94567], "2026-03-14T09:00:00Z")
    assert entry["id"] != entry["statusListCredential"] == listed["id"]
    assert entry["statusListIndex"] == "94567"
    assert entry["statusPurpose"] == listed["credentialSubject"]["statusPurpose"]
    assert listed["credentialSubject"]["type"] == "BitstringStatusList"
    assert listed["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert "validUntil" not in listed
    assert listed == status_list_credential(URL, "did:web:a.org:ve", [94567], "2026-03-14T09:00:00Z")
    assert is_set(decode(listed["credentialSubject"]["encodedList"]), 94567)
    check_terms(listed)
    assert len(to_bytes(listed)) < 2000
