"""The JSON-LD contexts that are signed with, pinned, and what can be said in their terms.

Their texts belong to W3C and 1EdTech and are not copied here; they come with the package openbadgeslib.
A digest that is not known means that signatures would cover other words than verifiers read.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph

from badge_passport.credentials.documents import Document

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
LEARNER_RECORD: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

CONTEXTS: Final = [CREDENTIALS, OPEN_BADGES]
"""Of a credential. Position counts: the VC context first, then the one version of the Open Badges context
that has `awardedDate` and expands under VC 2.0."""
RECORD_CONTEXTS: Final = [CREDENTIALS, LEARNER_RECORD, OPEN_BADGES]
"""Of a learner record, in this order."""

_PACKAGE: Final = "openbadgeslib"
_FILES: Final = MappingProxyType(
    {
        CREDENTIALS: "ob3/contexts/credentials-v2.json",
        OPEN_BADGES: "ob3/contexts/ob-v3p0-context-3.0.3.json",
        LEARNER_RECORD: "ob3/contexts/clr_context_2.0.1.json",
    }
)
# 1EdTech changed context 3.0.3 in place: the second text has `jti` and `endorsementJwt` too. Signatures are
# the same as long as neither is used, and `check_terms` sees to that.
DIGESTS: Final = MappingProxyType(
    {
        CREDENTIALS: ("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",),
        OPEN_BADGES: (
            "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
            "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        ),
        LEARNER_RECORD: ("880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",),
    }
)
UNSTABLE_TERMS: Final = frozenset({"jti", "endorsementJwt"})
"""Terms that only one of the two texts of context 3.0.3 defines."""

_MAX_INTEGER: Final = 2**53 - 1  # beyond, JavaScript rounds

# Verifiers do not agree on any of these: control characters, halves of characters, noncharacters.
FORBIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STEPS: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2})*+"
_QUERY: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-Fa-f]{2})*+"
# Absolute IRIs that stay as they are in every implementation; others exist, but are looked at one by one.
PLAIN_IRI: Final = re.compile(
    r"(?:https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,4})?(?![^/?#])|(?:did|urn|mailto|data):(?!//))"
    rf"{_STEPS}(?:\?{_QUERY})?(?:#{_QUERY})?"
)


class ContextError(LookupError):
    """A context that is not pinned, is missing or has changed; the message is one plain sentence."""


@functools.cache
def load_context(url: str) -> dict[str, Any]:
    """The terms of a pinned context, as its ``@context``; do not change it.

    Raises `ContextError` for any other URL: nothing is ever fetched.
    """
    file = _FILES.get(url)
    if file is None:
        raise ContextError(f"The JSON-LD context {url!r} is not one of the pinned ones.")
    try:
        data = (_folder() / file).read_bytes()
    except OSError:
        raise ContextError(f"The package {_PACKAGE} does not have {file}.") from None
    return checked(url, data)


def checked(url: str, data: bytes) -> dict[str, Any]:
    """The terms in the text of a context, which must be a known one."""
    if hashlib.sha256(data).hexdigest() not in DIGESTS[url]:
        raise ContextError(f"The text of the JSON-LD context {url} is not a known one.")
    terms: dict[str, Any] = json.loads(data)["@context"]
    return terms


def inlined(value: Any) -> Any:
    """A copy of a document with the contexts themselves where it names them."""
    if isinstance(value, dict):
        return {
            key: _definitions(item) if key == "@context" else inlined(item) for key, item in value.items()
        }
    return [inlined(item) for item in value] if isinstance(value, list) else value


def _definitions(urls: object) -> list[dict[str, Any]]:
    return [load_context(url) for url in _listed(urls)]


def _listed(urls: object) -> list[str]:
    listed = urls if isinstance(urls, list) else [urls]
    named = [url for url in listed if isinstance(url, str)]
    if len(named) < len(listed):
        raise ContextError("A JSON-LD context must be named by its URL.")
    return named


# --- Only what a document needs -------------------------------------------------------------------------


def narrowed(document: Document) -> Document:
    """The same as `inlined`, with contexts that define only terms the document has a word of.

    A context has hundreds of terms, a document uses some thirty of them, and reading those takes a fifth of
    the time. A term that stands nowhere, neither as a key nor in a text, cannot change what is read; prefixes
    of other terms are always kept.
    """
    words: set[str] = set()
    _collect(document, words)
    made: Document = _narrowed(document, frozenset(words & _terms()))
    return made


def _narrowed(value: Any, words: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: [_narrow_context(url, words) for url in _listed(item)]
            if key == "@context"
            else _narrowed(item, words)
            for key, item in value.items()
        }
    return [_narrowed(item, words) for item in value] if isinstance(value, list) else value


def _collect(value: object, words: set[str]) -> None:
    """All that could be a term in a document: keys, texts, and what stands before their first colon."""
    if isinstance(value, dict):
        for key, item in value.items():
            words.update((key, key.partition(":")[0]))
            _collect(item, words)
    elif isinstance(value, list):
        for item in value:
            _collect(item, words)
    elif isinstance(value, str):
        words.update((value, value.partition(":")[0]))


@functools.cache
def _terms() -> frozenset[str]:
    """Every term that a pinned context defines anywhere."""
    words: set[str] = set()
    for url in _FILES:
        _collect(load_context(url), words)
    return frozenset(words)


@functools.cache
def _spelling() -> frozenset[str]:
    """Every term that definitions in the pinned contexts are spelt with: prefixes, and whole names."""
    words: set[str] = set()
    for url in _FILES:
        _collect_spelling(load_context(url), words)
    return frozenset(words)


def _collect_spelling(value: object, words: set[str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            words.update([key.partition(":")[0]] if ":" in key else ())
            _collect_spelling(item, words)
    elif isinstance(value, str):
        words.update((value, value.partition(":")[0]))


@functools.lru_cache(maxsize=256)
def _narrow_context(url: str, words: frozenset[str]) -> dict[str, Any]:
    return _kept(load_context(url), words | _spelling())


def _kept(context: dict[str, Any], words: frozenset[str]) -> dict[str, Any]:
    """The definitions of these terms, in contexts within them as well."""
    kept: dict[str, Any] = {}
    for term, definition in context.items():
        if term.startswith("@") or term in words:
            scoped = isinstance(definition, dict) and isinstance(definition.get("@context"), dict)
            kept[term] = (
                {**definition, "@context": _kept(definition["@context"], words)} if scoped else definition
            )
    return kept


def _folder() -> Path:
    """Where the package is; importing it would take a third of a second."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ContextError(f"Signing needs the JSON-LD contexts of the package {_PACKAGE}: install it.")
    return Path(found.submodule_search_locations[0])


