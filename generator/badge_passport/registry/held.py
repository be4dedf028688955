"""What is held of a resolved site: people and awards of files that did not change are not resolved again.

After a good check each person and each award is remembered in a line of plain data. The next time only people
are read and judged whom a change concerns: whose files changed, or who are named, now or before, in a file
of awards that changed. Others have stand-ins. All awards of a person are resolved together, so that it
makes no difference where they are written. Whatever depends on more (badges, issuers, the settings, an
erasure), or is not as it should be, is left to a check of everything.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.addresses import plain_addresses
from badge_passport.registry.concerned import (
    AWARDS,
    OVERLAYS,
    PAGES,
    PEOPLE,
    Files,
    is_other,
    is_shared,
    overlaid,
    people_of,
    sha256_of,
)
from badge_passport.registry.entities import EVERYBODY, Award, Participant, Registry
from badge_passport.registry.facts import Shown, holding
from badge_passport.registry.key_material import private_keys
from badge_passport.registry.known import Known
from badge_passport.registry.lazy import Awards
from badge_passport.registry.lines import Held, Listed, packed_shown
from badge_passport.registry.load import Problems, Records, load
from badge_passport.registry.prints import Prints
from badge_passport.registry.resolve import Offer, given, resolve
from badge_passport.registry.rules import RULES
from badge_passport.registry.standins import (
    AwardRow,
    AwardStandIn,
    PersonRow,
    PersonStandIn,
    award_of,
    award_row,
    person_of,
    person_row,
)
from badge_passport.registry.together import Rest
from badge_passport.source import kept
from badge_passport.source.files import Tree

_CLAIM: Final = 16  # characters of the digest of a claim


def hold(
    tree: Tree,
    registry: Registry,
    prints: Prints,
    problems: Iterable[Diagnostic],
    before: Held | None = None,
) -> Held | None:
    """What is to be held of a site that was checked; None if a person or an award has a problem.

    ``before`` is what was held when it was checked; if there are stand-ins, it still holds for these.
    """
    if any(map(_of_people, problems)):
        return None
    if any(p.startswith(PEOPLE) and p.endswith(".parquet") for p in tree.files):
        return None
    if not any(isinstance(person, PersonStandIn) for person in registry.participants.values()):
        before = None
    numbers = {ref: number for number, ref in enumerate(registry.badges)}
    private = {slug: (set[str](), set[str]()) for slug in overlaid(tree)}
    people: dict[str, PersonRow] = {}
    for slug, person in registry.participants.items():
        if isinstance(person, PersonStandIn):
            people[slug] = person.row
        elif slug not in private:
            shown = packed_shown(registry.shown[slug], numbers)
            people[slug] = (*person_row(person, _claims(person), prints.of(slug)), *shown)
    tables = _Tables(tree, before)
    badges = {} if before is None else dict(before.badges)
    for ref in registry.badges if before is None else _touched(before, registry):
        rows: list[AwardRow] = []
        for award in registry.awards_by_badge.get(ref, ()):
            if isinstance(award, AwardStandIn):
                rows.append(award.row)
                continue
            file, slug = tables.number(award), award.participant.slug
            if slug in private:
                private[slug][0].update(() if award.because else (award.origin.file,))
                private[slug][1].add(ref)
            elif slug in registry.participants:  # an erased one is nobody's
                rows.append(award_row(award, registry.versions[ref].index(award.badge), file))
        badges[ref] = Listed.of(registry.facts[ref], rows)
    return Held(
        base_of(tree),
        people,
        {ref: badges[ref] for ref in registry.badges},
        {name: sorted(refs) for name, refs in tables.badges.items()},
        {path: sha256_of(tree.files[path]) for path in tree.files if is_other(path)},
        {slug: (sorted(names), sorted(refs)) for slug, (names, refs) in private.items()},
        registry.holders[EVERYBODY]
        - _counted(registry.shown[slug] for slug in private if slug in registry.shown),
    )


class _Tables:
    """The files that awards are written in, by numbers that stay, and the ``badges`` that are given there."""

    def __init__(self, tree: Tree, before: Held | None) -> None:
        there = before.tables if before else {}
        self.badges = {name: set(refs) if name in tree.files else set() for name, refs in there.items()}
        self._numbers = {name: number for number, name in enumerate(self.badges)}

    def number(self, award: Award) -> int:
        """The number of the file that an award is written in; -1 if it follows from others."""
        if award.because:
            return -1
        name = award.origin.file
        self.badges.setdefault(name, set()).add(award.badge.ref)
        return self._numbers.setdefault(name, len(self._numbers))


def _counted(people: Iterable[Shown]) -> Counter[str]:
    """How many of some people have awards."""
    return Counter(one for shown in people for one in holding(shown))


def again(tree: Tree, known: Known, held: Held) -> tuple[Registry, Problems] | None:
    """The registry of a site of which something is held, and its problems.

    None if it must be checked as a whole: something else changed, or anything is wrong.
    """
    if held.base != base_of(tree):
        return None
    try:
        return _again(tree, known, held)
    except kept.Damaged:
        return None


def _again(tree: Tree, known: Known, held: Held) -> tuple[Registry, Problems] | None:
    files = Files(tree, held)
    slugs = people_of(tree, known, held, files)
    if slugs is None:
        return None
    part = tree.only([*filter(is_shared, tree.files), *files.of(slugs)])
    records, problems = load(part, known=known)
    _keep(records, _names(held, slugs, records))
    problems += plain_addresses(part, records, known.used)
    problems += private_keys(part, known.used)
    rest = _Others(held, slugs, _Shelf(tree, known, files))
    registry, found = resolve(part, records, rest=rest)
    problems += found
    if registry is None or any(map(_of_people, problems)):
        return None
    own = {slug: p for slug, p in registry.participants.items() if slug in slugs}
    awards = registry.awards.hand if isinstance(registry.awards, Awards) else registry.awards
    concerned = replace(registry, participants=own, awards=awards)
    problems += [problem for rule in RULES for problem in rule(concerned)]
    if any(map(_of_people, problems)) or _claimed(held, own.values()) or rest.have_one_of(awards):
        return None
    known.ask(tree.files)
    return registry, problems


def _touched(before: Held, registry: Registry) -> list[str]:
    """The badges whose awards a change concerns: those that its people have, or had."""
    now = [slug for slug, person in registry.participants.items() if not isinstance(person, PersonStandIn)]
    gone = [slug for slug in (*before.people, *before.private) if slug not in registry.participants]
    refs = {ref for slug in (*now, *gone) for ref in before.refs_of(slug)}
    refs |= {a.badge.ref for slug in now for a in registry.awards_by_participant.get(slug, ())}
    return [ref for ref in registry.badges if ref in refs]


def base_of(tree: Tree) -> str:
    """A digest of all that people and awards depend on beside their own files."""
    found = hashlib.sha256()
    for path in tree.files:
        if is_shared(path) and not path.startswith(PAGES):
            data = tree.files[path]
            found.update(f"{path} {len(data)}\n".encode("utf-8", "surrogateescape"))
            found.update(data)
    return found.hexdigest()


def _names(held: Held, slugs: set[str], records: Records) -> set[str]:
    """The names that these people have, and had, in files of awards."""
    before = {old for slug in slugs if slug in held.people for old in held.people[slug][5].split()}
    return slugs | before | {old.slug for e in records.participants for old in e.record.former}


def _keep(records: Records, names: set[str]) -> None:
    """Leave out awards of others that are written in the same files."""
    records.awards = [entry for entry in records.awards if entry.record.participant in names]


# --- The others ------------------------------------------------------------------------------------------


class _Others:
    """Everybody but those with these slugs, as they were: stand-ins."""

    def __init__(self, held: Held, slugs: set[str], shelf: _Shelf) -> None:
        self._held, self._shelf = held, shelf
        self._people = {slug: person_of(row, shelf) for slug, row in held.people.items() if slug not in slugs}
        self._gone = [slug for slug in slugs if slug in held.people]
        self._changed = {ref for slug in slugs for ref in held.refs_of(slug)}
        self._made: dict[str, list[Award]] = {}

    def __call__(self, offer: Offer) -> Rest:
        """What is offered has to be known."""
        self._shelf.offer = offer
        badges = self._held.badges
        return Rest(
            self._people,
            {slug for slug in self._people if self._held.people[slug][-1]},
            {ref: len(self.of(ref)) if ref in self._changed else one.number for ref, one in badges.items()},
            self.of,
            {ref: one.facts for ref, one in badges.items() if ref not in self._changed},
            self._held.shown,
            Counter(self._held.counted) - _counted(map(self._held.shown, self._gone)),
        )

    def of(self, ref: str) -> list[Award]:
        """Their awards of a badge, in order."""
        offer = self._shelf.offer
        if ref not in self._made and offer is not None:
            people, versions, shelf = self._people, offer.versions[ref], self._shelf
            self._made[ref] = [
                award_of(row, people[row[1]], versions[row[2]], shelf)
                for row in self._held.badges[ref].rows()
                if row[1] in people
            ]
        return self._made[ref]

    def have_one_of(self, awards: Iterable[str]) -> bool:
        """Whether the id of one of these awards is that of one of theirs."""
        own = set(awards)
        return any(
            not own.isdisjoint([award.id for award in self.of(ref)] if ref in self._changed else one.ids())
            for ref, one in self._held.badges.items()
        )


class _Shelf:
    """Reads people whom others stand for, with their awards, each once."""

    def __init__(self, tree: Tree, known: Known, files: Files) -> None:
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


def _claims(person: Participant) -> str:
    """All of `_claimed_by` in one text."""
    return "".join(sorted(_claimed_by(person)))


def _claimed_by(person: Participant) -> set[str]:
    """Digests (16 characters each) of what only one person may have: slugs, keys, identities, salts."""
    said = {f"slug {person.slug}", f"key {person.key}"}
    identities = list(person.record.identities)
    for old in person.record.former:
        said |= {f"slug {old.slug}", f"key {old.key or old.slug}"}
        identities += old.identities
    for identity in identities:
        said |= {f"identity {identity.identity}", f"salt {identity.salt}"}
    return {sha256_of(one.encode())[:_CLAIM] for one in said}


def _claimed(held: Held, people: Iterable[Participant]) -> bool:
    """Whether anything that is new of these people may be somebody else's."""
    own = {person.slug: _claimed_by(person) for person in people}
    before = {slug: _cut(held.people[slug][6]) for slug in own if slug in held.people}
    new = {claim for slug, claims in own.items() for claim in claims - before.get(slug, set())}
    if not new:
        return False
    return any(not new.isdisjoint(_cut(row[6])) for slug, row in held.people.items() if slug not in own)


def _cut(claims: str) -> set[str]:
    return {claims[at : at + _CLAIM] for at in range(0, len(claims), _CLAIM)}


def _of_people(problem: Diagnostic) -> bool:
    """Whether something may be wrong with a person or an award."""
    where = problem.where
    mine = where is not None and where.file.startswith((AWARDS, PEOPLE, OVERLAYS))
    return mine or problem.severity == "error"
