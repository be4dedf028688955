"""Canonical N-Quads, filled in and composed: what is left of RDFC-1.0 once the shape of a document is known.

Source: RDF Dataset Canonicalization 1.0. A `Template` keeps the statements of all documents of one shape;
what is `Filled` has the texts of one document. What says something of a blank node stands in one document,
and the first-degree hash of a node depends on nothing else: so the text of a document that others stand in is
composed of what is filled for all of them, without reading it as a whole.

In the order of the lines, those about one subject follow each other. They are a *paragraph*: paragraphs are
put in order, and not the lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Final, NamedTuple

from badge_passport.credentials.contexts import FORBIDDEN, PLAIN_IRI
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Undecided

_ESCAPES: Final = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in (*range(32), 127)}
    | {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
)
_LABEL: Final = re.compile("\x01([0-9]+)\x01")  # a place for a label; no text has such a character

Neighbours = tuple[tuple[str, int, int], ...]
"""Of a blank node: how another is related to it (section 4.7), which one, and in how many statements."""
Picker = Callable[[Sequence[str]], tuple[str, ...]]
"""Picks pieces in order, after two empty ones."""


class UnfillableError(Exception):
    """A text that may change more than the statements it stands in."""


@dataclass(frozen=True, slots=True)
class Template:
    """The statements of a shape, with holes for texts and for the labels of blank nodes.

    ``pool`` are all the fixed pieces. With the texts and the labels behind, ``moving`` picks those of all
    paragraphs that have holes, with a zero between paragraphs, and ``subjects`` what these are about;
    ``loose`` are the numbers of those whose lines have to be put in order. ``fixed`` are the others, by their
    subjects. ``hashed`` gives, for every blank node whose statements have holes, the input of its
    first-degree hash (RDFC-1.0, section 4.6), and ``in_graphs`` whether one of them is in a graph; ``hashes``
    are the hashes of the other nodes. ``neighbours`` has all nodes, in the order of the labels. ``iris`` are
    the holes that only IRIs may fill.
    """

    iris: tuple[int, ...]
    pool: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]
    moving: Picker
    subjects: Picker
    loose: tuple[int, ...]
    hashed: Picker
    in_graphs: tuple[bool, ...]
    hashes: tuple[str, ...]
    neighbours: tuple[Neighbours, ...]

    def filled(self, values: Sequence[str]) -> Filled:
        """The statements with these texts in the holes.

        Raises `UnfillableError` when only the long way can tell, or when `check_terms` might refuse a text.
        """
        joined = "".join(values)
        if _is_plain(joined):
            pieces = (*self.pool, *values)
        elif FORBIDDEN.search(joined):
            raise UnfillableError
        else:
            pieces = (*self.pool, *(value.translate(_ESCAPES) for value in values))
        for hole in self.iris:
            if not _is_plain_iri(values[hole]):
                raise UnfillableError
        if not self.in_graphs:
            return Filled(self, pieces, self.hashes)
        blocks = "".join(self.hashed(pieces)).split("\0")
        return Filled(self, pieces, (*map(_block_hash, blocks, self.in_graphs), *self.hashes))


class Filled(NamedTuple):
    """What one document says: a template, its pieces and texts, and the first-degree hashes of its nodes."""

    template: Template
    pieces: tuple[str, ...]
    hashes: tuple[str, ...]

    def paragraphs(self, labels: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The paragraphs that have holes, by their subjects, with these labels."""
        template, everything = self.template, (*self.pieces, *labels)
        texts = "".join(template.moving(everything)).split("\0")
        for number in template.loose:
            texts[number] = _sorted(texts[number])
        return zip(template.subjects(everything)[2:], texts, strict=False)

    def settled(self) -> Filled:
        """The same for what comes again and again: all that does not depend on labels is put together."""
        fixed, subjects, pieces, loose = [*self.template.fixed], list[str | int](), list[str | int](), []
        marks = [f"\1{number}\1" for number in range(len(self.hashes))]
        for number, (subject, text) in enumerate(self.paragraphs(marks)):
            apart = _apart(text)
            if len(apart) == 1:
                fixed.append((subject, text))
                continue
            if number in self.template.loose:
                loose.append(len(subjects))
            pieces += ["\0", *apart] if subjects else apart
            subjects += [piece for piece in _apart(subject) if piece != ""]
        pool = (
            "",
            *dict.fromkeys(piece for piece in (*pieces, *subjects) if isinstance(piece, str) and piece),
        )
        index = {piece: number for number, piece in enumerate(pool)}

        def picker_of(pieces: Sequence[str | int]) -> Picker:
            return picker([index[p] if isinstance(p, str) else len(pool) + p for p in pieces])

        template = Template(
            iris=(),
            pool=pool,
            fixed=tuple(fixed),
            moving=picker_of(pieces),
            subjects=picker_of(subjects),
            loose=tuple(loose),
            hashed=picker([]),
            in_graphs=(),
            hashes=self.hashes,
            neighbours=self.template.neighbours,
        )
        return template.filled([])


