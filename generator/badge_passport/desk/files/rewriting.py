"""Changing the records of awards where they stand: in YAML with its comments, or in a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from badge_passport.desk.files.yamlfiles import EditError, edit
from badge_passport.registry.entities import Award
from badge_passport.source.cells import neutral
from badge_passport.source.files import Tree
from badge_passport.source.tables import separator

Change = Callable[[dict[str, Any]], None]
"""Changes the fields of one award in place. In a table, a field within another is a mapping as in YAML."""


def rewritten(tree: Tree, changes: Iterable[tuple[Award, Change | None]]) -> dict[str, bytes | None]:
    """The files of these awards after the changes, by path; None in place of a change removes the award.

    A file that no award is left in is removed, and so is what all rows of such a table shared.

    Raises:
        EditError: a file cannot be changed without changing more.
    """
    by_file: dict[str, list[tuple[Award, Change | None]]] = {}
    for award, change in changes:
        by_file.setdefault(award.origin.file, []).append((award, change))
    files = {
        file: (_table if file.endswith(".csv") else _yaml)(tree.files[file], found)
        for file, found in by_file.items()
    }
    emptied = (file for file, data in files.items() if data is None and file.endswith(".csv"))
    shared = (f"{file.removesuffix('.csv')}.yml" for file in emptied)
    return files | {file: None for file in shared if file in tree.files}


def _yaml(data: bytes, changes: list[tuple[Award, Change | None]]) -> bytes | None:
    if any(not award.origin.base and change is None for award, change in changes):
        return None  # the file is one award

    def apply(value: Any) -> None:
        removed = []
        for award, change in changes:
            row = value
            for key in award.origin.base:
                row = row[key]
            if change is None:
                removed.append(int(award.origin.base[-1]))
            else:
                change(row)
        for number in sorted(removed, reverse=True):
            del value["awards"][number]

    left: list[Any] = []

    def count(value: Any) -> None:
        apply(value)
        left[:] = value.get("awards", [value])

    done = edit(data, count)
    return done if left else None


def _table(data: bytes, changes: list[tuple[Award, Change | None]]) -> bytes | None:
    text = data.decode("utf-8")
    mark, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    by_line = {award.origin.base[0]: change for award, change in changes}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    line = 1
    for cells in reader:
        start, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
        elif start not in by_line:
            rows.append(cells)
        elif (change := by_line.pop(start)) is not None:
            rows.append(_cells(header, cells, change))
    if by_line:
        raise EditError("the table has changed since it was read")
    if not rows:
        return None
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator(text), lineterminator="\r\n" if "\r\n" in text else "\n")
    writer.writerows([header, *(row + [""] * (len(header) - len(row)) for row in rows)])
    return (mark + out.getvalue()).encode("utf-8")


def _cells(header: list[str], cells: list[str], change: Change) -> list[str]:
    """The cells of a row after a change; columns that it needs are added to the header."""
    row = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    nested: dict[str, Any] = {}
    for name, cell in row.items():
        outer, _, inner = name.partition(".")
        if cell and inner:
            nested.setdefault(outer, {})[inner] = cell
        elif cell:
            nested[outer] = cell
    before = _flat(nested)
    change(nested)
    after = _flat(nested)
    header += [name for name in after if name not in header]
    return [
        after[name] if after.get(name) == before.get(name) and name in after else neutral(after.get(name, ""))
        for name in header
    ]


def _flat(nested: dict[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in nested.items():
        found |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: str(value)}
    return found
