"""Every badge of the demo before two independent Open Badges 2.0 verifiers, and tampered copies of them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from baked import png_with, svg_with
from demo import Demo
from judges import Check, Verdict, openbadges_judge, openbadgeslib_judge

pytestmark = pytest.mark.contract
ADDRESSES = json.loads((Path(__file__).parents[1] / "data" / "demo-addresses.json").read_text("utf-8"))
BOTH = pytest.mark.parametrize(
    "judge", [openbadges_judge, openbadgeslib_judge], ids=["1edtech", "openbadgeslib"]
)


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    if not openbadges_judge.available():
        if os.environ.get("CI"):
            pytest.fail(openbadges_judge.MISSING)
        pytest.skip(openbadges_judge.MISSING)


def address_of(document: dict[str, Any]) -> str:
    salt = document["recipient"]["salt"]
    return next(a["address"] for people in ADDRESSES.values() for a in people if a["salt"] == salt)


@pytest.fixture(scope="module")
def by_state(demo: Demo) -> dict[str, list[dict[str, Any]]]:
    """Assertions that are good, expired (by the reader's clock) and withdrawn."""
    from datetime import UTC, datetime

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    states: dict[str, list[dict[str, Any]]] = {"good": [], "expired": [], "withdrawn": []}
    for file in demo.files("assertion.json"):
        document = json.loads(file.read_bytes())
        expired = document.get("expires", "9999") <= now
        states["withdrawn" if document.get("revoked") else "expired" if expired else "good"].append(document)
    assert len(states["good"]) > 40
    assert len(states["expired"]) >= 3
    assert len(states["withdrawn"]) >= 3
    return states


def inputs(demo: Demo, document: dict[str, Any]) -> list[str | Path]:
    """The three forms of an award: its URL, its baked PNG and its baked SVG."""
    folder = demo.path_of(document["id"]).parent
    return [document["id"], *(p.relative_to(demo.public) for p in sorted(folder.glob("badge.*")))]


def ask(judge: Any, demo: Demo, documents: list[dict[str, Any]], *, who: bool = True) -> list[Verdict]:
    checks = [
        Check(f"{d['id']} {number}", form, address_of(d) if who else None)
        for d in documents
        for number, form in enumerate(inputs(demo, d))
    ]
    verdicts: list[Verdict] = judge.judge(demo.base, demo.public, checks)
    assert len(verdicts) == len(checks)
    return verdicts


@BOTH
def test_every_award_in_force_is_accepted_in_all_three_forms(
    judge: Any, demo: Demo, by_state: dict[str, list[dict[str, Any]]]
) -> None:
    verdicts = ask(judge, demo, by_state["good"])
    assert len(verdicts) == 3 * len(by_state["good"])
    for verdict in verdicts:
        assert verdict.valid, verdict
        assert verdict.errors == () and verdict.warnings == (), verdict
        assert "Assertion" in verdict.graph_types
        assert verdict.recipient_profile is not None, "the recipient was not recognised"


@BOTH
def test_somebody_else_is_not_the_recipient(
    judge: Any, demo: Demo, by_state: dict[str, list[dict[str, Any]]]
) -> None:
    checks = [Check(d["id"], d["id"], "mallory@example.org") for d in by_state["good"][:10]]
    assert not any(v.valid for v in judge.judge(demo.base, demo.public, checks))


@BOTH
def test_expired_awards_are_refused_for_that_reason_alone(
    judge: Any, demo: Demo, by_state: dict[str, list[dict[str, Any]]]
) -> None:
    for verdict in ask(judge, demo, by_state["expired"]):
        assert not verdict.valid
        assert verdict.errors, verdict
        assert all("expire" in error.lower() for error in verdict.errors), verdict


@BOTH
def test_withdrawn_awards_are_refused(
    judge: Any, demo: Demo, by_state: dict[str, list[dict[str, Any]]]
) -> None:
    for verdict in ask(judge, demo, by_state["withdrawn"], who=False):
        assert not verdict.valid, verdict


@pytest.mark.parametrize("kind", ["BadgeClass", "Issuer", "RevocationList", "Endorsement"])
def test_every_other_document_is_accepted(demo: Demo, kind: str) -> None:
    found = [
        json.loads(p.read_bytes())["id"]
        for p in demo.files("*.json")
        if f'"type":"{kind}"' in p.read_text("utf-8") and json.loads(p.read_bytes()).get("type") == kind
    ]
    assert len(found) >= 3
    for verdict in openbadges_judge.judge(demo.base, demo.public, [Check(url, url) for url in found]):
        assert verdict.valid, verdict
        assert kind in verdict.graph_types or (kind == "Issuer" and verdict.graph_types), verdict
        assert verdict.warnings == (), verdict


@pytest.fixture
def copy(demo: Demo, tmp_path: Path) -> Demo:
    """A copy of the site to tamper with."""
    public = tmp_path / "public"
    shutil.copytree(demo.public, public, ignore=shutil.ignore_patterns("*.html", "assets", "search"))
    for criteria in demo.files("index.html"):
        target = public / criteria.relative_to(demo.public)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    return Demo(public, demo.base, demo.registry)


def tamper(site: Demo, path: Path, change: Any) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="ascii")


