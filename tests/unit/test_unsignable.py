"""What is not signed: what verifiers would read differently is refused, and says where."""

from __future__ import annotations

from typing import Any

import pytest

from any_credential import example
from badge_passport.credentials.canonical import Canonizer, UnsignableError, canonical, check_terms
from badge_passport.credentials.contexts import CREDENTIALS
from badge_passport.credentials.documents import Document


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
