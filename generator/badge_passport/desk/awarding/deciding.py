"""From what promoters want to new awards: who is who, what is there already, and the files of people.

Nothing here depends on the order of the wishes but which of two equal ones counts as the second.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from badge_passport.desk.awarding.intents import Intent
from badge_passport.desk.people.identities import Known
from badge_passport.desk.people.namesakes import another
from badge_passport.desk.people.newcomers import Draw, new_person, new_slug
from badge_passport.desk.people.roster import ROSTER, Entry, Roster
from badge_passport.registry import Registry
from badge_passport.registry.ids import award_id


@dataclass(frozen=True, slots=True)
class Placed:
    """A new award: whose it is, by which of their addresses, and the id it will have."""

    intent: Intent
    participant: str
    id: str
    identity: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be done with wishes: ``files`` are those of people, and the roster, in the order to write.

    ``there`` are awards that exist, ``again`` repeats a wish (the line of the first is told), ``refused``
    cannot be done (with the reason).
    """

    placed: tuple[Placed, ...]
    there: tuple[tuple[Intent, str, str], ...]
    again: tuple[tuple[Intent, int], ...]
    refused: tuple[tuple[Intent, str], ...]
    new_people: tuple[str, ...]
    changed_people: tuple[str, ...]
    files: dict[str, bytes | None]


@dataclass(slots=True)
class _Person:
    """One person of the wishes; ``slug`` is empty until it is known or drawn."""

    slug: str
    known: bool
    addresses: list[str]
    name: str = ""
    language: str = ""
    label: str = ""
    country: str = ""


def decide(
    registry: Registry,
    roster: Roster,
    files: Mapping[str, bytes],
    intents: Sequence[Intent],
    draw: Draw = secrets.token_bytes,
) -> Outcome:
    """Who gets what. People whom the site or the roster knows are found by any of their addresses.

    ``files`` are those of the site.

    Raises:
        EditError: the file of a person cannot take another address.
    """
    known = Known(registry, roster, files)
    people, refused = _people(intents, known)
    placed: list[Placed] = []
    there: list[tuple[Intent, str, str]] = []
    again: list[tuple[Intent, int]] = []
    first: dict[str, int] = {}
    taken = set(registry.participants)
    labels: dict[str, dict[str, str]] = {}
    for number, intent in enumerate(intents):
        if number in refused:
            continue
        person = people[number]
        if not person.slug:
            person.slug = new_slug(taken, draw)
            taken.add(person.slug)
        if person.slug not in labels:
            labels[person.slug] = known.labels(person.slug, person.addresses, person.label)
        its_id, *others = (_id(registry, intent, key) for key in _keys(registry, person))
        had = next((one for one in (its_id, *others) if one in registry.awards), None)
        if had is not None:
            there.append((intent, person.slug, had))
        elif its_id in first:
            again.append((intent, first[its_id]))
        else:
            first[its_id] = intent.line
            placed.append(_placed(intent, person, its_id, labels[person.slug], known))
    groups = {person.slug: person for number, person in people.items() if number not in refused}
    used = {one for award in placed for one in award.intent.addresses[:1]}
    written, entries, new, changed = _files(groups, labels, used, known, draw)
    if entries:
        written[ROSTER] = roster.with_entries(entries).to_bytes()
    return Outcome(
        tuple(placed),
        tuple(there),
        tuple(again),
        tuple((intents[number], why) for number, why in sorted(refused.items())),
        tuple(new),
        tuple(changed),
        written,
    )


def _keys(registry: Registry, person: _Person) -> Iterator[str]:
    """What ids of a person's awards are computed from; those of awards of somebody who was merged into them
    were computed from another key.
    """
    if not person.known:
        yield person.slug
        return
    there = registry.participants[person.slug]
    yield there.key
    yield from (old.key or old.slug for old in there.record.former)


def _id(registry: Registry, intent: Intent, key: str) -> str:
    issuer, _, badge = intent.badge.partition("/")
    return award_id(registry.site.id_namespace, issuer, badge, key, intent.issued_on, intent.number or None)


