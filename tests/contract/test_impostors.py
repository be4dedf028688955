"""What somebody makes who wants to pass for another issuer, and what programs read in two ways.

The page and the command are asked about each, and must say the same.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import page_verifier
from badge_passport.credentials.did import did_key
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import FetchError
from badge_passport.credentials.verification.whole import verify
from browser.site import require
from page_verifier import Item
from verify_fixtures import BADGE, BASE, ISSUER, NOW, assertion, credential, key_of
from verify_fixtures import sign as signed

pytestmark = pytest.mark.contract

IMPOSTOR = key_of(9)
DID = did_key(IMPOSTOR.multibase)
DATES = {"validFrom": "2024-01-01T00:00:00Z", "validUntil": "2999-01-01T00:00:00Z"}
Net = Mapping[str, Document | None]
Case = tuple[bytes, Net]


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    require(page_verifier.available(), "the verifier is not built: make bundle")


def text(document: object) -> bytes:
    return json.dumps(document).encode()


def hosted(url: str = BASE + "awards/1/assertion.json", **changes: Any) -> Document:
    dates = {"issuedOn": "2024-01-01T00:00:00Z", "expires": "2999-01-01T00:00:00Z"}
    return assertion(id=url, **{**dates, **changes})


def on_the_web(document: Document, badge: Document = BADGE, issuer: Document = ISSUER) -> Case:
    """An assertion that lies where it says, and what stands behind it."""
    about = {name: value for name, value in issuer.items() if name != "revocationList"}
    return text(document), {document["id"]: document, badge["id"]: badge, ISSUER["id"]: about}


def own(**changes: Any) -> Document:
    """A credential that the impostor may sign: of a key that nobody knows."""
    issuer = {"id": DID, "type": ["Profile"], "name": "Nobody"}
    made = credential(**{"id": "urn:uuid:1", "issuer": issuer, **DATES, **changes})
    del made["credentialStatus"]
    return signed(made, IMPOSTOR, DID)


def unfinished_token() -> str:
    """An assertion “of the consortium”, whose key lies on a host that never answers."""
    payload = hosted(verification={"type": "SignedBadge", "creator": "https://silent.example.org/key.json"})
    parts = [text({"alg": "RS256"}), text(payload), b"x" * 256]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def picture(inside: str, more: str = "") -> bytes:
    spaces = 'xmlns:ob="http://openbadges.org" xmlns:obi="https://purl.imsglobal.org/ob/v3p0"'
    credential = f"<obi:credential><![CDATA[{inside}]]></obi:credential>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {spaces}>{more}{credential}</svg>'.encode()


def both(case: Case, folder: Path) -> dict[str, Any]:
    """What the command says, after a look at whether the page says the same."""
    data, net = case
    (folder / "badge").write_bytes(data)
    documents: dict[str, Path | None] = {}
    for number, (url, document) in enumerate(net.items()):
        documents[url] = folder / f"{number}.json" if document is not None else None
        (folder / f"{number}.json").write_bytes(text(document))

    def fetch(url: str) -> bytes:
        if url not in net:
            raise FetchError(f"{url} does not answer.")
        return text(net[url])

    page = page_verifier.ask([Item("badge", folder / "badge", documents)])["results"]["badge"]
    said = verify(data, fetch, now=NOW, recipient=None)
    steps = {step.id: step.outcome for step in said.steps}
    assert {step["id"]: step["outcome"] for step in page["steps"]} == steps
    found = {"verdict": said.verdict, "name": said.name, "issuer": said.issuer}
    assert {name: page[name] for name in found} == found
    return found | {"failed": [name for name, outcome in steps.items() if outcome == "fail"]}


def details(data: bytes, folder: Path) -> dict[str, str]:
    """What the page says about each step."""
    (folder / "badge").write_bytes(data)
    page = page_verifier.ask([Item("badge", folder / "badge", {})])["results"]["badge"]
    return {step["id"]: step["detail"] for step in page["steps"]}


# --- Of somebody else -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", ["../", "%2e%2e/", ".%2E/", "./", "awards/..%2f../", "awards/..%5c../", "awards/..;/../"]
)
def test_a_neighbour_on_the_same_host(step: str, tmp_path: Path) -> None:
    """The issuer issues from its folder; the address begins with it, and is answered from another."""
    found = both(on_the_web(hosted(f"{BASE}{step}neighbour/a.json")), tmp_path)
    assert found["failed"] == ["ob2.scope"], found


def test_points_in_a_name_are_no_step(tmp_path: Path) -> None:
    assert both(on_the_web(hosted(f"{BASE}awards/..a/b..json?x=/../")), tmp_path)["verdict"] == "valid"


@pytest.mark.parametrize("step", ["..", "%2E%2E", ".%2E", "x%2F..%2F.."])
def test_a_did_that_leads_elsewhere(step: str, tmp_path: Path) -> None:
    """It looks as if it were under that of the consortium."""
    did = f"did:web:badges.example.org:ve:{step}:neighbour"
    made = credential(issuer={"id": did, "type": ["Profile"], "name": "Consortium"}, **DATES)
    del made["credentialStatus"]
    found = both((text(signed(made, IMPOSTOR, did)), {}), tmp_path)
    assert found["failed"] == ["ob3.key"], found


def test_a_picture_speaks_with_the_voice_that_was_verified(tmp_path: Path) -> None:
    """Beside a credential of a key that nobody knows: an assertion of the consortium, never to be decided."""
    token = f'<ob:assertion verify="{unfinished_token()}"/>'
    _, net = on_the_web(hosted())
    found = both((picture(json.dumps(own()), token), net), tmp_path)
    assert found == {"verdict": "valid", "name": "Dialogue", "issuer": "Nobody", "failed": []}


def test_a_presentation_lends_no_issuer(tmp_path: Path) -> None:
    """A badge without the name of an issuer does not get that of the next one."""
    nameless = own(issuer={"id": DID, "type": ["Profile"]})
    shown = {
        "@context": credential()["@context"][:1],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [nameless, own(id="urn:uuid:2")],
    }
    assert both((text(shown), {}), tmp_path)["issuer"] == ""


def test_a_picture_that_never_ends(tmp_path: Path) -> None:
    """Small files that took minutes and gigabytes: levels upon levels, and a declaration without its end."""
    begin = time.monotonic()
    levels = "".join(f'<g xmlns:a{number}="urn:x">' for number in range(5000)) + "</g>" * 5000
    for data in (picture("{}", levels), picture("{}") + b"<!DOCTYPE " + b"'a' " * 200_000):
        assert both((data, {}), tmp_path)["failed"] == ["read"]
    assert time.monotonic() - begin < 60
    shallow = picture(json.dumps(own()), "<g>" * 400 + "</g>" * 400)
    assert both((shallow, {}), tmp_path)["verdict"] == "valid"


def test_an_endorsement_that_was_taken_from_another_badge(tmp_path: Path) -> None:
    """It is genuine there as here, and says nothing of this one."""

    def endorsement(about: str) -> Document:
        made = {
            **credential(type=["VerifiableCredential", "EndorsementCredential"], **DATES),
            "issuer": {"id": DID, "type": ["Profile"], "name": "Endorser"},
            "credentialSubject": {"id": about, "type": ["EndorsementSubject"]},
        }
        del made["credentialStatus"]
        return signed(made, IMPOSTOR, DID)

    there, here = endorsement("https://elsewhere.example.org/badge"), endorsement("urn:uuid:1")
    for inside, says in (
        ([here], "Endorsements: 1."),
        ([here, there], "Endorsements: 2. About something else than this badge: 1."),
    ):
        data = text(own(endorsement=inside))
        assert both((data, {}), tmp_path)["verdict"] == "valid"
        assert says == details(data, tmp_path)["ob3.endorsements"]


# --- Read in two ways -------------------------------------------------------------------------------------

SAID: dict[str, tuple[Case, list[str]]] = {
    "withdrawn with a list": (on_the_web(hosted(revoked=[])), ["ob2.revoked"]),
    "withdrawn with an object": (on_the_web(hosted(revoked={})), ["ob2.revoked"]),
    "not withdrawn": (on_the_web(hosted(revoked=False)), []),
    "no scope at all": (on_the_web(hosted(), issuer=ISSUER | {"verification": None}), ["ob2.scope"]),
    "name of white space": (on_the_web(hosted(), issuer=ISSUER | {"name": "\ufeff"}), ["ob2.issuer"]),
    "name of control characters": (
        on_the_web(hosted(), issuer=ISSUER | {"name": "\x85\x1c"}),
        ["ob2.issuer"],
    ),
    "a port that is none": (on_the_web(hosted(), issuer=ISSUER | {"url": "https://a:x/"}), ["ob2.issuer"]),
    "a port too high": (on_the_web(hosted(), issuer=ISSUER | {"url": "https://a:65536/"}), ["ob2.issuer"]),
    "half a bracket": (on_the_web(hosted(), issuer=ISSUER | {"url": "https://[::1/"}), ["ob2.issuer"]),
    "a wide slash": (on_the_web(hosted(), issuer=ISSUER | {"url": "https://a\uff0fb/"}), ["ob2.issuer"]),
    "a host of another script": (
        on_the_web(hosted(), issuer=ISSUER | {"url": "https://bücher.example/"}),
        [],
    ),
    "letters that look alike": (
        on_the_web(hosted(badge=BASE + "b\u0430dge.json"), badge=BADGE | {"id": BASE + "b\u0430dge.json"}),
        ["ob2.badge"],
    ),
    "before all days": (on_the_web(hosted(issuedOn="0001-01-01T00:00:00+10:00")), ["ob2.shape"]),
    "after all days": (on_the_web(hosted(expires="9999-12-31T23:59:59-10:00")), ["ob2.expires"]),
    "to come": (on_the_web(hosted(issuedOn="2998-01-01T00:00:00Z")), ["ob2.issued"]),
    "a prefix of JavaScript": ((picture(json.dumps(own()), "<constructor:g/>"), {}), ["read"]),
    "white space after the end": ((text(own()) + "\u00a0".encode(), {}), ["read"]),
    "brackets in an id": ((text(own(id="https://a.example/[1]")), {}), ["ob3.terms"]),
    "no port in an id": ((text(own(id="https://a.example:x/")), {}), ["ob3.terms"]),
    "an address of IPv6 in an id": ((text(own(id="https://u:p@[::1]:8/")), {}), []),
    "a term of one text of the context": (
        (text(own(endorsementJwt=["eyJhbGciOiJFZERTQSJ9.e30.AAAA"])), {}),
        ["ob3.endorsements"],
    ),
}


@pytest.mark.parametrize(("case", "wrong"), SAID.values(), ids=list(SAID))
def test_both_read_the_same(case: Case, wrong: list[str], tmp_path: Path) -> None:
    assert both(case, tmp_path)["failed"] == wrong
