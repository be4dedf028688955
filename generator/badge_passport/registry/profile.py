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
        own = award.record.level or ""
        for aligned in award.badge.alignments:
            if aligned.competence is not None:
                top = aligned.competence.parent or aligned.competence
                level = aligned.level or ""
                if levels.get(own, 0) > levels.get(level, 0):
                    level = own
                found.setdefault(top.ref, set()).add(level)
    return [
        (registry.competences[ref], sorted(found[ref], key=lambda code: (levels.get(code, 0), code)))
        for ref in sorted(found, key=places.__getitem__)
    ]


@lru_cache(maxsize=1)  # everybody's passport asks for it
def _orders(registry: Registry) -> tuple[dict[str, int], dict[str, int]]:
    """The places of levels, from 1, and of competences."""
    levels = {level: number for number, level in enumerate(registry.levels(), 1)}
    return levels, {ref: number for number, ref in enumerate(registry.competences)}
