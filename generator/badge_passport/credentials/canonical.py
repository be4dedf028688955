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
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import eq, itemgetter
from typing import Any, Final

import pyoxigraph

from badge_passport.credentials.contexts import (
    FORBIDDEN,
    PLAIN_IRI,
    UnsignableError,
    check_terms,
    inlined,
)
from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Undecided

__all__ = ["Canonizer", "Template", "UnsignableError", "canonical", "check_terms", "compile_shape"]

SHAPES: Final = 1024
"""Shapes that a `Canonizer` remembers; one takes some 20 kB."""

# What belongs to the shape although it may hold texts: the same for many documents, or more than a text.
_CONSTANT: Final = frozenset({"type", "issuer", "achievement", "cryptosuite", "proofPurpose"}) | {
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
_JSON: Final = '"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'

_ESCAPES: Final = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in (*range(32), 127)}
    | {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
)
_TERM: Final = re.compile(r'<[^>]*>|_:c14n[0-9]+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?', re.DOTALL)


# --- The canonical form ---------------------------------------------------------------------------------


def canonical(document: Document) -> str:
    """The canonical N-Quads of a document (RDFC-1.0 with SHA-256).

    What JSON-LD drops is not in it: `check_terms` first.
    """
    text = json.dumps(inlined(document))
    try:
        return _canonical_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    except SyntaxError as error:
        raise UnsignableError("", f"is not JSON-LD: {error.msg}.") from None


def _canonical_quads(quads: Iterable[Any]) -> str:
    dataset = pyoxigraph.Dataset(quads)
    if any(isinstance(quad.graph_name, pyoxigraph.BlankNode) for quad in dataset):
        # In graphs without a name the library counts a graph once where the standard counts each statement.
        data = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
        try:
            return canonical_quads(data.decode(), "sha256")
        except Undecided as error:
            raise UnsignableError("", f"cannot be put in order: {error}") from None
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    data = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    # By code points, which is the order of the bytes; other line separators stand unescaped in literals.
    return "".join(sorted(line + "\n" for line in data.decode().split("\n") if line))


# --- The same in microseconds ---------------------------------------------------------------------------


class UnfillableError(Exception):
    """A text that may change more than the statements it stands in."""


@dataclass(frozen=True, slots=True)
class Template:
    """The statements of a shape, with holes for texts and for the labels of blank nodes.

    ``_pool`` are all the fixed pieces; with the texts and the labels behind, ``_statements`` and ``_hashed``
    pick pieces in order. ``_hashed`` gives, for every blank node whose statements have holes, the input of
    its first-degree hash (RDFC-1.0, section 4.6); ``_hashes`` are those of the others.
    """

    iris: tuple[int, ...]
    _pool: tuple[str, ...]
    _fixed: tuple[str, ...]
    _statements: Callable[[Sequence[str]], tuple[str, ...]]
    _hashed: Callable[[Sequence[str]], tuple[str, ...]]
    _hashes: tuple[str, ...]
    _changing: int
    _nodes: int
    _named_graphs: bool

    def fill(self, values: Sequence[str]) -> str:
        """The canonical N-Quads with these texts in the holes.

        Raises `UnfillableError` when only `canonical` can tell, or when `check_terms` might refuse a text.
        """
        joined = "".join(values)
        if '"' in joined or "\\" in joined or not joined.isprintable():
            if FORBIDDEN.search(joined):
                raise UnfillableError
            pieces = (*self._pool, *(value.translate(_ESCAPES) for value in values))
        else:
            pieces = (*self._pool, *values)
        for hole in self.iris:
            if PLAIN_IRI.fullmatch(values[hole]) is None:
                raise UnfillableError
        hashes = self._first_degree(pieces) if self._nodes > 1 else ("",)
        if len(set(hashes)) < self._nodes:
            labels = tuple(f"_:b{number}" for number in range(self._nodes))
            text = "\n".join((*self._fixed, "".join(self._statements(pieces + labels))))
            return _canonical_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
        rank = {digest: f"_:c14n{number}" for number, digest in enumerate(sorted(hashes))}
        labels = tuple(rank[digest] for digest in hashes)[: self._nodes]
        text = "".join(self._statements(pieces + labels))
        lines = [*self._fixed, *text.split("\n")] if text else [*self._fixed]
        lines.sort()
        if _has_twins(lines):  # texts have made two statements the same one
            lines = [*dict.fromkeys(lines)]
        return "\n".join(lines) + "\n"

    def _first_degree(self, pieces: tuple[str, ...]) -> tuple[str, ...]:
        """The hash of every blank node, in the order of the labels that ``_statements`` picks."""
        if self._changing == 0:
            return self._hashes
        blocks = "".join(self._hashed(pieces)).split("\0")
        return (*(_block_hash(block.split("\n"), self._named_graphs) for block in blocks), *self._hashes)


