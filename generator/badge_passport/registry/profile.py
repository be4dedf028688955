"""Which competences somebody's awards are evidence of, and at which levels."""

from __future__ import annotations

from collections.abc import Iterable

from badge_passport.registry.entities import Award, Competence, Registry


def reached(registry: Registry, awards: Iterable[Award]) -> list[tuple[Competence, list[str]]]:
    """The competences in order of the frameworks, each with its levels, lowest first; "" is no level.

    The level of an award counts if it exceeds that of its badge; micro-competences count for theirs.
    """
    order = {level: number for number, level in enumerate(registry.levels(), 1)}
    found: dict[str, set[str]] = {}
    for award in awards:
        own = award.record.level or ""
        for aligned in award.badge.alignments:
            if aligned.competence is not None:
                top = aligned.competence.parent or aligned.competence
                level = max(aligned.level or "", own, key=lambda code: order.get(code, 0))
                found.setdefault(top.ref, set()).add(level)
    return [
        (competence, sorted(found[ref], key=lambda code: (order.get(code, 0), code)))
        for ref, competence in registry.competences.items()
        if ref in found
    ]
