"""Learner records are composed of their credentials, and are what they would be as a whole."""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_passport.credentials import canonical as module
from badge_passport.credentials import composing
from badge_passport.credentials.canonical import Canonizer, UnsignableError, canonical
from badge_passport.credentials.contexts import CONTEXTS, RECORD_CONTEXTS
from badge_passport.credentials.documents import Document, Finished

BASE = "https://badges.example.org/ve/"
DEPTH = int(os.environ.get("DEPTH", "3"))
CANONIZER = Canonizer()
TEXTS = st.sampled_from(["a", "b", "a\nb", 'say "x"', "\\", "_:z .", " _:z", "_:c14n0", "𝒳"])
ISSUERS: list[Document] = [
    {
        "id": f"did:web:badges.example.org:{number}",
        "type": ["Profile"],
        "name": f"Issuer {number}",
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": f"{BASE}{number}", "identifierType": "identifier"}
        ],
    }
    for number in range(3)
]
ALIGNED = {"type": ["Alignment"], "targetName": "One", "targetUrl": BASE + "competences/one/"}
ACHIEVEMENTS: list[Document] = [
    {"id": BASE + "a", "type": ["Achievement"], "name": "A", "tag": ["x", "y", "x"], "alignment": [ALIGNED]},
    {"id": BASE + "b", "type": ["Achievement"], "name": "B", "alignment": [ALIGNED, ALIGNED]},
    {"id": BASE + "c", "type": ["Achievement"], "name": "C", "criteria": {"id": BASE, "narrative": "Do\nit"}},
    {
        "id": BASE + "d",
        "type": ["Achievement"],
        "criteria": {"narrative": "x"},
        "resultDescription": [{"id": BASE + "d#1", "type": ["ResultDescription"], "name": "Mark"}],
    },
]
IDENTITIES = [
    {"type": "IdentityObject", "hashed": True, "identityHash": f"sha256${number}", "salt": "s"}
    for number in range(2)
]
EVIDENCE = st.fixed_dictionaries(
    {"type": st.just(["Evidence"]), "id": st.sampled_from([BASE + "e", BASE + "f"])}, optional={"name": TEXTS}
)
RESULT = st.fixed_dictionaries(
    {"type": st.just(["Result"]), "resultDescription": st.just(BASE + "d#1"), "value": TEXTS}
)


def credentials(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    """Signed credentials, as far as their form goes."""
    return st.fixed_dictionaries(
        {
            "@context": st.just(CONTEXTS),
            "id": ids,
            "type": st.just(["VerifiableCredential", "OpenBadgeCredential"]),
            "name": TEXTS,
            "issuer": st.sampled_from(ISSUERS),
            "validFrom": st.sampled_from(["2026-03-14T09:00:00Z", "2026-03-15T00:00:00Z"]),
            "credentialSubject": st.fixed_dictionaries(
                {"type": st.just(["AchievementSubject"]), "achievement": st.sampled_from(ACHIEVEMENTS)},
                optional={
                    "identifier": st.lists(st.sampled_from(IDENTITIES), min_size=1, max_size=2),
                    "narrative": TEXTS,
                    "result": st.lists(RESULT, min_size=1, max_size=2),
                    "id": st.sampled_from(["urn:uuid:1", "urn:uuid:2"]),
                },
            ),
            "proof": st.lists(
                st.fixed_dictionaries(
                    {
                        "type": st.just("DataIntegrityProof"),
                        "created": st.just("2026-03-14T09:00:00Z"),
                        "verificationMethod": st.sampled_from(["did:web:a#z1", "did:web:b#z1"]),
                        "cryptosuite": st.just("eddsa-rdfc-2022"),
                        "proofPurpose": st.just("assertionMethod"),
                        "proofValue": st.sampled_from(["z1", "z2", "z3"])
                        | st.integers(0, 10**20).map("z{}".format),
                    }
                ),
                min_size=1,
                max_size=1,
            ),
        },
        optional={
            "evidence": st.lists(EVIDENCE, min_size=1, max_size=2),
            "credentialStatus": st.integers(0, 3).map(
                lambda number: {
                    "id": f"{BASE}status/1.json#{number}",
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": "revocation",
                    "statusListIndex": str(number),
                    "statusListCredential": BASE + "status/1.json",
                }
            ),
        },
    )


def record(members: list[Document], identities: list[Document] | None = None, name: str = "R") -> Document:
    return {
        "@context": RECORD_CONTEXTS,
        "id": BASE + "clr.json",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": name,
        "issuer": ISSUERS[0],
        "validFrom": "2026-03-15T00:00:00Z",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": identities if identities is not None else [IDENTITIES[0]],
            "verifiableCredential": members,
        },
    }