@dataclass(frozen=True, slots=True)
class _Hole:
    number: int
    iri: bool


@dataclass(frozen=True, slots=True)
class _Node:
    label: str


_Piece = str | _Hole | _Node


def compile_shape(document: Document) -> Template | None:
    """The template for all documents of the shape of this one; None if they must go the long way."""
    shape, values = _read(document)
    # No document contains its own hash, so what has it in the result is a mark.
    own = hashlib.sha256(repr((shape, values)).encode("utf-8", "surrogatepass")).hexdigest()
    marked = _marked(document, (f"urn:x-{own}-{number}" for number in range(len(values))))
    try:
        quads = [_TERM.findall(line) for line in canonical(marked).split("\n")[:-1]]
        lines = [_pieces(quad, own) for quad in quads]
    except UnfillableError:
        return None
    return _template(lines, len(values), any(len(quad) > 3 for quad in quads)) if lines else None


def _pieces(quad: Sequence[str], own: str) -> list[_Piece]:
    """A statement, taken apart at the marks and the blank nodes."""
    pieces: list[_Piece] = []
    for term in quad:
        if term.startswith("_:"):
            pieces += [_Node(term), " "]
        elif own in term:
            mark = re.fullmatch(rf'([<"])urn:x-{own}-([0-9]+)([">].*)', term, re.DOTALL)
            if mark is None or mark[3] == _JSON:
                raise UnfillableError
            pieces += [mark[1], _Hole(int(mark[2]), mark[1] == "<"), mark[3] + " "]
        else:
            pieces.append(term + " ")
    return [*pieces, "."]


def _template(lines: Sequence[list[_Piece]], holes: int, named_graphs: bool) -> Template:
    about: dict[_Node, list[list[_Piece]]] = {}
    for line in lines:
        for node in dict.fromkeys(piece for piece in line if isinstance(piece, _Node)):
            about.setdefault(node, []).append([_seen_from(node, piece) for piece in line])
    texts = {node: _text(_joined(block, "\n")) for node, block in about.items()}
    constant = {node: text for node, text in texts.items() if text is not None}
    nodes = [*(node for node in about if node not in constant), *constant]
    fixed = [text for line in lines if (text := _text(line)) is not None]
    moving = _merged(_joined([line for line in lines if _text(line) is None], "\n"))
    hashed = _merged(_joined([_joined(about[node], "\n") for node in nodes if node not in constant], "\0"))
    pool = tuple(dict.fromkeys(piece for piece in ("", *moving, *hashed) if isinstance(piece, str)))
    index: dict[_Piece, int] = {piece: number for number, piece in enumerate(pool)}
    index |= {_Hole(hole, iri): len(pool) + hole for hole in range(holes) for iri in (True, False)}
    index |= {node: len(pool) + holes + number for number, node in enumerate(nodes)}
    return Template(
        iris=tuple(sorted({piece.number for piece in moving if isinstance(piece, _Hole) and piece.iri})),
        _pool=pool,
        _fixed=tuple(fixed),
        _statements=_picker([index[piece] for piece in moving]),
        _hashed=_picker([index[piece] for piece in hashed]),
        _hashes=tuple(_constant_hash(text) for text in constant.values()),
        _changing=len(nodes) - len(constant),
        _nodes=len(nodes),
        _named_graphs=named_graphs,
    )


def _seen_from(node: _Node, piece: _Piece) -> _Piece:
    """Blank nodes as their first-degree hash sees them (RDFC-1.0, section 4.6.3)."""
    return ("_:a" if piece == node else "_:z") if isinstance(piece, _Node) else piece


