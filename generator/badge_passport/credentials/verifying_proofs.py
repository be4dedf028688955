"""Who signed a document: its proof, the key that the proof names, and whether the two agree.

For credentials and for status lists alike. Only `eddsa-rdfc-2022`, only the pinned contexts, only did:web
(whose document is fetched) and did:key (which is its own document).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import check_terms
from badge_passport.credentials.did import did_web_url
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch
from badge_passport.credentials.keys import public_from_multibase
from badge_passport.credentials.proofs import verify_proof
from badge_passport.credentials.verifying_steps import (
    Failure,
    fetch_json,
    listed,
    moment,
    text_in,
    types_of,
)

SUITE: Final = "eddsa-rdfc-2022"
ALIKE: Final = 12
"""Nodes without an id that look alike at first sight: the work of telling them apart grows factorially."""

_MEMBERS: Final = frozenset(
    {"type", "created", "verificationMethod", "cryptosuite", "proofPurpose", "proofValue"}
)
_DID_KEY: Final = re.compile(r"did:key:(z[1-9A-HJ-NP-Za-km-z]+)")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a DID document vouches for."""

    did: str
    multibase: str


def check_contexts(document: Document, wanted: list[str]) -> str:
    found = document.get("@context")
    if found != wanted:
        raise Failure(
            f"“@context” is {json.dumps(found, ensure_ascii=False)[:200]}; only {' and '.join(wanted)}, "
            "in this order, can be read. Contexts are never fetched."
        )
    return "Pinned contexts; nothing is fetched."


def check_words(document: Document) -> str:
    """Everything the document says is defined by its contexts, and can be put into canonical form."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    check_terms(unsecured)
    alike = sum(number for number in _first_sight(unsecured).values() if number > 1)
    if alike > ALIKE:
        raise Failure(f"The document has {alike} parts without an id that look alike, too many to order.")
    return "Every term is defined."


def only_proof(document: Document) -> Document:
    """The one proof of a document, if it is of the suite that is supported; raises `Failure`."""
    proofs = listed(document.get("proof"))
    if not proofs:
        raise Failure("The document has no proof.")
    if len(proofs) > 1:
        raise Failure("Several proofs are not supported yet.", "verifier")
    proof = proofs[0]
    if not isinstance(proof, dict):
        raise Failure("The proof is not an object.")
    suite = proof.get("cryptosuite", proof.get("type"))
    if proof.get("type") != "DataIntegrityProof" or suite != SUITE:
        raise Failure(f"The proof is of the suite “{suite}”; only {SUITE} is supported.", "verifier")
    if proof.get("proofPurpose") != "assertionMethod":
        raise Failure("The purpose of the proof is not “assertionMethod”.")
    if unknown := proof.keys() - _MEMBERS:
        raise Failure(f"The proof has “{min(unknown)}”, which is not supported.", "verifier")
    for name in sorted(_MEMBERS):
        text_in(proof, name, "The proof")
    moment(proof["created"], "created")
    return proof


def resolve_key(proof: Document, fetch: Fetch, now: datetime) -> Key:
    """The key that a proof names, out of the DID document; raises `Failure`."""
    method = text_in(proof, "verificationMethod", "The proof")
    did, _, fragment = method.partition("#")
    if found := _DID_KEY.fullmatch(did):
        if fragment != found[1]:
            raise Failure(f"{method} is not the key of {did}.")
        public_from_multibase(fragment)
        return Key(did, fragment)
    if not did.startswith("did:web:"):
        raise Failure(f"{did} is neither did:web nor did:key: not supported.", "verifier")
    document = fetch_json(fetch, did_web_url(did))
    if document.get("id") != did:
        raise Failure(f"The DID document says that it is {document.get('id')}, not {did}.")
    entry = _method(document, method)
    if entry.get("controller") != did:
        raise Failure(f"The controller of the key is {entry.get('controller')}, not {did}.")
    if "Multikey" not in types_of(entry):
        raise Failure(f"The key is of the type {entry.get('type')}, not Multikey.")
    for name, what in (("revoked", "was revoked"), ("expires", "has expired")):
        if name in entry and moment(entry[name], name) <= now:
            raise Failure(f"The key {what} on {entry[name]}.")
    multibase = text_in(entry, "publicKeyMultibase", "The key")
    public_from_multibase(multibase)
    return Key(did, multibase)


def _method(document: Document, method: str) -> Document:
    entries: list[Any] = listed(document.get("verificationMethod"))
    trusted = listed(document.get("assertionMethod"))
    entries += [entry for entry in trusted if isinstance(entry, dict)]
    names = {entry.get("id") if isinstance(entry, dict) else entry for entry in trusted}
    found = [entry for entry in entries if isinstance(entry, dict) and entry.get("id") == method]
    if not found:
        raise Failure(f"The DID document does not have the key {method}: it was withdrawn, or never there.")
    if len(found) > 1:
        raise Failure(f"The DID document has the key {method} twice.")
    if method not in names:
        raise Failure(f"The DID document does not list {method} under “assertionMethod”.")
    entry: Document = found[0]
    return entry


def issuer_id(document: Document) -> object:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def check_controller(document: Document, key: Key) -> str:
    if issuer_id(document) != key.did:
        raise Failure(f"The key is of {key.did}, but the issuer is {issuer_id(document)}.", "holder")
    return key.did


def check_signature(document: Document, key: Key) -> str:
    if not verify_proof(document, key.multibase, canonical):
        raise Failure("The signature does not fit: something was changed after signing.", "holder")
    return f"Signed with {key.multibase}."


def _first_sight(document: Document) -> Counter[str]:
    """How many nodes without an id have the same statements, their neighbours left out."""
    seen: Counter[str] = Counter()

    def look(value: object) -> object:
        if isinstance(value, list):
            return sorted(json.dumps(look(item), sort_keys=True) for item in value)
        if not isinstance(value, dict):
            return value
        inner = {name: look(item) for name, item in value.items() if name != "@context"}
        if "id" in value or "@id" in value:
            return {"id": value.get("id", value.get("@id"))}
        seen[json.dumps(inner, sort_keys=True)] += 1
        return None

    look(document)
    return seen
