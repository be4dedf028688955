"""Whether two names may be of one person: an address that a family shares is not an identity."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from badge_passport.pages.names import fold

_ALIKE = 0.8  # of the letters of a word: “Mohamed” and “Mohammed”, but not “Anna” and “Anne”


def another(name: str, known: Iterable[str]) -> str:
    """The first of the names that are ``known`` of somebody, if ``name`` cannot be theirs; else nothing."""
    names = [one for one in known if one]
    if not name or not names or any(alike(name, one) for one in names):
        return ""
    return names[0]


def alike(one: str, other: str) -> bool:
    """Whether all words of the shorter name are in the longer one, in any order, abbreviated or misspelt.

    >>> alike("HANSEN, Ole", "Ole B. Hansen"), alike("Mohamed A.", "Mohammed Alaoui")
    (True, True)
    >>> alike("Henrik Berg", "Sara Berg")
    False
    >>> alike("أميرة خليل", "Amira Khalil")
    True
    """
    first, second = fold(one), fold(other)
    if first.isascii() != second.isascii():  # one may be written as the other sounds
        return True
    few, many = sorted((first.split(), second.split()), key=len)
    return all(any(_same(word, its) for its in many) for word in few)


def _same(one: str, other: str) -> bool:
    if one.startswith(other) or other.startswith(one):
        return True
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE
