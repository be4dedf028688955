"""Templates of canonical N-Quads, made of statements with marks in the places of texts.

`composing` fills them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

from badge_passport.credentials.composing import Neighbours, Template, UnfillableError, picker

_TERM: Final = re.compile(r'<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?', re.DOTALL)
_DIGITS: Final = 6
_ENDS: Final = {"<": ">", '"': '"'}
_JSON: Final = '"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'


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
    quads = [_TERM.findall(line) for line in text.split("\n") if line]
    try:
        lines = [_pieces(quad, mark) for quad in quads]
    except UnfillableError:
        return None
    return _template(quads, lines, holes) if quads else None


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


def _template(quads: Sequence[Sequence[str]], lines: Sequence[list[_Piece]], holes: int) -> Template:
    about: dict[_Node, list[int]] = {}
    subjects: dict[_Piece, list[int]] = {}
    for number, line in enumerate(lines):
        for node in dict.fromkeys(piece for piece in line if isinstance(piece, _Node)):
            about.setdefault(node, []).append(number)
        subjects.setdefault(_subject(line), []).append(number)
    blocks = {
        node: _joined([[_seen_from(node, piece) for piece in lines[number]] for number in numbers], "\n")
        for node, numbers in about.items()
    }
    constant = {node: text for node, block in blocks.items() if (text := _text(block)) is not None}
    changing = [node for node in about if node not in constant]
    nodes = [*changing, *constant]
    hashed = _merged(_joined([blocks[node] for node in changing], "\0"))
    fixed: list[tuple[str, str]] = []
    names: list[_Piece] = []
    moving: list[list[_Piece]] = []
    loose: list[int] = []
    for name, numbers in subjects.items():
        paragraph, is_loose = _paragraph([(quads[n][1], lines[n]) for n in numbers])
        text = _text(paragraph)
        if isinstance(name, str) and text is not None:
            fixed.append((name, text))
            continue
        if is_loose:
            loose.append(len(moving))
        names.append(name)
        moving.append(paragraph)
    picked = _merged(_joined(moving, "\0"))
    pool = tuple(dict.fromkeys(p for p in ("", *picked, *names, *hashed) if isinstance(p, str)))
    index: dict[_Piece, int] = {piece: number for number, piece in enumerate(pool)}
    index |= {_Hole(hole, iri): len(pool) + hole for hole in range(holes) for iri in (True, False)}
    index |= {node: len(pool) + holes + number for number, node in enumerate(nodes)}
    said = {node: [quads[number] for number in numbers] for node, numbers in about.items()}
    return Template(
        iris=tuple(sorted({piece.number for piece in picked if isinstance(piece, _Hole) and piece.iri})),
        pool=pool,
        fixed=tuple(fixed),
        moving=picker([index[piece] for piece in picked]),
        subjects=picker([index[name] for name in names]),
        loose=tuple(loose),
        hashed=picker([index[piece] for piece in hashed]),
        in_graphs=tuple(any(len(quad) > 3 for quad in said[node]) for node in changing),
        hashes=tuple(map(_constant_hash, constant.values())),
        neighbours=tuple(_neighbours_of(node, said[node], nodes) for node in nodes),
    )


def _subject(line: Sequence[_Piece]) -> _Piece:
    """What a statement is about: a node, a hole, or an IRI without its brackets."""
    first = line[1] if line[0] == "<" else line[0]
    return first.strip("<> ") if isinstance(first, str) else first


def _paragraph(statements: Sequence[tuple[str, list[_Piece]]]) -> tuple[list[_Piece], bool]:
    """Statements about one subject, with their predicates, in order; and whether texts may change that.

    The order is that of the predicates, and with equal ones of what follows.
    """
    ordered = sorted(statements, key=lambda pair: (pair[0] + " ", _behind(pair[1]) or ""))
    times = Counter(predicate for predicate, _ in ordered)
    loose = any(times[predicate] > 1 and _behind(line) is None for predicate, line in ordered)
    return _joined([line for _, line in ordered], "\n"), loose


def _behind(line: Sequence[_Piece]) -> str | None:
    """What follows the subject of a statement, if that is constant."""
    return _text(line[3:] if line[0] == "<" else line[1:])


def _neighbours_of(node: _Node, quads: Sequence[Sequence[str]], nodes: Sequence[_Node]) -> Neighbours:
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


def _constant_hash(block: str) -> str:
    return hashlib.sha256(("\n".join(sorted(block.split("\n"))) + "\n").encode()).hexdigest()
