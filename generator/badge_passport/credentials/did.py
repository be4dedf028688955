"""Decentralized identifiers: did:web, whose document is a file of the site, and did:key.

Sources: the did:web method (W3C Credentials Community Group), the did:key method, DID Core 1.0 and
Controlled Identifiers 1.0. Where verifiers ask for more, a comment says which.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from badge_passport.credentials.documents import Document, without_empty
from badge_passport.credentials.keys import public_jwk
from badge_passport.credentials.multibase import MultibaseError, multikey_decode

# Only these: bundled loaders know nothing newer, and one verifier refuses documents of did/v1.1 and cid/v1.
CONTEXT: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
JWK_CONTEXT: Final = "https://w3id.org/security/jwk/v1"
WELL_KNOWN: Final = ".well-known/"
"""Where the document of a DID without a path lies, below the root of the host."""

_FILE: Final = "did.json"
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_DID_WEB: Final = re.compile(
    r"did:web:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:%3A([0-9]{1,5}))?((?::(?:[\w.-]|%[0-9A-F]{2})+)*)",
    re.ASCII,
)


class DidError(ValueError):
    """Something that has no DID, or is none; the message is one plain sentence."""


@functools.lru_cache(1024)
def did_web(base_url: str, path: str) -> str:
    """The did:web whose document is at ``<base_url><path>did.json``.

    At the root of a host it is `WELL_KNOWN` that has one, the path being empty in the identifier.

    >>> did_web("https://badges.example.org:8443/ve/", "issuers/acme/")
    'did:web:badges.example.org%3A8443:ve:issuers:acme'

    Raises `DidError` when no did:web has its document there.
    """
    url = base_url + path
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise DidError(f"The port of {url} is not a number.") from None
    if parts.scheme != "https" or not _HOST.fullmatch(host) or "@" in parts.netloc:
        raise DidError(f"{url} does not start with https:// and a host name, as did:web needs.")
    if parts.query or parts.fragment or not url.endswith("/"):
        raise DidError(f"{url} is not a folder.")
    folder = parts.path.strip("/")
    if folder == "":
        raise DidError(f"The document of a did:web for {host} lies in {WELL_KNOWN}, not at the root.")
    identifier = "did:web:" + host + (f"%3A{port}" if port else "")
    if parts.path == "/" + WELL_KNOWN:
        return identifier
    segments = folder.split("/")
    if not all(segments) or {".", ".."} & set(segments):
        raise DidError(f"{url} has an empty or a relative step in its path.")
    did = ":".join([identifier, *(_segment(segment) for segment in segments)])
    if not _DID_WEB.fullmatch(did):
        raise DidError(f"{url} is not percent-encoded as a URL should be.")
    return did


def did_web_url(did: str) -> str:
    """Where the document of a did:web is; the inverse of `did_web`."""
    found = _DID_WEB.fullmatch(did)
    # A step back leads to somebody else's folder; it must not look as if it were under this one.
    if found is None or any(unquote(step) in (".", "..") for step in re.split(":|%2F", found[3])):
        raise DidError(f"{did} is not a did:web.")
    host, port, path = found.groups()
    folder = path.replace(":", "/").replace("%7E", "~")[1:] + "/" if path else WELL_KNOWN
    return f"https://{host}{':' + port if port else ''}/{folder}{_FILE}"


@functools.lru_cache(1024)
def did_key(multibase: str) -> str:
    """The did:key of a public key: an issuer that needs no host, and can neither rotate nor withdraw."""
    _check_key(multibase)
    return f"did:key:{multibase}"


@functools.lru_cache(1024)
def verification_method(did: str, multibase: str) -> str:
    """The URL of a key: with the key itself as fragment, 1EdTech's validator needs no network."""
    _check_key(multibase)
    return f"{did}#{multibase}"


def did_document(did: str, keys: Sequence[str], also_known_as: Sequence[str]) -> Document:
    """The DID document of an issuer, with the ``publicKeyMultibase`` of every key it vouches for.

    ``keys`` has the keys in use and the retired ones: a verifier refuses old signatures as soon as their
    key is missing here. Only a compromised key is left out. Keys for tokens are there as JSON Web Keys.
    """
    if not keys or len(set(keys)) != len(keys):
        raise DidError(f"{did} needs keys, each of them once.")
    methods = [verification_method(did, key) for key in keys]  # absolute: “#key” is refused
    entries = [_entry(did, method, key) for method, key in zip(methods, keys, strict=True)]
    with_jwk = any("publicKeyJwk" in entry for entry in entries)
    return without_empty(
        at_context=[*CONTEXT, *([JWK_CONTEXT] if with_jwk else ())],
        id=did,
        alsoKnownAs=list(also_known_as),
        verificationMethod=entries,
        assertionMethod=methods,  # strings: 1EdTech's validator breaks on embedded objects
    )


def _entry(did: str, method: str, key: str) -> Document:
    curve, _ = multikey_decode(key)
    if curve == "Ed25519":
        return {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key}
    jwk = public_jwk(key) | {"alg": "ES256", "use": "sig", "kid": method}
    return {"id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}


def _segment(text: str) -> str:
    """A step of a path as did:web spells it; other percent-encodings stay as they are."""
    return quote(text, safe="%").replace("~", "%7E")


def _check_key(multibase: str) -> None:
    try:
        multikey_decode(multibase)
    except MultibaseError as error:
        raise DidError(f"“{multibase}” is not a public key. {error}") from None
