"""Where awards stand in their issuers' status lists: computed, and kept by those that came before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from badge_passport.credentials.status import SIZE, allocate
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award

Places = Mapping[str, tuple[int, int]]
"""Award id to status list (from 0) and index."""


def by_issuer(registry: Registry) -> Mapping[str, list[Award]]:
    """The awards of every issuer, in the order in which they get their places."""
    found: dict[str, list[Award]] = {slug: [] for slug in registry.issuers}
    for award in registry.awards.values():
        found[award.badge.issuer.slug].append(award)
    for own in found.values():
        own.sort(key=lambda a: (a.issued_on, a.id))
    return found


def places(registry: Registry, issuer: str) -> Places:
    """The places of an issuer's awards."""
    return places_of(by_issuer(registry)[issuer])


def places_of(awards: Sequence[Award]) -> Places:
    """The places of an issuer's awards, which come as in `by_issuer`.

    Awards are in the order of their day, so that an award appended later moves none. One that is entered
    late may take the place of another; then it is given a place of its own (``status`` in its record).
    """
    fixed = {a.id: (own.list - 1, own.index) for a in awards if (own := a.status) is not None}
    return allocate([a.id for a in awards if a.id not in fixed], SIZE, fixed)


def conflicts(registry: Registry) -> Iterator[Diagnostic]:
    """``status-conflict``: no two awards of an issuer have one place by hand."""
    seen: dict[tuple[str, int, int], Award] = {}
    for award in registry.awards.values():
        own = award.status
        if own is not None:
            first = seen.setdefault((award.badge.issuer.slug, own.list, own.index), award)
            if first is not award:
                yield Diagnostic(
                    "status-conflict",
                    "another award of this issuer has the same place in the status list",
                    award.origin.at("status"),
                    "leave “status” out, and let `passport check --since` say which place is free.",
                )


def late(before: Registry, after: Registry) -> dict[str, tuple[int, int]]:
    """The places that new awards are to be given by hand, so that none of those before moves.

    Empty if none would: as long as awards are entered in the order of their days.
    """
    found: dict[str, tuple[int, int]] = {}
    now, then = by_issuer(after), by_issuer(before)
    for issuer in after.issuers.values():
        if issuer.signing_key is None or before.issuers.get(issuer.slug) is None:
            continue
        new = [
            award
            for award in now[issuer.slug]
            if award.id not in before.awards and award.status is None and not award.because
        ]
        old_places = places_of(then[issuer.slug])
        own = places_of(now[issuer.slug])
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
