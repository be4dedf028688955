"""What leaves a passport together, and what others say of it: judged by independent verifiers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jwt
import pytest

from badge_passport.credentials import baking
from demo import ISSUERS, Demo, build_site, copy_of_demo, with_keys
from judges import Check, Check3, Verdict3, node_judge, openbadges_judge, openbadgeslib_judge
from key_fixtures import token_key

pytestmark = pytest.mark.contract
Document = dict[str, Any]
PEOPLE = "passports/*/presentation.json"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    if not (node_judge.available() and openbadgeslib_judge.can_judge_credentials()):
        if os.environ.get("CI"):
            pytest.fail("judges are missing: tests/judges/install.sh")
        pytest.skip("judges are missing: tests/judges/install.sh")


def read(site: Demo, pattern: str) -> dict[str, Document]:
    found = {str(p.relative_to(site.public)): json.loads(p.read_bytes()) for p in site.public.glob(pattern)}
    assert found, pattern
    return found


def judged(site: Demo, documents: dict[str, Document], *engines: node_judge.Engine) -> list[Verdict3]:
    checks = [Check3(name, document) for name, document in documents.items()]
    return node_judge.judge(site.base, site.public, checks, engines or node_judge.ENGINES)


def holds(site: Demo, award_id: str) -> bool:
    from datetime import UTC, datetime

    award = site.registry.awards[award_id]
    return award.in_force and not (award.expires and award.expires <= datetime.now(UTC).date())


def award_of(document: Document) -> str:
    return str(document["id"]).split("/awards/")[1].split("/")[0]


# --- Endorsements ---------------------------------------------------------------------------------------


def test_endorsements_are_accepted_and_speak_for_what_there_is(signed_demo: Demo) -> None:
    documents = read(signed_demo, "issuers/*/endorsements/*.credential.json")
    assert len(documents) == len(signed_demo.registry.endorsements) == 3
    for verdict in judged(signed_demo, documents):
        assert verdict.valid, verdict
    for path, document in documents.items():
        assert document["id"] == signed_demo.base + path
        assert document["type"] == ["VerifiableCredential", "EndorsementCredential"]
        assert document["name"]
        endorsed = document["credentialSubject"]["id"]
        if endorsed.startswith("did:web:"):
            assert signed_demo.json("issuers/open-perspectives-courses/did.json")["id"] == endorsed
        else:
            assert signed_demo.path_of(endorsed).is_file()


def test_an_endorsed_badge_says_so(signed_demo: Demo) -> None:
    documents = read(signed_demo, "badges/*/*/achievement.en.json") | read(
        signed_demo, "badges/*/*/v/*/achievement.en.json"
    )
    given = {path: d["endorsement"] for path, d in documents.items() if "endorsement" in d}
    assert len(given) == 1
    for path, endorsements in given.items():
        assert [e["credentialSubject"]["id"] for e in endorsements] == [signed_demo.base + path]


def test_a_changed_endorsement_is_refused(signed_demo: Demo) -> None:
    documents = read(signed_demo, "issuers/*/endorsements/*.credential.json")
    for document in documents.values():
        document["credentialSubject"]["endorsementComment"] = "The best of all."
    assert not any(verdict.valid for verdict in judged(signed_demo, documents))


# --- Presentations and learner records ------------------------------------------------------------------


def test_a_presentation_holds_the_credentials_of_the_passport_as_published(signed_demo: Demo) -> None:
    for path, document in read(signed_demo, PEOPLE).items():
        slug = path.split("/")[1]
        assert document.keys() == {"@context", "id", "type", "verifiableCredential"}
        assert document["id"] == signed_demo.base + path
        shown = {
            a.id
            for a in signed_demo.registry.awards_by_participant[slug]
            if a.acceptance == "accepted" and a.in_force
        }
        assert {award_of(c) for c in document["verifiableCredential"]} == shown
        for credential in document["verifiableCredential"]:
            assert credential == signed_demo.json(f"awards/{award_of(credential)}/credential.json")


def test_who_has_nothing_signed_has_no_presentation(signed_demo: Demo, demo: Demo) -> None:
    assert not list(demo.public.glob(PEOPLE)) and not list(demo.public.glob("passports/*/clr.*"))
    private = [p.slug for p in signed_demo.registry.participants.values() if p.record.visibility == "private"]
    assert private
    for slug in private:  # encrypted, with everything else
        found = {p.name for p in (signed_demo.public / "passports" / slug).iterdir()}
        assert found == {"index.html", "badges.enc"}


def test_learner_records_are_accepted_and_hold_what_is_published(signed_demo: Demo) -> None:
    records = read(signed_demo, "passports/*/clr.*.json")
    # verifier-core has no context of learner records.
    for verdict in judged(signed_demo, records, "digitalbazaar-vc"):
        assert verdict.valid, verdict
    for path, record in records.items():
        issuer = path.split("/")[2].removeprefix("clr.").removesuffix(".json")
        assert record["id"] == signed_demo.base + path
        assert record["@context"][1].endswith("/clr/v2p0/context-2.0.1.json")
        assert record["issuer"]["id"].endswith(":issuers:" + issuer)
        inside = record["credentialSubject"]["verifiableCredential"]
        assert {c["issuer"]["id"] for c in inside} == {record["issuer"]["id"]}
        identities = {i["identityHash"] for i in record["credentialSubject"]["identifier"]}
        assert {c["credentialSubject"]["identifier"][0]["identityHash"] for c in inside} == identities
        for credential in inside:
            assert credential == signed_demo.json(f"awards/{award_of(credential)}/credential.json")
    assert len(records) > 20


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.update(name="Other"),
        lambda r: r["credentialSubject"]["verifiableCredential"].pop(),
        lambda r: r["credentialSubject"]["verifiableCredential"][0].update(name="Other"),
        lambda r: r["credentialSubject"]["identifier"][0].update(salt="x" * 24),
        lambda r: r["proof"][0].update(created="2001-01-01T00:00:00Z"),
    ],
    ids=["name", "a credential less", "a credential changed", "another person", "proof"],
)
def test_a_changed_learner_record_is_refused(signed_demo: Demo, change: Any) -> None:
    record = signed_demo.json("passports/amira-k/clr.dialogue-harbour.json")
    assert len(record["credentialSubject"]["verifiableCredential"]) > 1
    assert all(v.valid for v in judged(signed_demo, {"as it is": record}, "digitalbazaar-vc"))
    change(record)
    assert not any(v.valid for v in judged(signed_demo, {"changed": record}, "digitalbazaar-vc"))


def test_a_record_of_two_alike_badges_is_accepted(signed_demo: Demo, tmp_path: Path) -> None:
    """The same badge to the same person on one day, twice: nodes that only their neighbours tell apart."""
    site = copy_of_demo(tmp_path / "site")
    awards = site / "content/awards/dialogue-harbour/alike.yml"
    given = "  - participant: amira-k\n    number: {}\n"
    awards.write_text(
        "badge: connect-participant\nissuedOn: 2020-02-02\nawards:\n"
        + "".join(given.format(number) for number in (1, 2, 3)),
        encoding="utf-8",
    )
    moved = Demo(tmp_path / "public", signed_demo.base, signed_demo.registry, with_keys(site))
    build_site(site, moved.public)
    record = moved.json("passports/amira-k/clr.dialogue-harbour.json")
    assert len(record["credentialSubject"]["verifiableCredential"]) > 5
    assert all(v.valid for v in judged(moved, {"alike": record}, "digitalbazaar-vc"))


# --- Tokens ---------------------------------------------------------------------------------------------


def test_tokens_say_what_the_credential_says(signed_demo: Demo) -> None:
    """C-57, with the key out of the published DID document."""
    tokens = list(signed_demo.public.glob("awards/*/credential.jwt.txt"))
    assert len(tokens) == len(signed_demo.registry.awards)
    for file in tokens:
        text = file.read_text("ascii")
        header = jwt.get_unverified_header(text)
        assert header.keys() == {"alg", "kid", "typ"}
        did, _, fragment = header["kid"].partition("#")
        issuer = did.rpartition(":")[2]
        published = signed_demo.json(f"issuers/{issuer}/did.json")
        assert header["kid"] in published["assertionMethod"] and fragment.startswith("zDn")
        (method,) = [m for m in published["verificationMethod"] if m["id"] == header["kid"]]
        assert method["type"] == "JsonWebKey" and method["controller"] == did
        numbers = token_key(ISSUERS.index(issuer) + 1).public_key()
        assert jwt.PyJWK(method["publicKeyJwk"]).key == numbers
        payload = jwt.decode(text, jwt.PyJWK(method["publicKeyJwk"]), ["ES256"], {"verify_exp": False})
        credential = signed_demo.json(str(file.relative_to(signed_demo.public).parent / "credential.json"))
        assert payload["id"] == payload["jti"] == signed_demo.base + str(file.relative_to(signed_demo.public))
        assert payload["iss"] == payload["issuer"]["id"] == credential["issuer"]["id"]
        assert payload["sub"] == payload["credentialSubject"].pop("id")
        own = {"id", "proof"}
        assert {k: payload[k] for k in credential.keys() - own} == {
            k: v for k, v in credential.items() if k not in own
        }


def test_jose_accepts_tokens_and_refuses_changed_ones(signed_demo: Demo, archived_demo: Demo) -> None:
    checks: list[dict[str, Any]] = []
    expected: dict[str, bool] = {}
    for site in (signed_demo, archived_demo):
        documents = {
            f"{site.base}{path}": json.dumps(document)
            for path, document in read(site, "issuers/*/did.json").items()
        }
        for file in sorted(site.public.glob("awards/*/credential.jwt.txt")):
            award, text = site.registry.awards[file.parent.name], file.read_text("ascii")
            head, body, signature = text.split(".")
            other = body[:-8] + ("A" if body[-8] != "A" else "B") + body[-7:]
            lapsed = bool(award.expires) and not holds(site, award.id) and award.in_force
            withdrawn_and_ended = award.expires is not None and not award.in_force
            if withdrawn_and_ended:
                continue  # two reasons, of which this judge knows one
            for name, token, good in (
                ("whole", text, not lapsed),
                ("changed", f"{head}.{other}.{signature}", False),
            ):
                key = f"{site.public.name} {award.id} {name}"
                expected[key] = good
                checks.append({"id": key, "engine": "jose", "text": token, "documents": documents})
    answers = node_judge.run("corpus.mjs", {"contexts": {}, "checks": checks})
    assert {a["id"]: a["valid"] for a in answers} == expected
    assert sum(expected.values()) > 80


# --- Pictures -------------------------------------------------------------------------------------------


def test_both_kinds_of_pictures_hold_both_versions(signed_demo: Demo) -> None:
    """C-70, C-71; the validator of Open Badges 2.0 still finds its own in each."""
    checks: list[Check] = []
    for file in sorted(signed_demo.public.glob("awards/*/badge.*")):
        data = file.read_bytes()
        texts = baking.unbake_png(data) if file.suffix == ".png" else baking.unbake_svg(data)
        assert texts.keys() == {"openbadges", "openbadgecredential"}
        for name, keyword in (("assertion", "openbadges"), ("credential", "openbadgecredential")):
            assert json.loads(texts[keyword]) == json.loads((file.parent / f"{name}.json").read_bytes())
        if holds(signed_demo, file.parent.name):
            checks.append(Check(str(file), file.relative_to(signed_demo.public)))
    assert {Path(check.id).suffix for check in checks} == {".png", ".svg"}
    for verdict in openbadges_judge.judge(signed_demo.base, signed_demo.public, checks):
        assert verdict.valid and not verdict.warnings, verdict
    svg = [c for c in checks if c.id.endswith(".svg")][:5]
    for verdict in openbadgeslib_judge.judge(signed_demo.base, signed_demo.public, svg):
        assert verdict.valid, verdict


# --- An archive -----------------------------------------------------------------------------------------


def test_an_archived_badge_verifies_without_the_site(archived_demo: Demo, tmp_path: Path) -> None:
    """Nothing but the file is left: no host, no DID document, no status list."""
    documents = read(archived_demo, "awards/*/credential.json")
    good = {path: d for path, d in documents.items() if holds(archived_demo, award_of(d))}
    assert len(good) > 40
    nowhere = Demo(tmp_path, "https://gone.example.org/", archived_demo.registry)
    # digitalbazaar-vc has no did:key in the judge's set-up.
    verdicts = judged(nowhere, good, "verifier-core")
    checks = [Check3(path, document) for path, document in good.items()]
    verdicts += openbadgeslib_judge.judge_credentials(nowhere.base, nowhere.public, checks)
    assert len(verdicts) == 2 * len(good)
    for verdict in verdicts:
        assert verdict.valid, verdict
    for document in good.values():
        did = document["issuer"]["id"]
        assert did.startswith("did:key:z6Mk") and "credentialStatus" not in document
        assert document["proof"][0]["verificationMethod"] == f"{did}#{did.removeprefix('did:key:')}"


def test_an_archive_keeps_ids_and_withdrawals(archived_demo: Demo, signed_demo: Demo) -> None:
    withdrawn = [a.id for a in signed_demo.registry.awards.values() if not a.in_force]
    assert withdrawn
    for path, document in read(archived_demo, "awards/*/credential.json").items():
        before = signed_demo.json(path)
        assert document["id"] == before["id"]
        if award_of(document) in withdrawn:
            assert document == before
    documents = {i: archived_demo.json(f"awards/{i}/credential.json") for i in withdrawn}
    for verdict in judged(archived_demo, documents):
        assert not verdict.valid and verdict.steps.get("valid_signature") is not False, verdict


def test_what_was_downloaded_before_the_end_still_verifies_on_the_archive(
    archived_demo: Demo, signed_demo: Demo
) -> None:
    before = read(signed_demo, "awards/*/credential.json")
    good = {path: d for path, d in before.items() if holds(signed_demo, award_of(d))}
    for verdict in judged(archived_demo, good):
        assert verdict.valid, verdict


def test_tokens_of_an_archive_are_their_own_keys(archived_demo: Demo) -> None:
    for file in archived_demo.public.glob("awards/*/credential.jwt.txt"):
        kid = jwt.get_unverified_header(file.read_text("ascii"))["kid"]
        if archived_demo.registry.awards[file.parent.name].in_force:
            did, _, fragment = kid.partition("#")
            assert did == f"did:key:{fragment}" and fragment.startswith("zDn")
