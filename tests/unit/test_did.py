"""did:web and its file, did:key, and the DID document that verifiers accept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.credentials.did import (
    DidError,
    did_document,
    did_key,
    did_web,
    did_web_url,
    verification_method,
)
from badge_passport.credentials.documents import to_bytes
from badge_passport.credentials.multibase import multikey_decode, multikey_encode

KEYS = [multikey_encode("Ed25519", bytes([number]) * 32) for number in range(3)]
DID = "did:web:badges.example.org:ve"
SEGMENTS = st.from_regex(r"[A-Za-z0-9._~-]{1,12}|%[C-F][0-9A-F]%[89AB][0-9A-F]", fullmatch=True).filter(
    lambda text: text not in (".", "..")
)


@pytest.mark.parametrize(
    ("base", "path", "did"),
    [
        ("https://badges.example.org/ve/", "", DID),
        ("https://user.github.io/repo/", "issuers/acme/", "did:web:user.github.io:repo:issuers:acme"),
        ("https://Badges.Example.org:8443/ve/", "", "did:web:badges.example.org%3A8443:ve"),
        ("https://badges.example.org/", ".well-known/", "did:web:badges.example.org"),
        ("https://badges.example.org/ve/", ".well-known/", "did:web:badges.example.org:ve:.well-known"),
        ("https://badges.example.org/~me/", "", "did:web:badges.example.org:%7Eme"),
    ],
)
def test_known_identifiers(base: str, path: str, did: str) -> None:
    assert did_web(base, path) == did
    assert did_web_url(did) == base.lower() + path + "did.json"


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,5}){1,2}", fullmatch=True),
    st.none() | st.integers(1, 65535),
    st.lists(SEGMENTS, min_size=1, max_size=4),
)
def test_the_file_is_where_the_identifier_says(host: str, port: int | None, segments: list[str]) -> None:
    base = f"https://{host}{f':{port}' if port else ''}/"
    path = "/".join(segments) + "/"
    assert did_web_url(did_web(base, path)) == base + path + "did.json"


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("https://badges.example.org/", ""),
        ("http://badges.example.org/ve/", ""),
        ("https://badges.example.org/ve", ""),
        ("https://me@badges.example.org/ve/", ""),
        ("https://[::1]/ve/", ""),
        ("https://bücher.example/ve/", ""),
        ("https://badges.example.org:x/ve/", ""),
        ("https://badges.example.org/a//b/", ""),
        ("https://badges.example.org/a/../b/", ""),
        ("https://badges.example.org/ve/", "?a/"),
        ("https://badges.example.org/100%/", ""),
    ],
)
def test_other_addresses_have_none(base: str, path: str) -> None:
    with pytest.raises(DidError):
        did_web(base, path)


@pytest.mark.parametrize(
    "did",
    ["", "did:web:", "did:key:z6Mk", "did:web:a.org/b", "did:web:a.org::b", "did:web:a.org:b#c", DID + "\n"],
)
def test_other_texts_are_no_did_web(did: str) -> None:
    with pytest.raises(DidError):
        did_web_url(did)


def test_the_document_is_the_one_that_verifiers_accept() -> None:
    document = did_document(DID, KEYS[:2], ["https://badges.example.org/ve/"])
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "alsoKnownAs": ["https://badges.example.org/ve/"],
        "verificationMethod": [
            {"id": f"{DID}#{key}", "type": "Multikey", "controller": DID, "publicKeyMultibase": key}
            for key in KEYS[:2]
        ],
        "assertionMethod": [f"{DID}#{key}" for key in KEYS[:2]],
    }
    assert len(to_bytes(document)) < 8192


def test_a_retired_key_stays_and_a_missing_list_is_left_out() -> None:
    before, after = did_document(DID, KEYS[:1], []), did_document(DID, [KEYS[1], KEYS[0]], [])
    assert "alsoKnownAs" not in before
    assert set(before["assertionMethod"]) < set(after["assertionMethod"])
    assert before["verificationMethod"][0] in after["verificationMethod"]
    before["@context"].append("changed")
    assert did_document(DID, KEYS[:1], [])["@context"] == after["@context"]


def test_methods_and_keys() -> None:
    assert did_key(KEYS[0]) == "did:key:" + KEYS[0]
    assert verification_method(DID, KEYS[0]) == f"{DID}#{KEYS[0]}"
    assert multikey_decode(KEYS[0])[0] == "Ed25519"
    for wrong in ("", "z6Mk", "#key"):
        with pytest.raises(DidError):
            verification_method(DID, wrong)
        with pytest.raises(DidError):
            did_key(wrong)
    for keys in ([], [KEYS[0], KEYS[0]]):
        with pytest.raises(DidError):
            did_document(DID, keys, [])
