"""Tables we write: nothing in them is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from badge_passport.source.cells import neutral as neutral
from badge_passport.source.cells import plain as plain


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file of neutral cells, in UTF-8, with the lines that this project's files have."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")
