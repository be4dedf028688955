"""Which awards a promoter means: by their numbers or addresses, or by what they have in common."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from badge_passport.desk.awarding.intents import badge_named
from badge_passport.diagnostics import Diagnostic, did_you_mean
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award

_ID = re.compile(r"(?<![0-9A-Z])[0-9A-HJKMNP-TV-Z]{16}(?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What all the awards have in common; what is left out is not asked."""

    badge: str | None = None
    participant: str | None = None
    issued_on: datetime.date | None = None

    def __bool__(self) -> bool:
        return any((self.badge, self.participant, self.issued_on))


def select(registry: Registry, named: Iterable[str], wanted: Wanted) -> tuple[list[Award], list[Diagnostic]]:
    """The awards meant by numbers, addresses of pages or documents, and by ``wanted``.

    Problems: ``unknown-award``, ``unknown-badge``, ``unknown-participant``.
    """
    found: dict[str, Award] = {}
    problems: list[Diagnostic] = []
    for text in named:
        match = _ID.search(text.upper())
        award = registry.awards.get(match[0]) if match else None
        if award is None:
            problems.append(
                Diagnostic(
                    "unknown-award",
                    f"no award is meant by “{text[:80]}”",
                    None,
                    "write the number that its page shows, or the address of its page.",
                )
            )
        else:
            found[award.id] = award
    if wanted.badge is not None:
        try:
            wanted = replace(wanted, badge=badge_named(registry, wanted.badge))
        except LookupError as error:
            problems.append(
                Diagnostic(
                    "unknown-badge", str(error.args[0]), None, "write it as issuer/badge, or its name."
                )
            )
    people = {*registry.participants, *(old.slug for old, _ in registry.former)}
    if wanted.participant is not None and wanted.participant not in people:
        problems.append(
            Diagnostic(
                "unknown-participant",
                f"no participant called “{wanted.participant}”",
                None,
                f"{did_you_mean(wanted.participant, people)}Write it as its file is called.",
            )
        )
    if wanted and not problems:
        found |= {a.id: a for a in registry.awards.values() if _fits(a, wanted)}
    return list(found.values()), problems


def _fits(award: Award, wanted: Wanted) -> bool:
    return (
        not award.because  # it follows what it follows from
        and not award.erased  # nobody is left who could hold it
        and wanted.badge in (None, award.badge.ref)
        and wanted.participant in (None, award.participant.slug, award.record.participant)
        and wanted.issued_on in (None, award.issued_on)
    )
