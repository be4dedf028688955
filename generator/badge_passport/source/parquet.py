"""Parquet tables: one record a row, for programmes that outgrow files which people write.

Columns are named like the keys of a record, and nested values are lists and structs; what is null is not
there. Rows count from 1: problems name them where they name a line of other files.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from typing import Any, Final

from badge_passport.diagnostics import Diagnostic, Keys, Span
from badge_passport.source.tables import Row

MOST: Final = 4 * 1024**3
"""Bytes that a table may have when it is unpacked."""
_BATCH: Final = 10_000  # rows that are values of ours at one time


def is_table(data: bytes) -> bool:
    """Whether a file is a Parquet table: it begins so."""
    return data.startswith(b"PAR1")


def can_read() -> bool:
    """Whether the package is here that reads such tables."""
    return find_spec("pyarrow") is not None


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


def texts(data: bytes, file: str, pattern: str) -> Iterator[tuple[int, str]]:
    """What rows say in which ``pattern`` may be found, each as one text with the row's number.

    Whole columns are looked at first, because making values of rows takes as long as reading them.
    """
    if any(isinstance(row, Diagnostic) for row in islice(load(data, file), 1)):
        return
    import pyarrow
    from pyarrow import parquet

    number = 0
    try:
        for batch in parquet.ParquetFile(io.BytesIO(data)).iter_batches(_BATCH):
            if any(_found(column, pattern) for column in batch.columns):
                for at, row in enumerate(batch.to_pylist(), number + 1):
                    yield at, "\n".join(_words(row))
            number += batch.num_rows
    except (pyarrow.ArrowException, OSError, ValueError):  # `load` tells of it
        return


def _found(column: Any, pattern: str) -> bool:
    """Whether a pattern is in any text of a column, or of what is nested in it."""
    from pyarrow import compute, types

    if types.is_struct(column.type):
        return any(_found(inner, pattern) for inner in column.flatten())
    if types.is_list(column.type) or types.is_large_list(column.type):
        return _found(column.flatten(), pattern)
    if types.is_dictionary(column.type):
        return _found(column.dictionary, pattern)
    texts = types.is_string(column.type) or types.is_large_string(column.type)
    return texts and bool(compute.any(compute.match_substring_regex(column, pattern)).as_py())


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _words(item)


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