def _joined(parts: Sequence[Sequence[_Piece]], separator: str) -> list[_Piece]:
    joined: list[_Piece] = []
    for part in parts:
        joined += [separator, *part] if joined else part
    return joined


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The same pieces with constant ones that follow each other made one."""
    merged: list[_Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    return merged


def _text(pieces: Sequence[_Piece]) -> str | None:
    """The text of pieces that are all constant."""
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else None


def _picker(indices: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Items by index, as one call; piece 0 is empty and makes sure that there are two."""
    return itemgetter(0, 0, *indices)


def _constant_hash(block: str) -> str:
    return hashlib.sha256(("\n".join(sorted(block.split("\n"))) + "\n").encode()).hexdigest()


def _block_hash(lines: list[str], named_graphs: bool) -> str:
    """The first-degree hash from the statements about ``_:a``.

    Those that equal texts have made the same count once. Those with another blank node look alike here and
    are not the same; in a named graph, where the graph is another one, that cannot be told.
    """
    lines.sort()
    if _has_twins(lines):
        if named_graphs:
            raise UnfillableError
        others = [line for line in lines if line.startswith("_:z ") or line.endswith(" _:z .")]
        lines = sorted([*(set(lines).difference(others)), *others])
    return hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()


def _has_twins(lines: list[str]) -> bool:
    """Whether two of these sorted lines are equal."""
    return any(map(eq, lines, islice(lines, 1, None)))


class Canonizer:
    """`canonical`, far faster for documents of a shape that it has seen. Always gives the same text."""

    def __init__(self) -> None:
        # Of every shape its template, and whether `check_terms` has seen a document of it.
        self._shapes: dict[tuple[object, ...], tuple[Template | None, bool]] = {}

    def __call__(self, document: Document) -> str:
        """The canonical N-Quads of ``document``."""
        return self._canonical(document, check=False)

    def signable(self, document: Document) -> str:
        """The canonical N-Quads of ``document`` after `check_terms`, whose errors it raises."""
        return self._canonical(document, check=True)

    def _canonical(self, document: Document, *, check: bool) -> str:
        try:
            shape, values = _read(document)
            known = self._shapes.get(shape)
        except (TypeError, ValueError):  # values that JSON does not have, or very deep ones
            if check:
                check_terms(document)
            return canonical(document)
        if known is None or (check and not known[1]):
            if check:
                check_terms(document)
            known = (compile_shape(document) if known is None else known[0], check)
            self._remember(shape, known)
        template = known[0]
        try:
            if template is not None:
                return template.fill(values)
        except UnfillableError:
            pass
        if check:  # a shape is sound, and its texts are what may be odd here
            check_terms(document)
        return canonical(document)

    def _remember(self, shape: tuple[object, ...], known: tuple[Template | None, bool]) -> None:
        if shape not in self._shapes and len(self._shapes) >= SHAPES:
            del self._shapes[next(iter(self._shapes))]
        self._shapes[shape] = known


def _read(document: Document) -> tuple[tuple[object, ...], list[str]]:
    """The shape of a document and the texts in its holes.

    Two documents have equal shapes only if they differ in nothing but these texts: the shape is the number of
    entries of every object and list (inverted), every key, every constant as bytes, and None for a hole.
    """
    shape: list[object] = []
    values: list[str] = []
    _read_object(document, shape, values)
    return tuple(shape), values


def _read_object(node: Mapping[str, Any], shape: list[object], values: list[str]) -> None:
    shape.append(len(node))
    for key, value in node.items():
        shape.append(key)
        if key in _CONSTANT:
            shape.append(_constant(value))
        elif isinstance(value, str):
            shape.append(None)
            values.append(value)
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


def _constant(value: Any) -> bytes:
    """A value as bytes that no other value has; version 2 of the format writes equal values alike."""
    return marshal.dumps(value, 2)


def _marked(node: Mapping[str, Any], marks: Iterator[str]) -> Document:
    """A copy with the marks in the holes, in the order of `_read`."""
    return {key: value if key in _CONSTANT else _mark(value, marks) for key, value in node.items()}


def _mark(value: object, marks: Iterator[str]) -> object:
    if isinstance(value, str):
        return next(marks)
    if isinstance(value, dict):
        return _marked(value, marks)
    return [_mark(item, marks) for item in value] if isinstance(value, list) else value