def _placed(intent: Intent, person: _Person, its_id: str, labels: dict[str, str], known: Known) -> Placed:
    registry, identity = known.registry, intent.label
    if intent.addresses:
        address = intent.addresses[0]
        main = known.is_main(person.slug, address) if person.known else person.addresses[0] == address
        identity = "" if main else labels[address]
    spoken = (
        registry.participants[person.slug].record.language if person.known else person.language
    ) or registry.default_language
    language = intent.language if intent.language and intent.language != spoken else ""
    return Placed(intent, person.slug, its_id, identity, language)


def _people(intents: Sequence[Intent], known: Known) -> tuple[dict[int, _Person], dict[int, str]]:
    """The person of every wish by its number, and why some are nobody's.

    Wishes that share an address are of one person, and so are those that are tied by others, or by what is
    known of somebody.
    """
    refused: dict[int, str] = {}
    handles: dict[int, list[str]] = {}
    for number, intent in enumerate(intents):
        why = known.objection(intent.addresses, intent.participant)
        if why:
            refused[number] = why
        else:
            handles[number] = [*intent.addresses, *([f"={intent.participant}"] if intent.participant else [])]
    # Without those that tie two known people together, whatever the order they came in.
    for _ in range(2):
        roots = _tied(handles.values())
        owners: dict[str, set[str]] = {}
        for names in handles.values():
            for name in names:
                owner = name[1:] if name.startswith("=") else known.owner(name)
                if owner:
                    owners.setdefault(roots[name], set()).add(owner)
        wrong = [
            number
            for number, names in handles.items()
            if len(owners.get(roots[names[0]], ())) > 1 and len(names) > 1
        ]
        for number in wrong:
            del handles[number]
            refused[number] = "together with other rows, these addresses would be of two people"
        if not wrong:
            break
    found: dict[str, _Person] = {}  # by who it is, or what ties together somebody new
    people: dict[int, _Person] = {}
    for number, names in handles.items():
        root = roots[names[0]]
        owner = next(iter(owners.get(root, ())), "")
        person = found.setdefault(f"={owner}" if owner else root, _Person(owner, bool(owner), []))
        intent = intents[number]
        names = [person.name, *(entry.name for entry in known.roster.of(owner))]
        if other := another(intent.name, names):
            refused[number] = (
                f"this is the address of “{other}”, and the name is another one; if they are one person, "
                "write the name in one way, else give each an address of their own"
            )
            continue
        people[number] = person
        person.addresses += [a for a in intent.addresses if a not in person.addresses]
        person.name = person.name or intent.name
        person.language = person.language or intent.language
        person.country = person.country or intent.country
        person.label = person.label or (intent.label if not person.known else "")
    return people, refused


def _tied(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Every name to one of those it is tied to, the same for all of them (union and find)."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for names in groups:
        for name in names:
            parent.setdefault(name, name)
            parent[root(name)] = root(names[0])
    return {name: root(name) for name in parent}


def _files(
    people: dict[str, _Person], labels: dict[str, dict[str, str]], used: set[str], known: Known, draw: Draw
) -> tuple[dict[str, bytes | None], list[Entry], list[str], list[str]]:
    """Files of people who are new or have a new address, and what the roster does not know of them.

    An address that a merged passport brought along is new where it is ``used`` for an award.
    """
    files: dict[str, bytes | None] = {}
    entries: list[Entry] = []
    new, changed = [], []
    for slug, person in people.items():
        named = labels[slug]
        path = f"content/participants/{slug}.yml"
        if not person.known:
            first, *others = person.addresses
            files[path] = new_person(
                first, person.language, draw, named[first], [(other, named[other]) for other in others]
            )
            new.append(slug)
        else:
            more = [
                (a, named[a])
                for a in person.addresses
                if known.is_new_to(slug, a) and (a in used or not known.came_with(slug, a))
            ]
            if more:
                files[path] = known.with_addresses(slug, more, draw)
                changed.append(slug)
        entries += [
            Entry(slug, one, named[one], person.name, person.language, person.country)
            for one in person.addresses
            if one not in known.roster.owners
        ]
    return files, entries, new, changed


def without(outcome: Outcome, lines: set[int]) -> list[Intent]:
    """The wishes of an outcome but those of some lines, to decide again."""
    kept = [placed.intent for placed in outcome.placed]
    kept += [intent for intent, _, _ in outcome.there]
    kept += [intent for intent, _ in outcome.again]
    return [intent for intent in sorted(kept, key=lambda i: i.line) if intent.line not in lines]
