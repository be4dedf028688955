"""What the calendar says of a site. A build has no clock: the day is the caller's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.entities import Registry


def not_yet(registry: Registry, today: datetime.date) -> Iterator[Diagnostic]:
    """``future-date``: verifiers refuse what was issued after today. One warning for each place."""
    late = [award for award in registry.awards.values() if award.issued_on > today]
    awards = {award.origin.at("issuedOn"): award for award in late if not award.because}
    for place, award in awards.items():
        yield Diagnostic(
            "future-date",
            f"this is awarded on {award.issued_on}, which is still to come",
            place,
            "correct the day, or publish on that day: until then every verifier refuses the badge.",
            "warning",
        )
