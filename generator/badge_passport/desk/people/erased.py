"""``private/erased.csv``: whose wish to be forgotten must outlive the tables they once stood in.

An old table that is imported again would bring them back. The file has no address: for each the salted hash
that their public file had, by which an address is known again when somebody writes it, and the day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from badge_passport.credentials.identity import is_recipient
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.source.cells import plain, table

ERASED = "private/erased.csv"
_COLUMNS = ("on", "identity", "salt")


@dataclass(frozen=True, slots=True)
class Erased:
    """The day on which somebody was erased, and one of their addresses, hashed; ``line`` says so."""

    on: str
    identity: str
    salt: str
    line: int = 0


def to_bytes(erased: Iterable[Erased]) -> bytes:
    """The file, in an order that says nothing of who belongs together."""
    rows = sorted({(one.on, one.identity, one.salt) for one in erased})
    return table(_COLUMNS, rows)


def read_erased(root: Path) -> tuple[tuple[Erased, ...], list[Diagnostic]]:
    """Who was erased; nobody if there is no file.

    Problems: ``roster-invalid`` for a file or a row that cannot be read.
    """
    file = root / ERASED
    if not file.exists():
        return (), []
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return (), [_problem(1, f"who was erased cannot be read: {error}")]
    read: list[Erased] = []
    problems: list[Diagnostic] = []
    for number, row in enumerate(rows, 2):
        on, identity, salt = (plain(row.get(name) or "").strip() for name in _COLUMNS)
        if identity.startswith("sha256$") and salt:
            read.append(Erased(on, identity, salt, number))
        else:
            problems.append(_problem(number, "this is not what `passport erase` wrote of an address"))
    return tuple(read), problems


def found(erased: Iterable[Erased], address: str) -> Erased | None:
    """What is written of an address; None if nobody with it was erased."""
    return next((one for one in erased if is_recipient(address, one.salt, one.identity)), None)


def _problem(line: int, message: str) -> Diagnostic:
    return Diagnostic("roster-invalid", message, Span(ERASED, line), "mend the row, or remove it.")
