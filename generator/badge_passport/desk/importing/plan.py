"""From wishes to the changes of files, checked as a whole site before anything is written."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from badge_passport.desk.awarding.awardfiles import Table as AwardTable
from badge_passport.desk.awarding.awardfiles import with_rows
from badge_passport.desk.awarding.deciding import Outcome, Placed, decide, without
from badge_passport.desk.awarding.intents import Intent
from badge_passport.desk.importing.reading import Table
from badge_passport.desk.importing.rows import Read
from badge_passport.desk.people.newcomers import Draw
from badge_passport.desk.people.roster import Roster
from badge_passport.diagnostics import Diagnostic
from badge_passport.pipeline import Checked, check
from badge_passport.source.cells import table as csv_table

REJECTED = "rejected-"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do. ``unfit`` has the reason against a row by its line; ``problems`` (of
    ``checked``) are those that no row is to blame for, and with any of them nothing is done."""

    outcome: Outcome
    tables: tuple[AwardTable, ...]
    unfit: dict[int, str]
    checked: Checked
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def files(self) -> dict[str, bytes | None]:
        """The files to write: people and the roster first, then what names them."""
        return self.outcome.files | {path: data for t in self.tables for path, data in t.files.items()}


def plan(
    root: Path,
    checked: Checked,
    roster: Roster,
    read: Read,
    occasion: str,
    today: datetime.date | None = None,
    draw: Draw = secrets.token_bytes,
) -> Plan:
    """The changes by which the wishes come true in the tables called ``occasion``.

    The site is checked as it would be; a row that one of its rules is against is left out, with the reason.

    Raises:
        InTheWay: there are files of this name that cannot take the rows.
        EditError: a person's file cannot take another address.
        ValueError: ``checked`` was not good.
    """
    if checked.registry is None or not checked.good:
        raise ValueError("a site with errors is not added to")
    unfit = dict(read.unfit)
    wishes: Sequence[Intent] = read.intents
    while True:
        outcome = decide(checked.registry, roster, checked.tree.files, wishes, draw)
        unfit |= {intent.line: why for intent, why in outcome.refused}
        tables = _tables(checked, outcome.placed, occasion)
        made = Plan(outcome, tables, unfit, checked)
        if not made.files:
            return made
        after = check(root, today, made.files)
        if after.good:
            return Plan(outcome, tables, unfit, after)
        blamed, others = _blame(after.diagnostics, tables)
        if not blamed:
            return Plan(outcome, tables, unfit, after, others)
        unfit |= blamed
        wishes = without(outcome, set(blamed))


def _tables(checked: Checked, placed: Sequence[Placed], occasion: str) -> tuple[AwardTable, ...]:
    by_issuer: dict[str, list[Placed]] = {}
    for award in placed:
        by_issuer.setdefault(award.intent.badge.partition("/")[0], []).append(award)
    return tuple(
        with_rows(checked.tree.files, issuer, occasion, awards) for issuer, awards in by_issuer.items()
    )


def _blame(
    found: Sequence[Diagnostic], tables: Sequence[AwardTable]
) -> tuple[dict[int, str], list[Diagnostic]]:
    """The errors of new rows, by the line of the table they came from, and the errors of anything else."""
    there = {table.path: sorted(table.lines) for table in tables}
    awards = {(table.path, line): award for table in tables for line, award in table.lines.items()}
    blamed: dict[int, str] = {}
    others: list[Diagnostic] = []
    for problem in found:
        if problem.severity != "error":
            continue
        span = problem.span
        starts = there.get(span.file, []) if span else []
        at = bisect_right(starts, span.line) if span else 0
        if span and at:  # a row may have several lines: it is the last that starts before
            blamed.setdefault(awards[span.file, starts[at - 1]].intent.line, problem.message)
        else:
            others.append(problem)
    return blamed, others


def stem_of(file: str) -> str:
    """The name of a table without its ending; ``rejected-walks.csv`` is still the table “walks”."""
    return PurePath(file).stem.removeprefix(REJECTED) or "table"


def occasion_of(stem: str) -> str:
    """The name of a file of awards: the stem in small Latin letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", stem.casefold())
    slug = "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c))))
    return slug[:60].strip("-") or f"import-{hashlib.sha256(stem.encode()).hexdigest()[:8]}"


def rejected(table: Table, unfit: dict[int, str]) -> bytes:
    """``private/rejected-….csv``: the rows that do not fit, as they were, with line and reason."""
    kept = [number for number, header in enumerate(table.headers) if header not in ("line", "reason")]
    return csv_table(
        ["line", "reason", *(table.headers[number] for number in kept)],
        (
            [str(row.line), unfit[row.line], *(row.cells[number] for number in kept), *row.more]
            for row in table.rows
            if row.line in unfit
        ),
    )


def rejected_path(stem: str) -> str:
    """Where those rows go; nothing in the name of a stranger's file leads out of ``private/``."""
    return f"private/{REJECTED}{occasion_of(stem)}.csv"
