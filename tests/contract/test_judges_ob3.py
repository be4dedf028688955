"""The judges of signed Open Badges 3.0, on a small site that none of our own code signed.

Every document is signed by npm's libraries (`node_judge.sign`), then served from a folder. What each judge
says of each is written down in `judged_credentials`, also where they differ: a surprise in any of them shows
up here first.
"""

from __future__ import annotations

import copy
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from judged_credentials import (
    ALL,
    BASE,
    CASES,
    CORE,
    DID,
    DID_CASES,
    KEY,
    LIB,
    LIST,
    METHOD_OF,
    NONE,
    OLD_KEY,
    OTHER_DID,
    OTHER_KEY,
    SCHEMA,
    SIGNED,
    VC_JS,
    WITHDRAWN_KEY,
    Document,
    credential,
    did_document,
    did_key,
    stamp,
    status_list,
)
from judges import Check3, Verdict3, node_judge, openbadgeslib_judge, schema_judge
from judges.node_judge import StatusList, Unsigned

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    missing = [
        reason
        for there, reason in (
            (node_judge.available(), node_judge.MISSING),
            (openbadgeslib_judge.can_judge_credentials(), openbadgeslib_judge.MISSING),
            (schema_judge.available(), schema_judge.MISSING),
        )
        if not there
    ]
    if missing:
        if os.environ.get("CI"):
            pytest.fail("; ".join(missing))
        pytest.skip("; ".join(missing))


@pytest.fixture(scope="module")
def site(_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("judged-ob3") / "site"

    def put(path: str, document: Document) -> None:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document), "utf-8")

    keys = [KEY, OLD_KEY, WITHDRAWN_KEY, OTHER_KEY]
    methods = node_judge.methods(keys)
    METHOD_OF.update({key: method["id"] for key, method in zip(keys, methods, strict=True)})
    put("did.json", did_document(DID, methods[:3], {METHOD_OF[WITHDRAWN_KEY]}))
    put("other/did.json", did_document(OTHER_DID, methods[3:], set()))

    keys = [did_key(number) for number in range(len(DID_CASES))]
    numbered = enumerate(zip(DID_CASES.values(), node_judge.methods(keys), strict=True))
    for number, ((_, alter), method) in numbered:
        document = did_document(keys[number].did, [method], set())
        alter(document)
        put(f"dids/{number}/did.json", document)

    lists = {
        "revocation-1": Unsigned(status_list("revocation-1", revoked=(7,)), KEY, SIGNED),
        "altered": Unsigned(status_list("altered"), KEY, SIGNED),
        "foreign": Unsigned(status_list("foreign", OTHER_DID), OTHER_KEY, SIGNED),
        "suspension": Unsigned(status_list("suspension", purpose="suspension"), KEY, SIGNED),
        "short": Unsigned(status_list("short", length=1024), KEY, SIGNED),
        "expired": Unsigned(
            StatusList(
                f"{BASE}status/expired.json",
                {"issuer": DID, "validFrom": SIGNED, "validUntil": stamp(-2)},
            ),
            KEY,
            SIGNED,
        ),
    }
    wanted = [*lists.values(), *(Unsigned(c.document, c.key, c.created) for c in CASES.values())]
    signed = node_judge.sign(wanted)
    for name, document in zip(lists, signed, strict=False):
        if name == "altered":
            document["credentialSubject"]["encodedList"] = signed[0]["credentialSubject"]["encodedList"]
        put(f"status/{name}.json", document)
    for (name, made), document in zip(CASES.items(), signed[len(lists) :], strict=True):
        if made.alter:
            made.alter(document)
        put(f"credentials/{name}.json", document)

    (root / "badge/en").mkdir(parents=True)
    (root / "badge/en/index.html").write_text("<!doctype html><title>Criteria</title>")
    valid = (root / "credentials/valid.json").read_text("utf-8")
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadgecredential", valid)
    Image.new("RGBA", (8, 8), "#2a6f97").save(root / "valid.png", pnginfo=info)
    Image.new("RGBA", (8, 8), "#2a6f97").save(root / "plain.png")
    (root / "valid.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><openbadges:credential '
        f'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><![CDATA[{valid}]]>'
        "</openbadges:credential></svg>",
        "utf-8",
    )
    return root


Verdicts = dict[tuple[str, str], Verdict3]


@pytest.fixture(scope="module")
def verdicts(site: Path) -> Verdicts:
    checks = [Check3(name, Path(f"credentials/{name}.json")) for name in CASES]
    checks += [
        Check3("at its URL", f"{BASE}credentials/valid.json"),
        Check3("in hand", json.loads((site / "credentials/valid.json").read_bytes())),
        Check3("png", Path("valid.png")),
        Check3("svg", Path("valid.svg")),
        Check3("png, not baked", Path("plain.png")),
        Check3("missing file", f"{BASE}credentials/gone.json"),
        Check3("outside the base", "https://elsewhere.example.org/valid.json"),
        Check3("a page", f"{BASE}badge/en/"),
        Check3("the status list itself", Path("status/revocation-1.json")),
        Check3("a list that is altered", Path("status/altered.json")),
    ]
    found = [
        *node_judge.judge(BASE, site, checks),
        *openbadgeslib_judge.judge_credentials(BASE, site, checks),
        *schema_judge.judge(BASE, site, checks),
    ]
    return {(verdict.engine, verdict.id): verdict for verdict in found}


@pytest.mark.parametrize("engine", sorted(ALL))
@pytest.mark.parametrize("name", CASES)
def test_the_verdict(verdicts: Verdicts, engine: str, name: str) -> None:
    verdict = verdicts[engine, name]
    assert verdict.valid is (engine in CASES[name].good), verdict
    if not verdict.valid:
        assert verdict.errors or False in verdict.steps.values(), verdict


