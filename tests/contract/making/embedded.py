"""Credentials with embedded proofs: every suite, key and version, and what can be wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .credentials import BEGIN, FUTURE, LIST, PAST, credential, profile, status
from .entry import Entry, changed, drop, other_character, put
from .keys import (
    BASE,
    DID,
    DID_URL,
    ED,
    HTTPS,
    OLD,
    OTHER,
    OTHER_DID,
    OTHER_URL,
    P256,
    P384,
    UNKNOWN,
    UNKNOWN_EC,
    Document,
    Pair,
    base58,
    did_document,
    other_document,
)
from .orders import EXTENSIONS, Proof, StatusList, sign, text

HTTPS_ISSUER, HTTPS_KEY = f"{BASE}issuer.json", f"{BASE}keys/1.json"
PROFILE_ISSUER = f"{BASE}controlled.json"
ONE_EDTECH = f"{BASE}status/1edtech.json"


@dataclass(frozen=True)
class Signer:
    """Who signs, with which suite, in which version of the data model."""

    name: str
    pair: Pair
    did: str
    suite: str
    version: int = 2
    fragment: str | None = None
    method_did: str | None = None  # where the key is, if not at the issuer's own id

    def unsigned(self, **changes: Any) -> Document:
        return credential(self.did, self.version, self.suite, **changes)

    def proof(self, document: Document, **options: Any) -> Proof:
        where = self.method_did or self.did
        return Proof(document, self.pair, where, self.fragment, self.suite, **options)

    @property
    def judges(self) -> tuple[str, ...]:
        """Which of the judges read what this one signs."""
        if self.suite == "ecdsa-rdfc-2019" or self.fragment == "":
            return ("digitalbazaar-vc",)
        if self.suite == "Ed25519Signature2020":
            return ("digitalbazaar-vc", "verifier-core")
        if self.version == 1:
            return ("digitalbazaar-vc", "verifier-core")
        return ("digitalbazaar-vc", "verifier-core", "openbadgeslib")


EDDSA, ECDSA, OLD_SUITE = "eddsa-rdfc-2022", "ecdsa-rdfc-2019", "Ed25519Signature2020"
SIGNERS = [
    Signer("web-eddsa", ED, DID, EDDSA),
    Signer("web-p256", P256, DID, ECDSA),
    Signer("web-p384", P384, DID, ECDSA),
    Signer("web-2020", ED, DID, OLD_SUITE, fragment="ed-2020"),
    Signer("key-eddsa", ED, ED.did_key, EDDSA),
    Signer("key-p256", P256, P256.did_key, ECDSA),
    Signer("key-p384", P384, P384.did_key, ECDSA),
    Signer("key-2020", ED, ED.did_key, OLD_SUITE),
    Signer("https-eddsa", HTTPS, HTTPS_ISSUER, EDDSA, fragment="", method_did=HTTPS_KEY),
    Signer("web-eddsa-v1", ED, DID, EDDSA, version=1),
    Signer("web-p256-v1", P256, DID, ECDSA, version=1),
    Signer("key-2020-v1", ED, ED.did_key, OLD_SUITE, version=1),
]
WEB = SIGNERS[0]
LISTS = [
    StatusList(LIST, {"issuer": DID, "validFrom": BEGIN}),
    StatusList(f"{BASE}status/suspension.json", {"issuer": DID, "validFrom": BEGIN}, purpose="suspension"),
    StatusList(f"{BASE}status/ended.json", {"issuer": DID, "validFrom": BEGIN, "validUntil": PAST}),
    StatusList(f"{BASE}status/foreign.json", {"issuer": OTHER_DID, "validFrom": BEGIN}),
    StatusList(f"{BASE}status/short.json", {"issuer": DID, "validFrom": BEGIN}, length=1024),
    StatusList(f"{BASE}status/altered.json", {"issuer": DID, "validFrom": BEGIN}),
]


def network() -> dict[str, bytes | None]:
    """Everything that can be fetched."""
    orders = [Proof(made, ED, DID) for made in LISTS]
    orders[3] = Proof(LISTS[3], OTHER, OTHER_DID)
    lists = sign([*orders])
    lists[5]["credentialSubject"]["encodedList"] = lists[0]["credentialSubject"]["encodedList"][:-4] + "AAAA"
    key = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": HTTPS_KEY,
        "type": "Multikey",
        "controller": HTTPS_ISSUER,
        "publicKeyMultibase": HTTPS.multibase,
    }
    controlled = {**key, "id": f"{PROFILE_ISSUER}#key", "controller": PROFILE_ISSUER}
    found: dict[str, Any] = {
        DID_URL: did_document(),
        OTHER_URL: other_document(),
        HTTPS_KEY: key,
        HTTPS_ISSUER: {
            "@context": "https://www.w3.org/ns/did/v1",
            "id": HTTPS_ISSUER,
            "assertionMethod": [HTTPS_KEY],
        },
        PROFILE_ISSUER: {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": PROFILE_ISSUER,
            "verificationMethod": [controlled],
            "assertionMethod": [controlled["id"]],
        },
        ONE_EDTECH: {
            "id": ONE_EDTECH,
            "issuer": DID,
            "revokedCredential": [
                {"id": f"{BASE}credentials/2.json", "revoked": True, "revocationReason": "In error"},
                {"id": f"{BASE}credentials/3.json", "revoked": True},
            ],
        },
        f"{BASE}status/gone.json": None,
        f"{BASE}gone/did.json": None,
        **{made.id: made_list for made, made_list in zip(LISTS, lists, strict=True)},
    }
    return {url: None if document is None else text(document) for url, document in found.items()}


# --- Changed after signing --------------------------------------------------------------------------------

Change = Callable[[Any], Any]


def after(signer: Signer) -> Iterator[tuple[str, Change, tuple[str, ...], tuple[str, ...]]]:
    """Name, change, the steps that fail, the steps that cannot be found out."""
    begin = "validFrom" if signer.version == 2 else "issuanceDate"
    signature = ("ob3.signature",)
    yield "text", put("credentialSubject.achievement.name", "Director"), signature, ()
    yield "date", put(begin, "2023-03-14T09:00:00Z"), signature, ()
    yield (
        "subject",
        put("credentialSubject.id", "urn:uuid:00000000-0000-4000-8000-000000000001"),
        signature,
        (),
    )
    yield "issuer-name", put("issuer.name", "Example university"), signature, ()
    yield "proof-value", put("proof.0.proofValue", other_character), signature, ()
    yield "proof-date", put("proof.0.created", "2024-03-15T09:00:00Z"), signature, ()
    yield "proof-purpose", put("proof.0.proofPurpose", "authentication"), ("ob3.proof",), ()
    yield "no-proof", drop("proof"), ("ob3.proof",), ()
    yield "undefined-term", put("favouriteColour", "blue"), ("ob3.terms",), ()
    yield "unknown-context", (lambda d: d["@context"].append("https://example.org/v1")), (), ("ob3.contexts",)
    if signer.suite == OLD_SUITE:
        yield "unknown-suite", put("proof.0.type", "Ed25519Signature2018"), (), ("ob3.proof",)
    else:
        yield "unknown-suite", put("proof.0.cryptosuite", "mldsa44-rdfc-2024"), (), ("ob3.proof",)
    stranger = UNKNOWN if signer.pair.kind == "Ed25519" else UNKNOWN_EC
    if signer.fragment == "":
        yield "issuer", put("issuer.id", DID), ("ob3.controller", "ob3.signature"), ()
    elif signer.did == DID:
        yield (
            "unknown-key",
            put("proof.0.verificationMethod", f"{DID}#{stranger.multibase}"),
            ("ob3.key",),
            (),
        )
        yield "old-key", put("proof.0.verificationMethod", f"{DID}#{OLD.multibase}"), ("ob3.key",), ()
        yield "issuer", put("issuer.id", OTHER_DID), ("ob3.controller", "ob3.signature"), ()
    else:
        method = f"{stranger.did_key}#{stranger.multibase}"
        yield (
            "unknown-key",
            put("proof.0.verificationMethod", method),
            ("ob3.controller", "ob3.signature"),
            (),
        )
        yield "issuer", put("issuer.id", OTHER_DID), ("ob3.controller", "ob3.signature"), ()


def of_signers(net: dict[str, bytes | None]) -> Iterator[Entry]:
    signed = sign([signer.proof(signer.unsigned()) for signer in SIGNERS])
    for signer, good in zip(SIGNERS, signed, strict=True):
        yield Entry(f"{signer.name}", text(good), net, judges=signer.judges)
        for name, change, failed, unchecked in after(signer):
            made = changed(good, change)
            verdict = "not-valid" if failed else "undecided"
            yield Entry(
                f"{signer.name}-{name}", text(made), net, verdict, failed, unchecked, judges=signer.judges
            )


# --- Signed like that -------------------------------------------------------------------------------------


def signed_so(net: dict[str, bytes | None]) -> Iterator[Entry]:
    """Good signatures under something that is wrong, or unusual and right."""
    for signer in SIGNERS:
        begin, end = (
            ("validFrom", "validUntil") if signer.version == 2 else ("issuanceDate", "expirationDate")
        )
        ended, later, endless = sign(
            [
                signer.proof(signer.unsigned(**{end: PAST})),
                signer.proof(signer.unsigned(**{begin: FUTURE})),
                signer.proof(signer.unsigned(**{end: FUTURE})),
            ]
        )
        yield Entry(
            f"{signer.name}-ended", text(ended), net, "not-valid", ("ob3.valid-until",), judges=signer.judges
        )
        yield Entry(
            f"{signer.name}-to-come", text(later), net, "not-valid", ("ob3.valid-from",), judges=signer.judges
        )
        yield Entry(f"{signer.name}-ends-later", text(endless), net, judges=signer.judges)
    for name, document, failed, unchecked in _cases():
        [made] = sign([WEB.proof(document)])
        verdict = "not-valid" if failed else "undecided" if unchecked else "valid"
        yield Entry(f"so-{name}", text(made), net, verdict, failed, unchecked, judges=WEB.judges)
    yield from _strange_keys(net)
    yield from _proofs(net)


def _cases() -> Iterator[tuple[str, Document, tuple[str, ...], tuple[str, ...]]]:
    def with_status(*entries: Document) -> Document:
        return credential(credentialStatus=entries[0] if len(entries) == 1 else [*entries])

    suspension = f"{BASE}status/suspension.json"
    refused = ("ob3.status",)
    yield "status-clear", with_status(status(8)), (), ()
    yield "status-two-clear", with_status(status(8), status(8, suspension, "suspension")), (), ()
    yield "status-set", with_status(status(7)), refused, ()
    yield "status-suspended", with_status(status(7, suspension, "suspension")), refused, ()
    yield "status-second-set", with_status(status(8), status(7, suspension, "suspension")), refused, ()
    yield "status-wrong-purpose", with_status(status(8, suspension)), refused, ()
    yield "status-beyond", with_status(status(131072)), refused, ()
    yield "status-gone", with_status(status(8, f"{BASE}status/gone.json")), refused, ()
    yield "status-silent", with_status(status(8, "https://silent.example.org/1.json")), (), refused
    yield "status-foreign", with_status(status(8, f"{BASE}status/foreign.json")), refused, ()
    yield "status-ended", with_status(status(8, f"{BASE}status/ended.json")), refused, ()
    yield "status-short", with_status(status(8, f"{BASE}status/short.json")), refused, ()
    yield "status-altered", with_status(status(8, f"{BASE}status/altered.json")), refused, ()
    yield "status-nine", with_status(*(status(8 + n) for n in range(9))), refused, ()
    message = {**status(8), "statusPurpose": "message"}
    yield "status-message", with_status(message), (), refused
    listed = {"id": ONE_EDTECH, "type": "1EdTechRevocationList"}
    context = [*credential()["@context"], EXTENSIONS]
    yield "status-1edtech-clear", credential(**{"@context": context, "credentialStatus": listed}), (), ()
    withdrawn = {"@context": context, "credentialStatus": listed, "id": f"{BASE}credentials/2.json"}
    yield "status-1edtech-set", credential(**withdrawn), refused, ()
    yield "no-id-of-subject", changed(credential(), drop("credentialSubject.id")), (), ()
    yield "half-a-credit", changed(credential(), put("credentialSubject.creditsEarned", 1.5)), (), ()
    yield "arabic", changed(credential(), put("name", "مشاركة في الحوار\nو\u200cنقاش")), (), ()
    yield "no-zone", credential(validFrom=BEGIN[:-1]), ("ob3.valid-from",), ()
    yield "no-achievement", changed(credential(), drop("credentialSubject.achievement")), ("ob3.types",), ()
    yield "another-type", credential(type=["VerifiableCredential"]), ("ob3.types",), ()


def _strange_keys(net: dict[str, bytes | None]) -> Iterator[Entry]:
    """Keys that are not where they should be."""
    gone = Signer("gone", ED, "did:web:badges.example.org:gone", EDDSA)
    silent = Signer("silent", ED, "did:web:silent.example.org", EDDSA)
    controlled = Signer("controlled", HTTPS, PROFILE_ISSUER, EDDSA, fragment="key")
    foreign = Signer("foreign", OTHER, DID, EDDSA, method_did=OTHER_DID)
    by_key = Signer("by-key", ED, DID, EDDSA, method_did=ED.did_key)
    strange = Signer("strange", ED, "did:example:123", EDDSA)
    old = Signer("old", OLD, DID, EDDSA)
    made = sign([s.proof(s.unsigned()) for s in (gone, silent, controlled, foreign, by_key, strange, old)])
    judges = WEB.judges
    yield Entry("key-of-nobody", text(made[0]), net, "not-valid", ("ob3.key",), judges=judges)
    yield Entry("key-silent", text(made[1]), net, "undecided", (), ("ob3.key",), judges=judges)
    yield Entry("key-in-controller-document", text(made[2]), net)
    yield Entry("key-of-another", text(made[3]), net, "not-valid", ("ob3.controller",), judges=judges)
    yield Entry("key-by-did-key", text(made[4]), net, "not-valid", ("ob3.controller",), judges=judges)
    yield Entry("key-of-unknown-method", text(made[5]), net, "undecided", (), ("ob3.key",), judges=judges)
    yield Entry("key-withdrawn", text(made[6]), net, "not-valid", ("ob3.key",), judges=judges)
    [good] = sign([WEB.proof(WEB.unsigned())])
    # verifier-core remembers DID documents for a while, so it is not asked about one that changes.
    judges = tuple(judge for judge in judges if judge != "verifier-core")
    documents: dict[str, tuple[Change, tuple[str, ...]]] = {
        "another-id": (put("id", OTHER_DID), ("ob3.key",)),
        "another-controller": (put("verificationMethod.0.controller", OTHER_DID), ("ob3.key",)),
        "relative-method": (put("verificationMethod.0.id", f"#{ED.multibase}"), ("ob3.key",)),
        "no-methods": (drop("verificationMethod"), ("ob3.key",)),
        "another-key": (
            put("verificationMethod.0.publicKeyMultibase", UNKNOWN.multibase),
            ("ob3.signature",),
        ),
        "p256-key": (put("verificationMethod.0.publicKeyMultibase", P256.multibase), ("ob3.signature",)),
        "broken-key": (
            put("verificationMethod.0.publicKeyMultibase", "z" + base58(b"\xed\x01" + bytes(20))),
            ("ob3.key",),
        ),
    }
    for name, (change, failed) in documents.items():
        served = {**net, DID_URL: text(changed(did_document(), change))}
        yield Entry(f"did-{name}", text(good), served, "not-valid", failed, judges=judges)
    for name, raw in {"html": b"<!doctype html>", "twice": b'{"id": "a", "id": "b"}'}.items():
        yield Entry(
            f"did-{name}", text(good), {**net, DID_URL: raw}, "not-valid", ("ob3.key",), judges=judges
        )


def _proofs(net: dict[str, bytes | None]) -> Iterator[Entry]:
    """Several proofs, and none that count."""
    document = WEB.unsigned()
    one, other, unknown = sign([WEB.proof(document), SIGNERS[1].proof(document), SIGNERS[2].proof(document)])
    both = {**one, "proof": one["proof"] + other["proof"]}
    judges = ("digitalbazaar-vc",)
    yield Entry("proofs-two", text(both), net, judges=judges)
    three = {**one, "proof": one["proof"] + other["proof"] + unknown["proof"]}
    yield Entry("proofs-three", text(three), net, judges=judges)
    broken = changed(both, put("proof.1.proofValue", other_character))
    yield Entry("proofs-second-broken", text(broken), net, "not-valid", ("ob3.signature",), judges=judges)
    strange = changed(both, put("proof.1.cryptosuite", "mldsa44-rdfc-2024"))
    yield Entry("proofs-second-unknown", text(strange), net, "undecided", (), ("ob3.proof",), judges=judges)
    yield Entry("proofs-as-object", text({**one, "proof": one["proof"][0]}), net, judges=WEB.judges)
    yield Entry("proofs-as-text", text({**one, "proof": "x"}), net, "not-valid", ("ob3.proof",))
    yield Entry("proofs-empty", text({**one, "proof": []}), net, "not-valid", ("ob3.proof",))
    inline = changed(one, lambda d: d["@context"].append({"grade": "urn:x:grade"}))
    yield Entry("context-object", text(inline), net, "not-valid", ("ob3.contexts",), judges=WEB.judges)
    reverse = changed(one, lambda d: d["@context"].reverse())
    yield Entry("context-order", text(reverse), net, "not-valid", ("ob3.contexts",))
    named = changed(one, put("issuer", {**profile(), "id": "not a did"}))
    yield Entry("issuer-relative", text(named), net, "not-valid", ("ob3.controller", "ob3.terms"))
    doubled = text(one)[:-1] + b', "name": "Other"}'
    yield Entry("member-twice", doubled, net, "not-valid", ("read",))
    yield Entry("a-list", b"[" + text(one) + b"]", net, "not-valid", ("read",))
