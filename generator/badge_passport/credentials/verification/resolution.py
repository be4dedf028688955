"""From the name of a key to the key: did:web, did:key, did:jwk, and documents on the web.

Sources: Controlled Identifiers 1.0, sections 2.2, 2.3 and 3.3; the did:web, did:key and did:jwk methods; Open
Badges 3.0, section 8.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from badge_passport.credentials.did import did_web_url
from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.publickeys import PublicKey, from_jwk, from_multikey, from_pem
from badge_passport.credentials.verification.reading import base64url, read_json
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import listed, moment, text_in, types_of

Purpose = Literal["assertionMethod", "authentication"]
Source = Literal["did", "document", "jwk", "header"]

_DID_KEY: Final = re.compile(r"did:key:(z[1-9A-HJ-NP-Za-km-z]+)(?:#(.*))?")
_DID_JWK: Final = re.compile(r"did:jwk:([A-Za-z0-9_-]+)(?:#(.*))?")
_DID: Final = re.compile(r"did:[a-z0-9]+:\S+")


@dataclass(frozen=True, slots=True)
class Key:
    """A key, its name, and who it says it belongs to; ``source`` is where that is said.

    ``did``: a DID document, or the DID itself. ``document``: one on the web that names a controller. ``jwk``:
    a bare JWK there. ``header``: the token alone. Of the last two nobody is said to be the owner.
    """

    public: PublicKey
    name: str
    controller: str
    source: Source


def resolve(method: str, asking: Asking, purpose: Purpose, *, bare: bool = False) -> Key:
    """The key of this name; ``bare``: a token, for which a DID without a fragment and a bare JWK will do."""
    if found := _DID_KEY.fullmatch(method):
        if found[2] != found[1] and not (bare and found[2] is None):
            raise Failure(f"{method} is not the name of the key.")
        return Key(from_multikey(found[1]), method, f"did:key:{found[1]}", "did")
    if found := _DID_JWK.fullmatch(method):
        if found[2] != "0" and not (bare and found[2] is None):
            raise Failure(f"{method} is not the name of the key.")
        return Key(from_jwk(read_json(base64url(found[1]))), method, f"did:jwk:{found[1]}", "did")
    if method.startswith("did:web:"):
        return _did_web(method, asking, purpose)
    if method.startswith(("https://", "http://")):
        return _on_the_web(method, asking, purpose, bare)
    if _DID.fullmatch(method):
        raise Undecided(
            f"{method[:100]} is of a DID method that is not known here (did:web, did:key, did:jwk)."
        )
    raise Failure(f"“{method[:100]}” is neither a DID nor a web address.")


def of_header(jwk: object) -> Key:
    """A key that a token brings along: it proves nothing about anybody, unless the issuer is that key."""
    return Key(from_jwk(jwk), "the key in the token", "", "header")


def did_document(did: str, asking: Asking) -> Document:
    document = asking.json(did_web_url(did))
    if document.get("id") != did:
        raise Failure(f"The DID document says that it is {document.get('id')}, not {did}.")
    return document


def _did_web(method: str, asking: Asking, purpose: Purpose) -> Key:
    did = method.partition("#")[0]
    entry = _method(did_document(did, asking), method, purpose)
    if entry.get("controller") != did:
        raise Failure(f"The controller of the key is {entry.get('controller')}, not {did}.")
    return Key(_material(entry, asking), method, did, "did")


def _on_the_web(url: str, asking: Asking, purpose: Purpose, bare: bool) -> Key:
    document = asking.json(url)
    page, _, fragment = url.partition("#")
    if fragment:
        if document.get("id") != page:
            raise Failure(f"The document at {page} says that it is {document.get('id')}.")
        entry = _method(document, url, purpose)
    elif bare and "kty" in document:
        return Key(from_jwk(document), url, "", "jwk")
    else:
        entry = document
        if document.get("id") != url:
            raise Failure(f"The key document at {url} says that it is {document.get('id')}.")
    controller = text_in(entry, "controller", f"The key {url}")
    if fragment and controller != page:
        raise Failure(f"The controller of the key is {controller}, not {page}.")
    return Key(_material(entry, asking), url, controller, "document")


def _method(document: Document, method: str, purpose: Purpose) -> Document:
    """The entry of a method, listed for this purpose."""
    entries = [entry for entry in listed(document.get("verificationMethod")) if isinstance(entry, dict)]
    trusted = listed(document.get(purpose))
    entries += [entry for entry in trusted if isinstance(entry, dict)]
    found = [entry for entry in entries if entry.get("id") == method]
    if not found:
        raise Failure(f"Its document does not have the key {method}: it was withdrawn, or never there.")
    if len(found) > 1:
        raise Failure(f"Its document has the key {method} twice.")
    if method not in names_of(trusted):
        raise Failure(f"Its document does not list {method} under “{purpose}”.")
    entry: Document = found[0]
    return entry


def names_of(entries: list[Any]) -> set[object]:
    return {
        name
        for entry in entries
        if isinstance(name := entry.get("id") if isinstance(entry, dict) else entry, str)
    }


def _material(entry: Document, asking: Asking) -> PublicKey:
    for name, what in (("revoked", "was revoked"), ("expires", "has expired")):
        if name in entry and moment(entry[name], name) <= asking.now:
            raise Failure(f"The key {what} on {entry[name]}.")
    types = types_of(entry)
    if {"Multikey", "Ed25519VerificationKey2020"} & set(types):
        key = from_multikey(text_in(entry, "publicKeyMultibase", "The key"))
        if "Ed25519VerificationKey2020" in types and key.kind != "Ed25519":
            raise Failure(f"The key is of {key.kind}, not of Ed25519.")
        return key
    if {"JsonWebKey", "JsonWebKey2020"} & set(types):
        return from_jwk(entry.get("publicKeyJwk"))
    if isinstance(entry.get("publicKeyPem"), str):
        return from_pem(entry["publicKeyPem"])
    raise Undecided(f"The key is of the type {entry.get('type')}, which is not known here.")
