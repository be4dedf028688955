"""CSV tables: one record a row, dotted column names for nested fields (``revoked.reason``)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from badge_passport.diagnostics import Diagnostic, Keys, Place, Span

MAX_FIELD = 100_000  # characters
MAX_COLUMNS = 500  # awards have some thirty, and texts one for each language
MAX_STEPS = 8  # names of a column with dots
COMPUTED = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a spreadsheet takes for the start of a formula


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table; ``line`` is where it starts, ``values`` nests the dotted columns."""

    line: int
    values: dict[str, Any]


def neutral(cell: str) -> str:
    """``cell`` as a spreadsheet may open it: an apostrophe, which none shows, makes a formula a text.

    Source: OWASP, CSV Injection.

    >>> neutral('=HYPERLINK("https://evil.example")')
    '\\'=HYPERLINK("https://evil.example")'
    """
    return "'" + cell if _is_computed(cell) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _is_computed(cell[1:]) else cell


def _is_computed(cell: str) -> bool:
    return cell.lstrip(" '\n\v\f\ufeff\u00a0").startswith(COMPUTED)


def load(text: str, file: str) -> tuple[list[Row], list[Diagnostic]]:
    """The rows of a CSV text with a header line; comma or semicolon, as the header has it.

    Empty cells are left out of the record, and the apostrophe of `neutral` is taken away.
    Problems: ``csv-syntax``, ``csv-column``.
    """
    rows: list[Row] = []
    problems: list[Diagnostic] = []
    reader = _reader(text)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                problems += _header_problems(header, file, start)
                if problems:
                    break
            elif len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                problems.append(
                    Diagnostic(
                        "csv-syntax",
                        f"this row has {len(cells)} cells, the header only {len(header)}",
                        Span(file, start),
                        "put quotes around a text that contains the separator.",
                    )
                )
            else:
                rows.append(Row(start, _nest(header, cells)))
    except csv.Error as error:
        problems.append(
            Diagnostic(
                "csv-syntax",
                f"this table cannot be read: {error}",
                Span(file, line),
                "check the quotes in this row; a quote inside a text is written twice.",
            )
        )
    if header is None:
        problems.append(
            Diagnostic(
                "csv-column",
                "this table is empty",
                Span(file),
                "its first row names the columns: participant, …",
            )
        )
    return rows, problems


def _reader(text: str) -> Any:
    csv.field_size_limit(MAX_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)


def separator(text: str) -> str:
    """What stands between the cells of a table: a semicolon or a comma, as its first line has it."""
    first = text.lstrip().partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _header_problems(header: list[str], file: str, line: int) -> list[Diagnostic]:
    deep = next((name for name in header if name.count(".") >= MAX_STEPS), "")
    if deep or len(header) > MAX_COLUMNS:
        what = (
            f"the column “{deep[:40]}” has too many dots" if deep else f"this table has {len(header)} columns"
        )
        return [Diagnostic("csv-column", what, Span(file, line), "keep the columns that an award has.")]
    problems = [
        Diagnostic(
            "csv-column",
            f"the column “{name}” stands twice",
            Place(file, (line, name)),
            "remove one of the two.",
        )
        for name in sorted({n for n in header if header.count(n) > 1 and n})
    ]
    problems += [
        Diagnostic(
            "csv-column",
            f"the column “{name}” is split into others and stands by itself too",
            Place(file, (line, name)),
            f"keep either “{name}” or the columns that start with “{name}.”.",
        )
        for name in sorted({n for n in header if n and any(m.startswith(n + ".") for m in header)})
    ]
    if "participant" not in header:
        problems.append(
            Diagnostic(
                "csv-column",
                "the column “participant” is missing",
                Place(file, (line,)),
                "the first row names the columns; one of them must be “participant”.",
            )
        )
    return problems


def _nest(header: list[str], cells: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        # Spreadsheets end lines inside a cell in three ways; a text has one.
        value = plain(cell.strip()).replace("\r\n", "\n").replace("\r", "\n")
        if not value or not name:
            continue
        *parents, last = name.split(".")
        inner = record
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    # A row carries at most one piece of evidence and one result; the model wants lists.
    for name in ("evidence", "result"):
        if isinstance(record.get(name), dict):
            record[name] = [record[name]]
    return record


def locate(text: str, file: str, path: Keys) -> Span:
    """The span of a cell; ``path`` is the row's line, then the column's (dotted) name.

    A row that has no such cell, or a path without a name, is the whole first line of the row.
    """
    return Lines(text).locate(file, path)


class Lines:
    """The lines of a table and the names of its columns, found once for all that is looked for in it."""

    def __init__(self, text: str) -> None:
        self._lines, self._mark = _lines(text), separator(text)
        first = next((number for number, content in enumerate(self._lines) if content.strip()), 0)
        names = [cell.strip().strip('"').strip() for cell, _, _ in _cells(self._lines, first, self._mark)]
        self._columns = {name: number for number, name in reversed(list(enumerate(names)))}

    def locate(self, file: str, path: Keys) -> Span:
        """What the function of this name gives."""
        line = path[0] if path and isinstance(path[0], int) else 1
        # A list in a table has one item; the text without a language has the empty one.
        name = ".".join(step for step in path[1:] if isinstance(step, str) and step)
        if not (0 < line <= len(self._lines)):
            return Span(file, line)
        column = self._columns.get(name, -1) if name else -1
        cells = _cells(self._lines, line - 1, self._mark)
        for cell, row, start in islice(cells, max(column, 0), column + 1):
            begin = start + len(cell) - len(cell.lstrip())
            end = begin + len(cell.strip().partition("\n")[0])
            return Span(file, row + 1, begin + 1, max(end, begin + 1) + 1)
        return Span(file, line, 1, len(self._lines[line - 1]) + 1)


def _cells(lines: list[str], row: int, separator: str) -> Iterator[tuple[str, int, int]]:
    """The cells of one record as they are written, each with the line and column where it starts."""
    start, quoted, cell, at = 0, False, "", row
    while row < len(lines):
        for column, character in enumerate(lines[row]):
            if character == separator and not quoted:
                yield cell, at, start
                cell, at, start = "", row, column + 1
                continue
            quoted ^= character == '"'
            cell += character
        if not quoted:
            break
        cell, row = cell + "\n", row + 1
    yield cell, at, start


def _lines(text: str) -> list[str]:
    """Lines as the reader of CSV counts them."""
    return re.split("\r\n|\r|\n", text)
