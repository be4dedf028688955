"""Presentations, learner records and endorsements: each part has its steps, and one that is wrong decides."""

from __future__ import annotations

from typing import Any

import pytest

from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.did import did_document, did_key
from badge_passport.credentials.multibase import multibase_encode
from badge_passport.credentials.verification import hashing, rdfc
from badge_passport.credentials.verification.steps import Undecided, all_of, any_of
from badge_passport.credentials.verification.words import check_words
from verify_fixtures import (
    BASE,
    EMAIL,
    GOOD3,
    OTHER,
    OTHER_KEY,
    SILENT,
    ask,
    assertion,
    changed,
    credential,
    failed,
    sign,
    site,
    unknown,
)

BROKEN = changed(GOOD3, lambda d: d.update(name="Other"))
STRANGE = changed(GOOD3, lambda d: d["proof"][0].update(cryptosuite="ecdsa-sd-2023"))


def shown(*members: Any, **changes: Any) -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [*members],
        **changes,
    }


def presented(document: dict[str, Any], purpose: str = "authentication") -> dict[str, Any]:
    """A presentation with the proof of a did:key; the project itself signs none like this."""
    did = did_key(OTHER_KEY.multibase)
    proof = {
        "type": "DataIntegrityProof",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": f"{did}#{OTHER_KEY.multibase}",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": purpose,
        "challenge": "c",
    }
    data = hashing.hash_data(document, {"@context": document["@context"], **proof}, "sha256")
    return {**document, "proof": {**proof, "proofValue": multibase_encode(OTHER_KEY.sign(data))}}


def test_an_unsigned_presentation() -> None:
    result = ask(shown(GOOD3, assertion()), recipient=EMAIL)
    assert result.valid and result.kind == "presentation"
    assert [part.id for part in result.parts] == ["presentation", "1.ob3", "2.ob2"]
    proof = next(step for step in result.steps if step.id == "presentation.proof")
    assert proof.outcome == "not-checked" and not proof.needed
    assert (result.name, result.issuer) == ("Dialogue", "Consortium")


def test_a_part_decides() -> None:
    result = ask(shown(GOOD3, BROKEN))
    assert result.verdict == "not-valid" and failed(result) == ["2.ob3.signature"]
    assert [part.verdict for part in result.parts] == ["valid", "valid", "not-valid"]
    result = ask(shown(STRANGE, GOOD3))
    assert result.verdict == "undecided" and unknown(result) == ["1.ob3.proof"]
    assert ask(shown(STRANGE, BROKEN)).verdict == "not-valid"


@pytest.mark.parametrize(
    "members", [[], [7], [GOOD3] * 101, [shown(GOOD3), {}], ["a.b.c"], [{"type": "Person"}]], ids=len
)
def test_a_presentation_of_something_else(members: list[Any]) -> None:
    assert failed(ask(shown(*members)))[0] == "presentation.shape"


