"""Where awards stand in their issuers' status lists: computed, and kept by those that came before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from badge_passport.credentials.status import SIZE, allocate
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass
from badge_passport.registry.lazy import in_order

Places = Mapping[str, tuple[int, int]]
"""Award id to status list (from 0) and index."""
ROOM: Final = SIZE // 2
"""Awards that get their places in one list (see `allocate`)."""


def given_by(registry: Registry, issuer: str) -> list[Award]:
    """The awards of an issuer, in the order in which they get their places."""
    found = [award for badge in registry.badges_by_issuer.get(issuer, ()) for award in _of(registry, badge)]
    found.sort(key=lambda a: (a.issued_on, a.id))
    return found


def lists(registry: Registry, issuer: str) -> list[int]:
    """The numbers of an issuer's status lists, from 0; there is one even without awards."""
    free, found = 0, {0}
    for badge in registry.badges_by_issuer.get(issuer, ()):
        facts = registry.facts[badge.ref]
        free += facts.number - facts.placed
        if facts.placed:
            found.update(a.status.list - 1 for a in _of(registry, badge) if a.status is not None)
    return sorted(found.union(range(-(-free // ROOM))))


def _of(registry: Registry, badge: BadgeClass) -> Sequence[Award]:
    return registry.awards_by_badge.get(badge.ref, ())


class SitePlaces(Mapping[str, tuple[int, int]]):
    """The places of the awards of some issuers, those of each found when one of them is asked for."""

    def __init__(self, registry: Registry, issuers: Collection[str]) -> None:
        self._registry, self._issuers = registry, issuers
        self._found: dict[str, Places] = {}

    def of(self, issuer: str) -> Places:
        """The places of an issuer's awards."""
        if issuer not in self._found:
            self._found[issuer] = places_of(given_by(self._registry, issuer))
        return self._found[issuer]

    def find(self) -> None:
        """Find all of them now."""
        for issuer in self._issuers:
            self.of(issuer)

    def __getitem__(self, award_id: str) -> tuple[int, int]:
        issuer = self._registry.awards[award_id].badge.issuer.slug
        if issuer not in self._issuers:
            raise KeyError(award_id)
        return self.of(issuer)[award_id]

    def __iter__(self) -> Iterator[str]:
        return (award_id for issuer in self._issuers for award_id in self.of(issuer))

    def __len__(self) -> int:
        return sum(len(self.of(issuer)) for issuer in self._issuers)


def places(registry: Registry, issuer: str) -> Places:
    """The places of an issuer's awards."""
    return places_of(given_by(registry, issuer))


def places_of(awards: Sequence[Award]) -> Places:
    """The places of an issuer's awards, which come as in `given_by`.

    Awards are in the order of their day, so that an award appended later moves none. One that is entered
    late may take the place of another; then it is given a place of its own (``status`` in its record).
    """
    fixed = {a.id: (own.list - 1, own.index) for a in awards if (own := a.status) is not None}
    return allocate([a.id for a in awards if a.id not in fixed], SIZE, fixed)


def conflicts(registry: Registry) -> Iterator[Diagnostic]:
    """``status-conflict``: no two awards of an issuer have one place by hand."""
    seen: dict[tuple[str, int, int], Award] = {}
    found = [award for ref in _with_places(registry) for award in registry.awards_by_badge[ref]]
    for award in sorted((a for a in found if a.status is not None), key=in_order):
        if (own := award.status) is not None:
            first = seen.setdefault((award.badge.issuer.slug, own.list, own.index), award)
            if first is not award:
                yield Diagnostic(
                    "status-conflict",
                    "another award of this issuer has the same place in the status list",
                    award.origin.at("status"),
                    "leave “status” out, and let `passport check --since` say which place is free.",
                )


def _with_places(registry: Registry) -> Iterator[str]:
    """The badges of which an award may have a place by hand."""
    for ref in registry.awards_by_badge:
        facts = registry.facts.if_made(ref)
        if facts is None or facts.placed:
            yield ref


def late(before: Registry, after: Registry) -> dict[str, tuple[int, int]]:
    """The places that new awards are to be given by hand, so that none of those before moves.

    Empty if none would: as long as awards are entered in the order of their days.
    """
    found: dict[str, tuple[int, int]] = {}
    for issuer in after.issuers.values():
        if issuer.signing_key is None or before.issuers.get(issuer.slug) is None:
            continue
        new = [
            award
            for award in given_by(after, issuer.slug)
            if award.id not in before.awards and award.status is None and not award.because
        ]
        old_places = places(before, issuer.slug)
        own = places(after, issuer.slug)
        if not new or all(own.get(award_id) == place for award_id, place in old_places.items()):
            continue
        used = set(old_places.values()) | set(own.values())
        for award in new:
            number, index = own[award.id]
            while (number, index) in used:
                index = (index + 1) % SIZE
            used.add((number, index))
            found[award.id] = number, index
    return found


def moved(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``status-moved``: awards that were published keep their places; says what late ones are to have.

    Whoever holds a credential looks at the place that is written in it: were it another's, a revocation
    would reach the wrong person.
    """
    for award_id, (number, index) in late(before, after).items():
        yield Diagnostic(
            "status-moved",
            "this award is entered late and would move others in the status list",
            after.awards[award_id].origin.at("participant"),
            f"give it a place of its own: “status: {{list: {number + 1}, index: {index}}}”.",
        )
