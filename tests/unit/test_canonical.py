"""What is signed: the fast canonical form is the slow one."""

from __future__ import annotations

import copy
import hashlib
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from any_credential import (
    BASE,
    CONTEXTS,
    CREDENTIALS_OF_ANY_SHAPE,
    CREDENTIALS_OF_FEW_SHAPES,
    DEPTH,
    example,
    finished,
)
from badge_passport.credentials import canonical as module
from badge_passport.credentials.canonical import (
    Canonizer,
    UnsignableError,
    canonical,
    check_terms,
    compile_shape,
)
from badge_passport.credentials.composing import composed
from badge_passport.credentials.contexts import CREDENTIALS, LEARNER_RECORD
from badge_passport.credentials.documents import Document, Finished

CANONIZER = Canonizer()  # one for all the examples, as in a build


@settings(max_examples=40 * DEPTH, deadline=None, suppress_health_check=list(HealthCheck))
@given(CREDENTIALS_OF_ANY_SHAPE)
def test_the_fast_form_is_the_slow_one_for_any_shape(document: Document) -> None:
    before = copy.deepcopy(document)
    text = canonical(document)
    assert CANONIZER(document) == CANONIZER(finished(document)) == text
    assert document == before


@settings(max_examples=60 * DEPTH, deadline=None, suppress_health_check=list(HealthCheck))
@given(CREDENTIALS_OF_FEW_SHAPES)
def test_the_fast_form_is_the_slow_one_for_many_texts(document: Document) -> None:
    assert CANONIZER(document) == CANONIZER(finished(document)) == canonical(document)


def test_what_is_finished_is_read_where_it_stands() -> None:
    """In a graph or in contexts of their own, statements are others than at the top."""
    signed = finished(example())
    inside = signed | {"proof": [{"type": "DataIntegrityProof", "issuer": signed["issuer"]}]}
    wider = signed | {"credentialSubject": signed["credentialSubject"] | {"@context": [LEARNER_RECORD]}}
    several = signed | {"credentialSubject": [signed["credentialSubject"]] * 2}
    shown = {"@context": CONTEXTS, "type": ["VerifiablePresentation"], "verifiableCredential": [signed]}
    for document in (signed, inside, wider, several, shown):
        assert Canonizer()(document) == canonical(document)


@settings(max_examples=15 * DEPTH, deadline=None)
@given(CREDENTIALS_OF_ANY_SHAPE, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(document: Document, chance: random.Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = chance.sample(list(value), len(value))
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    assert canonical(shuffled(document)) == canonical(document)
    assert CANONIZER(shuffled(document)) == canonical(document)


@settings(max_examples=30 * DEPTH, deadline=None)
@given(CREDENTIALS_OF_ANY_SHAPE)
def test_checking_in_passing_refuses_what_checking_refuses(document: Document) -> None:
    for form in (document, finished(document)):
        try:
            check_terms(document)
        except UnsignableError as error:
            with pytest.raises(UnsignableError) as caught:
                CANONIZER.signable(form)
            assert caught.value.path == error.path
        else:
            assert CANONIZER.signable(form) == canonical(document)


def test_badges_of_one_structure_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    canonizer = Canonizer()
    canonizer(example())
    documents = []
    for name in ("B", 'say "C"', "x\ny"):
        document = example()
        document["credentialSubject"]["achievement"] |= {"name": name, "id": f"{BASE}{len(name)}"}
        documents.append((document, canonical(document)))
    monkeypatch.setattr(module, "pyoxigraph", None)
    for document, text in documents:
        assert canonizer.signable(document) == text


def test_templates_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    canonizer, document = Canonizer(), example()
    expected = canonizer.signable(document)
    monkeypatch.setattr(module, "canonical", None)
    monkeypatch.setattr(module, "check_terms", None)
    assert canonizer.signable(document) == expected
    changed = example() | {"name": 'Say "no"\nnow'}
    assert canonizer.signable(changed) == expected.replace('"Dialogue"', '"Say \\"no\\"\\nnow"')


def test_equal_hashes_take_the_long_way_and_are_right() -> None:
    canonizer, document = Canonizer(), example()
    canonizer(document)
    document["credentialSubject"]["result"][1]["value"] = "9"
    assert canonizer(document) == canonical(document)


def test_a_template_is_compiled_from_any_document_of_the_shape() -> None:
    document = example()
    template = compile_shape(document)
    assert template is not None
    other = example() | {"name": "Other"}
    again = compile_shape(other)
    assert again is not None
    values = module._read(document, [])[1]
    assert composed([template.filled(values)]) == composed([again.filled(values)]) == canonical(document)


def test_old_shapes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    canonizer = Canonizer()
    for number in range(5):
        document = example()
        document["evidence"] *= number + 1
        document["issuer"] = Finished(id=f"urn:x:{number}", type=["Profile"])
        assert canonizer.signable(document) == canonical(document)
    assert len(canonizer._shapes) == len(canonizer._common) == 2


def test_lines_end_in_line_feeds_only_and_are_sorted_by_bytes() -> None:
    text = canonical(example() | {"name": "\u2028\x85\x0b", "description": "\U0001f600 \uffee"})
    lines = text.split("\n")
    assert lines.pop() == ""
    assert [line.encode() for line in lines] == sorted(line.encode() for line in lines)
    assert all(line.endswith(" .") for line in lines)


def test_the_canonical_form_of_a_known_proof_configuration() -> None:
    """Data Integrity EdDSA Cryptosuites 1.0, B.1: examples 11 to 13."""
    key = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    configuration = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"{key}#{key.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
        "@context": CREDENTIALS,
    }
    for way in (canonical, Canonizer()):
        digest = hashlib.sha256(way(configuration).encode()).hexdigest()
        assert digest == "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