def member(number: int, **more: Any) -> Document:
    """One credential of one person, as the site writes it."""
    return {
        "@context": CONTEXTS,
        "id": f"{BASE}awards/{number}/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "A",
        "issuer": ISSUERS[0],
        "validFrom": "2026-03-14T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [IDENTITIES[0]],
            "achievement": ACHIEVEMENTS[0],
        },
        "proof": [
            {
                "type": "DataIntegrityProof",
                "created": "2026-03-14T09:00:00Z",
                "verificationMethod": "did:web:a#z1",
                "cryptosuite": "eddsa-rdfc-2022",
                "proofPurpose": "assertionMethod",
                "proofValue": f"z{number}",
            }
        ],
        **more,
    }


@settings(max_examples=30 * DEPTH, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        credentials(st.integers(0, 10**6).map(f"{BASE}awards/{{}}.json".format)), min_size=1, max_size=30
    ),
    st.lists(st.sampled_from(IDENTITIES), min_size=1, max_size=2, unique_by=str),
    TEXTS,
)
def test_a_composed_record_is_the_whole_one(
    members: list[Document], identities: list[Document], name: str
) -> None:
    document = record(members, identities, name)
    before = copy.deepcopy(document)
    outcome = _outcome(canonical, document)
    assert _outcome(CANONIZER.signable, document) == outcome
    assert document == before
    signed = [_signed(member, CANONIZER) for member in members]
    assert _outcome(CANONIZER.signable, record(signed, identities, name)) == outcome


@settings(max_examples=30 * DEPTH, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(credentials(st.sampled_from([BASE + "1", BASE + "2"])), min_size=1, max_size=4))
def test_credentials_that_say_the_same_are_right_all_the_same(members: list[Document]) -> None:
    """Ids, proofs and subjects that coincide: here the statements of one are those of another."""
    outcome = _outcome(canonical, record(members))
    assert _outcome(CANONIZER.signable, record(members)) == outcome
    assert _outcome(CANONIZER.signable, record([_signed(m, CANONIZER) for m in members])) == outcome


def _signed(member: Document, canonizer: Canonizer) -> Finished:
    """A member as signing makes it: its canonical form is asked for, and then it gets its proof."""
    subject = member["credentialSubject"]
    unsigned = {name: value for name, value in member.items() if name != "proof"} | {
        "issuer": Finished(member["issuer"]),
        "credentialSubject": subject | {"achievement": Finished(subject["achievement"])},
    }
    _outcome(canonizer.signable, unsigned)
    return Finished(unsigned, proof=member["proof"])


def test_only_the_very_document_that_was_read_is_not_read_again() -> None:
    canonizer = Canonizer()
    other = _signed(member(1, name="Another"), canonizer)
    mine = _signed(member(1), canonizer)
    for one in (other, mine):
        assert canonizer.signable(record([one])) == canonical(record([one]))


def _outcome(way: Any, document: Document) -> str:
    try:
        return str(way(document))
    except UnsignableError as error:
        assert "cannot be put in order" in str(error)
        return "undecided"


def test_records_are_not_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by pyoxigraph, nor by the long way: that is what they are composed for."""
    canonizer = Canonizer()
    expected = {n: canonical(record([member(i) for i in range(n)])) for n in (1, 2, 3, 7)}
    canonizer.signable(record([member(0)]))
    read = module._read_as_json_ld
    seen: list[Document] = []

    def reading(document: Document) -> Any:
        seen.append(document)
        return read(document)

    monkeypatch.setattr(module, "_read_as_json_ld", reading)
    monkeypatch.setattr(module, "canonical", None)
    monkeypatch.setattr(composing, "canonical_quads", None)
    for n, text in expected.items():
        assert canonizer.signable(record([member(i) for i in range(n)])) == text
    assert len(seen) == 3  # an envelope for each new number of credentials
    assert all("proof" not in str(document) for document in seen)


@pytest.mark.parametrize(
    "change",
    [
        {"home": "made"},
        {"name": "tab\t"},
        {"id": "credentials/1.json"},
        {"@context": [CONTEXTS[0]]},
        {"@context": RECORD_CONTEXTS, "type": ["VerifiableCredential", "Association"]},
    ],
)
def test_what_cannot_be_signed_is_refused_inside_a_record(change: Document) -> None:
    canonizer = Canonizer()
    canonizer.signable(record([member(1), member(2)]))
    document = record([member(1), member(2) | change])
    try:
        module.check_terms(document)
    except UnsignableError as error:
        with pytest.raises(UnsignableError) as caught:
            canonizer.signable(document)
        assert caught.value.path == error.path or error.path.endswith(caught.value.path)
    else:
        assert canonizer.signable(document) == canonical(document)


def test_a_presentation_is_not_composed() -> None:
    """There every credential is a graph of its own."""
    document = {
        "@context": CONTEXTS,
        "id": BASE + "presentation.json",
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [member(1), member(2)],
    }
    assert CANONIZER.signable(document) == canonical(document)
    assert module._apart(document) is None
    assert module._apart(record([member(1)])) is not None
