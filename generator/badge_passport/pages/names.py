"""Finding people by name without downloading them all: names cut into shards by how they begin.

A name is *folded* (`fold`): no capitals, accents or vowel signs, and one letter for each family of Arabic
letters that people write interchangeably. It is filed under every ordered pair of its words, so that
“Amira Khalil” is found as “khalil am” too. The entries are cut by their first characters into *nodes* of at
most `MOST` bytes: `search/people/<number>.json`. ``index.json`` lists the beginnings, in order of their
numbers. ``assets/search.js`` folds in the same way and fetches, for a question, the longest beginning of it
that there is: two files, however many people there are. A node that was cut further holds a sample.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, permutations
from typing import NamedTuple

from badge_passport.registry import Registry
from badge_passport.registry.privacy import is_listed, shown_name
from badge_passport.urls import Urls

MOST = 30_000
"""Bytes of a node; larger ones are cut, until there is nothing to cut by."""
SAMPLE = 20
"""How many entries a node keeps that was cut further."""
FEW = 500
"""So many people fit into the search of the host; of more, nobody is in it."""
_WORDS = 4  # of a name; each pair of them is an entry
_DEEPEST = 24

# What is one letter to a reader who types: forms of alef, yeh, teh marbuta, and the Persian yeh and kaf.
_LETTERS = str.maketrans("ٱىةیکς", "ايهيكσ", "ـ")

_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}


class Found(NamedTuple):
    """A person as a node holds them."""

    name: str
    slug: str
    badges: int


@dataclass(slots=True)
class Node:
    """People whose names begin so; ``more`` of them are in nodes that go on from here, or in none."""

    beginning: str
    people: list[Found] = field(default_factory=list)
    more: int = 0


def fold(text: str) -> str:
    """A text as it is compared: words of letters and digits, with one space between.

    >>> fold("Émile  ZOLA-Straße")
    'emile zola strasse'
    >>> fold("أَميرة") == fold("اميره")
    True
    """
    if text.isascii():  # the same, much sooner
        return " ".join(text.lower().translate(_SPACES).split())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper().lower())
    kept = (c for c in text.translate(_LETTERS) if unicodedata.category(c) != "Mn")
    return " ".join("".join(c if unicodedata.category(c)[0] in "LN" else " " for c in kept).split())


def word(text: str) -> str:
    """A text as one word of an address.

    >>> word("Online Facilitated Dialogue")
    'online-facilitated-dialogue'
    """
    return fold(text).replace(" ", "-")


def listed_people(registry: Registry) -> Iterator[Found]:
    """Everybody who is listed and shows a name, with the number of badges on the passport."""
    for person in registry.participants.values():
        name = shown_name(person)
        if is_listed(person) and name:
            yield Found(name, person.slug, registry.shown[person.slug].badges)


def is_sharded(registry: Registry) -> bool:
    """Whether there are so many listed people that the host's search does not hold them."""
    return sum(1 for person in registry.participants.values() if is_listed(person)) > FEW


def files(registry: Registry, urls: Urls) -> Iterator[tuple[str, bytes]]:
    """The shards of a site with many listed people; nothing for one with few."""
    if not is_sharded(registry):
        return
    nodes = shards(listed_people(registry))
    for number, node in enumerate(nodes):
        people = [[p.name, p.slug, p.badges] for p in node.people]
        yield urls.people_shard(str(number)), _json({"people": people, "more": node.more})
    yield urls.people_shard("index"), _json({"default": registry.default_language, **index(nodes)})


def index(nodes: Sequence[Node]) -> dict[str, object]:
    """What a reader loads first: how the nodes begin, and the numbers of those that were cut."""
    return {
        "beginnings": [node.beginning for node in nodes],
        "cut": [number for number, node in enumerate(nodes) if node.more],
    }


def shards(people: Iterable[Found]) -> list[Node]:
    """The nodes of these people, by their beginnings in order."""
    entries = sorted((key, p.name, p.slug, p) for p in people for key in _keys(p.name))
    keys = [key for key, _, _, _ in entries]
    slugs = [slug for _, _, slug, _ in entries]
    found = [person for _, _, _, person in entries]
    sizes = [0, *accumulate(map(_size, found))]
    nodes: list[Node] = []

    def cut(beginning: str, start: int, end: int) -> None:
        """Make nodes of the entries from ``start`` to ``end``, which are all that begin so."""
        number = len(set(slugs[start:end]))  # of people: some have several entries here
        size = sizes[end] - sizes[start]
        if beginning and size > MOST and number < end - start:
            size = sum(map(_size, _people(found[start:end])))
        if beginning and size <= MOST:
            nodes.append(Node(beginning, _people(found[start:end])))
            return
        deeper = bisect_right(keys, beginning, start, end)  # where there is something to cut by
        if deeper == end or len(beginning) >= _DEEPEST:  # so many people with one name
            own = _people(found[start:end])
            most = max(1, MOST * number // max(1, size))
            nodes.append(Node(beginning, own[:most], number - most))
            return
        if beginning:
            own = _people(islice(found, start, end), SAMPLE)
            nodes.append(Node(beginning, own, number - len(own)))
        while deeper < end:
            longer = keys[deeper][: len(beginning) + 1]
            after = bisect_left(keys, beginning + chr(ord(longer[-1]) + 1), deeper, end)
            cut(longer, deeper, after)
            deeper = after

    cut("", 0, len(entries))
    return sorted(nodes, key=lambda node: node.beginning)


def _people(found: Iterable[Found], most: int | None = None) -> list[Found]:
    """Everybody once, or the first of them."""
    once: dict[str, Found] = {}
    for person in found:
        once.setdefault(person.slug, person)
        if len(once) == most:
            break
    return [*once.values()]


def _size(person: Found) -> int:
    """How many bytes a person takes in a node, about."""
    return len(person.name.encode()) + len(person.slug) + 12


def _keys(name: str) -> list[str]:
    words = list(dict.fromkeys(fold(name).split()))[:_WORDS]
    return [" ".join(pair) for pair in permutations(words, 2)] if len(words) > 1 else words


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
