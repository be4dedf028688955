"""Credentials that judges of Open Badges 3.0 are asked about: how each is altered, and who finds it good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from judges import node_judge
from judges.node_judge import Key, StatusList

BASE = "https://badges.example.org/ve/"
DID = "did:web:badges.example.org:ve"
OTHER_DID = "did:web:badges.example.org:ve:other"
VC = "https://www.w3.org/ns/credentials/v2"
OB = node_judge.CONTEXT
LIST = f"{BASE}status/revocation-1.json"

KEY = Key(DID, b"\x01" * 32)
OLD_KEY = Key(DID, b"\x02" * 32)  # rotated: published, no longer used
WITHDRAWN_KEY = Key(DID, b"\x03" * 32)  # still a method, no longer for assertions
UNKNOWN_KEY = Key(DID, b"\x04" * 32)  # not in did.json
OTHER_KEY = Key(OTHER_DID, b"\x05" * 32)  # of another issuer on the same host

Document = dict[str, Any]


def stamp(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT00:00:00Z")


SIGNED = stamp(-30)


def credential(name: str, **changes: Any) -> Document:
    return {
        "@context": [VC, OB],
        "id": f"{BASE}credentials/{name}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Dialogue participant \u2013 \u00e9change & d\u00e9bat <\u2764>",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Example consortium", "url": BASE},
        "validFrom": SIGNED,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$" + "0" * 64,
                    "identityType": "emailAddress",
                    "salt": "q7Xw2mVd9KcT4RzL",
                }
            ],
            "creditsEarned": 1.5,
            "achievement": {
                "id": f"{BASE}achievements/dialogue.en.json",
                "type": ["Achievement"],
                "achievementType": "MicroCredential",
                "inLanguage": "en",
                "name": "Dialogue participant",
                "description": "Took part in a virtual exchange.",
                "criteria": {"id": f"{BASE}badge/en/", "narrative": "* Came to four sessions"},
                "image": {"id": f"{BASE}badge.png", "type": "Image", "caption": "A badge"},
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "EQF level 5",
                        "targetUrl": "http://data.europa.eu/snb/eqf/5",
                        "targetType": "ext:EQFAlignment",
                    }
                ],
            },
        },
        "evidence": [{"id": f"{BASE}evidence/1/", "type": ["Evidence"], "name": "Journal"}],
        **changes,
    }


def status(index: int, url: str = LIST, **changes: Any) -> Document:
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
        **changes,
    }


def status_list(name: str, issuer: str = DID, **changes: Any) -> StatusList:
    return StatusList(f"{BASE}status/{name}.json", {"issuer": issuer, "validFrom": SIGNED}, **changes)


def did_document(did: str, methods: list[Document], withdrawn: set[str]) -> Document:
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [m["id"] for m in methods if m["id"] not in withdrawn],
    }


def changed(path: str, value: Any) -> Callable[[Document], None]:
    """An alteration after the signature."""

    def alter(document: Document) -> None:
        *parents, last = path.split(".")
        at: Any = document
        for part in parents:
            at = at[int(part) if part.isdigit() else part]
        at[last] = value(at.get(last)) if callable(value) else value

    return alter


def other_character(value: str) -> str:
    return value[:-5] + ("a" if value[-5] != "a" else "b") + value[-4:]


# The judges: two of npm, one of PyPI, and the schema.
VC_JS: Final = "digitalbazaar-vc"
CORE: Final = "verifier-core"
LIB: Final = "openbadgeslib"
SCHEMA: Final = "schema"
ALL = {VC_JS, CORE, LIB, SCHEMA}
SIGNATURES = {VC_JS, CORE, LIB}
NONE: set[str] = set()


class Case:
    """A credential, who signs it, what is altered after that, and which judges find it good."""

    def __init__(
        self,
        document: Document,
        good: set[str],
        *,
        key: Key = KEY,
        created: str = SIGNED,
        alter: Callable[[Document], None] | None = None,
    ) -> None:
        self.document, self.good, self.key, self.created, self.alter = document, good, key, created, alter


def case(good: set[str], changes: Document | None = None, **options: Any) -> Case:
    return Case(credential("valid", **(changes or {})), good, **options)


def achieved(**changes: Any) -> Document:
    subject = credential("valid")["credentialSubject"]
    return {"credentialSubject": {**subject, "achievement": {**subject["achievement"], **changes}}}


JUST_SCHEMA = {SCHEMA}

CASES: dict[str, Case] = {
    "valid": case(ALL),
    "expires later": case(ALL, {"validUntil": stamp(300)}),
    "a rotated key": case(ALL, key=OLD_KEY),
    # Dates.
    "expired": case(JUST_SCHEMA, {"validUntil": stamp(-2)}),
    "not yet valid": case(JUST_SCHEMA, {"validFrom": stamp(2)}),
    "proof from the future": case(ALL, created=stamp(2)),  # nobody reads `created` but for its form
    "date without a time": case(NONE, {"validFrom": SIGNED[:10]}),
    "date without a zone": case({VC_JS, CORE}, {"validFrom": SIGNED[:-1]}),
    # Altered after the signature.
    "name": case(JUST_SCHEMA, alter=changed("name", "Director")),
    "date": case(JUST_SCHEMA, alter=changed("validFrom", stamp(-31))),
    "end date": case(JUST_SCHEMA, {"validUntil": stamp(-2)}, alter=changed("validUntil", stamp(300))),
    "subject": case(
        JUST_SCHEMA, alter=changed("credentialSubject.identifier.0.identityHash", "sha256$" + "1" * 64)
    ),
    "credits": case(JUST_SCHEMA, alter=changed("credentialSubject.creditsEarned", 2.5)),
    "achievement": case(JUST_SCHEMA, alter=changed("credentialSubject.achievement.name", "Director")),
    "issuer name": case(JUST_SCHEMA, alter=changed("issuer.name", "Example university")),
    "evidence removed": case(ALL - SIGNATURES, alter=lambda document: document.pop("evidence")),
    "status removed": case(
        JUST_SCHEMA, {"credentialStatus": status(7)}, alter=lambda document: document.pop("credentialStatus")
    ),
    "proof value": case(JUST_SCHEMA, alter=changed("proof.0.proofValue", other_character)),
    "proof date": case(JUST_SCHEMA, alter=changed("proof.0.created", stamp(-29))),
    "proof purpose": case(JUST_SCHEMA, alter=changed("proof.0.proofPurpose", "authentication")),
    "unsigned": case(JUST_SCHEMA, alter=lambda document: document.pop("proof")),
    "signed order of keys": case(  # the order of members is not signed
        ALL, alter=lambda document: document.update(name=document.pop("name"))
    ),
    # Keys and issuers.
    "wrong key": case(
        JUST_SCHEMA,
        key=Key(DID, b"\x09" * 32, "placeholder"),
        alter=changed("proof.0.verificationMethod", lambda _: METHOD_OF[KEY]),
    ),
    "unknown key": case(JUST_SCHEMA, key=UNKNOWN_KEY),
    "key not for assertions": case({LIB, SCHEMA}, key=WITHDRAWN_KEY),  # openbadgeslib does not look
    "key of another issuer": case(JUST_SCHEMA, key=OTHER_KEY),
    "another issuer's name on it": case(
        JUST_SCHEMA, {"issuer": {"id": OTHER_DID, "type": ["Profile"], "name": "Other"}}
    ),
    "unresolvable issuer": case(
        JUST_SCHEMA,
        {"issuer": {"id": "did:web:nowhere.example.org", "type": ["Profile"]}},
        key=Key("did:web:nowhere.example.org", b"\x01" * 32),
    ),
    "issuer as a string": case(ALL, {"issuer": DID}),
    # The status list.
    "not revoked": case(ALL, {"credentialStatus": status(8)}),
    "revoked": case(JUST_SCHEMA, {"credentialStatus": status(7)}),
    "revoked, index as a number": case(JUST_SCHEMA, {"credentialStatus": status(7, statusListIndex=7)}),
    "no such status list": case(JUST_SCHEMA, {"credentialStatus": status(8, f"{BASE}status/gone.json")}),
    "altered status list": case(JUST_SCHEMA, {"credentialStatus": status(8, f"{BASE}status/altered.json")}),
    "status list of another issuer": case(  # verifier-core switches that comparison off
        {CORE, SCHEMA}, {"credentialStatus": status(8, f"{BASE}status/foreign.json")}
    ),
    "expired status list": case(JUST_SCHEMA, {"credentialStatus": status(8, f"{BASE}status/expired.json")}),
    "status list with another purpose": case(
        JUST_SCHEMA, {"credentialStatus": status(8, f"{BASE}status/suspension.json")}
    ),
    "short status list": case(ALL, {"credentialStatus": status(8, f"{BASE}status/short.json")}),
    "index beyond the status list": case(JUST_SCHEMA, {"credentialStatus": status(131072)}),
    "status entry with the id of the list": case({LIB, SCHEMA}, {"credentialStatus": status(8, id=LIST)}),
    # JSON-LD.
    "undefined term": case(JUST_SCHEMA, alter=changed("favouriteColour", "blue")),
    "undefined term, deep": case(
        JUST_SCHEMA, alter=changed("credentialSubject.achievement.favouriteColour", "blue")
    ),
    # A context of one's own is no trouble to npm's; openbadgeslib takes none.
    "inline context": case(ALL - {LIB}, alter=changed("@context", [VC, OB, {"x": "https://example.org/x"}])),
    "missing context": case(NONE, alter=changed("@context", [VC])),
    "contexts in the wrong order": case(NONE, alter=changed("@context", [OB, VC])),
    "relative id": case(
        JUST_SCHEMA, alter=changed("credentialSubject.achievement.id", "achievements/x.json")
    ),
    "language map": case(NONE, alter=changed("name", {"en": "Dialogue"})),
    # Defined in the current text of the context only, which verifier-core does not have.
    "endorsementJwt": case({VC_JS, LIB, SCHEMA}, {"endorsementJwt": ["eyJhbGciOiJSUzI1NiJ9.e30.c2ln"]}),
    # Canonical N-Quads escape control characters; PyLD, as openbadgeslib has it, does not.
    "control character": case(ALL - {LIB}, {"description": "a\x01b"}),
    "tab and line separator": case(ALL, {"description": "a\tb\n\u2028c"}),
    # Shape.
    "proof as an object": case(SIGNATURES, alter=changed("proof", lambda proofs: proofs[0])),
    "identityType email": case(
        SIGNATURES,
        {
            "credentialSubject": {
                **credential("valid")["credentialSubject"],
                "identifier": [
                    {
                        "type": "IdentityObject",
                        "hashed": False,
                        "identityHash": "ada@example.org",
                        "identityType": "email",
                    }
                ],
            }
        },
    ),
    "no criteria": case(
        SIGNATURES,
        {
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "id": "urn:uuid:2c27bbdf-a3b1-541f-a5e3-d255fd8789f0",
                "achievement": {
                    k: v
                    for k, v in credential("valid")["credentialSubject"]["achievement"].items()
                    if k != "criteria"
                },
            }
        },
    ),
    "inLanguage pt-br": case(SIGNATURES, achieved(inLanguage="pt-br")),
    "targetUrl that is no URL": case(  # nobody looks
        ALL, achieved(alignment=[{"type": ["Alignment"], "targetName": "EQF 5", "targetUrl": "EQF 5"}])
    ),
}

# How a did.json may be written: an alteration of a good one, and which judges find its credential good.
DID_CASES: dict[str, tuple[set[str], Callable[[Document], None]]] = {
    "as it should be": (ALL, lambda document: None),
    "first context only": (ALL, changed("@context", "https://www.w3.org/ns/did/v1")),
    "embedded in assertionMethod as well": (
        ALL,
        lambda document: document.update(assertionMethod=document["verificationMethod"]),
    ),
    "id of another DID": ({LIB, SCHEMA}, changed("id", "did:web:elsewhere.example.org")),
    "no assertionMethod": ({LIB, SCHEMA}, lambda document: document.pop("assertionMethod")),
    "no controller": ({LIB, SCHEMA}, lambda document: document["verificationMethod"][0].pop("controller")),
    "controller is another DID": ({LIB, SCHEMA}, changed("verificationMethod.0.controller", OTHER_DID)),
    "relative ids": (
        JUST_SCHEMA,
        lambda document: document["verificationMethod"][0].update(
            id="#" + document["verificationMethod"][0]["id"].partition("#")[2]
        ),
    ),
    "multikey context first": (  # verifier-core does not have it, and needs it only here
        {VC_JS, LIB, SCHEMA},
        changed("@context", ["https://w3id.org/security/multikey/v1", "https://www.w3.org/ns/did/v1"]),
    ),
    "DID 1.1 context": ({LIB, SCHEMA}, changed("@context", ["https://www.w3.org/ns/did/v1.1"])),
    "no context": ({LIB, SCHEMA}, lambda document: document.pop("@context")),
}


def did_key(number: int) -> Key:
    return Key(f"{DID}:dids:{number}", b"\x06" * 32)


for _number, (_name, (_good, _)) in enumerate(DID_CASES.items()):
    _issuer = {"id": did_key(_number).did, "type": ["Profile"], "name": "Example consortium"}
    CASES[f"did.json, {_name}"] = case(_good, {"issuer": _issuer}, key=did_key(_number))

METHOD_OF: dict[Key, str] = {}
