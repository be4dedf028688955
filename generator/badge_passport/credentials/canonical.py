"""The text that a proof covers: the canonical N-Quads of a document.

Sources: JSON-LD 1.1, RDF Dataset Canonicalization 1.0 (RDFC-1.0). `canonical` asks pyoxigraph, which takes
milliseconds, most of them for the contexts. `Canonizer` gives the same text in microseconds: it canonicalises
one document of every *shape* with marks in the places of its texts, keeps the statements, and does for other
documents of that shape what then depends on the texts: the first-degree hashes of the blank nodes, their
labels, and the order of the lines. What stands in many documents, badge and issuer, and what was signed just
before, are filled in once and composed with the rest. Whatever is out of the ordinary goes the long way.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

import pyoxigraph

from badge_passport.credentials.composing import Filled, Template, UnfillableError, composed
from badge_passport.credentials.contexts import (
    CONTEXTS,
    RECORD_CONTEXTS,
    UnsignableError,
    check_terms,
    inlined,
    narrowed,
)
from badge_passport.credentials.documents import Document, Finished
from badge_passport.credentials.templates import marks, template
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Undecided

__all__ = ["Canonizer", "Template", "UnsignableError", "canonical", "check_terms", "compile_shape"]

K = TypeVar("K")
V = TypeVar("V")
KEPT: Final = 8192
"""Shapes that a `Canonizer` remembers, and as many badges and issuers; one takes some 20 kB."""
LAST: Final = 16
"""Documents that it remembers, to compose records of them; a person seldom has more badges."""

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
# What stands in many documents and is filled in by itself, if nobody changes it any more: at the top and in
# the subject. There it says the same as alone, as no context has terms for what is in one of these alone.
_APART: Final = frozenset({"achievement", "issuer"})
_SUBJECT: Final = "credentialSubject"


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


def compile_shape(document: Document) -> Template | None:
    """The template for all documents of the shape of this one; None if they must go the long way."""
    shape, values = _read(document, [])
    # No document contains its own hash, so what has it in the result is a mark.
    mark = _mark_of(shape)
    text = _written(_read_as_json_ld(narrowed(_marked(document, marks(mark)))))
    return template(text, mark, len(values))


def _mark_of(value: object) -> str:
    return f"urn:x-{hashlib.sha256(repr(value).encode('utf-8', 'surrogatepass')).hexdigest()}-"


class Canonizer:
    """`canonical`, far faster for documents of a shape that it has seen. Always gives the same text."""

    def __init__(self) -> None:
        # Of every shape its template, and whether `check_terms` has seen a document of it.
        self._shapes: dict[tuple[object, ...], tuple[Template | None, bool]] = {}
        # What stands in many documents, by its bytes, by the contexts that it is read in, and as above.
        self._common: dict[tuple[object, ...], Filled] = {}
        self._last: dict[str, tuple[Document, list[Filled]]] = {}

    def __call__(self, document: Document) -> str:
        """The canonical N-Quads of ``document``."""
        return self._canonical(document, check=False)

    def signable(self, document: Document) -> str:
        """The canonical N-Quads of ``document`` after `check_terms`, whose errors it raises.

        Learner records, of which hardly two have one shape, are composed of their credentials.
        """
        return self._canonical(document, check=True)

    def _canonical(self, document: Document, *, check: bool) -> str:
        try:
            return composed(self._record(document) if check else self._parts(document, check=False))
        except (UnfillableError, UnsignableError):
            pass
        if check:  # a shape is sound, and its texts are what may be odd here
            check_terms(document)
        return canonical(document)

    def _record(self, document: Document) -> list[Filled]:
        """The parts of a document that may be a learner record; checks them."""
        apart = _apart(document)
        if apart is None:
            parts = self._parts(document, check=True)
            if isinstance(name := document.get("id"), str):
                _remember(self._last, name, (document, parts), LAST)
            return parts
        parts = self._parts(apart[0], check=True)
        for member in apart[1:]:
            parts += self._member(member)
        return parts

    def _member(self, member: Document) -> list[Filled]:
        """The parts of a credential in a record; of one that was signed just before, its proof is new."""
        document, parts = self._last.get(member["id"], ({}, []))
        if isinstance(member, Finished) and _is_signed(member, document):
            proof = {name: member[name] for name in ("@context", "id", "type", "proof")}
            return parts + self._parts(proof, check=True)
        return self._parts(member, check=True)

    def _parts(self, document: Document, *, check: bool) -> list[Filled]:
        """A document without what stands in many, and that; raises `UnfillableError` or `UnsignableError`."""
        inside: list[Finished] = []
        parts = [self._filled(document, inside, check=check)]
        for common in inside:
            contexts = document.get("@context", [])
            key = (common.packed, contexts if isinstance(contexts, str) else tuple(contexts), check)
            if (made := self._common.get(key)) is None:
                made = self._filled({"@context": contexts, **common}, [], check=check).settled()
                _remember(self._common, key, made, KEPT)
            parts.append(made)
        return parts

    def _filled(self, document: Document, inside: list[Finished], *, check: bool) -> Filled:
        """A document in its template; what is left out of it is added to ``inside``."""
        try:
            shape, values = _read(document, inside)
            known = self._shapes.get(shape)
        except (TypeError, ValueError):  # values that JSON does not have, or very deep ones
            raise UnfillableError from None
        if known is None or (check and not known[1]):
            if check:
                check_terms(document)
            known = (compile_shape(document) if known is None else known[0], check)
            _remember(self._shapes, shape, known, KEPT)
        if known[0] is None:
            raise UnfillableError
        return known[0].filled(values)


def _remember(kept: dict[K, V], key: K, value: V, most: int) -> None:
    if key not in kept and len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value


def _is_signed(signed: Document, document: Document) -> bool:
    """Whether this is the very document with a proof."""
    return (
        len(signed) == len(document) + 1
        and "proof" in signed
        and all(signed.get(name) is value for name, value in document.items())
    )


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
            if not all(isinstance(m, dict) and m.get("@context") == CONTEXTS for m in members):
                return None
            if not all(isinstance(member.get("id"), str) for member in members):
                return None
            named = {**subject, "verifiableCredential": [{"id": member["id"]} for member in members]}
            return [{**document, "credentialSubject": named}, *members]
    return None


def _read(document: Document, inside: list[Finished]) -> tuple[tuple[object, ...], list[str]]:
    """The shape of a document and the texts in its holes.

    Two documents have equal shapes only if they differ in nothing but these texts: the shape is the number of
    entries of every object and list (inverted), every key, every constant as text or bytes, and None for a
    hole. Of what is added to ``inside`` there is only the id.
    """
    shape: list[object] = []
    values: list[str] = []
    _read_object(document, shape, values, inside)
    return tuple(shape), values


def _read_object(
    node: Mapping[str, Any], shape: list[object], values: list[str], inside: list[Finished] | None = None
) -> None:
    add = shape.append  # this loop is a tenth of what a credential costs
    add(len(node))
    for key, value in node.items():
        add(key)
        if isinstance(value, str):
            if key in _WORDS:
                add(value)
            else:
                add(None)
                values.append(value)
        elif key in _WORDS:
            add(_constant(value))
        elif inside is not None and key in _APART and _is_apart(value):
            shape += _ID_ALONE
            values.append(value["id"])
            inside.append(value)
        elif isinstance(value, dict):
            _read_object(value, shape, values, inside if _is_subject(key, value) else None)
        else:
            _read_value(value, shape, values)


def _read_value(value: object, shape: list[object], values: list[str]) -> None:
    if isinstance(value, dict):
        _read_object(value, shape, values)
    elif isinstance(value, list):
        shape.append(~len(value))
        for item in value:
            _read_value(item, shape, values)
    elif isinstance(value, str):
        shape.append(None)
        values.append(value)
    else:
        shape.append(_constant(value))


_ID_ALONE: Final = (1, "id", None)  # the shape of an object with an id and nothing else


def _is_subject(key: str, value: Document) -> bool:
    return key == _SUBJECT and "@context" not in value


def _is_apart(value: object) -> bool:
    return isinstance(value, Finished) and isinstance(value.get("id"), str) and "@context" not in value


def _constant(value: Any) -> bytes:
    """A value as bytes that no other value has; version 2 of the format writes equal values alike."""
    return marshal.dumps(value, 2)


def _marked(node: Mapping[str, Any], marks: Iterator[str], apart: bool = True) -> Document:
    """A copy with the marks in the holes, in the order of `_read`."""
    made: Document = {}
    for key, value in node.items():
        if key in _WORDS:
            made[key] = value
        elif apart and key in _APART and _is_apart(value):
            made[key] = {"id": next(marks)}
        elif isinstance(value, dict):
            made[key] = _marked(value, marks, apart and _is_subject(key, value))
        else:
            made[key] = _mark(value, marks)
    return made


def _mark(value: object, marks: Iterator[str]) -> object:
    if isinstance(value, str):
        return next(marks)
    if isinstance(value, dict):
        return _marked(value, marks, apart=False)
    return [_mark(item, marks) for item in value] if isinstance(value, list) else value
