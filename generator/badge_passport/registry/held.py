"""What is held of a resolved site: people and awards of files that did not change are not resolved again.

After a good check each person and each award is remembered in a line of plain data. The next time only people
are read and judged whom a change concerns: whose files changed, or who are named, now or before, in a file
of awards that changed. Others have stand-ins. All awards of a person are resolved together, so that it
makes no difference where they are written. Whatever depends on more (badges, issuers, the settings, an
erasure), or is not as it should be, is left to a check of everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.addresses import plain_addresses
from badge_passport.registry.entities import Award, Participant, Registry
from badge_passport.registry.key_material import private_keys
from badge_passport.registry.known import Known
from badge_passport.registry.load import ERASED, Problems, Records, load
from badge_passport.registry.prints import Prints
from badge_passport.registry.privacy import is_listed, is_sealed, shown_name
from badge_passport.registry.resolve import Offer, Rest, given, resolve
from badge_passport.registry.rules import RULES
from badge_passport.registry.standins import (
    AwardRow,
    AwardStandIn,
    Held,
    PersonRow,
    PersonStandIn,
    award_of,
    award_row,
    person_of,
    person_row,
)
from badge_passport.source.files import Tree

AWARDS, PEOPLE, PAGES = "content/awards/", "content/participants/", "content/pages/"
OVERLAYS = "private/participants/"
FEW, MOST = 20, 0.2
"""A change that concerns more people than a few, and than this share of all, is checked as a whole."""
_CLAIM: Final = 16  # characters of the digest of a claim


def hold(
    tree: Tree,
    registry: Registry,
    prints: Prints,
    problems: Iterable[Diagnostic],
    before: Held | None = None,
) -> Held | None:
    """What is to be held of a site that was checked; None if a person or an award has a problem.

    ``before`` is what was held when it was checked, if there are stand-ins.
    """
    if any(map(_of_people, problems)):
        return None
    if any(p.startswith(PEOPLE) and p.endswith(".parquet") for p in tree.files):
        return None
    numbers = {name: number for number, name in enumerate(before.tables if before else ())}
    private: dict[str, list[int]] = {slug: [] for slug in _overlaid(tree)}
    people = [
        person.row if isinstance(person, PersonStandIn) else _person_row(person, prints)
        for slug, person in registry.participants.items()
        if slug not in private
    ]
    awards: list[AwardRow] = []
    for award in registry.awards.values():
        if isinstance(award, AwardStandIn):
            awards.append(award.row)
            continue
        file = -1 if award.because else numbers.setdefault(award.origin.file, len(numbers))
        if award.participant.slug in private:
            private[award.participant.slug].append(file)
        elif award.participant.slug in registry.participants:  # an erased one is nobody's
            edition = registry.versions[award.badge.ref].index(award.badge)
            awards.append(award_row(award, edition, file))
    others = {path: _sha256(tree.files[path]) for path in tree.files if _is_other(path)}
    return Held(base_of(tree), people, awards, list(numbers), others, private)


def again(tree: Tree, known: Known, held: Held) -> tuple[Registry, Problems] | None:
    """The registry of a site of which something is held, and its problems.

    None if it must be checked as a whole: something else changed, or anything is wrong.
    """
    if held.base != base_of(tree):
        return None
    files = _Files(tree, held)
    slugs = _concerned(tree, known, held, files)
    if slugs is None:
        return None
    part = tree.only([*filter(_is_shared, tree.files), *files.of(slugs)])
    records, problems = load(part, known=known)
    _keep(records, _names(held, slugs, records))
    problems += plain_addresses(part, records, known.used)
    problems += private_keys(part, known.used)
    shelf = _Shelf(tree, known, files)
    registry, found = resolve(part, records, rest=lambda offer: _rest(held, slugs, shelf, offer))
    problems += found
    if registry is None or any(map(_of_people, problems)):
        return None
    own = {slug: p for slug, p in registry.participants.items() if not isinstance(p, PersonStandIn)}
    awards = {a.id: a for a in registry.awards.values() if not isinstance(a, AwardStandIn)}
    concerned = replace(registry, participants=own, awards=awards)
    problems += [problem for rule in RULES for problem in rule(concerned)]
    if any(map(_of_people, problems)) or _claimed(held, own.values()):
        return None
    known.ask(tree.files)
    return registry, problems


def base_of(tree: Tree) -> str:
    """A digest of all that people and awards depend on beside their own files."""
    found = hashlib.sha256()
    for path in tree.files:
        if _is_shared(path) and not path.startswith(PAGES):
            data = tree.files[path]
            found.update(f"{path} {len(data)}\n".encode("utf-8", "surrogateescape"))
            found.update(data)
    return found.hexdigest()


# --- Whom a change concerns -----------------------------------------------------------------------------


class _Files:
    """The files of people, and the tables that name them, now and before."""

    def __init__(self, tree: Tree, held: Held) -> None:
        self._tree, self._held = tree, held
        self.changed: set[str] = set()
        self._named: dict[str, set[int]] | None = None

    def of(self, slugs: Iterable[str]) -> list[str]:
        """All that is there of some people."""
        if self._named is None:
            self._named = {slug: set(numbers) for slug, numbers in self._held.private.items()}
            for row in self._held.awards:
                self._named.setdefault(row[1], set()).add(row[6])
        wanted = set(slugs)
        tables = [self._held.tables[n] for slug in wanted for n in self._named.get(slug, ()) if n >= 0]
        paths = {*tables, *self.changed}
        paths |= {f"{table[:-4]}.yml" for table in tables if table.endswith(".csv")}
        paths |= {f"{folder}{slug}.yml" for folder in (PEOPLE, OVERLAYS) for slug in wanted}
        paths |= {path for slug in wanted for path in self._others.get(slug, ())}
        return [path for path in paths if path in self._tree.files]

    @cached_property
    def _others(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in filter(_is_other, self._tree.files):
            found.setdefault(_slug(path), []).append(path)
        return found


def _concerned(tree: Tree, known: Known, held: Held, files: _Files) -> set[str] | None:
    """Whom the changes concern; None if they are too many, or something cannot be read."""
    there = {row[0] for row in held.people}
    slugs = {*held.private, *_overlaid(tree)}
    for path in tree.files:
        if path.startswith(AWARDS):
            if _is_shared(path):
                continue
            beside = f"{path[:-4]}.yml"
            if path.endswith(".yml") and f"{path[:-4]}.csv" in tree.files:
                continue  # the defaults of a table
            own = (beside,) if path.endswith(".csv") and beside in tree.files else ()
            if not known.is_held(tree, path, own):
                files.changed.update((path, *own))
        elif path.startswith(PEOPLE):
            slug = _slug(path)
            if _is_other(path):
                good = held.others.get(path) == _sha256(tree.files[path])
            else:
                good = slug in there and known.is_held(tree, path, ())
            if not good:
                slugs.add(slug)
    slugs |= {slug for slug in there if f"{PEOPLE}{slug}.yml" not in tree.files}
    slugs |= {_slug(path) for path in held.others if path not in tree.files}
    tables = {n for n, name in enumerate(held.tables) if name in files.changed or name not in tree.files}
    slugs |= {row[1] for row in held.awards if row[6] in tables}
    if len(slugs) > max(FEW, MOST * len(there)):
        return None
    read, problems = load(tree.only(files.changed), known=known)
    now = {old: row[0] for row in held.people for old in row[5]}
    slugs |= {now.get(e.record.participant, e.record.participant) for e in read.awards}
    return None if problems or len(slugs) > max(FEW, MOST * len(there)) else slugs


def _names(held: Held, slugs: set[str], records: Records) -> set[str]:
    """The names that these people have, and had, in files of awards."""
    before = {old for row in held.people if row[0] in slugs for old in row[5]}
    return slugs | before | {old.slug for e in records.participants for old in e.record.former}


def _keep(records: Records, names: set[str]) -> None:
    """Leave out awards of others that are written in the same files."""
    records.awards = [entry for entry in records.awards if entry.record.participant in names]


# --- The others ------------------------------------------------------------------------------------------


def _rest(held: Held, slugs: set[str], shelf: _Shelf, offer: Offer) -> Rest:
    """Stand-ins for everybody else."""
    shelf.offer = offer
    people = {row[0]: person_of(row, shelf) for row in held.people if row[0] not in slugs}
    versions, awards = offer.versions, list[Award]()
    for row in held.awards:
        person = people.get(row[1])
        if person is not None:
            awards.append(award_of(row, person, versions[row[2]][row[3]], shelf))
    return Rest(dict(people), awards)


class _Shelf:
    """Reads people whom others stand for, with their awards, each once."""

    def __init__(self, tree: Tree, known: Known, files: _Files) -> None:
        self._tree, self._known, self._files = tree, known, files
        self.offer: Offer | None = None
        self._open: dict[str, tuple[Participant, Mapping[str, Award]]] = {}

    def open(self, slug: str) -> tuple[Participant, Mapping[str, Award]]:
        """A person, and their awards by id."""
        if slug not in self._open:
            if self.offer is None:
                raise RuntimeError("nobody is opened before there are badges")
            records, _ = load(self._tree.only(self._files.of([slug])), known=self._known)
            names = {slug} | {old.slug for e in records.participants for old in e.record.former}
            records.participants = [e for e in records.participants if e.slug == slug]
            _keep(records, names)
            people, awards = given(self.offer, records, frozenset(), Problems())
            self._open[slug] = people[slug], {award.id: award for award in awards}
        return self._open[slug]


# --- Small things ----------------------------------------------------------------------------------------


def _person_row(person: Participant, prints: Prints) -> PersonRow:
    seen = is_listed(person), is_sealed(person), shown_name(person)
    return person_row(person, seen, "".join(sorted(_claims(person))), prints.of(person.slug))


def _claims(person: Participant) -> set[str]:
    """Digests (16 characters each) of what only one person may have: slugs, keys, identities, salts."""
    said = {f"slug {person.slug}", f"key {person.key}"}
    identities = list(person.record.identities)
    for old in person.record.former:
        said |= {f"slug {old.slug}", f"key {old.key or old.slug}"}
        identities += old.identities
    for identity in identities:
        said |= {f"identity {identity.identity}", f"salt {identity.salt}"}
    return {_sha256(one.encode())[:_CLAIM] for one in said}


def _claimed(held: Held, people: Iterable[Participant]) -> bool:
    """Whether anything that is new of these people may be somebody else's."""
    own = {person.slug: _claims(person) for person in people}
    before = {row[0]: _cut(row[6]) for row in held.people if row[0] in own}
    new = {claim for slug, claims in own.items() for claim in claims - before.get(slug, set())}
    if not new:
        return False
    return any(not new.isdisjoint(_cut(row[6])) for row in held.people if row[0] not in own)


def _cut(claims: str) -> set[str]:
    return {claims[at : at + _CLAIM] for at in range(0, len(claims), _CLAIM)}


def _of_people(problem: Diagnostic) -> bool:
    """Whether something may be wrong with a person or an award."""
    where = problem.where
    mine = where is not None and where.file.startswith((AWARDS, PEOPLE, OVERLAYS))
    return mine or problem.severity == "error"


def _overlaid(tree: Tree) -> set[str]:
    return {_slug(path) for path in tree.files if path.startswith(OVERLAYS)}


def _is_shared(path: str) -> bool:
    """Whether a file is neither of one person nor of awards that somebody has."""
    if path.startswith(AWARDS):
        return path.split("/")[3:] == [ERASED]
    return not path.startswith((PEOPLE, OVERLAYS))


def _is_other(path: str) -> bool:
    """Whether a file is of a person, and no record."""
    return path.startswith(PEOPLE) and not (path.endswith(".yml") and path.count("/") == 2)


def _slug(path: str) -> str:
    """Whose file this is, in a folder of people."""
    return path.split("/")[2].rsplit(".", 1)[0]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
