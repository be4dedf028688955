"""Signing many documents at once with the libraries from npm (`judges/node/sign.mjs`)."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from judges import node_judge

from .keys import Document, Pair

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_1: Final = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_1: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CLR: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
ED_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
CREATED: Final = "2024-03-14T09:00:00Z"
_FILES: Final = {
    OPEN_BADGES: "ob-v3p0-context-3.0.3.json",
    OPEN_BADGES_1: "ob-v3p0-context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-v3p0-context-3.0.2.json",
    EXTENSIONS: "ob-v3p0-extensions.json",
    CLR: "clr_context_2.0.1.json",
}


@dataclass(frozen=True)
class StatusList:
    id: str
    members: Document
    revoked: tuple[int, ...] = (7,)
    purpose: str = "revocation"
    length: int = 131072


@dataclass(frozen=True)
class Proof:
    """A document, who signs it, and how."""

    document: Document | StatusList
    pair: Pair
    did: str
    fragment: str | None = None  # the key itself if there is none; "": the method is the id
    suite: str = "eddsa-rdfc-2022"
    purpose: str = "assertionMethod"
    created: str = CREATED


@dataclass(frozen=True)
class Token:
    payload: Document
    pair: Pair
    header: Document = field(default_factory=dict)


def contexts() -> dict[str, str]:
    """The texts of contexts that npm does not have, out of openbadgeslib."""
    found = importlib.util.find_spec("openbadgeslib")
    assert found is not None and found.origin is not None
    folder = Path(found.origin).parent / "ob3" / "contexts"
    return {url: str(folder / name) for url, name in _FILES.items()}


def sign(orders: list[Proof | Token]) -> list[Any]:
    """A document with its proof, or a compact JWS, for each order."""
    keys: list[Document] = []
    documents: list[Document] = []
    tokens: list[Document] = []
    for order in orders:
        if isinstance(order, Token):
            tokens.append({"jwk": order.pair.jwk, "header": order.header, "payload": order.payload})
            continue
        key: Document = {"did": order.did, "fragment": order.fragment}
        if order.pair.kind == "Ed25519":
            key["seed"] = order.pair.seed.hex()
        else:
            key["jwk"] = order.pair.jwk
        if key not in keys:
            keys.append(key)
        entry: Document = {
            "key": keys.index(key),
            "created": order.created,
            "suite": order.suite,
            "purpose": order.purpose,
            "challenge": "c1",
        }
        made = order.document
        if isinstance(made, StatusList):
            entry["statusList"] = {
                "id": made.id,
                "length": made.length,
                "purpose": made.purpose,
                "set": list(made.revoked),
                "members": made.members,
            }
        else:
            entry["document"] = made
        documents.append(entry)
    request = {"keys": keys, "documents": documents, "tokens": tokens, "contexts": contexts()}
    answer = node_judge.run("sign.mjs", request)
    signed, compact = iter(answer["signed"]), iter(answer["tokens"])
    return [next(compact) if isinstance(order, Token) else next(signed) for order in orders]


def text(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
