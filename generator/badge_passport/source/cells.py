"""The tables we write: nothing in them is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from badge_passport.source.tables import neutral, plain

__all__ = ["lines", "neutral", "plain", "table"]


def table(header: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    """A CSV file of neutral cells, in UTF-8, with the lines that this project's files have."""
    return lines([header, *rows], separator).encode("utf-8")


def lines(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Rows of neutral cells as lines of CSV. Lines inside a cell end with \\n: the writer would not quote
    a lone \\r, and what follows it would be read as a row of its own."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", delimiter=separator)
    writer.writerows(
        [neutral(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in row] for row in rows
    )
    return text.getvalue()
