"""Cells of the tables we write: nothing in them is a formula to a spreadsheet.

Source: OWASP, CSV Injection. A text that a spreadsheet would compute gets an apostrophe in front, which
spreadsheets do not show and which `plain` takes away again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """``cell`` as it may be opened by a spreadsheet.

    >>> neutral('=HYPERLINK("https://evil.example")')
    '\\'=HYPERLINK("https://evil.example")'
    """
    return "'" + cell if cell.lstrip(" '").startswith(_COMPUTED) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" '").startswith(_COMPUTED) else cell


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file of neutral cells, in UTF-8, with the lines that this project's files have."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")
