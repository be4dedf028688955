"""What is no badge is told apart from a badge that is not valid, and never the other way round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import page_verifier
from badge_passport.cli import cli
from badge_passport.credentials.documents import Document
from baked import png_with
from browser.site import require
from page_verifier import Item
from unit.test_verify_reading import SVG, png, texts
from verify_fixtures import BASE, GOOD3, ask, assertion

V2 = "https://w3id.org/openbadges/v2"


def plain(**members: object) -> bytes:
    return json.dumps(members).encode()


NONE: dict[str, tuple[bytes, str]] = {
    "PDF": (b"%PDF-1.7\n{}", "is a PDF"),
    "ZIP": (b"PK\x03\x04" + bytes(30) + b"badge.json", "ZIP archive"),
    "nothing": (b"", "is empty"),
    "spaces": (b" \n", "is empty"),
    "text": (b"hello, here is my badge", "no badge in it"),
    "text with an address": (b"see https://badges.example.org/awards/1/", "no badge in it"),
    "zeros": (bytes(100), "no badge in it"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00{", "no badge in it"),
    "plain PNG": (png(), "no badge inside"),
    "plain SVG": (SVG, "no badge inside"),
    "web page": (b"<!DOCTYPE html><p>x", "web page"),
    "passport": (plain(id=BASE + "passports/a/passport.json", page=BASE, awards=[]), "passport as data"),
    "DID": (plain(id="did:web:x", **{"@context": ["https://www.w3.org/ns/did/v1"]}), "It is JSON"),
    "empty object": (b"{}", "It is JSON"),
    "badge class": (plain(**{"@context": V2}, type="BadgeClass", name="x"), "what a badge is for"),
    "issuer": (plain(**{"@context": V2}, type="Issuer", verification={}), "who an issuer is"),
    "endorsement": (plain(**{"@context": V2}, type="Endorsement", issuedOn="x", claim={}), "an endorsement"),
}


def changed(**members: object) -> Document:
    return {**assertion(), **members}


def without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def spelt(document: Document) -> bytes:
    return json.dumps(document).encode()


TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJpZCI6IjEifQ.AAAA"
BROKEN: dict[str, bytes] = {
    "an assertion called a badge class": spelt(changed(type="BadgeClass")),
    "an assertion called an endorsement": spelt(changed(type="Endorsement")),
    "an assertion without type and context": spelt(without(assertion(), "type", "@context")),
    "a withdrawn one called an issuer": plain(**{"@context": V2}, type="Issuer", revoked=True),
    "a credential without type and context": spelt(without(GOOD3, "type", "@context")),
    "a credential without its subject": spelt(without(GOOD3, "credentialSubject")),
    "a credential of a context alone": plain(**{"@context": GOOD3["@context"]}, id="x"),
    "cut off": spelt(GOOD3)[:-20],
    "cut off at the front": spelt(GOOD3)[1:],
    "with text before it": b"My badge: " + spelt(assertion()),
    "with a zero after it": spelt(GOOD3) + b"\0",
    "in UTF-16": json.dumps(GOOD3).encode("utf-16"),
    "a token in lines": TOKEN.replace(b".", b".\n"),
    "half a token": TOKEN.partition(b".")[0],
    "a token of something else": TOKEN,
    "a PNG with another first byte": b"\x00" + png_with(png(), texts())[1:],
    "a PNG with a badge class inside": png_with(
        png(), {"openbadges": json.dumps({"@context": V2, "type": "BadgeClass"})}
    ),
    "a presentation of a badge class": plain(
        type=["VerifiablePresentation"], verifiableCredential=[{"@context": V2, "type": "BadgeClass"}]
    ),
}


@pytest.mark.parametrize(("data", "said"), NONE.values(), ids=list(NONE))
def test_what_is_no_badge_is_called_so(data: bytes, said: str) -> None:
    result = ask(data)
    assert result.verdict == "no-badge" and not result.valid and result.kind == "unknown"
    [step] = result.steps
    assert (step.id, step.outcome, step.who) == ("read", "no-badge", "") and said in step.detail


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_badge_is_not_valid(data: bytes) -> None:
    assert ask(data).verdict == "not-valid"


def test_the_page_says_the_same(tmp_path: Path) -> None:
    require(page_verifier.available(), "the verifier is not built: make bundle")
    given = {name: data for name, (data, _) in NONE.items()} | BROKEN
    items = []
    for number, (name, data) in enumerate(given.items()):
        file = tmp_path / str(number)
        file.write_bytes(data)
        items.append(Item(name, file))
    for name, answer in page_verifier.ask(items, base=BASE)["results"].items():
        assert answer["verdict"] == ("no-badge" if name in NONE else "not-valid"), (name, answer)


def test_the_command_still_fails(tmp_path: Path) -> None:
    file = tmp_path / "passport.pdf"
    file.write_bytes(b"%PDF-1.7")
    done = CliRunner().invoke(cli, ["verify", str(file)])
    assert done.exit_code == 1 and "\nno badge: It is a PDF" in done.output
