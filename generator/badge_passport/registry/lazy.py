"""Mappings whose values are made when somebody asks for them: most of a large site is asked for seldom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from badge_passport.registry.entities import Award

V = TypeVar("V")


class Lazy(Mapping[str, V]):
    """Values by key: those that are ``known``, and others made once, when they are asked for."""

    def __init__(
        self, keys: Iterable[str], make: Callable[[str], V], known: Mapping[str, V] | None = None
    ) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self._made: dict[str, V] = dict(known or {})

    def __getitem__(self, key: str) -> V:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def if_made(self, key: str) -> V | None:
        """The value of a key, if it is there already."""
        return self._made.get(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


def nothing() -> Lazy[Any]:
    """A mapping without keys."""
    return Lazy((), dict[str, Any]().__getitem__)


class Awards(Mapping[str, "Award"]):
    """Awards by id, in order: some that are at ``hand``, and all that there are ``of`` badges.

    ``number`` is how many there are.
    """

    def __init__(self, hand: Mapping[str, Award], of: Mapping[str, tuple[Award, ...]], number: int) -> None:
        self.hand, self._of, self._number = hand, of, number
        self._all: dict[str, Award] | None = None

    def _everything(self) -> dict[str, Award]:
        if self._all is None:
            every = [award for given in self._of.values() for award in given]
            self._all = {award.id: award for award in sorted(every, key=in_order)}
        return self._all

    def __getitem__(self, award_id: str) -> Award:
        return self.hand[award_id] if award_id in self.hand else self._everything()[award_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._everything())

    def __len__(self) -> int:
        return self._number


def in_order(award: Award) -> tuple[object, ...]:
    """By what the awards of a site are in order."""
    return award.issued_on, award.badge.ref, award.participant.slug, award.id
