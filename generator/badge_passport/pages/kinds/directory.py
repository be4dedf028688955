"""The people who chose to be found: by name, in parts of `PART` people, however many they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from badge_passport.pages.discoverymodels import Choice, DirectoryItem, DirectoryPage, Letter
from badge_passport.pages.names import FEW, fold
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.viewmodels import Link, Words
from badge_passport.registry import Registry
from badge_passport.registry.entities import Participant
from badge_passport.registry.privacy import is_listed, shown_name

PART = 500
"""People of a page."""
SHORT = 40
"""A list that needs no letters."""

Person = tuple[str, Participant]


@lru_cache(maxsize=1)  # every page asks for it
def order(registry: Registry) -> list[Person]:
    """The people who are listed by how their names are spoken of; those who show none come last."""
    named = [(fold(shown_name(p) or ""), p) for p in registry.participants.values() if is_listed(p)]
    return sorted(named, key=lambda item: (not item[0], item[0], item[1].slug))


def parts(registry: Registry) -> int:
    """How many pages the list has."""
    listed = sum(1 for p in registry.participants.values() if is_listed(p))
    return max(1, -(-listed // PART))


def numbers(registry: Registry) -> list[str]:
    """The pages of the list, from 1."""
    return [str(number) for number in range(1, parts(registry) + 1)]


def volumes(registry: Registry) -> list[list[Person]]:
    """Who is on each of the pages."""
    people = order(registry)
    return [people[start : start + PART] for start in range(0, len(people), PART)] or [[]]


def pages(renderer: Renderer, which: str) -> Iterator[Output]:
    """One page of the list."""
    _ = renderer.language.gettext
    cut, number = volumes(renderer.registry), int(which)
    part, listed = cut[number - 1], sum(map(len, cut))
    links = [
        Link(Words(span(volume)), renderer.views.page(renderer.urls.people(at)))
        for at, volume in enumerate(cut, 1)
    ]
    meta = Meta(
        renderer.urls.people(number),
        _("People") if number == 1 else f"{_('People')}: {span(part)}",
        _("Participants who chose to be found here."),
        styles=("assets/discovery.css",),
        scripts=("assets/filter.js",) if len(part) > 1 else (),
    )
    letters = _letters(renderer, part, short=listed <= SHORT)
    spoken = sorted({tag for letter in letters for item in letter.people for tag in item.languages})
    page = DirectoryPage(
        listed,
        letters,
        links if len(links) > 1 else [],
        number,
        [Choice(tag, renderer.language.name_of(tag)) for tag in spoken] if len(spoken) > 1 else [],
        listed > FEW,
    )
    yield renderer.page("passports.html", meta, page)


def span(part: Sequence[Person]) -> str:
    """From the first name to the last, as the back of a volume has it."""
    ends = [shown_name(part[at][1]) or "…" for at in (0, -1)] if part else []
    return " – ".join(dict.fromkeys(name[:12].strip() for name in ends))


def _letters(renderer: Renderer, part: Sequence[Person], *, short: bool) -> list[Letter]:
    if short:
        return [Letter("all", "", [_item(renderer, person) for _, person in part])] if part else []
    return [
        Letter(
            f"{ord(first):x}" if first else "none",
            first.upper() or "…",
            [_item(renderer, p) for _, p in some],
        )
        for first, some in groupby(part, lambda item: item[0][:1])
    ]


def _item(renderer: Renderer, person: Participant) -> DirectoryItem:
    shown = renderer.registry.shown[person.slug]
    own = person.language or renderer.registry.default_language
    languages = dict.fromkeys(tag or own for tag in shown.languages)
    href = renderer.views.page(renderer.urls.passport(person.slug))
    return DirectoryItem(renderer.views.person_title(person), href, shown.badges, tuple(languages) or (own,))
