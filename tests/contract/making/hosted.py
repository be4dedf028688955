"""Open Badges 2.0: assertions on the web, and tokens that openbadgeslib signs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from openbadgeslib.ob2 import OB2Signer
from openbadgeslib.ob2.models import Assertion, IdentityObject, Verification

from .credentials import BEGIN, EMAIL, FUTURE, PAST, SALT
from .embedded import Change
from .entry import Entry, changed, drop, other_character, put
from .keys import BASE, ED, P256, RSA, UNKNOWN_RSA, Document, Pair
from .orders import text
from .tokens import altered, compact
from .wholes import png, svg

Net = dict[str, bytes | None]
HOSTED, CLASS, ISSUER = f"{BASE}ob2/1.json", f"{BASE}ob2/badge.json", f"{BASE}ob2/issuer.json"
REVOKED, URN = f"{BASE}ob2/revocations.json", "urn:uuid:0d5a3c0e-0b53-4c40-8f5d-4a3f9d2f7c55"
KEYS: dict[str, tuple[Pair, str]] = {
    f"{BASE}ob2/rsa.json": (RSA, "RS256"),
    f"{BASE}ob2/p256.json": (P256, "ES256"),
    f"{BASE}ob2/ed.json": (ED, "EdDSA"),
}
CONTEXT = "https://w3id.org/openbadges/v2"
JUDGES = ("openbadgeslib-2",)


def recipient() -> Document:
    digest = hashlib.sha256((EMAIL + SALT).encode()).hexdigest()
    return {"type": "email", "hashed": True, "salt": SALT, "identity": f"sha256${digest}"}


def assertion(**changes: Any) -> Document:
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": HOSTED,
        "recipient": recipient(),
        "badge": CLASS,
        "issuedOn": BEGIN,
        "verification": {"type": "HostedBadge"},
        **changes,
    }


def network() -> Net:
    found: dict[str, Document] = {
        CLASS: {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": CLASS,
            "name": "Dialogue participant",
            "description": "Took part.",
            "criteria": {"narrative": "Take part."},
            "image": f"{BASE}image.png",
            "issuer": ISSUER,
        },
        ISSUER: {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": ISSUER,
            "name": "Example consortium",
            "url": BASE,
            "email": "badges@example.org",
            "publicKey": list(KEYS),
            "revocationList": REVOKED,
            "verification": {"type": "VerificationObject", "startsWith": f"{BASE}ob2/"},
        },
        REVOKED: {
            "@context": CONTEXT,
            "type": "RevocationList",
            "id": REVOKED,
            "issuer": ISSUER,
            "revokedAssertions": ["urn:uuid:00000000-0000-4000-8000-000000000000"],
        },
        HOSTED: assertion(),
        **{
            url: {
                "@context": CONTEXT,
                "type": "CryptographicKey",
                "id": url,
                "owner": ISSUER,
                "publicKeyPem": pair.public_pem,
            }
            for url, (pair, _) in KEYS.items()
        },
    }
    return {url: text(document) for url, document in found.items()}


def entries() -> Iterator[Entry]:
    net = network()
    yield from _hosted(net)
    yield from _signed(net)


def with_change(net: Net, url: str, change: Change) -> Net:
    return {**net, url: text(changed(json.loads(net[url] or b"{}"), change))}


# --- Hosted -----------------------------------------------------------------------------------------------


def _hosted(net: Net) -> Iterator[Entry]:
    good = assertion()
    yield Entry("ob2-hosted", text(good), net, judges=JUDGES)
    baked = json.dumps(good)
    yield Entry("ob2-png", png(("openbadges", baked)), net, suffix="png")
    space = "http://openbadges.org"
    yield Entry("ob2-svg", svg(baked, "assertion", space), net, suffix="svg")
    yield Entry("ob2-svg-address", svg(HOSTED, "assertion", space), net, suffix="svg")
    served: dict[str, tuple[Change, tuple[str, ...]]] = {
        "ended": (put_new("expires", PAST), ("ob2.expires",)),
        "to-come": (put("issuedOn", FUTURE), ("ob2.issued",)),
        "no-recipient": (drop("recipient"), ("ob2.shape",)),
        "no-zone": (put("issuedOn", BEGIN[:10]), ("ob2.shape",)),
        "says-revoked": (put_new("revoked", True), ("ob2.revoked",)),
        "no-class": (put("badge", f"{BASE}ob2/none.json"), ("ob2.badge",)),
        "says-signed": (put("verification.type", "SignedBadge"), ("ob2.shape",)),
    }
    for name, (change, failed) in served.items():
        made = changed(good, change)
        there = {**net, HOSTED: text(made), f"{BASE}ob2/none.json": None}
        yield Entry(f"ob2-{name}", text(made), there, "not-valid", failed, judges=JUDGES)
    later = changed(good, put_new("expires", FUTURE))
    yield Entry("ob2-ends-later", text(later), {**net, HOSTED: text(later)}, judges=JUDGES)
    copy = changed(good, put_new("narrative", "More."))
    yield Entry("ob2-copy-changed", text(copy), net, "not-valid", ("ob2.hosted",), judges=JUDGES)
    stub = {"@context": CONTEXT, "type": "Assertion", "id": HOSTED, "revoked": True}
    there = {**net, HOSTED: text(stub)}
    yield Entry("ob2-stub", text(good), there, "not-valid", ("ob2.revoked",), judges=JUDGES)
    yield Entry("ob2-stub-itself", text(stub), there, "not-valid", ("ob2.revoked",), judges=JUDGES)
    yield Entry("ob2-gone", text(good), {**net, HOSTED: None}, "not-valid", ("ob2.hosted",), judges=JUDGES)
    silent = {url: data for url, data in net.items() if url != HOSTED}
    yield Entry("ob2-silent", text(good), silent, "undecided", (), ("ob2.hosted",), judges=JUDGES)
    behind: dict[str, tuple[str, Change, tuple[str, ...]]] = {
        "class-unnamed": (CLASS, drop("name"), ("ob2.badge",)),
        "class-of-another": (CLASS, put("issuer", f"{BASE}ob2/badge.json"), ("ob2.issuer",)),
        "issuer-unnamed": (ISSUER, drop("name"), ("ob2.issuer",)),
        "scope": (ISSUER, put("verification.startsWith", f"{BASE}other/"), ("ob2.scope",)),
        "origin": (ISSUER, put_new("verification.allowedOrigins", "example.org"), ("ob2.scope",)),
        "listed": (REVOKED, put("revokedAssertions", [HOSTED]), ("ob2.revoked",)),
        "listed-object": (
            REVOKED,
            put("revokedAssertions", [{"id": HOSTED, "revocationReason": "In error"}]),
            ("ob2.revoked",),
        ),
    }
    for name, (url, change, failed) in behind.items():
        yield Entry(f"ob2-{name}", text(good), with_change(net, url, change), "not-valid", failed)
    unlisted = {url: data for url, data in net.items() if url != REVOKED}
    yield Entry("ob2-list-silent", text(good), unlisted, "undecided", (), ("ob2.revoked",))


def put_new(path: str, value: Any) -> Change:
    def change(document: Any) -> None:
        *parents, last = path.split(".")
        for part in parents:
            document = document[part]
        document[last] = value

    return change


# --- Signed -----------------------------------------------------------------------------------------------


def token(pair: Pair, algorithm: str, creator: str | None, **changes: Any) -> str:
    made = Assertion(
        recipient=IdentityObject.create(EMAIL, SALT),
        badge=CLASS,
        verification=Verification("SignedBadge", creator),
        id=URN,
        issued_on=datetime.fromisoformat(changes.get("begin", BEGIN)),
        expires=datetime.fromisoformat(changes["end"]) if "end" in changes else None,
    )
    return OB2Signer(pair.pem, algorithm).sign(made)


def _signed(net: Net) -> Iterator[Entry]:
    def entry(name: str, made: str, there: Net = net, *failed: str, unchecked: tuple[str, ...] = ()) -> Entry:
        verdict = "not-valid" if failed else "undecided" if unchecked else "valid"
        return Entry(f"ob2-{name}", made.encode(), there, verdict, failed, unchecked, "jws", JUDGES)

    for url, (pair, algorithm) in KEYS.items():
        name = f"signed-{algorithm.lower()}"
        good = token(pair, algorithm, url)
        head, body, signature = good.split(".")
        yield entry(name, good)
        yield entry(f"{name}-ended", token(pair, algorithm, url, end=PAST), net, "ob2.expires")
        yield entry(f"{name}-to-come", token(pair, algorithm, url, begin=FUTURE), net, "ob2.issued")
        yield entry(f"{name}-text", altered(good, 1, put("badge", CLASS + "?x")), silent(net), "ob2.badge")
        changed_date = altered(good, 1, put("issuedOn", "2023-01-01T00:00:00+00:00"))
        yield entry(f"{name}-date", changed_date, net, "ob2.signature")
        yield entry(f"{name}-signature", f"{head}.{body}.{other_character(signature)}", net, "ob2.signature")
        none = compact({"alg": "none"}, json.loads(_payload(good)))
        yield entry(f"{name}-none", none, net, "ob2.signature")
        yield entry(f"{name}-hmac", altered(good, 0, put("alg", "HS256")), net, "ob2.signature")
        other = "ES256" if algorithm != "ES256" else "RS256"
        yield entry(f"{name}-alg", altered(good, 0, put("alg", other)), net, "ob2.signature")
        unknown = altered(good, 0, put("alg", "PS512"))
        yield entry(f"{name}-alg-unknown", unknown, net, unchecked=("ob2.signature",))
        for entries_listed, how in ((["urn:x:1", URN], "listed"), ([{"id": URN}], "listed-object")):
            there = with_change(net, REVOKED, put("revokedAssertions", entries_listed))
            yield entry(f"{name}-{how}", good, there, "ob2.revoked")
        yield entry(f"{name}-owner", good, with_change(net, url, put("owner", CLASS)), "ob2.key")
        unlisted = with_change(net, ISSUER, put("publicKey", [f"{BASE}x"]))
        yield entry(f"{name}-not-listed", good, unlisted, "ob2.key")
        yield entry(f"{name}-key-gone", good, {**net, url: None}, "ob2.key")
    rsa, url = RSA, next(iter(KEYS))
    yield entry("signed-by-another", token(UNKNOWN_RSA, "RS256", url), net, "ob2.signature")
    yield entry("signed-without-creator", token(rsa, "RS256", None), net, "ob2.key")
    hosted = {name: data for name, data in net.items() if name != url}
    yield entry("signed-key-silent", token(rsa, "RS256", url), hosted, unchecked=("ob2.key",))
    lone = with_change(net, ISSUER, drop("revocationList"))
    yield entry("signed-no-list", token(rsa, "RS256", url), lone)
    baked = png(("openbadges", token(rsa, "RS256", url)))
    yield Entry("ob2-signed-png", baked, net, suffix="png")
    space = "http://openbadges.org"
    picture = svg(token(rsa, "RS256", url), "assertion", space)
    yield Entry("ob2-signed-svg", picture, net, suffix="svg")


def silent(net: Net) -> Net:
    """With an answer 404 for the address that a changed assertion names."""
    return {**net, CLASS + "?x": None}


def _payload(made: str) -> bytes:
    body = made.split(".")[1]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