ASSERTION_CHANGES = {
    "another recipient": lambda d: d["recipient"].update(identity="sha256$" + "0" * 64),
    "another salt": lambda d: d["recipient"].update(salt="x" * 24),
    "another id": lambda d: d.update(id=d["id"].replace("assertion.json", "elsewhere.json")),
    "issued in the future": lambda d: d.update(issuedOn="2999-01-01T00:00:00Z"),
    "no badge": lambda d: d.pop("badge"),
    "a badge that is not there": lambda d: d.update(badge=d["badge"].replace("badge.", "bagde.")),
    "a date without a zone": lambda d: d.update(issuedOn="2019-01-01"),
    "expired before it began": lambda d: d.update(expires="2000-01-01T00:00:00Z"),
    "no recipient": lambda d: d.pop("recipient"),
    "a plain recipient that is a hash": lambda d: d["recipient"].update(hashed=False),
}


@BOTH
@pytest.mark.parametrize("change", ASSERTION_CHANGES.values(), ids=list(ASSERTION_CHANGES))
def test_a_tampered_assertion_is_refused(
    judge: Any, copy: Demo, by_state: dict[str, list[dict[str, Any]]], change: Any
) -> None:
    document = by_state["good"][0]
    who = address_of(document)
    assert judge.judge(copy.base, copy.public, [Check("before", document["id"], who)])[0].valid
    tamper(copy, copy.path_of(document["id"]), change)
    assert not judge.judge(copy.base, copy.public, [Check("after", document["id"], who)])[0].valid


BROKEN = {
    "badge class without a name": ("badge", lambda d: d.pop("name")),
    "badge class of another issuer": ("badge", lambda d: d.update(issuer="https://example.org/issuer.json")),
    "badge class without criteria": ("badge", lambda d: d.pop("criteria")),
    "alignment that is no web address": (
        "badge",
        lambda d: d["alignment"][0].update(targetUrl="urn:competence:1"),
    ),
    "issuer without a name": ("issuer", lambda d: d.pop("name")),
    "issuer for another prefix": (
        "issuer",
        lambda d: d["verification"].update(startsWith="https://badge-passport.github.io/other/"),
    ),
    "issuer for another host": ("issuer", lambda d: d["verification"].update(allowedOrigins="example.org")),
}


@pytest.mark.parametrize(("which", "change"), BROKEN.values(), ids=list(BROKEN))
def test_a_tampered_class_or_issuer_is_refused(
    copy: Demo, by_state: dict[str, list[dict[str, Any]]], which: str, change: Any
) -> None:
    document = next(d for d in by_state["good"] if copy.json(d["badge"][len(copy.base) :]).get("alignment"))
    badge = copy.path_of(document["badge"])
    path = badge if which == "badge" else copy.path_of(json.loads(badge.read_bytes())["issuer"])
    tamper(copy, path, change)
    assert not openbadges_judge.judge(copy.base, copy.public, [Check("after", document["id"])])[0].valid


def test_a_baked_image_whose_text_was_changed_is_refused(
    copy: Demo, by_state: dict[str, list[dict[str, Any]]]
) -> None:
    """The 1EdTech validator trusts the address in an image and reads the hosted file; this one compares."""
    document = by_state["good"][0]
    folder = copy.path_of(document["id"]).parent
    lie = json.dumps(document | {"issuedOn": "2001-01-01T00:00:00Z"})
    png = folder / "badge.png"
    png.write_bytes(png_with(png.read_bytes(), {"openbadges": lie}))
    svg = folder / "badge.svg"
    svg.write_bytes(svg_with(svg.read_bytes(), {"openbadges": lie}, "https://example.org/x.json"))
    checks = [Check(p.name, p.relative_to(copy.public), address_of(document)) for p in (png, svg)]
    assert [v.valid for v in openbadgeslib_judge.judge(copy.base, copy.public, checks)] == [False, False]
    assert not openbadges_judge.judge(copy.base, copy.public, checks)[1].valid