def test_an_envelope_of_an_unknown_kind_decides_nothing() -> None:
    envelope = {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+sd-jwt,x"}
    assert unknown(ask(shown(GOOD3, envelope))) == ["presentation.shape"]
    assert unknown(ask(shown(GOOD3, shown(GOOD3)))) == ["presentation.shape"]


def test_whoever_presents_it_signed_it() -> None:
    holder = did_key(OTHER_KEY.multibase)
    assert ask(presented(shown(GOOD3, holder=holder))).valid
    assert ask(presented(shown(GOOD3, GOOD3))).valid  # in two graphs that are alike
    refused = {
        "another": presented(shown(GOOD3, holder="did:web:example.org")),
        "purpose": presented(shown(GOOD3, holder=holder), "assertionMethod"),
        "changed": changed(presented(shown(GOOD3)), lambda d: d["proof"].update(challenge="d")),
        "removed": changed(presented(shown(GOOD3, GOOD3)), lambda d: d["verifiableCredential"].pop()),
        "word": changed(presented(shown(GOOD3)), lambda d: d.update(grade="A")),
    }
    for name, document in refused.items():
        assert failed(ask(document)) == ["presentation.proof"], name


def record(*members: Any, **changes: Any) -> dict[str, Any]:
    clr = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
    made = credential(
        type=["VerifiableCredential", "ClrCredential"],
        credentialSubject={
            "id": "urn:uuid:2c27bbdf-a3b1-441f-a5e3-d255fd8789f0",
            "type": ["ClrSubject"],
            "verifiableCredential": [*members],
        },
        **changes,
    )
    return {**made, "@context": [CREDENTIALS, clr, OPEN_BADGES]}


def test_a_learner_record_has_its_own_steps_and_those_of_its_members() -> None:
    result = ask(record(GOOD3, BROKEN))  # and nobody signed it
    assert result.kind == "clr" and failed(result) == ["clr.proof", "2.ob3.signature"]
    assert [part.id for part in result.parts] == ["clr", "1.ob3", "2.ob3"]
    inside = ask(shown(record(GOOD3)))
    assert [part.id for part in inside.parts] == ["presentation", "1.clr", "1.1.ob3"]
    assert "clr.types" in failed(ask(record()))
    assert unknown(ask(record(record(GOOD3))))[0] == "clr.types"


def test_many_records_in_a_presentation_are_too_many() -> None:
    result = ask(shown(*[record(*[GOOD3] * 5)] * 50))
    assert "presentation.shape" in failed(result)
    assert len(result.parts) <= 202


# --- Endorsements -----------------------------------------------------------------------------------------


def endorsement(**changes: Any) -> dict[str, Any]:
    made = credential(
        type=["VerifiableCredential", "EndorsementCredential"],
        issuer={"id": OTHER, "type": ["Profile"], "name": "Endorser"},
        credentialSubject={"id": BASE + "achievement.json", "type": ["EndorsementSubject"]},
        **changes,
    )
    del made["credentialStatus"]
    return sign(made, OTHER_KEY, OTHER)


def served(**changes: Any) -> dict[str, Any]:
    other = "https://badges.example.org/other/did.json"
    return {**site(), other: did_document(OTHER, [OTHER_KEY.multibase], []), **changes}


def test_an_endorsement_alone() -> None:
    result = ask(endorsement(), served(), EMAIL)
    assert result.valid and result.kind == "endorsement"
    assert result.steps[-1].id == "endorsement.recipient" and not result.steps[-1].needed


def test_endorsements_of_a_badge() -> None:
    good = endorsement()
    assert ask(sign(credential(endorsement=[good])), served()).valid
    wrong = changed(good, lambda d: d.update(name="Other"))
    cases: dict[str, list[Any]] = {"changed": [good, wrong], "too many": [good] * 21, "a number": [7]}
    for name, members in cases.items():
        made = sign(credential())
        made["endorsement"] = members
        result = ask(made, served())
        assert "ob3.endorsements" in failed(result), name
    silent = served(**{"https://badges.example.org/other/did.json": SILENT})
    result = ask(sign(credential(endorsement=[good])), silent)
    assert result.verdict == "undecided" and unknown(result) == ["ob3.endorsements"]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        (BASE + "achievement.json", "1 is genuine."),
        ("did:example:other", "1 is genuine, but it is about something else than this badge."),
    ],
)
def test_what_an_endorsement_is_about(about: str, says: str) -> None:
    """It may have been taken from another badge: it is genuine there as here."""
    made = endorsement()
    del made["proof"]
    made["credentialSubject"]["id"] = about
    other = sign(made, OTHER_KEY, OTHER)
    result = ask(sign(credential(endorsement=[other])), served())
    assert result.valid
    assert [step.detail for step in result.steps if step.id == "ob3.endorsements"] == [says]


# --- Verdicts, words and names of nodes -------------------------------------------------------------------


def test_verdicts() -> None:
    assert all_of([]) == any_of([]) == "undecided"
    assert all_of(["valid", "undecided"]) == "undecided" and any_of(["valid", "undecided"]) == "valid"
    assert all_of(["undecided", "not-valid"]) == any_of(["valid", "not-valid"]) == "not-valid"


@pytest.mark.parametrize("number", [1.5, 0.25, 2.0, 100000.5])
def test_numbers_that_all_programs_write_alike(number: float) -> None:
    made = changed(credential(), lambda d: d["credentialSubject"].update(creditsEarned=number))
    assert check_words(made)


@pytest.mark.parametrize("number", [1e-9, 0.1 + 0.2, 1e21, 2**53])
def test_numbers_that_they_do_not_are_undecided(number: float) -> None:
    made = changed(credential(), lambda d: d["credentialSubject"].update(creditsEarned=number))
    with pytest.raises(Undecided):
        check_words(made)


def test_names_of_nodes_are_those_of_the_library() -> None:
    for document in (credential(), endorsement(), BROKEN):
        plain = {name: value for name, value in document.items() if name != "proof"}
        assert hashing.canonical(plain).decode() == canonical(plain)


def test_a_document_without_end_is_undecided() -> None:
    names = [f"_:n{number}" for number in range(9)]
    clique = "".join(f"{a} <urn:p> {b} .\n" for a in names for b in names if a != b)
    with pytest.raises(Undecided):
        rdfc.canonical_quads(clique, "sha256")
