"""What the calendar says of a site. A build has no clock: the day is the caller's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.entities import Registry
from badge_passport.registry.lazy import in_order


def not_yet(registry: Registry, today: datetime.date) -> Iterator[Diagnostic]:
    """``future-date``: verifiers refuse what was issued after today. One warning for each place."""
    refs = [ref for ref in registry.awards_by_badge if _may_be_late(registry, ref, today)]
    late = [a for ref in refs for a in registry.awards_by_badge[ref] if a.issued_on > today]
    late.sort(key=in_order)
    awards = {award.origin.at("issuedOn"): award for award in late if not award.because}
    for place, award in awards.items():
        yield Diagnostic(
            "future-date",
            f"this is awarded on {award.issued_on}, which is still to come",
            place,
            "correct the day, or publish on that day: until then every verifier refuses the badge.",
            "warning",
        )


def _may_be_late(registry: Registry, ref: str, today: datetime.date) -> bool:
    """Whether an award of a badge may be issued after today, by what is known of it."""
    facts = registry.facts.if_made(ref)
    return facts is None or facts.latest > today.toordinal()
