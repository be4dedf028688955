"""Whom a change concerns: whose files changed, or who is named, now or before, in awards that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from badge_passport.registry.known import Known
from badge_passport.registry.lines import Held
from badge_passport.registry.load import ERASED, load
from badge_passport.source.files import Tree

AWARDS, PEOPLE, PAGES = "content/awards/", "content/participants/", "content/pages/"
OVERLAYS = "private/participants/"
FEW, MOST = 20, 0.2
"""A change that concerns more people than a few, and than this share of all, is checked as a whole."""


class Files:
    """The files of people, and the tables that name them, now and before."""

    def __init__(self, tree: Tree, held: Held) -> None:
        self._tree, self._held = tree, held
        self.changed: set[str] = set()
        self._tables = [*held.tables]
        self._by_badge: dict[str, dict[str, set[int]]] = {}

    def of(self, slugs: Iterable[str]) -> list[str]:
        """All that is there of some people."""
        wanted = set(slugs)
        tables = {name for slug in wanted for name in self._naming(slug)}
        paths = {*tables, *self.changed}
        paths |= {f"{table[:-4]}.yml" for table in tables if table.endswith(".csv")}
        paths |= {f"{folder}{slug}.yml" for folder in (PEOPLE, OVERLAYS) for slug in wanted}
        paths |= {path for slug in wanted for path in self._others.get(slug, ())}
        return [path for path in paths if path in self._tree.files]

    def named(self, tables: Iterable[str]) -> set[str]:
        """Whom some tables named before."""
        wanted = set(tables)
        numbers = {number for number, name in enumerate(self._tables) if name in wanted}
        refs = {ref for name in wanted for ref in self._held.tables[name]}
        return {slug for ref in refs for slug, own in self._of(ref).items() if not numbers.isdisjoint(own)}

    def _naming(self, slug: str) -> Iterator[str]:
        """The tables that named a person."""
        if slug in self._held.private:
            yield from self._held.private[slug][0]
            return
        for ref in self._held.refs_of(slug):
            yield from (self._tables[number] for number in self._of(ref).get(slug, ()) if number >= 0)

    def _of(self, ref: str) -> Mapping[str, set[int]]:
        """The tables that name the people who have a badge, by their numbers."""
        if ref not in self._by_badge:
            found = self._by_badge[ref] = {}
            for row in self._held.badges[ref].rows():
                found.setdefault(row[1], set()).add(row[5])
        return self._by_badge[ref]

    @cached_property
    def _others(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in filter(is_other, self._tree.files):
            found.setdefault(_slug(path), []).append(path)
        return found


def people_of(tree: Tree, known: Known, held: Held, files: Files) -> set[str] | None:
    """Whom the changes concern; None if they are too many, or something cannot be read."""
    there = held.people
    slugs = {*held.private, *overlaid(tree)}
    same = known.same(tree)
    for path in tree.files:
        if path in same:
            continue
        if path.startswith(AWARDS):
            if is_shared(path):
                continue
            beside = f"{path[:-4]}.yml"
            if path.endswith(".yml") and f"{path[:-4]}.csv" in tree.files:
                continue  # the defaults of a table
            own = (beside,) if path.endswith(".csv") and beside in tree.files else ()
            if not known.is_held(tree, path, own):
                files.changed.update((path, *own))
        elif path.startswith(PEOPLE):
            slug = _slug(path)
            if is_other(path):
                good = held.others.get(path) == sha256_of(tree.files[path])
            else:
                good = slug in there and known.is_held(tree, path, ())
            if not good:
                slugs.add(slug)
    slugs |= {slug for slug in there if f"{PEOPLE}{slug}.yml" not in tree.files}
    slugs |= {_slug(path) for path in held.others if path not in tree.files}
    slugs |= files.named(name for name in held.tables if name in files.changed or name not in tree.files)
    if len(slugs) > max(FEW, MOST * len(there)):
        return None
    read, problems = load(tree.only(files.changed), known=known)
    now = {old: slug for slug, row in held.people.items() for old in row[5].split()}
    slugs |= {now.get(e.record.participant, e.record.participant) for e in read.awards}
    return None if problems or len(slugs) > max(FEW, MOST * len(there)) else slugs


def overlaid(tree: Tree) -> set[str]:
    return {_slug(path) for path in tree.files if path.startswith(OVERLAYS)}


def is_shared(path: str) -> bool:
    """Whether a file is neither of one person nor of awards that somebody has."""
    if path.startswith(AWARDS):
        return path.split("/")[3:] == [ERASED]
    return not path.startswith((PEOPLE, OVERLAYS))


def is_other(path: str) -> bool:
    """Whether a file is of a person, and no record."""
    return path.startswith(PEOPLE) and not (path.endswith(".yml") and path.count("/") == 2)


def _slug(path: str) -> str:
    """Whose file this is, in a folder of people."""
    return path.split("/")[2].rsplit(".", 1)[0]


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
