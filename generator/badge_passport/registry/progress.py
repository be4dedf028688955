"""How far somebody is on the way to a milestone: what counts already, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from badge_passport.registry.entities import Award, BadgeClass, Registry
from badge_passport.registry.milestones import kind_of, named


@dataclass(frozen=True, slots=True)
class Progress:
    """A milestone on the way: ``have`` are the awards that count, one of each kind."""

    badge: BadgeClass
    count: int
    have: tuple[Award, ...]
    missing: tuple[BadgeClass, ...]


def milestones(registry: Registry) -> Mapping[str, tuple[str, ...]]:
    """The badges that count, by the milestone they count towards."""
    plain = tuple(ref for ref, badge in registry.badges.items() if badge.record.milestone is None)
    found = {}
    for ref, badge in registry.badges.items():
        if badge.record.milestone is not None:
            found[ref] = tuple(named(badge)) or plain
    return found


def under_way(
    registry: Registry, counting: Mapping[str, tuple[str, ...]], awards: Iterable[Award]
) -> Iterator[Progress]:
    """The milestones that some awards in force count towards and have not reached; ``counting`` as above.

    Badges that would be the next step are missing: those whose kind is not there yet.
    """
    held: dict[str, Award] = {}
    for award in awards:
        held.setdefault(award.badge.ref, award)
    for ref, refs in counting.items():
        badge = registry.badges[ref]
        rule = badge.record.milestone
        if rule is None or ref in held:
            continue
        have: dict[str, Award] = {}
        for one in refs:
            if one in held:
                have.setdefault(kind_of(held[one].badge, rule.distinct), held[one])
        if 0 < len(have) < rule.count:
            missing = [registry.badges[one] for one in refs if one not in held]
            yield Progress(
                badge,
                rule.count,
                tuple(have.values()),
                tuple(b for b in missing if kind_of(b, rule.distinct) not in have),
            )
