"""Our own verifier says what independent ones say: of every badge of the demo, and of every tampered copy."""

from __future__ import annotations

import contextlib
import copy
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.credentials.fetching import from_folder
from badge_passport.credentials.verification.whole import Result, verify
from demo import Demo
from judges import openbadges_judge, openbadgeslib_judge

sys.path.insert(0, str(Path(__file__).parent))

from test_demo_badges import ADDRESSES, ASSERTION_CHANGES, BROKEN, by_state, inputs, tamper
from test_demo_badges import address_of as address_of_assertion
from test_demo_badges import ask as ask_hosted
from test_demo_badges import copy as copy_of_site
from test_demo_credentials import (
    MUTATIONS,
    OTHER,
    SUBJECT,
    Document,
    _installed,
    ask,
    credentials,
    signed,
    state,
)

__all__ = ["_installed", "by_state", "copy_of_site", "credentials", "signed"]
pytestmark = pytest.mark.contract
JUDGES = [openbadges_judge, openbadgeslib_judge]


def ours(site: Demo, source: Document | bytes, recipient: str | None = None) -> Result:
    data = source if isinstance(source, bytes) else json.dumps(source).encode()
    fetch = from_folder(site.base, site.public)
    return verify(data, fetch, now=datetime.now(UTC), recipient=recipient)


def read(site: Demo, form: str | Path) -> bytes:
    return (site.public / form if isinstance(form, Path) else site.path_of(form)).read_bytes()


def failed(result: Result) -> list[str]:
    return [step.id for step in result.steps if step.outcome == "fail"]


def stopped(result: Result) -> list[str]:
    """The steps that keep a badge from being valid, without those that wait for another."""
    steps = [s for s in result.steps if s.outcome != "pass" and s.needed]
    return [s.id.rpartition(".")[2] for s in steps if "must pass first" not in s.detail]


# Where something else than the signature tells, or tells as well.
REASONS = {
    "issuer id": ["controller", "signature"],
    "issuer that does not exist": ["controller", "signature"],
    "issuer on another host": ["controller", "signature"],
    "valid from the future": ["signature", "valid-from"],
    "expired": ["signature", "valid-until"],
    "proof purpose": ["proof"],
    "another suite": ["proof"],  # which is not known here: nobody can tell
    "another key": ["key"],
    "key of another issuer": ["key"],
    "no proof": ["proof"],
    "an unknown term": ["terms"],
    "no Open Badges context": ["terms"],
    "no VC context": ["contexts"],
    "another type": ["types", "signature"],
}


def whole(signed: Demo, credentials: dict[str, Document]) -> Document:
    """A good credential in which every mutation changes something."""
    return next(
        c
        for i, c in credentials.items()
        if state(signed, i) == "good"
        and "alignment" in c[SUBJECT]["achievement"]
        and c["issuer"]["id"] != OTHER
    )


def test_every_credential(signed: Demo, credentials: dict[str, Document]) -> None:
    verdicts = ask(signed, dict(credentials))
    reasons = {"good": [], "expired": ["ob3.valid-until"], "withdrawn": ["ob3.status"]}
    for award_id, document in credentials.items():
        result = ours(signed, document)
        assert [v.valid for v in verdicts[award_id]] == [result.valid] * 3, result
        # What was withdrawn may have expired as well.
        refused = [
            i for i in failed(result) if i != "ob3.valid-until" or state(signed, award_id) == "expired"
        ]
        assert refused == reasons[state(signed, award_id)]
    assert len(credentials) > 50


def test_every_recipient_of_a_credential(signed: Demo, credentials: dict[str, Document]) -> None:
    by_salt = {a["salt"]: a["address"] for people in ADDRESSES.values() for a in people}
    for award_id, document in credentials.items():
        if state(signed, award_id) == "good":
            who = by_salt[document[SUBJECT]["identifier"][0]["salt"]]
            assert ours(signed, document, who).valid
            assert failed(ours(signed, document, "mallory@example.org")) == ["ob3.recipient"]


