"""Credentials of any shape that could be signed, drawn by hypothesis, and one as the site writes it."""

from __future__ import annotations

import copy
import os
from typing import Any

from hypothesis import strategies as st

from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.documents import Document, Finished

BASE = "https://badges.example.org/ve/"
CONTEXTS = [CREDENTIALS, OPEN_BADGES]
# `DEPTH=50` before a release, or after a change to the fast form.
DEPTH = int(os.environ.get("DEPTH", "3"))


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


def finished(document: Document) -> Document:
    """The same with an issuer and an achievement that nobody changes, as credentials of a site have them."""
    subject = document["credentialSubject"]
    achievement = Finished(subject["achievement"])
    return document | {
        "issuer": Finished(document["issuer"]),
        "credentialSubject": subject | {"achievement": achievement},
    }
