"""Mistakes in a Parquet table, worded for rows; what all rows have in one column is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from badge_passport.diagnostics import Diagnostic, Keys, Place

_Kind = tuple[str, Keys, str]


def of_columns(found: Sequence[Diagnostic], rows: int) -> Iterator[Diagnostic]:
    """The problems of a table of so many rows, whose places begin with the number of the row."""
    kinds: dict[_Kind, list[Diagnostic]] = defaultdict(list)
    for one in found:
        kinds[_kind(one)].append(one)
    for (code, column, _), alike in kinds.items():
        if code == "unknown-key" and len(column) == 1:
            said = f"no record has a field for the column “{str(column[0])[:60]}”"
            yield replace(alike[0], message=said)
        elif len(alike) == rows > 1:
            yield _of_all(code, column, alike[0])
        else:
            yield from map(_in_a_row, alike)


def _kind(one: Diagnostic) -> _Kind:
    """What is wrong, and where in a row; a key that is missing is told by the message alone."""
    path = one.where.path if isinstance(one.where, Place) else ()
    return one.code, path[1:], one.message if one.code == "missing-key" else ""


def _of_all(code: str, column: Keys, first: Diagnostic) -> Diagnostic:
    if code == "missing-key" and not column:
        said = first.message.replace("the key", "the column").replace("is missing", "is missing or empty")
        return replace(first, message=said, help="write the table with this column, filled in each row.")
    of = f" of the column “{column[0]}”" if column else ""
    return replace(_in_a_row(first), message=f"{first.message}; it is so in every row{of}")


def _in_a_row(one: Diagnostic) -> Diagnostic:
    """The same problem with a help that does not speak of lines of YAML."""
    if one.code == "missing-key":
        return replace(one, help="fill it in this row of the table.")
    if one.code == "wrong-type":
        return replace(one, help="give the column values of this kind.")
    return one
