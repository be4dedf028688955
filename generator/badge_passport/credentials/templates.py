"""Canonical N-Quads, filled into templates: what is left of RDFC-1.0 once the shape of a document is known.

Source: RDF Dataset Canonicalization 1.0. A `Template` keeps the statements of all documents of one shape. For
one of them it hashes the blank nodes, labels them, and sorts the lines. What says something of a blank node
stands in one document, and the first-degree hash of a node depends on nothing else: so the text of a document
that others stand in is composed of the templates of all of them, without reading it as a whole.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from operator import eq, itemgetter
from typing import Final, NamedTuple

from badge_passport.credentials.contexts import FORBIDDEN, PLAIN_IRI
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Undecided

_ESCAPES: Final = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in (*range(32), 127)}
    | {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
)
_TERM: Final = re.compile(r'<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?', re.DOTALL)
_DIGITS: Final = 6
_ENDS: Final = {"<": ">", '"': '"'}
_JSON: Final = '"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'

_Neighbours = tuple[tuple[str, int, int], ...]
"""Of a blank node: how another is related to it (section 4.7), which one, and in how many statements."""


class UnfillableError(Exception):
    """A text that may change more than the statements it stands in."""


@dataclass(frozen=True, slots=True)
class Template:
    """The statements of a shape, with holes for texts and for the labels of blank nodes.

    ``_pool`` are all the fixed pieces; with the texts and the labels behind, ``_statements`` and ``_hashed``
    pick pieces in order. ``_hashed`` gives, for every blank node whose statements have holes, the input of
    its first-degree hash (RDFC-1.0, section 4.6), and ``_in_graphs`` whether one of them is in a graph;
    ``_hashes`` are the hashes of the other nodes. ``_neighbours`` has all nodes, in the order of the labels.
    """

    _iris: tuple[int, ...]
    _pool: tuple[str, ...]
    _fixed: tuple[str, ...]
    _statements: Callable[[Sequence[str]], tuple[str, ...]]
    _hashed: Callable[[Sequence[str]], tuple[str, ...]]
    _in_graphs: tuple[bool, ...]
    _hashes: tuple[str, ...]
    _neighbours: tuple[_Neighbours, ...]

    def fill(self, values: Sequence[str]) -> str:
        """The canonical N-Quads with these texts in the holes.

        Raises `UnfillableError` when only the long way can tell, or when `check_terms` might refuse a text.
        """
        return composed([(self, values)])

    def pieces(self, values: Sequence[str]) -> tuple[str, ...]:
        """The pool, and the texts as statements have them; raises `UnfillableError`."""
        joined = "".join(values)
        if _is_plain(joined):
            pieces = (*self._pool, *values)
        elif FORBIDDEN.search(joined):
            raise UnfillableError
        else:
            pieces = (*self._pool, *(value.translate(_ESCAPES) for value in values))
        for hole in self._iris:
            if not _is_plain_iri(values[hole]):
                raise UnfillableError
        return pieces

    def first_degree(self, pieces: tuple[str, ...]) -> Sequence[str]:
        """The hash of every blank node, in the order of the labels."""
        if not self._in_graphs:
            return self._hashes
        blocks = "".join(self._hashed(pieces)).split("\0")
        return (*map(_block_hash, blocks, self._in_graphs), *self._hashes)

    def moving(self, pieces: tuple[str, ...], labels: Sequence[str]) -> list[str]:
        """The statements that are not the same in all documents, unsorted, with these labels."""
        text = "".join(self._statements((*pieces, *labels)))
        return text.split("\n") if text else []


# --- Filling --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A template with its texts, and the number of its first blank node."""

    template: Template
    pieces: tuple[str, ...]
    start: int


def composed(documents: Iterable[tuple[Template, Sequence[str]]]) -> str:
    """The canonical N-Quads of all these documents together: each a template and the texts in its holes.

    Statements that two of them make count once; their blank nodes are different ones.

    Raises `UnfillableError` as `Template.fill` does.
    """
    parts: list[_Part] = []
    hashes: list[str] = []
    for template, values in documents:
        pieces = template.pieces(values)
        parts.append(_Part(template, pieces, len(hashes)))
        hashes += template.first_degree(pieces)
    if len(set(hashes)) == len(hashes):
        rank = {digest: f"_:c14n{number}" for number, digest in enumerate(sorted(hashes))}
        labels: list[str] | None = [rank[digest] for digest in hashes]
    else:
        labels = _labels_of_twins(hashes, parts)
    if labels is None:
        return _the_long_way(_lines(parts, [f"_:b{number}" for number in range(len(hashes))]))
    lines = _lines(parts, labels)
    if len(parts) > 1:  # they all say who the issuer is
        lines = [*dict.fromkeys(lines)]
    lines.sort()
    if _has_twins(lines):  # texts have made two statements the same one
        lines = [*dict.fromkeys(lines)]
    return "\n".join(lines) + "\n"


