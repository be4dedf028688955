"""The text that a proof covers: the canonical N-Quads of a document.

Sources: JSON-LD 1.1, RDF Dataset Canonicalization 1.0 (RDFC-1.0). `canonical` asks pyoxigraph, which takes
milliseconds, most of them for the contexts. `Canonizer` gives the same text in microseconds: it canonicalises
one document of every *shape* with marks in the places of its texts, keeps the statements, and does for other
documents of that shape what then depends on the texts: the first-degree hashes of the blank nodes, their
labels, and the order of the lines. Whatever is out of the ordinary goes the long way.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph

from badge_passport.credentials.contexts import (
    CONTEXTS,
    RECORD_CONTEXTS,
    UnsignableError,
    check_terms,
    inlined,
    narrowed,
)
from badge_passport.credentials.documents import Document, Finished
from badge_passport.credentials.templates import (
    Template,
    UnfillableError,
    composed,
    marks,
    replaced,
    template,
)
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Undecided

__all__ = ["Canonizer", "Template", "UnsignableError", "canonical", "check_terms", "compile_shape"]

SHAPES: Final = 8192
"""Shapes that a `Canonizer` remembers; one takes some 20 kB.

A badge has one for each combination of optional parts, and as many in records."""

# What belongs to the structure although it may hold texts: they are words of JSON-LD or of a context.
_WORDS: Final = frozenset({"type", "cryptosuite", "proofPurpose"}) | {
    "@base",
    "@container",
    "@context",
    "@direction",
    "@graph",
    "@id",
    "@import",
    "@included",
    "@index",
    "@json",
    "@language",
    "@list",
    "@nest",
    "@none",
    "@prefix",
    "@propagate",
    "@protected",
    "@reverse",
    "@set",
    "@type",
    "@value",
    "@version",
    "@vocab",
}
# And what belongs to the shape: it is the same in many documents.
_CONSTANT: Final = _WORDS | {
    "achievement",
    "identityType",
    "image",
    "issuer",
    "statusListCredential",
    "statusPurpose",
    "verificationMethod",
}


# --- The canonical form ---------------------------------------------------------------------------------


def canonical(document: Document) -> str:
    """The canonical N-Quads of a document (RDFC-1.0 with SHA-256).

    What JSON-LD drops is not in it: `check_terms` first.
    """
    dataset = _read_as_json_ld(inlined(document))
    if any(isinstance(quad.graph_name, pyoxigraph.BlankNode) for quad in dataset):
        # In graphs without a name the library counts a graph once where the standard counts each statement.
        try:
            return canonical_quads(_written(dataset), "sha256")
        except Undecided as error:
            raise UnsignableError("", f"cannot be put in order: {error}") from None
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    # By code points, which is the order of the bytes; other line separators stand unescaped in literals.
    return "".join(sorted(line + "\n" for line in _written(dataset).split("\n") if line))


def _read_as_json_ld(document: Document) -> pyoxigraph.Dataset:
    """The statements of a document that has its contexts in it."""
    text = json.dumps(document)
    try:
        return pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    except SyntaxError as error:
        raise UnsignableError("", f"is not JSON-LD: {error.msg}.") from None


def _written(dataset: pyoxigraph.Dataset) -> str:
    return (pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode()


# --- The same in microseconds ---------------------------------------------------------------------------


Structures = dict[tuple[object, ...], tuple[str, str] | None]
"""Of every structure the N-Quads with marks for all texts, and the mark; None if texts may change more."""


def compile_shape(document: Document, structures: Structures | None = None) -> Template | None:
    """The template for all documents of the shape of this one; None if they must go the long way.

    ``structures`` remembers what pyoxigraph has read: badges differ in texts, and few of them in structure.
    """
    shape, values = _read(document)
    # No document contains its own hash, so what has it in the result is a mark.
    mark = _mark_of((shape, values))
    marked = _marked(document, marks(mark))
    return template(_statements(marked, {} if structures is None else structures), mark, len(values))


def _statements(document: Document, structures: Structures) -> str:
    """The N-Quads of a document, by way of one of the same structure with marks for all its texts."""
    structure, texts = _read(document, _WORDS)
    if structure not in structures:
        mark = _mark_of(structure)
        text = _written(_read_as_json_ld(narrowed(_marked(document, marks(mark), _WORDS))))
        structures[structure] = (text, mark) if template(text, mark, len(texts)) else None
    try:
        if (known := structures[structure]) is not None:
            return replaced(*known, texts)
    except UnfillableError:
        pass
    return _written(_read_as_json_ld(narrowed(document)))


def _mark_of(value: object) -> str:
    return f"urn:x-{hashlib.sha256(repr(value).encode('utf-8', 'surrogatepass')).hexdigest()}-"


class Canonizer:
    """`canonical`, far faster for documents of a shape that it has seen. Always gives the same text."""

    def __init__(self) -> None:
        # Of every shape its template, and whether `check_terms` has seen a document of it.
        self._shapes: dict[tuple[object, ...], tuple[Template | None, bool]] = {}
        self._structures: Structures = {}

    def __call__(self, document: Document) -> str:
        """The canonical N-Quads of ``document``."""
        return self._canonical([document], document, check=False)

    def signable(self, document: Document) -> str:
        """The canonical N-Quads of ``document`` after `check_terms`, whose errors it raises.

        Learner records, of which hardly two have one shape, are composed of their credentials.
        """
        return self._canonical(_apart(document) or [document], document, check=True)

    def _canonical(self, parts: Sequence[Document], whole: Document, *, check: bool) -> str:
        try:
            filled = [self._filling(part, check=check) for part in parts]
            return composed(filled)
        except UnfillableError:
            pass
        if check:  # a shape is sound, and its texts are what may be odd here
            check_terms(whole)
        return canonical(whole)

    def _filling(self, document: Document, *, check: bool) -> tuple[Template, Sequence[str]]:
        """The template of a document, and its texts; raises `UnfillableError` if it has none."""
        try:
            shape, values = _read(document)
            known = self._shapes.get(shape)
        except (TypeError, ValueError):  # values that JSON does not have, or very deep ones
            raise UnfillableError from None
        if known is None or (check and not known[1]):
            if check:
                check_terms(document)
            known = (compile_shape(document, self._structures) if known is None else known[0], check)
            self._remember(shape, known)
        if known[0] is None:
            raise UnfillableError
        return known[0], values

    def _remember(self, shape: tuple[object, ...], known: tuple[Template | None, bool]) -> None:
        if shape not in self._shapes and len(self._shapes) >= SHAPES:
            del self._shapes[next(iter(self._shapes))]
        self._shapes[shape] = known


def _apart(document: Document) -> list[Document] | None:
    """A learner record without its credentials, and these; None for anything else.

    In its contexts a credential is read in a record as it is by itself: they add no terms that one may use
    (`check_terms` refuses them there), and its statements are in the same graph. Of a presentation neither
    is true.
    """
    if document.get("@context") != RECORD_CONTEXTS:
        return None
    match document:
        case {
            "type": ["VerifiableCredential", "ClrCredential"],
            "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": list(members)} as subject,
        }:
            if not all(isinstance(m, dict) and m.get("@context") == CONTEXTS and "id" in m for m in members):
                return None
            named = {**subject, "verifiableCredential": [{"id": member["id"]} for member in members]}
            return [{**document, "credentialSubject": named}, *members]
    return None


def _read(document: Document, constant: frozenset[str] = _CONSTANT) -> tuple[tuple[object, ...], list[str]]:
    """The shape of a document and the texts in its holes.

    Two documents have equal shapes only if they differ in nothing but these texts: the shape is the number of
    entries of every object and list (inverted), every key, every constant as text or bytes, and None for a
    hole.
    """
    shape: list[object] = []
    values: list[str] = []
    _read_object(document, shape, values, constant)
    return tuple(shape), values


def _read_object(
    node: Mapping[str, Any], shape: list[object], values: list[str], constant: frozenset[str]
) -> None:
    add = shape.append  # this loop is a tenth of what a credential costs
    add(len(node))
    for key, value in node.items():
        add(key)
        if isinstance(value, str):
            if key in constant:
                add(value)
            else:
                add(None)
                values.append(value)
        elif key in constant:
            add(_constant(value))
        else:
            _read_value(value, shape, values, constant)


def _read_value(value: object, shape: list[object], values: list[str], constant: frozenset[str]) -> None:
    if isinstance(value, dict):
        _read_object(value, shape, values, constant)
    elif isinstance(value, list):
        shape.append(~len(value))
        for item in value:
            _read_value(item, shape, values, constant)
    elif isinstance(value, str):
        shape.append(None)
        values.append(value)
    else:
        shape.append(_constant(value))


def _constant(value: Any) -> bytes:
    """A value as bytes that no other value has; version 2 of the format writes equal values alike."""
    return value.packed if isinstance(value, Finished) else marshal.dumps(value, 2)


def _marked(node: Mapping[str, Any], marks: Iterator[str], constant: frozenset[str] = _CONSTANT) -> Document:
    """A copy with the marks in the holes, in the order of `_read`."""
    return {key: value if key in constant else _mark(value, marks, constant) for key, value in node.items()}


def _mark(value: object, marks: Iterator[str], constant: frozenset[str]) -> object:
    if isinstance(value, str):
        return next(marks)
    if isinstance(value, dict):
        return _marked(value, marks, constant)
    return [_mark(item, marks, constant) for item in value] if isinstance(value, list) else value
