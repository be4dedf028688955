"""The contexts that documents are read by: pinned, narrowed, and signed alike in both their texts."""

from __future__ import annotations

import json

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from any_credential import CONTEXTS, CREDENTIALS_OF_ANY_SHAPE, CREDENTIALS_OF_FEW_SHAPES, DEPTH, example
from badge_passport.credentials import contexts
from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import (
    CREDENTIALS,
    DIGESTS,
    LEARNER_RECORD,
    OPEN_BADGES,
    ContextError,
    inlined,
    load_context,
    narrowed,
)
from badge_passport.credentials.documents import Document


@settings(max_examples=40 * DEPTH, deadline=None, suppress_health_check=list(HealthCheck))
@given(CREDENTIALS_OF_ANY_SHAPE | CREDENTIALS_OF_FEW_SHAPES)
def test_narrowed_contexts_say_the_same(document: Document) -> None:
    try:
        whole = _quads(inlined(document))
    except SyntaxError:
        with pytest.raises(SyntaxError):
            _quads(narrowed(document))
    else:
        assert _quads(narrowed(document)) == whole


def _quads(document: Document) -> str:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(json.dumps(document), format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(str(quad) for quad in dataset))


def test_narrowed_contexts_are_narrow() -> None:
    document = narrowed(example())
    assert len(json.dumps(document)) < len(json.dumps(inlined(example()))) / 2
    assert "VerifiablePresentation" not in document["@context"][0]
    assert {"VerifiableCredential", "@protected"} <= document["@context"][0].keys()


def test_only_pinned_contexts_exist() -> None:
    assert set(DIGESTS) == {*CONTEXTS, LEARNER_RECORD}
    assert "ClrCredential" in load_context(LEARNER_RECORD)
    assert "VerifiableCredential" in load_context(CREDENTIALS)
    assert "OpenBadgeCredential" in load_context(OPEN_BADGES)
    for url in (OPEN_BADGES.replace("3.0.3", "3.0.2"), CREDENTIALS + "/", "file:///etc/passwd", ""):
        with pytest.raises(ContextError):
            load_context(url)
        with pytest.raises(ContextError):
            canonical(example() | {"@context": [url]})


def test_a_changed_context_is_refused() -> None:
    with pytest.raises(ContextError, match="known"):
        contexts.checked(CREDENTIALS, b'{"@context": {}}')


def test_no_missing_package_goes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    load_context.cache_clear()
    monkeypatch.setattr(contexts, "_PACKAGE", "no_such_package")
    with pytest.raises(ContextError, match="install"):
        load_context(CREDENTIALS)
    load_context.cache_clear()


def test_both_texts_of_the_context_sign_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = canonical(example())
    older = {k: v for k, v in load_context(OPEN_BADGES).items() if k not in contexts.UNSTABLE_TERMS}
    newer = contexts.load_context
    monkeypatch.setattr(contexts, "load_context", lambda url: older if url == OPEN_BADGES else newer(url))
    assert canonical(example()) == expected
