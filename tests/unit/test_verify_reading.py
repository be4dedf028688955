"""Pictures, hostile inputs and junk: nothing makes the verifier fall over, and nothing of it is valid."""

from __future__ import annotations

import copy
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_passport.credentials import baking
from badge_passport.credentials.status import status_entry
from badge_passport.credentials.verification import asking as asking_module
from badge_passport.credentials.verification import steps as verification_steps
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.whole import verify
from baked import png_with, svg_of_address, svg_with
from verify_fixtures import (
    BASE,
    DID,
    EMAIL,
    GOOD3,
    NOW,
    SILENT,
    STUB,
    ask,
    assertion,
    credential,
    failed,
    proper,
    sign,
    site,
    unknown,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, "PNG")
    return file.getvalue()


def texts() -> dict[baking.Form, str]:
    return {"openbadges": json.dumps(assertion()), "openbadgecredential": json.dumps(GOOD3)}


def test_a_picture_with_both_versions() -> None:
    result = ask(png_with(png(), texts()), recipient=EMAIL)
    assert result.valid, result.steps
    assert result.kind == "ob2+ob3"
    assert len(result.steps) == 1 + 9 + 12
    assert [part.id for part in result.parts] == ["ob2", "ob3"]
    bad = texts() | {"openbadges": json.dumps(assertion(narrative="More."))}
    assert failed(ask(png_with(png(), bad))) == ["ob2.hosted"]


def test_a_signature_outlives_a_host() -> None:
    """Of a picture with both versions the one may be gone, but must not be wrong."""
    both = png_with(png(), texts())
    silent = ask(both, site(**{"awards/1/assertion.json": SILENT}))
    assert silent.valid and [part.verdict for part in silent.parts] == ["undecided", "valid"]
    assert ask(both, site(**{"awards/1/assertion.json": None})).verdict == "not-valid"
    assert ask(both, site(**{"awards/1/assertion.json": SILENT, "did.json": SILENT})).verdict == "undecided"


def test_an_address_that_does_not_answer() -> None:
    result = ask((BASE + "x.json").encode(), {"x.json": SILENT})
    assert result.verdict == "undecided" and unknown(result) == ["read"]


def test_an_address_of_an_address_is_not_followed() -> None:
    assert failed(ask((BASE + "x").encode(), {"x": (BASE + "y").encode()})) == ["read"]


def test_an_svg() -> None:
    assert ask(svg_with(SVG, {"openbadges": json.dumps(assertion())})).valid
    assert ask(svg_of_address(SVG, STUB["id"])).valid
    both = svg_with(SVG, texts())
    assert ask(both).kind == "ob2+ob3" and ask(both).valid


def two_chunks() -> bytes:
    head, tail = baking.split_png(png())
    chunk = b"".join(baking.png_pieces({"openbadges": b"{}"}))
    return head + 2 * chunk + tail


HOSTILE: dict[str, Callable[[], bytes]] = {
    "60 MB": lambda: b" " * 60_000_000,
    "duplicate members": lambda: json.dumps(GOOD3)[:-1].encode() + b', "name": "Other"}',
    "duplicate member inside": lambda: (
        json.dumps(assertion()).replace('"salt":', '"salt": "", "salt":').encode()
    ),
    "not a number": lambda: b'{"type": "Assertion", "x": NaN}',
    "endless number": lambda: b'{"type": "Assertion", "x": ' + b"1" * 10_000 + b"}",
    "deep": lambda: b'{"type": "Assertion", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
    "very deep": lambda: b"[" * 1_000_000,
    "deep objects": lambda: b'{"a":' * 100_000,
    "a list of it": lambda: json.dumps([GOOD3]).encode(),
    "a text": lambda: b'"x"',
    "not UTF-8": lambda: b'{"type": "\xff"}',
    "UTF-16": lambda: json.dumps(assertion()).encode("utf-16"),
    "a token of nothing": lambda: b"eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.AAAA",
    "a token that is no JSON": lambda: b"AAAA.AAAA.AAAA",
    "an address of nothing": lambda: (BASE + "none.json").encode(),
    "truncated PNG": lambda: png_with(png(), texts())[:-20],
    "damaged PNG": lambda: png_with(png(), texts()).replace(b"Dialogue", b"Diaphone"),
    "two chunks of a keyword": two_chunks,
    "two of one version": lambda: png_with(png(), dict.fromkeys(texts(), json.dumps(assertion()))),
    "SVG with entities": lambda: b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
    "broken SVG": lambda: SVG[:-3],
    "SVG of an address of nothing": lambda: svg_of_address(SVG, BASE + "x.json"),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_input_fails_to_be_read(made: Callable[[], bytes]) -> None:
    started = time.monotonic()
    result = ask(made())
    assert failed(result) == ["read"] and result.kind == "unknown"
    assert time.monotonic() - started < 5


def test_what_is_told_cannot_steer_a_terminal() -> None:
    result = ask(credential(issuer={"id": DID, "type": ["Profile"], "name": "a\x1b[31mb\u202ec"}))
    assert "\x1b" not in result.issuer and "\u202e" not in result.issuer
    assert all(step.detail.isprintable() for step in result.steps)
    assert verification_steps.printable("a\u00a0b\nc می\u200cخواهم") == "a b c می\u200cخواهم"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [here] * bool(here) + [path for key, item in entries for path in paths(item, (*here, key))]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), junk=JUNK)
def test_junk_anywhere_is_a_failed_step(data: st.DataObject, junk: Any) -> None:
    """In the document itself, and in everything that is fetched for it."""
    whole = {"": data.draw(st.sampled_from([GOOD3, assertion()])), **site()}
    made = copy.deepcopy(whole)
    *outer, last = data.draw(st.sampled_from(paths(made)))
    inner: Any = made
    for key in outer:
        inner = inner[key]
    inner[last] = junk
    document = made.pop("")
    ask(document, {k: v for k, v in made.items() if v is not None}, EMAIL)  # which checks the result itself


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert ask(data, {}).verdict != "valid"


@settings(max_examples=100, deadline=None)
@given(
    JUNK, st.sampled_from(["VerifiableCredential", "VerifiablePresentation", "ClrCredential", "Assertion"])
)
def test_any_json_is_never_valid(junk: Any, kind: str) -> None:
    for document in (junk, {"type": [kind], "x": junk}, {"type": [kind], "credentialSubject": junk}):
        assert ask(document, {}).verdict != "valid"
    assert ask({"type": ["VerifiablePresentation"], "verifiableCredential": junk}, {}).verdict != "valid"


@pytest.mark.parametrize("url", ["ftp://badges.example.org/1.json", "file:///etc/passwd", "gopher://x/1"])
def test_only_the_web_is_asked(url: str) -> None:
    made = svg_of_address(SVG, url)
    assert failed(ask(made)) == ["read"]
    status = {**status_entry(url, 5), "id": BASE + "x"}
    assert "ob3.status" in failed(ask(sign(credential(credentialStatus=status))))


def test_one_document_is_fetched_once_and_no_more_than_so_many() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        found = site().get(url.removeprefix(BASE))
        return json.dumps(found).encode() if found else b"{}"

    members = [GOOD3] * 50
    data = json.dumps({"type": ["VerifiablePresentation"], "verifiableCredential": members}).encode()
    assert proper(verify(data, fetch, now=NOW, recipient=None)).valid
    assert sorted(asked) == [BASE + "did.json", BASE + "status/1.json"]
    asking = Asking(fetch, NOW)
    for number in range(asking_module.FETCHES):
        asking.data(f"{BASE}{number}")
    with pytest.raises(verification_steps.Undecided):
        asking.data(BASE + "one-more")