# --- What may be signed ---------------------------------------------------------------------------------


class UnsignableError(ValueError):
    """A document whose signature verifiers would not agree on, with the JSON pointer of the reason."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path or 'The document'} {problem}")
        self.path = path


def check_terms(document: Document) -> None:
    """Refuse what JSON-LD would drop in silence, and what implementations canonicalise differently.

    That is: terms and types that no context defines, ids that are not absolute IRIs, floating-point and huge
    numbers, control characters other than the line feed, and empty values.

    Raises:
        UnsignableError: with the path of the first such thing.
    """
    _check_node(document, {}, "")


def _check_node(node: Mapping[str, Any], inherited: dict[str, Any], path: str) -> None:
    """``inherited`` are the terms of the contexts around, without those that a type brings."""
    terms = inherited
    if "@context" in node:
        terms = terms | _context_terms(node["@context"], path + "/@context")
    own = terms
    for name in sorted(_types(node, path)):  # JSON-LD applies type-scoped contexts in this order
        definition = terms.get(name)
        if definition is None and not is_iri(name):
            raise UnsignableError(f"{path}/type", f"is “{name}”, which no context defines.")
        if isinstance(definition, dict):
            own = own | definition.get("@context", {})
    for key, value in node.items():
        here = f"{path}/{key}"
        if key in ("id", "@id"):
            if not isinstance(value, str) or not is_iri(value):
                raise UnsignableError(here, "is not an absolute IRI.")
        elif key not in ("@context", "type", "@type"):
            definition = own.get(key)
            if definition is None or key.startswith("@") or key in UNSTABLE_TERMS:
                raise UnsignableError(here, "is a term that no context defines.")
            coercion, scoped = "", None
            if isinstance(definition, dict):
                coercion, scoped = definition.get("@type", ""), definition.get("@context")
            _check_value(value, coercion, terms | scoped if scoped else terms, here)


def _check_value(value: object, coercion: str, terms: dict[str, Any], path: str) -> None:
    if isinstance(value, dict) and value:
        _check_node(value, terms, path)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            _check_value(item, coercion, terms, f"{path}/{number}")
    elif isinstance(value, str):
        if FORBIDDEN.search(value):
            raise UnsignableError(path, "has a control character or half a character.")
        named = coercion == "@vocab" and value in terms
        if coercion in ("@id", "@vocab") and not named and not is_iri(value):
            raise UnsignableError(path, "is not an absolute IRI.")
    elif isinstance(value, float):
        raise UnsignableError(path, "is a floating-point number, which verifiers write differently.")
    elif isinstance(value, int):
        if abs(value) > _MAX_INTEGER:
            raise UnsignableError(path, "is a number that is too large.")
    else:
        raise UnsignableError(path, "is empty, or no JSON value.")


def _types(node: Mapping[str, Any], path: str) -> list[str]:
    types = node.get("type", node.get("@type", []))
    listed = types if isinstance(types, list) else [types]
    if not all(isinstance(name, str) for name in listed) or ("type" in node and "@type" in node):
        raise UnsignableError(f"{path}/type", "is not a text or a list of texts.")
    return listed


def _context_terms(urls: object, path: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for url in urls if isinstance(urls, list) else [urls]:
        if not isinstance(url, str):
            raise UnsignableError(path, "has something else than the URL of a context.")
        try:
            merged |= load_context(url)
        except ContextError as error:
            raise UnsignableError(path, f"cannot be used. {error}") from None
    return merged


def is_iri(text: str) -> bool:
    if PLAIN_IRI.fullmatch(text):
        return True
    if not _SCHEME.match(text) or FORBIDDEN.search(text):
        return False
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True
