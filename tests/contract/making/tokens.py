"""Credentials as tokens (VC-JWT), in both versions of the data model; whole, and broken in one way each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .credentials import BEGIN, FUTURE, LIST, PAST, credential, status
from .entry import Entry, changed, drop, other_character, put
from .keys import (
    ALGORITHMS,
    BASE,
    DID,
    ED,
    OTHER_DID,
    P256,
    P384,
    RSA,
    UNKNOWN,
    UNKNOWN_EC,
    UNKNOWN_RSA,
    Document,
    Pair,
    b64,
)
from .orders import Token, sign, text

JWK_URL = f"{BASE}issuer/keys/rsa.json"
NEIGHBOUR_JWK = f"{BASE}mine/rsa.json"  # the same host, not the folder of the issuer
FOREIGN_JWK = "https://other.example.org/keys/rsa.json"
DOCUMENT_URL = f"{BASE}keys/p256.json"
LIST_JWT = f"{BASE}status/2.jwt"
NBF, EXP_PAST, EXP_FUTURE = (int(datetime.fromisoformat(day).timestamp()) for day in (BEGIN, PAST, FUTURE))
STRANGERS = {"Ed25519": UNKNOWN, "P-256": UNKNOWN_EC, "RSA": UNKNOWN_RSA}


@dataclass(frozen=True)
class Maker:
    """Who makes tokens: the key, what the header says of it, and the issuer."""

    name: str
    pair: Pair
    did: str
    header: tuple[tuple[str, Any], ...]
    version: int = 2
    judges: tuple[str, ...] = ("jose",)

    @property
    def head(self) -> Document:
        return {"alg": ALGORITHMS[self.pair.kind], **dict(self.header)}

    def unsigned(self, **changes: Any) -> Document:
        return {**credential(self.did, self.version, ""), "id": f"{BASE}credentials/1.jwt", **changes}

    def payload(self, document: Document, **claims: Any) -> Document:
        said = {
            "iss": document["issuer"]["id"],
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
            "nbf": NBF,
            **claims,
        }
        return {**document, **said} if self.version == 2 else {"vc": document, **said}

    def token(self, document: Document | None = None, header: Document | None = None, **claims: Any) -> Token:
        made = self.unsigned() if document is None else document
        return Token(self.payload(made, **claims), self.pair, self.head if header is None else header)


MAKERS = [
    Maker(
        "jwt-rs256-web", RSA, DID, (("kid", f"{DID}#rsa"), ("typ", "JWT")), judges=("jose", "openbadgeslib")
    ),
    Maker("jwt-es256-web", P256, DID, (("kid", f"{DID}#p256"),), judges=("jose", "openbadgeslib")),
    Maker(
        "jwt-eddsa-web", ED, DID, (("kid", f"{DID}#ed"), ("typ", "vc+jwt")), judges=("jose", "openbadgeslib")
    ),
    Maker("jwt-es256-multikey", P256, DID, (("kid", f"{DID}#{P256.multibase}"),)),
    Maker("jwt-rs256-bare", RSA, DID, (("kid", JWK_URL),)),
    Maker("jwt-es256-document", P256, f"{BASE}issuer2.json", (("kid", DOCUMENT_URL),)),
    Maker("jwt-eddsa-key", ED, ED.did_key, (("kid", f"{ED.did_key}#{ED.multibase}"),)),
    Maker("jwt-rs256-did-key", RSA, RSA.did_key, (("kid", RSA.did_key),)),
    Maker("jwt-es256-did-jwk", P256, P256.did_jwk, (("kid", f"{P256.did_jwk}#0"),)),
    Maker("jwt-es256-header", P256, P256.did_jwk, (("jwk", P256.public_jwk),)),
    Maker("jwt-rs256-v1", RSA, DID, (("kid", f"{DID}#rsa"), ("typ", "JWT")), version=1),
    Maker("jwt-eddsa-v1", ED, ED.did_key, (("kid", f"{ED.did_key}#{ED.multibase}"),), version=1),
]
WEB = MAKERS[0]


def network(embedded: dict[str, bytes | None]) -> dict[str, bytes | None]:
    """What is there for embedded proofs, and the keys and lists for tokens."""
    bits = json.loads(embedded[LIST] or b"{}")
    listed = {name: value for name, value in bits.items() if name not in ("proof", "id")} | {"id": LIST_JWT}
    foreign = {**listed, "id": f"{BASE}status/3.jwt"}
    claims = {"iss": DID, "jti": LIST_JWT, "nbf": NBF}
    good, bad = sign(
        [
            Token({**listed, **claims}, RSA, {"alg": "RS256", "kid": f"{DID}#rsa"}),
            Token(
                {**foreign, **claims, "jti": foreign["id"]},
                UNKNOWN_RSA,
                {"alg": "RS256", "kid": f"{DID}#rsa"},
            ),
        ]
    )
    issuer = f"{BASE}issuer2.json"
    document = {
        "id": DOCUMENT_URL,
        "type": "JsonWebKey",
        "controller": issuer,
        "publicKeyJwk": P256.public_jwk,
    }
    return {
        **embedded,
        JWK_URL: text({**RSA.public_jwk, "alg": "RS256", "use": "sig", "kid": JWK_URL}),
        NEIGHBOUR_JWK: text(RSA.public_jwk),
        FOREIGN_JWK: text(RSA.public_jwk),
        f"{BASE}keys/set.json": text({"keys": [RSA.public_jwk]}),
        f"{BASE}keys/secret.json": text(RSA.jwk),
        DOCUMENT_URL: text(document),
        f"{BASE}keys/foreign.json": text(
            {**document, "id": f"{BASE}keys/foreign.json", "controller": OTHER_DID}
        ),
        f"{BASE}keys/claimed.json": text({**document, "id": f"{BASE}keys/claimed.json", "controller": DID}),
        issuer: text({"id": issuer, "assertionMethod": [DOCUMENT_URL]}),
        LIST_JWT: good.encode(),
        f"{BASE}status/3.jwt": bad.encode(),
    }


def compact(header: Document, payload: Document, signature: bytes = b"") -> str:
    return ".".join(b64(part) for part in (text(header), text(payload), signature))


def hmac_token(maker: Maker, secret: bytes) -> str:
    """What a verifier falls for that takes the public key as the secret of an HMAC."""
    header = {**maker.head, "alg": "HS256"}
    start = f"{b64(text(header))}.{b64(text(maker.payload(maker.unsigned())))}"
    return f"{start}.{b64(hmac.new(secret, start.encode(), hashlib.sha256).digest())}"


def altered(token: str, part: int, change: Any) -> str:
    """A token with another header or payload and the old signature."""
    pieces = token.split(".")
    padded = pieces[part] + "=" * (-len(pieces[part]) % 4)
    document = json.loads(base64.urlsafe_b64decode(padded))
    pieces[part] = b64(text(changed(document, change)))
    return ".".join(pieces)


Made = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def of_makers(net: dict[str, bytes | None]) -> Iterator[Entry]:
    for maker in MAKERS:
        for name, token, failed, unchecked in _variants(maker):
            verdict = "not-valid" if failed else "undecided" if unchecked else "valid"
            yield Entry(
                f"{maker.name}{name}", token.encode(), net, verdict, failed, unchecked, "jwt", maker.judges
            )


def _variants(maker: Maker) -> Iterator[Made]:
    begin, end = ("validFrom", "validUntil") if maker.version == 2 else ("issuanceDate", "expirationDate")
    where = "vc." if maker.version == 1 else ""
    stranger = STRANGERS[maker.pair.kind]
    orders = [
        maker.token(),
        maker.token(maker.unsigned(**{end: FUTURE}), exp=EXP_FUTURE),
        maker.token(maker.unsigned(**{end: PAST}), exp=EXP_PAST),
        maker.token(exp=EXP_PAST),
        maker.token(maker.unsigned(**{begin: FUTURE}), nbf=EXP_FUTURE),
        maker.token(iss=OTHER_DID),
        maker.token(jti=f"{BASE}credentials/2.jwt"),
        maker.token(sub="urn:uuid:00000000-0000-4000-8000-000000000001"),
        maker.token(nbf=NBF + 86400),
        maker.token(maker.unsigned(**{end: FUTURE}), exp=EXP_FUTURE + 86400),
        maker.token(changed(maker.unsigned(), put("issuer.id", OTHER_DID))),
        Token(maker.payload(maker.unsigned()), stranger, maker.head),
        maker.token(changed(maker.unsigned(), drop("@context")))
        if maker.version == 1
        else maker.token(changed(maker.unsigned(), lambda d: d["@context"].reverse())),
    ]
    made = iter(sign([*orders]))
    good = next(made)
    yield "", good, (), ()
    yield "-ends-later", next(made), (), ()
    yield "-ended", next(made), ("ob3.valid-until",), ()
    yield "-ended-claim", next(made), ("ob3.valid-until",), ()
    yield "-to-come", next(made), ("ob3.valid-from",), ()
    yield "-iss", next(made), ("ob3.claims",), ()
    yield "-jti", next(made), ("ob3.claims",), ()
    yield "-sub", next(made), ("ob3.claims",), ()
    yield "-nbf", next(made), ("ob3.claims",), ()
    yield "-exp", next(made), ("ob3.claims",), ()
    yield "-another-issuer", next(made), ("ob3.controller",), ()
    yield "-another-key", next(made), ("ob3.signature",), ()
    yield "-contexts", next(made), ("ob3.contexts",), ()
    text_changed = put(f"{where}credentialSubject.achievement.name", "Director")
    yield "-text", altered(good, 1, text_changed), ("ob3.signature",), ()
    head, body, signature = good.split(".")
    yield "-signature", f"{head}.{body}.{other_character(signature)}", ("ob3.signature",), ()
    yield "-no-signature", f"{head}.{body}.", ("ob3.signature",), ()
    yield "-none", compact({**maker.head, "alg": "none"}, maker.payload(maker.unsigned())), ("ob3.proof",), ()
    yield "-hmac", hmac_token(maker, maker.pair.public_pem.encode()), ("ob3.proof",), ()
    other = "ES256" if maker.pair.kind != "P-256" else "RS256"
    yield "-alg", altered(good, 0, put("alg", other)), ("ob3.signature",), ()
    yield "-crit", altered(good, 0, lambda h: h.update(crit=["b64"], b64=False)), ("ob3.proof",), ()
    yield "-alg-unknown", altered(good, 0, put("alg", "ES256K")), (), ("ob3.proof",)


def others(net: dict[str, bytes | None]) -> Iterator[Entry]:
    for name, token, failed, unchecked in _others():
        verdict = "not-valid" if failed else "undecided" if unchecked else "valid"
        yield Entry(f"token-{name}", token.encode(), net, verdict, failed, unchecked, "jwt", ("jose",))
    [good] = sign([WEB.token()])
    yield Entry("token-with-line-end", good.encode() + b"\n", net, suffix="jwt")
    half = good.rpartition(".")[0]
    yield Entry("token-two-parts", half.encode(), net, "not-valid", ("read",), suffix="jwt")
    yield Entry(
        "token-no-json", f"{b64(b'{')}.{b64(b'{}')}.AAAA".encode(), net, "not-valid", ("read",), suffix="jwt"
    )
    twice = f"{b64(text(WEB.head))}.{b64(b'{' + bytes(1).hex().encode())}.AAAA"
    yield Entry("token-broken-payload", twice.encode(), net, "not-valid", ("read",), suffix="jwt")
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{good}",
    }
    yield Entry("envelope", text(envelope), net)
    bad = {**envelope, "id": f"data:application/vc+jwt,{half}.{'A' * 340}"}
    yield Entry("envelope-broken", text(bad), net, "not-valid", ("ob3.signature",))
    yield Entry("envelope-of-nothing", text({**envelope, "id": "urn:x:y"}), net, "not-valid", ("read",))
    sd = {**envelope, "id": f"data:application/vc+sd-jwt,{good}"}
    yield Entry("envelope-unknown", text(sd), net, "undecided", (), ("read",))


def _others() -> Iterator[Made]:
    def with_status(url: str, index: int) -> Document:
        return WEB.unsigned(credentialStatus=status(index, url))

    def head(**changes: Any) -> Document:
        return {**WEB.head, **changes}

    def without(name: str) -> Document:
        return {key: value for key, value in WEB.head.items() if key != name}

    both = {**WEB.payload(WEB.unsigned()), "vc": WEB.unsigned(name="Other")}
    little = credential(DID, 1, "")
    for name in ("id", "issuer", "issuanceDate"):
        del little[name]
    claims = {"iss": DID, "jti": f"{BASE}credentials/1.jwt", "nbf": NBF}
    made = iter(
        sign(
            [
                WEB.token(with_status(LIST, 8)),
                WEB.token(with_status(LIST, 7)),
                WEB.token(with_status(LIST_JWT, 8)),
                WEB.token(with_status(LIST_JWT, 7)),
                WEB.token(with_status(f"{BASE}status/3.jwt", 8)),
                WEB.token(header=head(typ="at+jwt")),
                WEB.token(header=head(kid=f"{DID}#nothing")),
                WEB.token(header=without("kid")),
                WEB.token(header={**without("kid"), "jwk": RSA.public_jwk}),
                WEB.token(header=head(kid=FOREIGN_JWK)),
                WEB.token(header=head(kid=NEIGHBOUR_JWK)),
                WEB.token(header=head(kid=f"{BASE}keys/set.json")),
                WEB.token(header=head(kid=f"{BASE}keys/secret.json")),
                WEB.token(header=head(kid="did:example:1#a")),
                WEB.token(header=head(kid="https://silent.example.org/key.json")),
                WEB.token(header=head(kid="rsa")),
                Token(WEB.payload(WEB.unsigned()), P256, {"alg": "ES256", "kid": f"{BASE}keys/foreign.json"}),
                Token(WEB.payload(WEB.unsigned()), P256, {"alg": "ES256", "kid": f"{BASE}keys/claimed.json"}),
                Token(WEB.payload(WEB.unsigned()), P384, {"alg": "ES384", "kid": f"{DID}#{P384.multibase}"}),
                Token(both, RSA, WEB.head),
                Token({"vc": little, **claims}, RSA, WEB.head),
                WEB.token(WEB.unsigned(name="x", favouriteColour="blue")),
                Token({"sub": "x"}, RSA, WEB.head),
            ]
        )
    )
    yield "status-clear", next(made), (), ()
    yield "status-set", next(made), ("ob3.status",), ()
    yield "status-jwt-clear", next(made), (), ()
    yield "status-jwt-set", next(made), ("ob3.status",), ()
    yield "status-jwt-broken", next(made), ("ob3.status",), ()
    yield "typ", next(made), ("ob3.proof",), ()
    yield "kid-of-nothing", next(made), ("ob3.key",), ()
    yield "kid-missing", next(made), ("ob3.key",), ()
    yield "jwk-of-anybody", next(made), ("ob3.controller",), ()
    yield "kid-elsewhere", next(made), ("ob3.controller",), ()
    yield "kid-neighbour", next(made), ("ob3.controller",), ()
    yield "kid-set", next(made), ("ob3.key",), ()
    yield "kid-secret", next(made), ("ob3.key",), ()
    yield "kid-unknown-method", next(made), (), ("ob3.key",)
    yield "kid-silent", next(made), (), ("ob3.key",)
    yield "kid-relative", next(made), ("ob3.key",), ()
    yield "kid-document-of-another", next(made), ("ob3.controller",), ()
    yield "kid-document-not-listed", next(made), ("ob3.controller",), ()
    yield "es384", next(made), (), ("ob3.proof",)
    yield "two-credentials", next(made), ("ob3.claims",), ()
    yield "v1-completed", next(made), (), ()
    yield "undefined-term", next(made), (), ()  # a token is not read as JSON-LD
    yield "of-nothing", next(made), ("read",), ()
