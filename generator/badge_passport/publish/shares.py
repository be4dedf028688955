"""What other machines are told of people: of those whom they make files of, and only while they do.

A worker has badges, issuers and all that is said of the site from the beginning. What comes with a unit names
these instead of bringing them along, so that for the worker they are the same objects as before.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from badge_passport.credentials.places import Places
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Issuer, Participant
from badge_passport.registry.lazy import nothing
from badge_passport.registry.standins import PersonStandIn

_Person = tuple[str, Participant | None, tuple[Award, ...]]


def without_people(registry: Registry) -> Registry:
    """What a worker has from the beginning; of awards only those that somebody endorses."""
    return replace(
        registry,
        participants={},
        awards={},
        awards_by_participant={},
        awards_by_badge={},
        facts=nothing(),
        shown=nothing(),
        holders=nothing(),
        page_assets={},
        endorsements=tuple(
            replace(given, award=_themselves(given.award.participant, [given.award])[1][0])
            if given.award
            else given
            for given in registry.endorsements
        ),
    )


def pack(registry: Registry, places: Places, slugs: Sequence[str]) -> bytes:
    """These people, their awards, and the places of those in the status lists."""
    people: list[_Person] = []
    for slug in slugs:
        person, given = registry.participants.get(slug), registry.awards_by_participant.get(slug, ())
        people.append((slug, *_themselves(person, given)))
    ids = [award.id for _, _, given in people for award in given]
    packed = io.BytesIO()
    own = {one: places[one] for one in ids if one in places}
    _Pickler(packed, map(_name, _endorsed(registry))).dump((people, own))
    return packed.getvalue()


class Arrived:
    """The people who are on a worker at the moment; ``registry`` is that of the site, with them in it."""

    def __init__(self, registry: Registry) -> None:
        self._people: dict[str, Participant] = {}
        self._given: dict[str, tuple[Award, ...]] = {}
        self._awards: dict[str, Award] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self.registry = replace(
            registry,
            participants=self._people,
            awards=self._awards,
            awards_by_participant=self._given,
        )
        self._names: dict[tuple[str, ...], object] = {
            _name(thing): thing
            for thing in (
                *registry.issuers.values(),
                *(badge for versions in registry.versions.values() for badge in versions),
                *_endorsed(registry),
            )
        }

    def take(self, share: bytes) -> None:
        """Those whom `pack` packed, in place of those who were here."""
        people, places = _Unpickler(io.BytesIO(share), self._names).load()
        self._people.clear()
        self._people.update((slug, person) for slug, person, _ in people if person is not None)
        self._given.clear()
        self._given.update((slug, given) for slug, _, given in people)
        self._awards.clear()
        self._awards.update((award.id, award) for _, _, given in people for award in given)
        self.places.clear()
        self.places.update(places)


def _themselves(
    person: Participant | None, given: Sequence[Award]
) -> tuple[Participant | None, tuple[Award, ...]]:
    """A person and some of their awards, not who stands in for them and would bring the whole site along."""
    if not isinstance(person, PersonStandIn):
        return person, tuple(given)
    there, awards = person.opened()
    return there, tuple(awards[award.id] for award in given)


def _endorsed(registry: Registry) -> Iterable[Award | Participant]:
    """The awards that are there from the beginning, and whose they are."""
    for given in registry.endorsements:
        if given.award is not None:
            yield given.award
            yield given.award.participant


def _name(thing: Issuer | BadgeClass | Award | Participant) -> tuple[str, ...]:
    match thing:
        case BadgeClass():
            return "badge", thing.ref, thing.version
        case Award():
            return "award", thing.id
        case Issuer():
            return "issuer", thing.slug
        case _:
            return "person", thing.slug


def _here(*name: str) -> object:
    """Stands in what is packed for the thing of this name that the worker has.

    Raises:
        LookupError: nobody asked for it by `_Unpickler`, who knows.
    """
    raise LookupError(name)


class _Pickler(pickle.Pickler):
    """Packs what a worker has by its name; it is asked of these kinds alone, not of every value."""

    def __init__(self, file: io.BytesIO, known: Iterable[tuple[str, ...]]) -> None:
        super().__init__(file, protocol=5)
        self._known = frozenset(known)
        self.dispatch_table = copyreg.dispatch_table | dict.fromkeys((BadgeClass, Issuer), self._named)
        if self._known:
            self.dispatch_table |= dict.fromkeys((Award, Participant), self._perhaps)

    def _named(self, thing: BadgeClass | Issuer) -> Any:
        return _here, _name(thing)

    def _perhaps(self, thing: Award | Participant) -> Any:
        name = _name(thing)
        return (_here, name) if name in self._known else thing.__reduce_ex__(5)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, names: dict[tuple[str, ...], object]) -> None:
        super().__init__(file)
        self._names = names

    def find_class(self, module: str, name: str) -> Any:
        """What finds things here, in place of what stands for it."""
        if (module, name) == (__name__, _here.__name__):
            return lambda *which: self._names[which]
        return super().find_class(module, name)
