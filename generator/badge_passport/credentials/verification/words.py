"""Whether everything that a document says is defined by its contexts.

JSON-LD drops in silence what no context defines, so that a signature would not cover it (JSON-LD 1.1, section
5.1.2; “safe mode” of other processors). What is read here is narrower than JSON-LD on purpose: whatever
programs understand differently is refused or left undecided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import listed
from badge_passport.credentials.verification.vocabulary import UNSTABLE, load

NODES: Final = 20_000
"""Nodes without an id in one document."""

_MAX_INTEGER: Final = 2**53 - 1  # beyond, JavaScript rounds
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ODD: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_VALUE: Final = frozenset({"@value", "@language", "@type"})
Terms = Mapping[str, Any]


def check_words(document: Document) -> str:
    """Refuse terms and types without a definition, relative ids, and what is dropped or read differently."""
    _node(document, {}, "")
    # How alike they are does not matter here: whoever puts them in order counts the work (rdfc.py).
    if _anonymous(document) > NODES:
        raise Undecided(f"It has more than {NODES:,} parts without an id, which takes too long to order.")
    return "Every term is defined."


def _node(node: Document, inherited: Terms, path: str) -> None:
    """``inherited``: the terms around, without those that a type brings (JSON-LD 1.1 API, section 5.1.2)."""
    terms = _merged(inherited, node["@context"]) if "@context" in node else inherited
    own = terms
    for name in sorted(_types(node, path)):  # type-scoped contexts apply in this order
        definition = None if name.startswith("@") else terms.get(name)
        if definition is None and not is_iri(name):
            raise Failure(f"{path}/type is “{name}”, which no context defines.")
        if isinstance(definition, dict) and "@context" in definition:
            own = _merged(own, definition["@context"])
    for key, value in node.items():
        here = f"{path}/{key}"
        definition = own.get(key)
        if key in UNSTABLE:
            raise Undecided(f"{here} is defined by one text of its context and not by the other.")
        if key in ("@context", "@type", "@id"):
            pass
        elif key.startswith("@"):
            raise Failure(f"{here} is a keyword of JSON-LD that is not accepted here.")
        elif definition is None:
            raise Failure(f"{here} is a term that no context defines.")
        if key in ("id", "@id"):
            if not isinstance(value, str) or not is_iri(value):
                raise Failure(f"{here} is not an absolute IRI.")
        elif key not in ("@context", "type", "@type"):
            _member(value, definition, terms, here)


def _member(value: object, definition: object, terms: Terms, path: str) -> None:
    coercion, inner = "", terms
    if isinstance(definition, dict):
        coercion = definition.get("@type", "")
        if "@context" in definition:
            inner = _merged(terms, definition["@context"])
    if coercion != "@json":
        _value(value, coercion, inner, path)


def _value(value: object, coercion: str, terms: Terms, path: str) -> None:
    if isinstance(value, dict) and "@value" in value:
        _literal(value, path)
    elif isinstance(value, dict) and value:
        _node(value, terms, path)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            _value(item, coercion, terms, f"{path}/{number}")
    elif isinstance(value, str):
        named = coercion == "@vocab" and value in terms
        if coercion in ("@id", "@vocab") and not named and not is_iri(value):
            raise Failure(f"{path} is not an absolute IRI.")
        _scalar(value, path)
    else:
        _scalar(value, path)


def _literal(value: Document, path: str) -> None:
    if not value.keys() <= _VALUE or "@type" in value:
        raise Undecided(f"{path} is a value with a direction or a type, which programs read differently.")
    _scalar(value["@value"], path)


def _scalar(value: object, path: str) -> None:
    if isinstance(value, str):
        if _ODD.search(value):
            raise Failure(f"{path} has half a character.")
    elif isinstance(value, float) and not value.is_integer():
        size = abs(value)
        if not 1e-6 <= size < 1e15 or float(f"{value:.14e}") != value:
            raise Undecided(f"{path} is a number that programs write differently.")
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        if abs(value) > _MAX_INTEGER:
            raise Undecided(f"{path} is a number that is too large for many programs.")
    else:
        raise Failure(f"{path} is empty, which JSON-LD drops.")


def _types(node: Document, path: str) -> list[str]:
    types = listed(node.get("type", node.get("@type")))
    if not all(isinstance(name, str) for name in types) or ("type" in node and "@type" in node):
        raise Failure(f"{path}/type is not a text or a list of texts.")
    return types


def _merged(terms: Terms, contexts: object) -> Terms:
    """The terms after these contexts; null forgets all."""
    for context in contexts if isinstance(contexts, list) else [contexts]:
        found = load(context) if isinstance(context, str) else context
        if found is None:
            terms = {}
        elif isinstance(found, list):
            terms = _merged(terms, found)
        elif isinstance(found, dict):
            terms = {**terms, **found}
        else:
            raise Failure("A context is neither an address nor an object.")
    return terms


def is_iri(text: str) -> bool:
    if not _SCHEME.match(text) or _ODD.search(text):
        return False
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def _anonymous(value: object) -> int:
    """How many nodes have no id."""
    if isinstance(value, list):
        return sum(map(_anonymous, value))
    if not isinstance(value, dict):
        return 0
    inner = sum(_anonymous(item) for name, item in value.items() if name != "@context")
    return inner + ("id" not in value and "@id" not in value)