def _lines(parts: Sequence[_Part], labels: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        end = part.start + len(part.template._neighbours)
        lines += part.template._fixed
        lines += part.template.moving(part.pieces, labels[part.start : end])
    return lines


def _the_long_way(lines: Sequence[str]) -> str:
    try:
        return canonical_quads("\n".join(dict.fromkeys(lines)), "sha256")
    except Undecided:
        raise UnfillableError from None


def _labels_of_twins(hashes: Sequence[str], parts: Sequence[_Part]) -> list[str] | None:
    """The labels of nodes of which some have equal first-degree hashes; None if this is not enough to tell.

    The identity of a person stands in each of their credentials, and the statements about it are the same in
    all; what differs is where it stands. As long as all neighbours have hashes of their own, and so labels,
    the hash over them (section 4.8) goes one step and no further.
    """
    times = Counter(hashes)
    alone = sorted(digest for digest in hashes if times[digest] == 1)
    rank = {digest: f"_:c14n{number}" for number, digest in enumerate(alone)}
    labels = [rank.get(digest, "") for digest in hashes]
    twins: dict[str, list[tuple[str, int]]] = {digest: [] for digest in sorted(times) if times[digest] > 1}
    for part in parts:
        for number, neighbours in enumerate(part.template._neighbours, part.start):
            if not labels[number]:
                further = _further(neighbours, labels, part.start)
                if further is None:
                    return None
                twins[hashes[number]].append((further, number))
    given = len(alone)
    for alike in twins.values():
        alike.sort()
        if alike[0][0] and len({further for further, _ in alike}) < len(alike):
            return None
        # Those that have no neighbours are alike in everything: any order gives the same text.
        for _, number in alike:
            labels[number] = f"_:c14n{given}"
            given += 1
    return labels


def _further(neighbours: _Neighbours, labels: Sequence[str], start: int) -> str | None:
    """The hash over the neighbours of a node (Hash N-Degree Quads, section 4.8), empty if it has none."""
    if not neighbours:
        return ""
    around = []
    for relation, other, times in neighbours:
        label = labels[start + other]
        if not label:
            return None
        around.append((_hash(relation + label), label * times))
    return _hash("".join(digest + path for digest, path in sorted(around)))


def _is_plain(text: str) -> bool:
    """Whether a text is written in N-Quads as it is."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _is_plain_iri(text: str) -> bool:
    return PLAIN_IRI.fullmatch(text) is not None


@lru_cache(4096)
def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- Compiling ------------------------------------------------------------------------------------------


class _Hole(NamedTuple):
    number: int
    iri: bool


class _Node(NamedTuple):
    label: str


_Piece = str | _Hole | _Node


def marks(mark: str) -> Iterator[str]:
    """What stands in the holes while a template is made: numbered absolute IRIs, all of one length."""
    return (f"{mark}{number:0{_DIGITS}}" for number in count())


def template(text: str, mark: str, holes: int) -> Template | None:
    """The template of N-Quads (literals as in canonical ones, no line twice) with `marks` for the texts.

    None if a mark has become something else, so that documents of this shape must go the long way.
    """
    fixed: list[str] = []
    quads: list[list[str]] = []
    for line in text.split("\n"):
        if mark in line or "_:" in line:
            quads.append(_TERM.findall(line))
        elif line:
            fixed.append(line)
    try:
        lines = [_pieces(quad, mark) for quad in quads]
    except UnfillableError:
        return None
    return _template(fixed, quads, lines, holes) if quads else None


def replaced(text: str, mark: str, values: Sequence[str]) -> str:
    """N-Quads with these texts in the places of their `marks`; no line comes twice.

    Raises `UnfillableError` for a text with which the statements might be others.
    """

    def written(found: re.Match[str]) -> str:
        value = values[int(found[2])]
        if found[1] == "<" and not _is_plain_iri(value):
            raise UnfillableError
        if _is_plain(value):
            return found[1] + value
        if FORBIDDEN.search(value):
            raise UnfillableError
        return found[1] + value.translate(_ESCAPES)

    lines = re.sub(f'([<"]){mark}([0-9]{{{_DIGITS}}})', written, text).split("\n")
    return "\n".join(dict.fromkeys(lines))


def _pieces(quad: Sequence[str], mark: str) -> list[_Piece]:
    """A statement, taken apart at the marks and the blank nodes."""
    pieces: list[_Piece] = []
    for term in quad:
        if term.startswith("_:"):
            pieces += [_Node(term), " "]
        elif mark in term:
            before, _, after = term.partition(mark)
            number, end = after[:_DIGITS], after[_DIGITS:]
            if before not in ("<", '"') or not end.startswith(_ENDS[before]) or end == _JSON or mark in end:
                raise UnfillableError
            pieces += [before, _Hole(int(number), before == "<"), end + " "]
        else:
            pieces.append(term + " ")
    return [*pieces, "."]


def _template(
    fixed: Sequence[str], quads: Sequence[Sequence[str]], lines: Sequence[list[_Piece]], holes: int
) -> Template:
    about: dict[_Node, list[int]] = {}
    for number, line in enumerate(lines):
        for node in dict.fromkeys(piece for piece in line if isinstance(piece, _Node)):
            about.setdefault(node, []).append(number)
    blocks = {
        node: _joined([[_seen_from(node, piece) for piece in lines[number]] for number in numbers], "\n")
        for node, numbers in about.items()
    }
    constant = {node: text for node, block in blocks.items() if (text := _text(block)) is not None}
    changing = [node for node in about if node not in constant]
    nodes = [*changing, *constant]
    constants = [*fixed, *(text for line in lines if (text := _text(line)) is not None)]
    moving = _merged(_joined([line for line in lines if _text(line) is None], "\n"))
    hashed = _merged(_joined([blocks[node] for node in changing], "\0"))
    pool = tuple(dict.fromkeys(piece for piece in ("", *moving, *hashed) if isinstance(piece, str)))
    index: dict[_Piece, int] = {piece: number for number, piece in enumerate(pool)}
    index |= {_Hole(hole, iri): len(pool) + hole for hole in range(holes) for iri in (True, False)}
    index |= {node: len(pool) + holes + number for number, node in enumerate(nodes)}
    said = {node: [quads[number] for number in numbers] for node, numbers in about.items()}
    return Template(
        _iris=tuple(sorted({piece.number for piece in moving if isinstance(piece, _Hole) and piece.iri})),
        _pool=pool,
        _fixed=tuple(sorted(map(sys.intern, constants))),
        _statements=_picker([index[piece] for piece in moving]),
        _hashed=_picker([index[piece] for piece in hashed]),
        _in_graphs=tuple(any(len(quad) > 3 for quad in said[node]) for node in changing),
        _hashes=tuple(map(_constant_hash, constant.values())),
        _neighbours=tuple(_neighbours_of(node, said[node], nodes) for node in nodes),
    )


def _neighbours_of(node: _Node, quads: Sequence[Sequence[str]], nodes: Sequence[_Node]) -> _Neighbours:
    index = {other.label: number for number, other in enumerate(nodes) if other != node}
    found = Counter(
        (position if position == "g" else position + quad[1], index[term])
        for quad in quads
        for position, term in zip("spog", quad, strict=False)
        if term in index
    )
    return tuple((relation, other, times) for (relation, other), times in found.items())


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


@lru_cache(1024)  # an identity is the same in all credentials of a person, and each stands in two documents
def _block_hash(block: str, in_graph: bool) -> str:
    """The first-degree hash from the statements about ``_:a``.

    Those that equal texts have made the same count once. Those with another blank node look alike here and
    are not the same; in a named graph, where the graph is another one, that cannot be told.
    """
    lines = block.split("\n")
    lines.sort()
    if _has_twins(lines):
        if in_graph:
            raise UnfillableError
        others = [line for line in lines if line.startswith("_:z ") or line.endswith(" _:z .")]
        lines = sorted([*(set(lines).difference(others)), *others])
    return hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()


def _has_twins(lines: list[str]) -> bool:
    """Whether two of these sorted lines are equal."""
    return any(map(eq, lines, islice(lines, 1, None)))
