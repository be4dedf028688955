"""``private/roster.csv``: whose address is whose. It is never tracked by the public repository.

One row for each address; a person with several addresses has several rows. ``private/`` may be a repository
of its own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from badge_passport.credentials.identity import normalise
from badge_passport.desk.people.erased import Erased, read_erased
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.model.values import is_slug
from badge_passport.source.cells import plain, table

ROSTER = "private/roster.csv"
COLUMNS = ("participant", "address", "label", "name", "language", "country")


class AddressError(ValueError):
    """Not an e-mail address; the message is one plain sentence."""


@lru_cache(maxsize=200_000)
def address(text: str) -> str:
    """An e-mail address in the form in which it is hashed, compared and written to.

    Raises:
        AddressError: it is none, or mail could not be sent to it (RFC 5321, 6531). The network is not asked.
    """
    from email_validator import EmailNotValidError, validate_email  # slow to load

    try:
        return normalise(validate_email(text.strip(), check_deliverability=False).normalized)
    except EmailNotValidError as error:
        raise AddressError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a participant; ``label`` names the identity in their file, ``name`` is for mail.

    ``country`` is a code of ISO 3166-1, for the numbers of `passport report`. ``further`` is what stands in
    columns that people added, by the name of the column: it is kept.
    """

    participant: str
    address: str
    label: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    further: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Roster:
    """All addresses that are known here, and whose were ``erased``."""

    entries: tuple[Entry, ...] = ()
    erased: tuple[Erased, ...] = ()

    @cached_property
    def owners(self) -> dict[str, str]:
        """Address to participant."""
        return {entry.address: entry.participant for entry in self.entries}

    @cached_property
    def _people(self) -> dict[str, list[Entry]]:
        people: dict[str, list[Entry]] = {}
        for entry in self.entries:
            people.setdefault(entry.participant, []).append(entry)
        return people

    def of(self, participant: str) -> tuple[Entry, ...]:
        """The entries of a participant, in the order of the file."""
        return tuple(self._people.get(participant, ()))

    def with_entries(self, more: Iterable[Entry]) -> Roster:
        """This roster with more entries at its end."""
        return replace(self, entries=(*self.entries, *more))

    def to_bytes(self) -> bytes:
        """The file; the column of countries is only there if one is known."""
        columns = COLUMNS if any(entry.country for entry in self.entries) else COLUMNS[:-1]
        further = list(dict.fromkeys(name for entry in self.entries for name, _ in entry.further))
        rows = (
            [getattr(entry, name) for name in columns]
            + [dict(entry.further).get(name, "") for name in further]
            for entry in self.entries
        )
        return table([*columns, *further], rows)


def read_roster(root: Path) -> tuple[Roster, list[Diagnostic]]:
    """The roster of a site; an empty one if there is none. It may have been saved by a spreadsheet.

    Problems: ``roster-invalid`` for what cannot be read, an address that is none, or one of two people.
    """
    file = root / ROSTER
    erased, problems = read_erased(root)
    if not file.exists():
        return Roster((), erased), problems
    from badge_passport.desk.importing.reading import Unreadable, decode
    from badge_passport.source.tables import separator

    try:
        text = decode(file.read_bytes())
        found = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
        lines = list(found)
    except (Unreadable, csv.Error) as error:
        return Roster(), [_problem(1, f"the roster cannot be read: {error}")]
    if lines and not {"participant", "address"} <= lines[0].keys():
        return Roster(), [_problem(1, "the roster lacks the columns “participant” and “address”")]
    entries: list[Entry] = []
    owners: dict[str, str] = {}
    for number, row in enumerate(lines, 2):
        if not any(cell.strip() for cell in row.values() if isinstance(cell, str)):
            continue  # as spreadsheets leave them
        cells = {name: plain(row.get(name) or "").strip() for name in COLUMNS}
        for problem in _row_problems(cells, owners):
            problems.append(_problem(number, problem))
            break
        else:
            cells["address"] = address(cells["address"])
            cells["country"] = cells["country"].upper()
            owners[cells["address"]] = cells["participant"]
            more = ((name, plain(cell or "")) for name, cell in row.items() if name and name not in COLUMNS)
            entries.append(Entry(**cells, further=tuple((name, cell) for name, cell in more if cell)))
    return Roster(tuple(entries), erased), problems


def _row_problems(cells: dict[str, str], owners: dict[str, str]) -> Iterator[str]:
    if not is_slug(cells["participant"]):
        yield f"“{cells['participant'][:40]}” is not the name of a participant's file"
    if cells["country"] and not _is_country(cells["country"]):
        yield f"“{cells['country'][:20]}” is not the code of a country, as MA or FR"
    try:
        known = owners.get(address(cells["address"]))
    except AddressError:
        yield "this is not an e-mail address"
    else:
        if known is not None:
            yield f"this address stands already in the roster, for “{known}”"


def _is_country(code: str) -> bool:
    from badge_passport.desk.people.countries import code_of  # slow to load

    try:
        return code_of(code) == code.upper()
    except LookupError:
        return False


def _problem(line: int, message: str) -> Diagnostic:
    return Diagnostic("roster-invalid", message, Span(ROSTER, line), "mend the row, or remove it.")
