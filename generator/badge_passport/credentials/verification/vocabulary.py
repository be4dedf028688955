"""The JSON-LD contexts that are known: pinned by digest, never fetched, and never copied into the project.

Their texts belong to W3C, 1EdTech and others. Most come with the package openbadgeslib; what it lacks is in a
file that the packaging of this project makes out of npm packages, and that a checkout need not have.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.steps import Failure, Undecided

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_1: Final = "https://www.w3.org/2018/credentials/v1"
BUNDLE: Final = Path(__file__).parents[2] / "_bundle" / "contexts.json"
"""An object of URL to context document; `DIGESTS` says which ones are taken from it."""

UNSTABLE: Final = frozenset({"jti", "endorsementJwt"})
"""Terms of one text of context 3.0.3 and not of the other: which one a signature covers is not known."""

_PACKAGE: Final = "openbadgeslib"
_OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/"
_SECURITY: Final = "https://w3id.org/security/"
_FILES: Final = MappingProxyType(
    {
        CREDENTIALS: "credentials-v2.json",
        _OPEN_BADGES + "context-3.0.1.json": "ob-v3p0-context-3.0.1.json",
        _OPEN_BADGES + "context-3.0.2.json": "ob-v3p0-context-3.0.2.json",
        _OPEN_BADGES + "context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
        _OPEN_BADGES + "extensions.json": "ob-v3p0-extensions.json",
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": "clr_context_2.0.1.json",
        _SECURITY + "data-integrity/v2": "security-data-integrity-v2.json",
        _SECURITY + "multikey/v1": "security-multikey-v1.json",
    }
)
# SHA-256 of the JSON with sorted members and without white space, in UTF-8. 1EdTech changed context 3.0.3 in
# place; the second text has two terms more, and means the same by all others.
DIGESTS: Final = MappingProxyType(
    {
        CREDENTIALS: ("b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",),
        CREDENTIALS_1: ("b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247",),
        _OPEN_BADGES + "context-3.0.1.json": (
            "8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5",
        ),
        _OPEN_BADGES + "context-3.0.2.json": (
            "bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c",
        ),
        _OPEN_BADGES + "context-3.0.3.json": (
            "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
            "04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966",
        ),
        _OPEN_BADGES + "extensions.json": (
            "15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7",
        ),
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": (
            "7defe702c102faf14108579b7d65ef39ecf4c3bbef925b803e15bd77cd6e3394",
        ),
        _SECURITY + "data-integrity/v1": (
            "9505bf85338a4c2121ad03992ac90061bc85d43bcfa34d9d47b779381cf08b5f",
        ),
        _SECURITY + "data-integrity/v2": (
            "7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305",
        ),
        _SECURITY + "multikey/v1": ("be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc",),
        _SECURITY + "suites/ed25519-2020/v1": (
            "fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691",
        ),
    }
)


def check_contexts(document: Document) -> str:
    """All contexts of a document, inner ones too, are known, and the first one is that of credentials."""
    named = _listed(document.get("@context"))
    if not named:
        raise Failure("It has no “@context”.")
    everything = _contexts_in(document)
    if any(not isinstance(url, str) for url in everything):
        raise Failure("A context must be named by its address; what stands in the document is not read.")
    if named[0] not in (CREDENTIALS, CREDENTIALS_1):
        raise Failure(f"The first context must be {CREDENTIALS} (or {CREDENTIALS_1}), not {named[0]}.")
    for url in dict.fromkeys(everything):
        load(url)
    return "Known contexts; nothing is fetched."


def first_context(document: Document) -> str:
    """The same for what is not read as JSON-LD (a token): only the first one counts."""
    named = _listed(document.get("@context"))
    if not named or named[0] not in (CREDENTIALS, CREDENTIALS_1):
        raise Failure(f"Its first context is not {CREDENTIALS} (or {CREDENTIALS_1}).")
    return str(named[0])


@functools.cache
def load(url: str) -> Any:
    """The terms of a known context; do not change them. Any other is `Undecided`."""
    if url in DIGESTS:
        document = _shipped(url) or _bundled().get(url)
        if document is not None:
            text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() in DIGESTS[url]:
                return document["@context"]
            raise Undecided(f"The text of the context {url} that is installed here is not the known one.")
    raise Undecided(f"The context {url} is not known here; contexts are never fetched.")


def _shipped(url: str) -> Document | None:
    """The context out of openbadgeslib; importing the package would take a third of a second."""
    found = importlib.util.find_spec(_PACKAGE)
    if url not in _FILES or found is None or not found.submodule_search_locations:
        return None
    return _read(Path(found.submodule_search_locations[0]) / "ob3" / "contexts" / _FILES[url])


@functools.cache
def _bundled() -> Document:
    return _read(BUNDLE) or {}


def _read(path: Path) -> Document | None:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def _contexts_in(value: object) -> list[Any]:
    found: list[Any] = []
    if isinstance(value, dict):
        for key, item in value.items():
            found += _listed(item, keep_none=True) if key == "@context" else _contexts_in(item)
    elif isinstance(value, list):
        for item in value:
            found += _contexts_in(item)
    return found


def _listed(value: object, *, keep_none: bool = False) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if keep_none or value is not None else []
