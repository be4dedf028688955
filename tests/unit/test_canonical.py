"""What is signed: the fast canonical form is the slow one, and what verifiers disagree on is refused."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import random
import time
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_passport.credentials import canonical as module
from badge_passport.credentials import contexts
from badge_passport.credentials.canonical import (
    Canonizer,
    UnsignableError,
    canonical,
    check_terms,
    compile_shape,
)
from badge_passport.credentials.composing import composed
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
from badge_passport.credentials.documents import Document, Finished

BASE = "https://badges.example.org/ve/"
CONTEXTS = [CREDENTIALS, OPEN_BADGES]
# `DEPTH=50` before a release, or after a change to the fast form.
DEPTH = int(os.environ.get("DEPTH", "3"))
CANONIZER = Canonizer()  # one for all the examples, as in a build

# Few and often equal, so that statements and hashes coincide; with everything that must be escaped.
TEXTS = st.sampled_from(
    ["", "a", "b", "a\nb", 'say "x"', "\\", "_:z .", " _:z", "_:c14n0", "\x00", "𝒳"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IRIS = st.sampled_from(
    ["a", "b", "a#b", "", "?q=%20", "~x/(1)", "%zz", "é", "a b", "a#b#c", "[1]", "{}"]
).map(BASE.__add__) | st.sampled_from(
    [
        "urn:uuid:1",
        "did:web:a.org:b#k",
        "mailto:a@b.org",
        "relative",
        "_:b0",
        "HTTPS://A.org",
        "ftp://a/b",
        "iss:x",
        "http://a:99999/",
        "https://",
        "https://a:x/",
        "@type",
        "data:,x",
        "tag:a,2026:b",
    ]
)
DATES = st.sampled_from(["2026-03-14T09:00:00Z", "2026-03-15T00:00:00Z"])


def node(kind: str | list[str], required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    """An object of a type; optional entries come and go."""
    return st.fixed_dictionaries({"type": st.just(kind), **required}, optional=optional)


IMAGE = node("Image", {"id": IRIS}, {"caption": TEXTS})
PROFILE = node(["Profile"], {"id": IRIS}, {"name": TEXTS, "url": TEXTS, "image": IMAGE})
EVIDENCE = node(
    ["Evidence"], {}, {"id": IRIS, "name": TEXTS, "narrative": TEXTS, "genre": TEXTS, "audience": TEXTS}
)
RESULT = node(["Result"], {}, {"resultDescription": IRIS, "value": TEXTS, "status": TEXTS})
IDENTITY = node(
    "IdentityObject", {"hashed": st.booleans()}, {"identityHash": TEXTS, "salt": TEXTS, "identityType": TEXTS}
)
ACHIEVEMENTS: list[Document] = [
    {
        "id": BASE + "achievements/a.json",
        "type": ["Achievement"],
        "name": "A\n“b”",
        "criteria": {"narrative": "Do\nit"},
        "tag": ["a", "b", "a"],
        "creditsAvailable": 1,
        "alignment": [
            {"type": ["Alignment"], "targetName": "one", "targetUrl": "http://data.europa.eu/snb/eqf/5"},
            {"type": ["Alignment"], "targetName": "two"},
        ],
    },
    {
        "id": BASE + "a",
        "type": ["Achievement"],
        "resultDescription": [
            {"id": BASE + "b", "type": ["ResultDescription"], "allowedValue": ["x", "y", "x"]},
            {"type": ["ResultDescription"], "allowedValue": ["x", "y"]},
        ],
        "criteria": {"id": BASE},
    },
    {
        "id": BASE + "b",
        "type": ["Achievement"],
        "alignment": [{"type": ["Alignment"], "targetName": "one"}] * 2,
    },
]
SUBJECT = node(
    ["AchievementSubject"],
    {"achievement": st.sampled_from(ACHIEVEMENTS)},
    {
        "id": IRIS,
        "identifier": st.lists(IDENTITY, min_size=1, max_size=2),
        "result": st.lists(RESULT, min_size=1, max_size=3),
        "narrative": TEXTS,
        "role": TEXTS,
        "creditsEarned": st.integers(0, 3),
        "activityStartDate": DATES,
    },
)
PROOF = node(
    "DataIntegrityProof",
    {"cryptosuite": st.just("eddsa-rdfc-2022"), "proofPurpose": st.just("assertionMethod")},
    {"created": DATES, "verificationMethod": IRIS, "proofValue": TEXTS, "nonce": st.lists(TEXTS, max_size=3)},
)
ENDORSEMENT = node(
    ["VerifiableCredential", "EndorsementCredential"],
    {
        "@context": st.just(CONTEXTS),
        "issuer": IRIS,
        "credentialSubject": node(["EndorsementSubject"], {"id": IRIS}, {"endorsementComment": TEXTS}),
    },
    {"id": IRIS, "validFrom": DATES, "proof": st.lists(PROOF, min_size=1, max_size=2)},
)
STATUS = node(
    "BitstringStatusListEntry",
    {"statusPurpose": st.just("revocation"), "statusListIndex": TEXTS, "statusListCredential": IRIS},
    {"id": IRIS},
)
CREDENTIALS_OF_ANY_SHAPE = node(
    ["VerifiableCredential", "OpenBadgeCredential"],
    {"@context": st.just(CONTEXTS), "id": IRIS, "issuer": PROFILE, "credentialSubject": SUBJECT},
    {
        "name": TEXTS,
        "description": TEXTS,
        "image": IMAGE,
        "validFrom": DATES,
        "awardedDate": TEXTS,
        "evidence": st.lists(EVIDENCE, min_size=1, max_size=3),
        "endorsement": st.lists(ENDORSEMENT, min_size=1, max_size=2),
        "credentialStatus": STATUS,
        "undefined": TEXTS,
        "termsOfUse": st.lists(st.fixed_dictionaries({"id": IRIS}), max_size=1),
    },
)
# Of few shapes and many texts: most of these are filled into a template that another one made.
EVIDENCE_WITHOUT_ID = node(
    ["Evidence"], {"name": TEXTS, "audience": st.lists(TEXTS, min_size=2, max_size=2)}, {}
)
CREDENTIALS_OF_FEW_SHAPES = node(
    ["VerifiableCredential", "OpenBadgeCredential"],
    {
        "@context": st.just(CONTEXTS),
        "id": IRIS,
        "issuer": st.just({"id": "did:web:a.org", "type": ["Profile"]}),
        "credentialSubject": node(
            ["AchievementSubject"],
            {
                "achievement": st.sampled_from(ACHIEVEMENTS),
                "identifier": st.lists(
                    node("IdentityObject", {"salt": TEXTS, "identityHash": TEXTS}, {}), min_size=2, max_size=2
                ),
                "source": PROFILE.filter(lambda profile: len(profile) == 2),
            },
            {},
        ),
        "evidence": st.lists(EVIDENCE_WITHOUT_ID, min_size=1, max_size=2),
        "proof": st.lists(PROOF.filter(lambda proof: len(proof) == 3), min_size=1, max_size=1),
    },
    {"endorsement": st.lists(ENDORSEMENT.filter(lambda one: len(one) == 4), min_size=2, max_size=2)},
)


def example() -> Document:
    """A credential as the site writes it."""
    return {
        "@context": CONTEXTS,
        "id": BASE + "credentials/1.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue",
        "issuer": {"id": "did:web:badges.example.org:ve", "type": ["Profile"], "name": "Consortium"},
        "validFrom": "2026-03-14T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$1", "salt": "s"}
            ],
            "achievement": copy.deepcopy(ACHIEVEMENTS[0]),
            "result": [{"type": ["Result"], "value": "9"}, {"type": ["Result"], "value": "10"}],
        },
        "evidence": [{"id": BASE + "evidence/1/", "type": ["Evidence"], "name": "Journal"}],
    }


# --- The fast form is the slow one ----------------------------------------------------------------------


def finished(document: Document) -> Document:
    """The same with an issuer and an achievement that nobody changes, as credentials of a site have them."""
    subject = document["credentialSubject"]
    achievement = Finished(subject["achievement"])
    return document | {
        "issuer": Finished(document["issuer"]),
        "credentialSubject": subject | {"achievement": achievement},
    }


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


def test_the_three_ways_of_canonicalising_in_numbers() -> None:
    canonizer = Canonizer()
    documents = [example() | {"id": f"{BASE}credentials/{number}.json"} for number in range(200)]
    for name, way in (("signable", canonizer.signable), ("fast", canonizer), ("slow", canonical)):
        start = time.perf_counter()
        for document in documents:
            way(document)
        print(f"{name}: {(time.perf_counter() - start) / len(documents) * 1e6:.0f} µs a credential")


# --- What is refused ------------------------------------------------------------------------------------


def changed(path: str, value: object) -> Document:
    """The example with a value at a JSON pointer."""
    document = example()
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("/")[1:])
    place: Any = document
    for step in steps:
        place = place[step]
    place[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "reported"),
    [
        ("/home", "made", ""),
        ("/credentialSubject/achievement/criteria/caption", "of another type", ""),
        ("/evidence/0/caption", "of another type", ""),
        ("/criteria", {"narrative": "in the wrong place"}, ""),
        ("/endorsementJwt", ["only in one text of the context"], ""),
        ("/jti", "urn:x:1", ""),
        ("/@graph", [{"id": "urn:x:1"}], ""),
        ("/type/1", "OpenBadgeCredentials", "/type"),
        ("/evidence/0/type", ["Proof"], ""),
        ("/evidence/0/type", None, ""),
        ("/id", "credentials/1.json", ""),
        ("/id", "_:b0", ""),
        ("/id", "https://a.org/a b", ""),
        ("/id", 1, ""),
        ("/issuer", "consortium", ""),
        ("/evidence/0/id", "#1", ""),
        ("/credentialSubject/achievement/criteria/id", "https://a.org/%", ""),
        ("/image", "badge.png", ""),
        ("/credentialSubject/creditsEarned", 1.0, ""),
        ("/credentialSubject/creditsEarned", float("nan"), ""),
        ("/credentialSubject/creditsEarned", 2**53, ""),
        ("/name", "tab\t", ""),
        ("/name", "\r", ""),
        ("/name", "\x7f", ""),
        ("/name", "\x85", ""),
        ("/name", "\ud800", ""),
        ("/name", "\uffff", ""),
        ("/credentialSubject/achievement/tag/1", "\x00", ""),
        ("/name", None, ""),
        ("/name", [], ""),
        ("/name", {}, ""),
        ("/name", b"bytes", ""),
        ("/name", {"@value": "a", "@language": "en"}, "/name/@value"),
        ("/@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "/@context"),
        ("/@context/1", {"home": "urn:x:home"}, "/@context"),
    ],
)
def test_unsignable(path: str, value: object, reported: str) -> None:
    document = changed(path, value) if not path.startswith("/@context/") else example()
    if path.startswith("/@context/"):
        document["@context"] = [CREDENTIALS, value]
    wanted = reported or path
    for refuse in (check_terms, Canonizer().signable):
        with pytest.raises(UnsignableError) as caught:
            refuse(document)
        assert caught.value.path == wanted
        assert str(caught.value).endswith(".")


def test_signable() -> None:
    check_terms(example())
    check_terms(changed("/name", "line\nline, “ü” \U0001f600\u2028"))
    check_terms(changed("/evidence/0/id", "https://a.org/é"))
    check_terms(changed("/evidence/0/type", ["Evidence", "https://w3id.org/openbadges#BadgeClass"]))
    check_terms({"@context": CREDENTIALS, "type": "VerifiableCredential", "issuer": "did:web:a.org"})


def test_nothing_is_signed_without_a_context() -> None:
    document = example()
    del document["@context"]
    with pytest.raises(UnsignableError):
        check_terms(document)


def test_half_a_character_is_refused_by_the_slow_form_too() -> None:
    canonizer = Canonizer()
    canonizer(example())
    for way in (canonical, canonizer):
        with pytest.raises(UnsignableError):
            way(changed("/name", "\ud800"))


# --- Contexts -------------------------------------------------------------------------------------------


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