def picker(indices: Sequence[int]) -> Picker:
    """Items by index, as one call; piece 0 is empty and makes sure that there are two."""
    return itemgetter(0, 0, *indices)


def _apart(text: str) -> list[str | int]:
    """A text, taken apart at the marks for labels, which become numbers."""
    return [int(piece) if number % 2 else piece for number, piece in enumerate(_LABEL.split(text))]


# --- Composing ------------------------------------------------------------------------------------------


def composed(parts: Sequence[Filled]) -> str:
    """The canonical N-Quads of all these documents together.

    Statements that two of them make count once; their blank nodes are different ones.

    Raises `UnfillableError` when only the long way can tell.
    """
    hashes = [digest for part in parts for digest in part.hashes]
    if len(set(hashes)) == len(hashes):
        rank = {digest: f"_:c14n{number}" for number, digest in enumerate(sorted(hashes))}
        labels: list[str] | None = [rank[digest] for digest in hashes]
    else:
        labels = _labels_of_twins(hashes, parts)
    if labels is None:
        return _the_long_way(_paragraphs(parts, [f"_:b{number}" for number in range(len(hashes))]))
    return "\n".join(sorted(_paragraphs(parts, labels))) + "\n"


def _paragraphs(parts: Sequence[Filled], labels: Sequence[str]) -> Iterable[str]:
    """All paragraphs of these documents, one for each subject."""
    found: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    start = 0
    for part in parts:
        end = start + len(part.hashes)
        for subject, text in chain(part.template.fixed, part.paragraphs(labels[start:end])):
            known = found.setdefault(subject, text)
            if known is not text and known != text:  # one says more than the other
                more.setdefault(subject, [known]).append(text)
        start = end
    for subject, texts in more.items():
        found[subject] = _sorted("\n".join(texts))
    return found.values()


def _sorted(text: str) -> str:
    """Lines in order, each once."""
    return "\n".join(sorted({*text.split("\n")}))


def _the_long_way(paragraphs: Iterable[str]) -> str:
    try:
        return canonical_quads("\n".join(paragraphs), "sha256")
    except Undecided:
        raise UnfillableError from None


def _labels_of_twins(hashes: Sequence[str], parts: Sequence[Filled]) -> list[str] | None:
    """The labels of nodes of which some have equal first-degree hashes; None if this is not enough to tell.

    The identity of a person stands in each of their credentials, and the statements about it are the same in
    all; what differs is where it stands. As long as all neighbours have hashes of their own, and so labels,
    the hash over them (section 4.8) goes one step and no further.
    """
    seen, again = set[str](), set[str]()
    for digest in hashes:
        (again if digest in seen else seen).add(digest)
    rank = {digest: f"_:c14n{number}" for number, digest in enumerate(sorted(seen - again))}
    labels = [rank.get(digest, "") for digest in hashes]
    twins: dict[str, list[tuple[str, int]]] = {digest: [] for digest in sorted(again)}
    start = 0
    for part in parts:
        for number, neighbours in enumerate(part.template.neighbours, start):
            if not labels[number]:
                further = _further(neighbours, labels, start)
                if further is None:
                    return None
                twins[hashes[number]].append((further, number))
        start += len(part.hashes)
    given = len(rank)
    for alike in twins.values():
        alike.sort()
        if alike[0][0] and len({further for further, _ in alike}) < len(alike):
            return None
        # Those that have no neighbours are alike in everything: any order gives the same text.
        for _, number in alike:
            labels[number] = f"_:c14n{given}"
            given += 1
    return labels


def _further(neighbours: Neighbours, labels: Sequence[str], start: int) -> str | None:
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


@lru_cache(4096)  # those of badges and issuers come again and again
def _is_plain_iri(text: str) -> bool:
    return PLAIN_IRI.fullmatch(text) is not None


@lru_cache(4096)
def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(1024)  # an identity is the same in all credentials of a person, and each stands in two documents
def _block_hash(block: str, in_graph: bool) -> str:
    """The first-degree hash from the statements about ``_:a``.

    Those that equal texts have made the same count once. Those with another blank node look alike here and
    are not the same; in a named graph, where the graph is another one, that cannot be told.
    """
    lines = block.split("\n")
    lines.sort()
    if len(set(lines)) < len(lines):
        if in_graph:
            raise UnfillableError
        others = [line for line in lines if line.startswith("_:z ") or line.endswith(" _:z .")]
        lines = sorted([*(set(lines).difference(others)), *others])
    return hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()
