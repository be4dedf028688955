"""The canonical order and names of statements: RDF Dataset Canonicalization 1.0, sections 4.4 to 4.8.

The library that reads JSON-LD for us could do it too, but counts a graph once that a node without a name is in
several times, where the standard counts every statement; presentations of two alike credentials show it. So
this follows the text of the standard, and tests compare it with that library and with others.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from badge_passport.credentials.verification.steps import Undecided

WORK: Final = 20_000
"""Orders that are tried before giving up: some documents are made so that there is no end to them."""

LONG: Final = 200
"""Nodes in one order, beyond which nothing is tried."""

_TERM: Final = re.compile(r'<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?', re.DOTALL)
Quad = tuple[str, ...]


@dataclass
class _Names:
    """Names in the order in which they are given out (section 4.5)."""

    prefix: str
    given: dict[str, str] = field(default_factory=dict)

    def of(self, node: str) -> str:
        return self.given.setdefault(node, f"{self.prefix}{len(self.given)}")

    def copy(self) -> _Names:
        return _Names(self.prefix, dict(self.given))


def canonical_quads(text: str, name: str) -> str:
    """Canonical N-Quads of N-Quads, whose literals are spelt canonically already; ``name`` is of a hash."""
    quads = [tuple(_TERM.findall(line)) for line in text.split("\n") if line]
    return _Canonizer(quads, name).run()


class _Canonizer:
    def __init__(self, quads: list[Quad], name: str) -> None:
        self.quads, self.name, self.work = quads, name, 0
        self.names = _Names("_:c14n")
        self.about: dict[str, list[Quad]] = {}
        for quad in quads:
            for node in {term for term in quad if term.startswith("_:")}:
                self.about.setdefault(node, []).append(quad)
        self.first = {node: self.hash("".join(self._seen_from(node))) for node in self.about}

    def hash(self, text: str) -> str:
        return hashlib.new(self.name, text.encode()).hexdigest()

    def _seen_from(self, node: str) -> list[str]:
        """Hash First Degree Quads (section 4.6)."""
        return sorted(
            _line([("_:a" if t == node else "_:z") if t.startswith("_:") else t for t in quad])
            for quad in self.about[node]
        )

    def run(self) -> str:
        """Section 4.4.3."""
        alike: dict[str, list[str]] = defaultdict(list)
        for node, digest in self.first.items():
            alike[digest].append(node)
        for digest in sorted(alike):
            if len(alike[digest]) == 1:
                self.names.of(alike[digest][0])
        for digest in sorted(alike):
            if len(alike[digest]) > 1:
                self._name_alike(alike[digest])
        return "".join(
            sorted(_line([self.names.given.get(term, term) for term in quad]) for quad in self.quads)
        )

    def _name_alike(self, nodes: list[str]) -> None:
        found = []
        for node in nodes:
            if node not in self.names.given:
                names = _Names("_:b")
                names.of(node)
                found.append(self.n_degree(node, names))
        for _, names in sorted(found, key=lambda result: result[0]):
            for node in names.given:
                self.names.of(node)

    def _related(self, related: str, predicate: str, names: _Names, position: str) -> str:
        """Hash Related Blank Node (section 4.7)."""
        known = self.names.given.get(related) or names.given.get(related) or self.first[related]
        return self.hash(position + ("" if position == "g" else predicate) + known)

    def n_degree(self, node: str, names: _Names) -> tuple[str, _Names]:
        """Hash N-Degree Quads (section 4.8)."""
        around: dict[str, list[str]] = defaultdict(list)
        for quad in self.about[node]:
            for position, term in zip("spog", quad, strict=False):
                if term.startswith("_:") and term != node:
                    around[self._related(term, quad[1], names, position)].append(term)
        data = ""
        for digest in sorted(around):
            path, names = self._best(around[digest], names)
            data += digest + path
        return self.hash(data), names

    def _best(self, nodes: list[str], names: _Names) -> tuple[str, _Names]:
        """The least path through nodes that look alike, over all their orders."""
        best: tuple[str, _Names] | None = None
        for order in _orders(nodes):
            self.work += 1
            if self.work > WORK:
                raise Undecided("It has parts without an id that look alike, too many to order.")
            made = self._path(order, names.copy())
            if best is None or made[0] < best[0]:
                best = made
        if best is None:
            raise ValueError("there are no nodes to order")
        return best

    def _path(self, order: list[str], names: _Names) -> tuple[str, _Names]:
        path, unnamed = "", []
        for node in order:
            if node in self.names.given:
                path += self.names.given[node]
            else:
                if node not in names.given:
                    unnamed.append(node)
                path += names.of(node)
        for node in unnamed:
            digest, deeper = self.n_degree(node, names)
            path += f"{names.of(node)}<{digest}>"
            names = deeper
        return path, names


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """All orders, each once, also if a node comes several times."""
    left = Counter(nodes)
    if len(left) == 1:
        yield nodes
        return
    if len(nodes) > LONG:
        raise Undecided("It has parts without an id that look alike, too many to order.")

    def complete(order: list[str]) -> Iterator[list[str]]:
        if len(order) == len(nodes):
            yield [*order]
            return
        for node in [*left]:
            if left[node]:
                left[node] -= 1
                yield from complete([*order, node])
                left[node] += 1

    yield from complete([])


def _line(terms: list[str]) -> str:
    return " ".join((*terms, ".\n"))
