"""Every signed credential of the demo before independent Open Badges 3.0 verifiers, and tampered copies."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from badge_passport.credentials import baking
from demo import Demo, build_site
from judges import Check3, Verdict3, node_judge, openbadgeslib_judge, schema_judge
from key_fixtures import pem

pytestmark = pytest.mark.contract
Document = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    there = (
        node_judge.available() and schema_judge.available() and openbadgeslib_judge.can_judge_credentials()
    )
    if not there:
        if os.environ.get("CI"):
            pytest.fail("judges are missing: tests/judges/install.sh")
        pytest.skip("judges are missing: tests/judges/install.sh")


@pytest.fixture(scope="session")
def signed(signed_demo: Demo) -> Demo:
    """The demo with keys for every issuer."""
    return signed_demo


@pytest.fixture(scope="module")
def credentials(signed: Demo) -> dict[str, Document]:
    """Award id to credential, all of the demo."""
    found = {p.parent.name: json.loads(p.read_bytes()) for p in signed.files("credential.json")}
    assert set(found) == set(signed.registry.awards)
    return found


def state(signed: Demo, award_id: str) -> str:
    from datetime import UTC, datetime

    award = signed.registry.awards[award_id]
    if not award.in_force:
        return "withdrawn"
    return "expired" if award.expires and award.expires <= datetime.now(UTC).date() else "good"


def ask(signed: Demo, documents: dict[str, Document | Path]) -> dict[str, list[Verdict3]]:
    """Id to the verdicts of every engine."""
    checks = [Check3(name, document) for name, document in documents.items()]
    verdicts = node_judge.judge(signed.base, signed.public, checks)
    verdicts += openbadgeslib_judge.judge_credentials(signed.base, signed.public, checks)
    by_id: dict[str, list[Verdict3]] = {}
    for verdict in verdicts:
        by_id.setdefault(verdict.id, []).append(verdict)
    assert all(len(given) == 3 for given in by_id.values())
    return by_id


def test_every_credential_is_judged_as_what_it_is(signed: Demo, credentials: dict[str, Document]) -> None:
    states = {award_id: state(signed, award_id) for award_id in credentials}
    assert {"good", "expired", "withdrawn"} == set(states.values())
    for award_id, verdicts in ask(signed, dict(credentials)).items():
        for verdict in verdicts:
            assert verdict.valid is (states[award_id] == "good"), (states[award_id], verdict)
            if verdict.engine == "verifier-core":
                assert verdict.steps["valid_signature"] is True, verdict
                assert verdict.steps["revocation_status"] is (states[award_id] != "withdrawn"), verdict
                if states[award_id] != "withdrawn":  # which may have expired as well
                    assert verdict.steps["expiration"] is (states[award_id] == "good"), verdict


def test_every_credential_fits_the_official_schema(signed: Demo, credentials: dict[str, Document]) -> None:
    checks = [Check3(name, document) for name, document in credentials.items()]
    for verdict in schema_judge.judge(signed.base, signed.public, checks):
        assert verdict.valid, verdict


def test_baked_images_hold_both_versions(signed: Demo, credentials: dict[str, Document]) -> None:
    good = [i for i in credentials if state(signed, i) == "good"]
    images: dict[str, Document | Path] = {}
    for award_id in good:
        path = Path("awards") / award_id / "badge.png"
        baked = baking.unbake_png((signed.public / path).read_bytes())
        assert set(baked) == {"openbadges", "openbadgecredential"}
        assert json.loads(baked["openbadgecredential"]) == credentials[award_id]
        images[award_id] = path
    for verdicts in ask(signed, dict(list(images.items())[:10])).values():
        assert all(v.valid for v in verdicts), verdicts


def test_the_old_and_the_new_text_of_the_context_give_one_signature(
    signed: Demo, credentials: dict[str, Document]
) -> None:
    """1EdTech edited context-3.0.3 in place; a credential must not depend on which text a verifier has."""
    good = [i for i in credentials if state(signed, i) == "good"][:5]
    checks = [Check3(i, credentials[i]) for i in good]
    for text in ("current", "old"):
        verdicts = node_judge.judge(signed.base, signed.public, checks, context=text)  # type: ignore[arg-type]
        assert all(v.valid for v in verdicts), verdicts


def test_documents_follow_the_check_list(signed: Demo, credentials: dict[str, Document]) -> None:
    """C-40, C-46, C-48, C-50, C-51, C-53, C-55, C-56, C-59, C-60."""
    indexes = set()
    for award_id, credential in credentials.items():
        did = credential["issuer"]["id"]
        path = did.removeprefix("did:web:badge-passport.github.io:demo:").replace(":", "/") + "/did.json"
        document = signed.json(path)
        assert (signed.public / path).stat().st_size < 8192
        assert document["id"] == did and document["@context"][0] == "https://www.w3.org/ns/did/v1"
        assert credential["@context"] == [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ]
        (proof,) = credential["proof"]
        assert proof["verificationMethod"] in document["assertionMethod"]
        assert proof["cryptosuite"] == "eddsa-rdfc-2022"
        assert credential["issuer"]["type"] == ["Profile"]
        assert credential["awardedDate"] <= credential["validFrom"] == proof["created"]
        assert credential["validFrom"] < credential.get("validUntil", "9999")
        status = credential["credentialStatus"]
        assert status["id"] != status["statusListCredential"]
        indexes.add((status["statusListCredential"], status["statusListIndex"]))
        assert not {"credentialSchema", "refreshService", "termsOfUse", "endorsementJwt"} & set(credential)
        subject = credential["credentialSubject"]
        described = {d["id"] for d in subject["achievement"].get("resultDescription", [])}
        assert {r["resultDescription"] for r in subject.get("result", [])} <= described
        achievement = signed.json(subject["achievement"]["id"].removeprefix(signed.base))
        alone = {"@context", "endorsement"}
        assert {k: v for k, v in achievement.items() if k not in alone} == subject["achievement"]
        assert signed.base + f"awards/{award_id}/credential.json" == credential["id"]
    assert len(indexes) == len(credentials)


def test_signing_changes_nothing_that_is_hosted(signed: Demo, demo: Demo) -> None:
    for file in demo.files("assertion.json"):
        assert (signed.public / file.relative_to(demo.public)).read_bytes() == file.read_bytes()


def test_two_signed_builds_are_byte_identical(signed: Demo, tmp_path: Path) -> None:
    build_site(signed.source, tmp_path / "public")
    for file in signed.files():
        other = tmp_path / "public" / file.relative_to(signed.public)
        assert other.read_bytes() == file.read_bytes(), file


def test_no_private_key_reaches_the_output(signed: Demo) -> None:
    secrets = []
    for seed in range(1, 5):
        raw = bytes([seed]) * 32
        body = pem(seed).split(b"\n")[1]
        secrets += [raw, raw.hex().encode(), body]
    for file in signed.files():
        data = file.read_bytes()
        assert not any(secret in data for secret in secrets), file


def test_a_withdrawn_credential_says_nothing_of_the_person(
    signed: Demo, credentials: dict[str, Document]
) -> None:
    withdrawn = [c for i, c in credentials.items() if state(signed, i) == "withdrawn"]
    assert len(withdrawn) >= 3
    for credential in withdrawn:
        assert "evidence" not in credential
        assert not {"narrative", "result"} & set(credential[SUBJECT])


def put(*keys: str | int, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        inner: Any = document
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value

    return change


def drop(*keys: str | int) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        inner: Any = document
        for key in keys[:-1]:
            inner = inner[key]
        del inner[keys[-1]]

    return change


SUBJECT = "credentialSubject"
ACHIEVEMENT = (SUBJECT, "achievement")
OTHER = "did:web:badge-passport.github.io:demo:issuers:agora-debate-network"
MUTATIONS: dict[str, Callable[[Document], None]] = {
    "name": put("name", value="Another badge"),
    "description": put("description", value="Another"),
    "no name": drop("name"),
    "id": put("id", value="https://badge-passport.github.io/demo/awards/0000000000000000/credential.json"),
    "image": put("image", "id", value="https://badge-passport.github.io/demo/other.png"),
    "image caption": put("image", "caption", value="x"),
    "issuer name": put("issuer", "name", value="Another issuer"),
    "issuer url": put("issuer", "url", value="https://example.com/"),
    "issuer id": put("issuer", "id", value=OTHER),
    "issuer that does not exist": put("issuer", "id", value=OTHER + "-x"),
    "issuer on another host": put("issuer", "id", value="did:web:example.com"),
    "valid from earlier": put("validFrom", value="2001-01-01T00:00:00Z"),
    "valid from the future": put("validFrom", value="2999-01-01T00:00:00Z"),
    "awarded date": put("awardedDate", value="2001-01-01T00:00:00Z"),
    "no awarded date": drop("awardedDate"),
    "valid until": put("validUntil", value="2999-01-01T00:00:00Z"),
    "expired": put("validUntil", value="2020-01-01T00:00:00Z"),
    "recipient": put(SUBJECT, "identifier", 0, "identityHash", value="sha256$" + "0" * 64),
    "salt": put(SUBJECT, "identifier", 0, "salt", value="x" * 24),
    "recipient not hashed": put(SUBJECT, "identifier", 0, "hashed", value=False),
    "a second recipient": lambda d: d[SUBJECT]["identifier"].append(
        dict(d[SUBJECT]["identifier"][0], salt="y")
    ),
    "a subject id": put(SUBJECT, "id", value="did:example:mallory"),
    "no recipient": drop(SUBJECT, "identifier"),
    "achievement name": put(*ACHIEVEMENT, "name", value="Another"),
    "achievement id": put(*ACHIEVEMENT, "id", value="https://example.com/achievement.json"),
    "achievement type": put(*ACHIEVEMENT, "achievementType", value="MasterDegree"),
    "criteria": put(*ACHIEVEMENT, "criteria", "narrative", value="Nothing"),
    "alignment": put(*ACHIEVEMENT, "alignment", 0, "targetName", value="Everything"),
    "no alignment": drop(*ACHIEVEMENT, "alignment"),
    "language": put(*ACHIEVEMENT, "inLanguage", value="de"),
    "creator": put(*ACHIEVEMENT, "creator", "name", value="Mallory"),
    "tags": put(*ACHIEVEMENT, "tag", value=["gold"]),
    "status index": put("credentialStatus", "statusListIndex", value="1"),
    "no status": drop("credentialStatus"),
    "status list elsewhere": put(
        "credentialStatus", "statusListCredential", value="https://example.com/1.json"
    ),
    "proof value": lambda d: d["proof"][0].update(proofValue=d["proof"][0]["proofValue"][:-1] + "1"),
    "proof of another": lambda d: d["proof"][0].update(proofValue="z" + "3" * 87),
    "proof date": put("proof", 0, "created", value="2001-01-01T00:00:00Z"),
    "proof purpose": put("proof", 0, "proofPurpose", value="authentication"),
    "another suite": put("proof", 0, "cryptosuite", value="eddsa-jcs-2022"),
    "another key": lambda d: d["proof"][0].update(
        verificationMethod=d["issuer"]["id"] + "#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    ),
    "key of another issuer": lambda d: d["proof"][0].update(verificationMethod=OTHER + "#x"),
    "no proof": drop("proof"),
    "an unknown term": put("grade", value="A+"),
    "no Open Badges context": lambda d: d["@context"].pop(),
    "no VC context": lambda d: d["@context"].pop(0),
    "another type": put("type", value=["VerifiableCredential"]),
    "added evidence": put("evidence", value=[{"id": "https://example.com/", "type": ["Evidence"]}]),
}


def test_there_are_forty_mutations() -> None:
    assert len(MUTATIONS) >= 40


def test_every_mutation_is_refused_by_every_verifier(signed: Demo, credentials: dict[str, Document]) -> None:
    whole = next(
        c
        for i, c in credentials.items()
        if state(signed, i) == "good"
        and "alignment" in c[SUBJECT]["achievement"]
        and c["issuer"]["id"] != OTHER
    )
    changed: dict[str, Document | Path] = {"untouched": whole}
    for name, mutate in MUTATIONS.items():
        changed[name] = copy.deepcopy(whole)
        mutate(changed[name])
        assert changed[name] != whole, name
    verdicts = ask(signed, changed)
    assert all(v.valid for v in verdicts.pop("untouched"))
    accepted = [(v.id, v.engine) for given in verdicts.values() for v in given if v.valid]
    assert accepted == []


def keys(signed: Demo, *arguments: str) -> None:
    folder = signed.source
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "badge_passport",
        "keys",
        *arguments,
        "--site",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("command", "old_holds"),
    [(["rotate"], True), (["retire", "--compromised"], False)],
    ids=["rotated", "compromised"],
)
def test_a_new_key(
    signed: Demo, credentials: dict[str, Document], tmp_path: Path, command: list[str], old_holds: bool
) -> None:
    """After a rotation what was downloaded before still verifies; after a compromise it does not."""
    folder = tmp_path / "site"
    shutil.copytree(signed.source, folder)
    moved = Demo(folder / "public", signed.base, signed.registry, folder)
    award_id = next(
        i
        for i, a in signed.registry.awards.items()
        if a.badge.issuer.slug == "dialogue-harbour" and state(signed, i) == "good"
    )
    keys(moved, *command, "dialogue-harbour", "--on", "2026-02-01")
    build_site(folder, moved.public)
    new = moved.json(f"awards/{award_id}/credential.json")
    old = credentials[award_id]
    assert new["id"] == old["id"]
    assert new["proof"][0]["verificationMethod"] != old["proof"][0]["verificationMethod"]
    verdicts = ask(moved, {"new": new, "old": old})
    assert all(v.valid for v in verdicts["new"]), verdicts["new"]
    assert [v.valid for v in verdicts["old"]] == [old_holds] * 3, verdicts["old"]