def test_every_mutation(signed: Demo, credentials: dict[str, Document]) -> None:
    good = whole(signed, credentials)
    changed: dict[str, Document | Path] = {"untouched": good}
    for name, mutate in MUTATIONS.items():
        document = copy.deepcopy(good)
        mutate(document)
        changed[name] = document
    verdicts = ask(signed, changed)
    for name, document in changed.items():
        assert isinstance(document, dict)
        result = ours(signed, document)
        assert result.valid is (name == "untouched"), (name, result)
        if name != "untouched":
            assert stopped(result) == REASONS.get(name, ["signature"]), name
        assert [v.valid for v in verdicts[name]] == [result.valid] * 3, name


def test_every_assertion_in_every_form(demo: Demo, by_state: dict[str, list[Document]]) -> None:
    """The JSON, the PNG and the SVG of every award; withdrawn ones have no picture that says more."""
    compared = 0
    for kind, documents in by_state.items():
        who = kind != "withdrawn"
        results = [
            ours(demo, read(demo, form), address_of_assertion(d) if who else None)
            for d in documents
            for form in inputs(demo, d)
        ]
        for result in results:
            assert result.valid is (kind == "good"), result
            wanted = {"good": [], "expired": ["ob2.expires"], "withdrawn": ["ob2.revoked"]}[kind]
            assert failed(result) in (wanted, ["read"] if kind == "withdrawn" else wanted), result
        for judge in JUDGES:
            verdicts = ask_hosted(judge, demo, documents, who=who)
            assert [v.valid for v in verdicts] == [r.valid for r in results]
            compared += len(verdicts)
    assert compared > 300


def test_every_picture_of_the_signed_demo(signed: Demo, credentials: dict[str, Document]) -> None:
    seen = 0
    for award_id in credentials:
        for picture in sorted((signed.public / "awards" / award_id).glob("badge.*")):
            result = ours(signed, picture.read_bytes())
            if state(signed, award_id) == "good":
                assert result.kind == "ob2+ob3"
                seen += picture.suffix == ".png"
            assert result.valid is (state(signed, award_id) == "good"), result
    assert seen > 40


@pytest.mark.parametrize("change", ASSERTION_CHANGES.values(), ids=list(ASSERTION_CHANGES))
def test_a_tampered_assertion(copy_of_site: Demo, by_state: dict[str, list[Document]], change: Any) -> None:
    document = by_state["good"][0]
    who = address_of_assertion(document)
    path = copy_of_site.path_of(document["id"])
    assert ours(copy_of_site, path.read_bytes(), who).valid
    tamper(copy_of_site, path, change)
    assert not ours(copy_of_site, path.read_bytes(), who).valid
    assert failed(ours(copy_of_site, document, who)) == ["ob2.hosted"]


@pytest.mark.parametrize(("which", "change"), BROKEN.values(), ids=list(BROKEN))
def test_a_tampered_class_or_issuer(
    copy_of_site: Demo, by_state: dict[str, list[Document]], which: str, change: Any
) -> None:
    site = copy_of_site
    document = next(d for d in by_state["good"] if site.json(d["badge"][len(site.base) :]).get("alignment"))
    badge = site.path_of(document["badge"])
    assert ours(site, document).valid
    path = badge if which == "badge" else site.path_of(json.loads(badge.read_bytes())["issuer"])
    with contextlib.suppress(KeyError):
        tamper(site, path, change)
    assert not ours(site, document).valid


def test_through_the_command(signed: Demo, credentials: dict[str, Document]) -> None:
    runner = CliRunner()
    offline = ["--offline", str(signed.public), "--base", signed.base]
    for wanted in ("good", "expired", "withdrawn"):
        award_id = next(i for i in credentials if state(signed, i) == wanted)
        for name in ("credential.json", "assertion.json"):
            file = signed.public / "awards" / award_id / name
            for source in (str(file), f"{signed.base}awards/{award_id}/{name}"):
                done = runner.invoke(cli, ["verify", source, *offline, "--json"])
                assert done.exit_code == (0 if wanted == "good" else 1), done.output
                assert json.loads(done.output)["valid"] is (wanted == "good")
    award_id = next(i for i in credentials if state(signed, i) == "good")
    done = runner.invoke(cli, ["verify", str(signed.public / "awards" / award_id / "badge.png"), *offline])
    assert done.exit_code == 0 and done.output.endswith("\nvalid\n"), done.output
