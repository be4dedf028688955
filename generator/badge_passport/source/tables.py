"""CSV tables: one record a row, dotted column names for nested fields (``revoked.reason``)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from badge_passport.diagnostics import Diagnostic, Keys, Span

MAX_FIELD = 100_000  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table; ``line`` is where it starts, ``values`` nests the dotted columns."""

    line: int
    values: dict[str, Any]


def load(text: str, file: str) -> tuple[list[Row], list[Diagnostic]]:
    """The rows of a CSV text with a header line; comma or semicolon, as the header has it.

    Empty cells are left out of the record. Problems: ``csv-syntax``, ``csv-column``.
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
                problems += _header_problems(header, file)
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
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _header_problems(header: list[str], file: str) -> list[Diagnostic]:
    problems = [
        Diagnostic("csv-column", f"the column “{name}” stands twice", Span(file), "remove one of the two.")
        for name in sorted({n for n in header if header.count(n) > 1 and n})
    ]
    if "participant" not in header:
        problems.append(
            Diagnostic(
                "csv-column",
                "the column “participant” is missing",
                Span(file, 1, 1, len(header[0]) + 1),
                "the first row names the columns; one of them must be “participant”.",
            )
        )
    return problems


def _nest(header: list[str], cells: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        value = cell.strip()
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
    """The span of a cell; ``path`` is the row's line, then the column's (dotted) name."""
    line = path[0] if path and isinstance(path[0], int) else 1
    names = [str(step) for step in path[1:] if not isinstance(step, int)]
    lines = text.splitlines()
    if not (0 < line <= len(lines)):
        return Span(file, line)
    raw = lines[line - 1]
    header: list[str] = next(_reader(lines[0]), [])
    column = next((i for i, name in enumerate(header) if name.strip() == ".".join(names)), None)
    if column is None:
        return Span(file, line, 1, len(raw) + 1)
    start = 0
    try:
        # The reader is asked with the header's separator: a row alone may suggest another one.
        separator = ";" if lines[0].count(";") > lines[0].count(",") else ","
        cells = next(csv.reader([raw], delimiter=separator), [])
    except csv.Error:
        cells = []
    for number, cell in enumerate(cells[: column + 1]):
        found = raw.find(cell.replace('"', '""') if '"' in cell else cell, start)
        if found < 0:
            break
        if number == column:
            return Span(file, line, found + 1, found + max(1, len(cell)) + 1)
        start = found + len(cell) + 1
    return Span(file, line, 1, len(raw) + 1)
