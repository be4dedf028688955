"""The part of a site that a change touches: enough to judge the change, whatever the size of the rest.

All badges and issuers; what changed; the people that this is about, and their awards in files that did not
change. Everything the rules say of these is the same as in the whole site.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from badge_passport.registry.load import Keep
from badge_passport.source import tables, yaml
from badge_passport.source.commits import Snapshot, mentioning
from badge_passport.source.files import Tree

AWARDS, PEOPLE, PAGES = "content/awards/", "content/participants/", "content/pages/"
OVERLAYS = "private/participants/"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_IDENTITY = re.compile(rb"sha256\$([0-9a-f]{64})|salt: *['\"]?([\x21-\x7e]+)")
_PARTICIPANT = re.compile(rb"participant: *['\"]?([a-z0-9-]+)")
_LINKED = re.compile(rb"passports/([a-z0-9-]+)")
_FORMER = re.compile(rb"slug: *['\"]?([a-z0-9-]+)")
_DAY = re.compile(rb"issuedOn['\"]?: *['\"]?(\d{4}-\d{2}-\d{2})")
_ANY_DAY = re.compile(rb"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Part:
    """The site before and after a change, as far as the change concerns it."""

    before: Tree
    after: Tree
    keep: Keep


def part(before: Snapshot, after: Snapshot, changed: set[str]) -> Part:
    """What the change of ``changed`` is about."""
    known = before.at.folder
    sides = (before, after)
    base = {p for side in sides for p in side.under("badges/")} | {"site.yml"}
    base |= {p for side in sides for p in side.under(PAGES)}  # with the pictures that others name
    base |= {p for p in changed if p.startswith((AWARDS, PEOPLE, PAGES, OVERLAYS))}
    # A table and the defaults beside it are one thing.
    tables_too = {p[:-4] + end for p in base if p.startswith(AWARDS) for end in (".csv", ".yml")}
    changed = changed | tables_too
    base |= tables_too
    files = tuple(side.read(base) for side in sides)
    names = {_person(p) for p in changed if p.startswith((PEOPLE, OVERLAYS))}
    for found in files:
        names |= {
            name for path, data in found.items() if path.startswith(AWARDS) for name in named(path, data)
        }
        names |= {
            name.decode()
            for path, data in found.items()
            if path.startswith(PAGES) and path.endswith(".md")
            for name in _LINKED.findall(data)
        }
        names |= {
            n.decode() for p, d in found.items() if "/endorsements/" in p for n in _PARTICIPANT.findall(d)
        }
    people = _files_of(names, before, after)
    for side, found in zip(sides, files, strict=True):
        found |= side.read(people)
    # Whoever had the name, or has the same address, under another file.
    lost = {n for n in names if all(f"{PEOPLE}{n}.yml" not in found for found in files)}
    identities = {
        word.decode()
        for path in changed & files[1].keys()
        if path.startswith(PEOPLE)
        for pair in _IDENTITY.findall(files[1][path])
        for word in pair
        if word
    }
    near = {p for p in mentioning(before.at, lost | identities, PEOPLE) if p.count("/") == 2}
    others = (near | _nearest(lost, after)) - changed
    others |= _files_of({_person(p) for p in others}, before, after) - changed
    for side, found in zip(sides, files, strict=True):
        found |= side.read(others)
    for found in files:
        names |= {_person(p) for p in others}
        names |= {
            slug.decode()
            for path, data in found.items()
            if path.startswith(PEOPLE) and b"former" in data
            for slug in _FORMER.findall(data)
        }
    more = mentioning(before.at, names, AWARDS) - changed
    overlays = {OVERLAYS + p.removeprefix(PEOPLE) for found in files for p in found if p.startswith(PEOPLE)}
    # The defaults of a table may stand in a file that names nobody.
    beside = {p[:-4] + ".yml" for p in more if p.endswith(".csv")}
    for side, found in zip(sides, files, strict=True):
        found |= side.read(more | overlays | beside)
    old, new = (Tree(known, dict(sorted(found.items()))) for found in files)
    return Part(old, new, _keep(changed, frozenset(names)))


def whole(before: Snapshot, after: Snapshot) -> Part:
    """Everything, for what only all of a site can tell."""
    folder = before.at.folder
    trees = (
        Tree(folder, dict(sorted(s.read(["site.yml", *s.under("badges/", "content/", OVERLAYS)]).items())))
        for s in (before, after)
    )
    return Part(next(trees), next(trees), lambda *_: True)


def _nearest(names: set[str], side: Snapshot) -> set[str]:
    """The files of people whose names may have been meant."""
    known = [_stem(p) for p in side.under(PEOPLE) if p.endswith(".yml")] if names else []
    near = (difflib.get_close_matches(name, known, n=1, cutoff=0.6) for name in sorted(names)[:5])
    return {f"{PEOPLE}{match}.yml" for matches in near for match in matches}


def _keep(changed: set[str], names: frozenset[str]) -> Keep:
    return lambda file, participant: file in changed or participant in names


def _files_of(names: Iterable[str], *sides: Snapshot) -> set[str]:
    return {
        p
        for name in names
        for p in (f"{PEOPLE}{name}.yml", f"{PEOPLE}{name}.md")
        if any(p in s for s in sides)
    } | {p for side in sides for p in _kept(side, frozenset(names))}


def _kept(side: Snapshot, names: frozenset[str]) -> Iterator[str]:
    """The badges from elsewhere of these people: the files in their folders."""
    for path in side.under(PEOPLE):
        if path.count("/") == 3 and path.split("/")[2] in names:
            yield path


def _person(path: str) -> str:
    """The participant whose file this is, or in whose folder it is."""
    return path.split("/")[2].partition(".")[0]


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[1].rsplit(".", 1)[0]


def named(path: str, data: bytes) -> Iterator[str]:
    """The participants that a file of awards names, as far as it can be read."""
    text = data.decode("utf-8", "replace")
    rows: list[object] = []
    if path.endswith(".csv"):
        rows = [row.values for row in tables.load(text.removeprefix("\ufeff"), path)[0]]
    else:
        value = yaml.load(text, path)[0]
        if isinstance(value, dict):
            awards = value.get("awards")
            rows = [value, *(awards if isinstance(awards, list) else ())]
    for row in rows:
        name = row.get("participant") if isinstance(row, dict) else None
        if isinstance(name, str | int) and _SLUG.match(str(name)):
            yield str(name)


def latest_day(snapshot: Snapshot, folders: Iterable[str], *, without: set[str]) -> str:
    """A day after which nothing was issued in these folders, but for the files of ``without``.

    Read without parsing; never earlier than the true one.
    """
    latest = b""
    for path, data in snapshot.read(set(snapshot.under(*folders)) - without).items():
        days = (_ANY_DAY if path.endswith(".csv") else _DAY).findall(data)
        latest = max([latest, *days])
    return latest.decode("ascii")