@pytest.mark.parametrize("engine", sorted(ALL))
@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("at its URL", ALL),
        ("in hand", ALL),
        ("png", ALL),
        ("svg", ALL),
        ("png, not baked", NONE),
        ("missing file", NONE),
        ("outside the base", NONE),
        ("a page", NONE),
        ("the status list itself", {VC_JS, CORE}),
        ("a list that is altered", NONE),
    ],
)
def test_where_a_credential_may_be(verdicts: Verdicts, engine: str, name: str, good: set[str]) -> None:
    assert verdicts[engine, name].valid is (engine in good), verdicts[engine, name]


def test_the_steps_say_what_is_wrong(verdicts: Verdicts) -> None:
    assert verdicts[CORE, "valid"].steps == {
        "valid_signature": True,
        "expiration": True,
        "registered_issuer": False,
        "schema_check": True,
    }
    assert verdicts[CORE, "expired"].steps["expiration"] is False
    assert verdicts[CORE, "expired"].steps["valid_signature"] is True
    assert verdicts[CORE, "revoked"].steps["revocation_status"] is False
    assert verdicts[CORE, "not revoked"].steps["revocation_status"] is True
    assert verdicts[CORE, "name"].steps == {}
    assert verdicts[VC_JS, "not revoked"].steps == {
        "credential": True,
        "valid_signature": True,
        "revocation_status": True,
    }
    assert verdicts[VC_JS, "expired"].steps == {"credential": False}
    assert verdicts[VC_JS, "name"].steps == {"credential": True, "valid_signature": False}
    assert verdicts[VC_JS, "revoked"].steps["revocation_status"] is False
    assert verdicts[LIB, "revoked"].steps == {"credential": True, "revocation_status": False}
    assert verdicts[LIB, "expired"].steps == {"credential": False}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("undefined term", {VC_JS: "favouriteColour", CORE: "favouriteColour", LIB: "favouriteColour"}),
        ("name", {VC_JS: "Invalid signature", CORE: "signature is not valid", LIB: "nvalid"}),
        ("revoked", {VC_JS: "revocation is set at index 7", LIB: "'revocation' is set at index 7"}),
        ("unknown key", {VC_JS: "no such verification method", LIB: "no verificationMethod with id"}),
        ("unresolvable issuer", {VC_JS: "no network", LIB: "no network"}),
        ("key not for assertions", {VC_JS: "not authorized"}),
        ("identityType email", {SCHEMA: "identityType", CORE: "identityType"}),
        ("no criteria", {SCHEMA: "'criteria' is a required property", CORE: "criteria"}),
        ("date without a time", {SCHEMA: "is not a 'date-time'", CORE: "date-time"}),
    ],
)
def test_the_reason_is_given(verdicts: Verdicts, name: str, words: dict[str, str]) -> None:
    for engine, word in words.items():
        assert word in " ".join(verdicts[engine, name].errors), verdicts[engine, name]


def test_only_files_of_the_site_are_read(verdicts: Verdicts) -> None:
    for verdict in verdicts.values():
        if verdict.valid:
            assert all(url.startswith(BASE) for url in verdict.fetched), verdict
    assert set(verdicts[VC_JS, "not revoked"].fetched) == {f"{BASE}did.json", LIST}
    assert set(verdicts[LIB, "not revoked"].fetched) == {f"{BASE}did.json", LIST}


def test_another_time_can_be_asked_about(site: Path) -> None:
    then = datetime.now(UTC)
    checks = [
        Check3(f"{name} {days:+}", Path(f"credentials/{name}.json"), then + timedelta(days=days))
        for name in ("expires later", "expired", "not yet valid")
        for days in (-10, 10, 400)
    ]
    good = {verdict.id for verdict in node_judge.judge(BASE, site, checks, [VC_JS]) if verdict.valid}
    assert good == {verdict.id for verdict in node_judge.judge(BASE, site, checks, [CORE]) if verdict.valid}
    assert good == {
        "expires later -10",
        "expires later +10",
        "expired -10",
        "not yet valid +10",
        "not yet valid +400",
    }


def test_the_two_texts_of_the_context_agree_but_for_one_term(site: Path) -> None:
    checks = [Check3(name, Path(f"credentials/{name}.json")) for name in ("valid", "endorsementJwt")]
    old = {v.id: v for v in node_judge.judge(BASE, site, checks, [VC_JS], context="old")}
    assert old["valid"].valid
    assert "endorsementJwt" in " ".join(old["endorsementJwt"].errors)


def test_every_value_is_signed(site: Path) -> None:
    """Whatever single value of a credential is altered, no judge of signatures finds it good."""
    signed = json.loads((site / "credentials/not revoked.json").read_bytes())
    checks = []

    def walk(value: Any, path: list[Any]) -> None:
        if isinstance(value, dict | list):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                walk(inner, [*path, key])
            return
        altered = copy.deepcopy(signed)
        at = altered
        for part in path[:-1]:
            at = at[part]
        at[path[-1]] = value + "x" if isinstance(value, str) else value + 1 if value is not True else False
        checks.append(Check3("/".join(map(str, path)), altered))

    walk(signed, [])
    assert len(checks) > 40
    found = node_judge.judge(BASE, site, checks)
    found += openbadgeslib_judge.judge_credentials(BASE, site, checks)
    assert [(verdict.engine, verdict.id) for verdict in found if verdict.valid] == []


def test_a_document_with_an_undefined_term_is_not_signed() -> None:
    with pytest.raises(RuntimeError, match="favouriteColour"):
        node_judge.sign([Unsigned(credential("x", favouriteColour="blue"), KEY, SIGNED)])
