"""Which competences somebody's awards are evidence of, and at which levels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from badge_passport.registry.entities import Award, Competence, Registry


def reached(registry: Registry, awards: Iterable[Award]) -> list[tuple[Competence, list[str]]]:
    """The competences in order of the frameworks, each with its levels, lowest first; "" is no level.

    The level of an award counts if it exceeds that of its badge; micro-competences count for theirs.
    """
    levels, places = _orders(registry)
    found: dict[str, set[str]] = {}
    for award in awards:
        for aligned in award.badge.alignments:
            if aligned.competence is not None:
                top = aligned.competence.parent or aligned.competence
                level = highest(registry, aligned.level, award.record.level)
                found.setdefault(top.ref, set()).add(level or "")
    return [
        (registry.competences[ref], sorted(found[ref], key=lambda code: (levels.get(code, 0), code)))
        for ref in sorted(found, key=places.__getitem__)
    ]


def highest(registry: Registry, *levels: str | None) -> str | None:
    """The highest of some levels, in the order the frameworks list them; else the first that is one."""
    order = _orders(registry)[0]
    named = [level for level in levels if level]
    return max(named, key=lambda level: order.get(level, 0), default=None)


@lru_cache(maxsize=1)  # everybody's passport asks for it
def _orders(registry: Registry) -> tuple[dict[str, int], dict[str, int]]:
    """The places of levels, from 1, and of competences."""
    levels = {level: number for number, level in enumerate(registry.levels(), 1)}
    return levels, {ref: number for number, ref in enumerate(registry.competences)}
