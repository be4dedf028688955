"""Parquet tables: one record a row, for programmes that outgrow files which people write.

Columns are named like the keys of a record, and nested values are lists and structs; what is null is not
there. Rows count from 1: problems name them where they name a line of other files.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any, Final

from badge_passport.diagnostics import Diagnostic, Keys, Span
from badge_passport.source.tables import Row

MOST: Final = 4 * 1024**3
"""Bytes that a table may have when it is unpacked."""
_BATCH: Final = 10_000  # rows that are values of ours at one time


def load(data: bytes, file: str) -> Iterator[Row | Diagnostic]:
    """The rows of a table, one by one, and what keeps it from being read.

    Problem: ``parquet-unreadable``.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        yield _unreadable(
            file, "reading it needs pyarrow", 'install it: pip install "badge-passport[parquet]".'
        )
        return
    try:
        table = parquet.ParquetFile(io.BytesIO(data))
        groups = (table.metadata.row_group(number) for number in range(table.metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > MOST:
            yield _unreadable(file, "it is too large", "split it into several files.")
            return
        number = 0
        for batch in table.iter_batches(_BATCH):
            for row in batch.to_pylist():
                number += 1
                yield Row(number, {key: value for key, value in _plain(row).items() if value is not None})
    except (pyarrow.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:120]
        yield _unreadable(
            file, f"it cannot be read: {reason}", "write it again, as Parquet with columns of text."
        )


def _plain(value: Any) -> Any:
    """A value as it would come out of YAML."""
    if isinstance(value, dict):
        return {key: plain for key, item in value.items() if (plain := _plain(item)) is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value] or None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time.min else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def locate(file: str, path: Keys) -> Span:
    """Where a value is: in its row."""
    return Span(file, path[0] if path and isinstance(path[0], int) else 1)


def _unreadable(file: str, why: str, fix: str) -> Diagnostic:
    return Diagnostic("parquet-unreadable", f"this is a table that is not read: {why}", Span(file), fix)
