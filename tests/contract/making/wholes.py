"""Presentations, learner records and endorsements, and pictures with something inside."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, PngImagePlugin

from .credentials import PAST, clr, endorsement, presentation
from .embedded import OLD_SUITE, SIGNERS, WEB, Change
from .entry import Entry, changed, drop, other_character, put
from .keys import BASE, DID, ED, HOLDER, OTHER, OTHER_DID, RSA, UNKNOWN, Document
from .orders import ED_2020, Proof, Token, sign, text
from .tokens import WEB as TOKEN

Net = dict[str, bytes | None]
Made = tuple[str, Any, tuple[str, ...], tuple[str, ...]]


def entries(net: Net) -> Iterator[Entry]:
    goods = sign([WEB.proof(WEB.unsigned()), SIGNERS[5].proof(SIGNERS[5].unsigned()), TOKEN.token()])
    for name, made, failed, unchecked in (
        *_presentations(goods),
        *_records(goods),
        *_endorsements(goods),
    ):
        verdict = "not-valid" if failed else "undecided" if unchecked else "valid"
        data = made.encode() if isinstance(made, str) else text(made)
        suffix = "jwt" if isinstance(made, str) else "json"
        judges = (
            ("digitalbazaar-vc",) if name.startswith(("endorsement-", "clr-")) and suffix == "json" else ()
        )
        yield Entry(name, data, net, verdict, failed, unchecked, suffix, judges)
    yield from _pictures(net, goods)


def envelope(token: str, kind: str = "Credential") -> Document:
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": f"EnvelopedVerifiable{kind}",
        "id": f"data:application/v{kind[0].lower()}+jwt,{token}",
    }


def _presentations(goods: list[Any]) -> Iterator[Made]:
    one, two, token = goods
    members = [one, two, envelope(token)]
    broken = changed(one, put("name", "Director"))
    unknown = changed(two, put("proof.0.cryptosuite", "mldsa44-rdfc-2024"))
    did = HOLDER.did_key

    def shown(holder: Any = did, inside: Any = members, who: Any = HOLDER, **options: Any) -> Proof:
        document = presentation(inside, **({"holder": holder} if holder else {}))
        if options.get("suite") == OLD_SUITE:
            document["@context"].append(ED_2020)
        return Proof(document, who, who.did_key, purpose="authentication", **options)

    head = {"alg": "EdDSA", "kid": f"{did}#{HOLDER.multibase}", "typ": "vp+jwt"}
    strings = presentation([token])
    made = iter(
        sign(
            [
                shown(),
                shown(holder=None),
                shown(holder={"id": did}),
                shown(holder=OTHER.did_key),
                shown(inside=[broken]),
                shown(suite=OLD_SUITE, inside=[one]),
                Proof(presentation([one], holder=did), HOLDER, did),  # for assertions
                Proof(presentation([one], holder=DID), ED, DID, purpose="authentication"),
                Token({**presentation([envelope(token)]), "holder": did, "iss": did}, HOLDER, head),
                Token({"vp": strings, "iss": did, "nonce": "n"}, HOLDER, head),
                Token({**presentation([one]), "iss": OTHER.did_key}, HOLDER, head),
                Token({**presentation([one]), "iss": did}, UNKNOWN, head),
            ]
        )
    )
    yield "vp-unsigned", presentation(members), (), ()
    yield "vp-one", {**presentation([]), "verifiableCredential": one}, (), ()
    yield "vp-token-as-text", presentation([token, one]), (), ()
    yield "vp-broken-member", presentation([one, broken]), ("2.ob3.signature",), ()
    yield "vp-unknown-member", presentation([one, unknown]), (), ("2.ob3.proof",)
    yield "vp-broken-and-unknown", presentation([unknown, broken]), ("2.ob3.signature",), ("1.ob3.proof",)
    yield "vp-empty", presentation([]), ("presentation.shape",), ()
    yield "vp-of-numbers", presentation([one, 7]), ("presentation.shape",), ()
    yield "vp-too-many", presentation([one] * 101), ("presentation.shape",), ()
    yield "vp-without-type", drop_type(presentation([one])), ("presentation.shape",), ()
    signed = next(made)
    yield "vp-signed", signed, (), ()
    yield "vp-without-holder", next(made), (), ()
    yield "vp-holder-object", next(made), (), ()
    yield "vp-of-another", next(made), ("presentation.proof",), ()
    yield "vp-signed-broken", next(made), ("1.ob3.signature",), ()
    yield "vp-2020", next(made), (), ()
    yield "vp-for-assertion", next(made), ("presentation.proof",), ()
    yield "vp-key-for-assertion", next(made), ("presentation.proof",), ()
    envelope_token = next(made)
    yield "vp-jwt", envelope_token, (), ()
    yield "vp-jwt-enveloped", envelope(envelope_token, "Presentation"), (), ()
    yield "vp-jwt-v1", next(made), (), ()
    yield "vp-jwt-of-another", next(made), ("presentation.proof",), ()
    yield "vp-jwt-wrong-key", next(made), ("presentation.proof",), ()
    changes: dict[str, tuple[Change, tuple[str, ...]]] = {
        "member-removed": (lambda d: d["verifiableCredential"].pop(), ("presentation.proof",)),
        "member-changed": (
            put("verifiableCredential.0.name", "Director"),
            ("presentation.proof", "1.ob3.signature"),
        ),
        "proof-value": (put("proof.0.proofValue", other_character), ("presentation.proof",)),
        "challenge": (put("proof.0.challenge", "c2"), ("presentation.proof",)),
    }
    for name, (change, failed) in changes.items():
        yield f"vp-{name}", changed(signed, change), failed, ()


def drop_type(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "type"}


def _records(goods: list[Any]) -> Iterator[Made]:
    one, two, token = goods
    broken = changed(one, put("name", "Director"))
    unknown = changed(two, put("proof.0.cryptosuite", "mldsa44-rdfc-2024"))
    orders = [
        Proof(clr([one, two]), ED, DID),
        Proof(clr([one, broken]), ED, DID),
        Proof(clr([one, unknown]), ED, DID),
        Proof(clr([one], validUntil=PAST), ED, DID),
        Proof(clr([one, two], OTHER_DID), ED, DID),
        Proof(clr([one, envelope(token)]), ED, DID),
        Token({**clr([one, two]), "iss": DID}, RSA, {"alg": "RS256", "kid": f"{DID}#rsa"}),
    ]
    made = iter(sign([*orders]))
    good = next(made)
    yield "clr-good", good, (), ()
    yield "clr-broken-member", next(made), ("2.ob3.signature",), ()
    yield "clr-unknown-member", next(made), (), ("2.ob3.proof",)
    yield "clr-ended", next(made), ("clr.valid-until",), ()
    yield "clr-of-another", next(made), ("clr.controller",), ()
    yield "clr-envelope", next(made), (), ()
    yield "clr-jwt", next(made), (), ()
    yield "clr-name", changed(good, put("name", "Other")), ("clr.signature",), ()
    removed = changed(good, lambda d: d["credentialSubject"]["verifiableCredential"].pop())
    yield "clr-member-removed", removed, ("clr.signature",), ()
    nobody = changed(good, lambda d: d["credentialSubject"].update(verifiableCredential=[]))
    yield "clr-empty", nobody, ("clr.terms", "clr.types"), ()
    yield "vp-of-clr", presentation([one, good]), (), ()
    wrong = changed(good, put("credentialSubject.verifiableCredential.0.name", "Director"))
    yield "vp-of-broken-clr", presentation([one, wrong]), ("2.clr.signature", "2.1.ob3.signature"), ()


def _endorsements(goods: list[Any]) -> Iterator[Made]:
    of = f"{BASE}achievements/dialogue.json"
    head = {"alg": "EdDSA", "kid": f"{OTHER_DID}#{OTHER.multibase}"}
    document = endorsement(OTHER_DID, of)
    claims = {"iss": OTHER_DID, "jti": document["id"], "sub": of}
    made = sign(
        [
            Proof(document, OTHER, OTHER_DID),
            Proof(endorsement(OTHER_DID, of, validUntil=PAST), OTHER, OTHER_DID),
            Proof(endorsement(DID, of), OTHER, OTHER_DID),
            Token({**document, **claims}, OTHER, head),
            Token({**document, **claims}, UNKNOWN, head),
            Proof(endorsement("did:web:silent.example.org", of), OTHER, "did:web:silent.example.org"),
        ]
    )
    good, ended, false, token, wrong, silent = made
    yield "endorsement-good", good, (), ()
    yield "endorsement-ended", ended, ("endorsement.valid-until",), ()
    yield "endorsement-false", false, ("endorsement.controller",), ()
    yield "endorsement-jwt", token, (), ()
    yield "endorsement-jwt-wrong", wrong, ("endorsement.signature",), ()
    yield "endorsement-silent", silent, (), ("endorsement.key",)
    comment = put("credentialSubject.endorsementComment", "Bad.")
    yield "endorsement-changed", changed(good, comment), ("endorsement.signature",), ()
    yield "endorsement-unsigned", changed(good, drop("proof")), ("endorsement.proof",), ()
    yield (
        "endorsement-of-nothing",
        changed(good, drop("credentialSubject.id")),
        (
            "endorsement.signature",
            "endorsement.types",
        ),
        (),
    )
    changed_one = changed(good, comment)
    cases = {
        "endorsed": ([good], (), ()),
        "endorsed-twice": ([good, good], (), ()),
        "endorsed-ended": ([ended], ("ob3.endorsements",), ()),
        "endorsed-changed": ([good, changed_one], ("ob3.endorsements",), ()),
        "endorsed-silent": ([good, silent], (), ("ob3.endorsements",)),
        "endorsed-silent-and-false": ([silent, false], ("ob3.endorsements",), ()),
        "endorsed-21-times": ([good] * 21, ("ob3.endorsements",), ()),
    }
    signed = sign([WEB.proof(WEB.unsigned(endorsement=inside)) for inside, _, _ in cases.values()])
    for (name, (_, failed, unchecked)), credential_made in zip(cases.items(), signed, strict=True):
        yield name, credential_made, failed, unchecked
    tokens = sign(
        [
            TOKEN.token(TOKEN.unsigned(endorsementJwt=[token])),
            TOKEN.token(TOKEN.unsigned(endorsementJwt=[token, wrong])),
            TOKEN.token(TOKEN.unsigned(endorsement=[good])),
        ]
    )
    yield "endorsed-jwt", tokens[0], (), ()
    yield "endorsed-jwt-wrong", tokens[1], ("ob3.endorsements",), ()
    yield "endorsed-jwt-embedded", tokens[2], (), ()


# --- Pictures ---------------------------------------------------------------------------------------------


def png(*texts: tuple[str, str], compressed: bool = False) -> bytes:
    file = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    for keyword, value in texts:
        info.add_itxt(keyword, value, zip=compressed)
    Image.new("L", (2, 2)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def svg(value: str, name: str = "credential", space: str = "https://purl.imsglobal.org/ob/v3p0") -> bytes:
    if value.startswith("{"):
        inside = f'<openbadges:{name} xmlns:openbadges="{space}"><![CDATA[{value}]]></openbadges:{name}>'
    else:
        inside = f'<openbadges:{name} xmlns:openbadges="{space}" verify="{value}"></openbadges:{name}>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">{inside}</svg>'.encode()


def _pictures(net: Net, goods: list[Any]) -> Iterator[Entry]:
    one, _, token = goods
    good, broken = text(one).decode(), text(changed(one, put("name", "Director"))).decode()
    [record] = sign([Proof(clr([one]), ED, DID)])
    word, badge = "openbadgecredential", text(record).decode()
    refused = ("ob3.signature",)
    yield Entry("png-json", png((word, good)), net, suffix="png", judges=("openbadgeslib",))
    yield Entry("png-compressed", png((word, good), compressed=True), net, suffix="png")
    yield Entry("png-jwt", png((word, token)), net, suffix="png")
    yield Entry("png-clr", png(("clrcredential", badge)), net, suffix="png")
    yield Entry("png-badge-and-clr", png((word, good), ("clrcredential", badge)), net, suffix="png")
    yield Entry("png-broken", png((word, broken)), net, "not-valid", refused, suffix="png")
    yield Entry("svg-json", svg(good), net, suffix="svg", judges=("openbadgeslib",))
    yield Entry("svg-jwt", svg(token), net, suffix="svg")
    yield Entry("svg-clr", svg(badge, space="https://purl.imsglobal.org/clr/v2p0"), net, suffix="svg")
    yield Entry("svg-broken", svg(broken), net, "not-valid", refused, suffix="svg")
    unread = {
        "png-empty": png(),
        "png-two": png((word, good), (word, good)),
        "png-of-one-kind": png((word, good), ("openbadges", good)),
        "png-truncated": png((word, good))[:-30],
        "png-damaged": png((word, good)).replace(b"Dialogue", b"Director"),
        "png-bomb": bomb(word),
        "png-html": png((word, "<html>")),
        "svg-empty": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "svg-entities": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(good),
        "svg-unclosed": svg(good)[:-3],
    }
    for name, data in unread.items():
        yield _unread(name, data, net, suffix=name[:3])
    address = b"https://badges.example.org/credentials/1.json"
    served = {**net, address.decode(): text(one)}
    yield Entry("address", address, served, suffix="txt")
    yield Entry("address-with-line-end", address + b"\r\n", served, suffix="txt")
    yield Entry("address-of-picture", address, {**net, address.decode(): png((word, good))}, suffix="txt")
    gone = {**net, address.decode(): None}
    yield Entry("address-gone", address, gone, "not-valid", ("read",), suffix="txt")
    yield Entry("address-silent", address, net, "undecided", (), ("read",), suffix="txt")
    for name, data in _no_badges(good).items():
        yield _unread(f"input-{name}", data, net, suffix="txt")


NO_BADGE = frozenset(
    {
        "png-empty",
        "svg-empty",
        *("input-nothing", "input-zeros", "input-html", "input-number", "input-person", "input-ftp"),
    }
)
"""What says nothing that a badge says; everything else may be one that somebody damaged or made up."""


def _unread(name: str, data: bytes, net: dict[str, bytes | None], suffix: str) -> Entry:
    if name in NO_BADGE:
        return Entry(name, data, net, "no-badge", suffix=suffix)
    return Entry(name, data, net, "not-valid", ("read",), suffix=suffix)


def _no_badges(good: str) -> dict[str, bytes]:
    return {
        "nothing": b"",
        "zeros": bytes(100),
        "html": b"<!doctype html><title>No badge</title>",
        "text": b'"a text"',
        "number": b"7",
        "list": b"[]",
        "nan": b'{"type": "Assertion", "x": NaN}',
        "deep": b'{"type": "Assertion", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
        "not-utf8": b'{"type": "\xff"}',
        "utf16": good.encode("utf-16"),
        "person": b'{"type": "Person"}',
        "cut": good.encode()[:-20],
        "ftp": b"ftp://badges.example.org/1.json",
    }


def bomb(keyword: str) -> bytes:
    """A compressed text that grows to 100 MB."""
    body = keyword.encode() + b"\0\x01\0\0\0" + zlib.compress(bytes(100_000_000), 9)
    chunk = b"iTXt" + body
    whole = len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    picture = png()
    return picture[:33] + whole + picture[33:]
