"""From the bytes of a table to rows of text: CSV in the encodings of spreadsheets, and XLSX.

The file is a stranger's: everything about it is bounded, and nothing in it is computed.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.source.tables import plain

MAX_FILE = 32 * 1024 * 1024  # bytes
MAX_UNPACKED = 256 * 1024 * 1024  # bytes of all parts of a workbook
MAX_TAGS = 5_000_000  # of sheets and their texts: a hundred thousand rows of six texts
MAX_OTHER_TAGS = 500_000  # of styles, names and the like, which are all in memory at one time
MAX_TEXT = 64 * 1024 * 1024  # characters; a workbook may say the same long text in every cell
MAX_LINES = 1_048_576  # also empty ones: what a sheet has
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_WIDTH = 16_384  # cells of a line, also empty ones: what a sheet has
MAX_CELL = 50_000  # characters
MAX_TITLES = 5  # rows above the one that names the columns
_PIECE = 512 * 1024  # bytes of a workbook; a tag or a text of it is shorter
_ROWS = ("xl/worksheets/", "xl/sharedStrings")
_START = 100_000  # characters that may hold titles and the names of the columns
_LOOKED_AT = 20  # rows, to tell a title from a list
_SEPARATORS = (",", ";", "\t", "|")
_ALONE = "keep the table alone in it, or save it as CSV UTF-8."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """Not a table; ``problem`` says why and what to do."""

    def __init__(self, message: str, fix: str, line: int = 0) -> None:
        super().__init__(message)
        self.message, self.fix, self.line = message, fix, line

    def problem(self, name: str) -> Diagnostic:
        """The problem, of the file called ``name``."""
        return Diagnostic("import-unreadable", self.message, Span(name, self.line or 1), self.fix)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line (or row number of a sheet) where it starts, and its cells, one for each header.

    ``more`` are cells that no header stands above, which is a problem.
    """

    line: int
    cells: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """What is wrong with the row as such, or nothing."""
        width = len(self.cells)
        return f"this row has {width + len(self.more)} cells, the header only {width}" if self.more else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text; headers are distinct and none is empty."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes, sheet: str | None = None) -> Table:
    """The table in a file; what it is, its first bytes say.

    Raises:
        Unreadable: it is no table, or larger than a table may be.
    """
    if len(data) > MAX_FILE:
        raise Unreadable(f"this file has more than {MAX_FILE // 1024 // 1024} MB", "split it.")
    if data.startswith(b"PK"):
        return _assemble(_workbook(data, sheet))
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(
            "this is a workbook of an old Excel, or one with a password", "save it as .xlsx or CSV UTF-8."
        )
    if sheet is not None:
        raise Unreadable("only a workbook has sheets", "leave --sheet out.")
    return _assemble(_csv(decode(data)))


def decode(data: bytes) -> str:
    """The text of a CSV file: by its byte order mark, else UTF-8 if it is that, else Windows' Latin letters.

    Raises:
        Unreadable: it is no text.
    """
    text = ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    elif data[1:2] == b"\0" or data[:1] == b"\0":
        text = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            if "\ufffd" in text:  # bytes that Windows gives no meaning to
                text = data.decode("latin-1")
    if "\0" in text or "\ufffd" in text:
        raise Unreadable("this is neither a text nor a workbook", "save the table as CSV UTF-8 or as .xlsx.")
    return text


def _csv(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    skipped, mark = 0, ""
    if text[:4].lower() == "sep=":  # a line for Excel alone
        first, _, text = text.partition("\n")
        skipped, mark = 1, first[4:5]
    csv.field_size_limit(MAX_CELL)
    separator = mark if mark in _SEPARATORS else _separator(text)
    reader = csv.reader(_lines(text, separator, skipped), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            yield start + skipped, [plain(cell.strip()).strip() for cell in cells]
    except csv.Error as error:
        raise Unreadable(
            f"this table cannot be read: {error}",
            "check the quotes in this row; a quote inside a text is written twice.",
            line + skipped,
        ) from None


def _lines(text: str, separator: str, skipped: int) -> Iterator[str]:
    """The lines of a text, unless there are more than a sheet has, or one has more cells than its row."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1 + skipped):
        if number > MAX_LINES:
            raise Unreadable(
                f"this table has more than {MAX_LINES:,} lines", "remove the empty ones.", number
            )
        if line.count(separator) > MAX_WIDTH:
            raise Unreadable(f"this line has more than {MAX_WIDTH:,} cells", "shorten it.", number)
        yield line


def _separator(text: str) -> str:
    """The separator that the first row with any has most of, outside quotes; a title has none."""
    lines = text[:_START].lstrip("\r\n ").splitlines()[: 1 + MAX_TITLES]
    bare = ["".join(line.split('"')[::2]) for line in lines]
    first = next((line for line in bare if any(mark in line for mark in _SEPARATORS)), "")
    return max(_SEPARATORS, key=lambda mark: (first.count(mark), -_SEPARATORS.index(mark)))


def _workbook(data: bytes, sheet: str | None) -> Iterator[tuple[int, Sequence[str]]]:
    fix = "open it and save it again, as .xlsx or CSV UTF-8."
    try:
        _inspect(data, fix)
        import openpyxl  # slow to load

        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=False
        )
        names = [s.title for s in book.worksheets]
        if not names or (sheet is not None and sheet not in names):
            found = f"its sheets are {', '.join(names)}" if names else "there are none"
            raise Unreadable(f"there is no sheet “{(sheet or '1')[:60]}” in this workbook", f"{found}.")
        page: Any = book[sheet] if sheet is not None else book.worksheets[0]
        page.reset_dimensions()  # what the file says of its size need not be true
        width, row = 0, 1
        for number, cells in enumerate(page.iter_rows(max_row=1000, max_col=MAX_COLUMNS + 1), 1):
            there = [n for n, c in enumerate(cells, 1) if c.value is not None]
            row = row if width else number
            width = max([width, *there])
            if len(there) > 1 or (width and number - row >= _LOOKED_AT):
                break
        for number, cells in enumerate(
            page.iter_rows(min_row=row, max_row=row + MAX_ROWS + 1, max_col=width + 1), row
        ):
            yield number, [_shown(cell) for cell in cells]
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 (a damaged workbook makes openpyxl raise anything)
        raise Unreadable(f"this workbook cannot be read ({type(error).__name__})", fix) from None


def _inspect(data: bytes, fix: str) -> None:
    """Refuse what would unpack to more than memory should hold, or defines entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if "xl/workbook.xml" not in {part.filename for part in parts}:
            raise Unreadable("this is not a workbook of Excel", fix)
        if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 10_000:
            raise Unreadable(f"this workbook unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB", _ALONE)
        rows = others = 0
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as file:
                    found = _tags(file, fix)
                if part.filename.startswith(_ROWS):
                    rows += found
                else:
                    others += found
        if rows > MAX_TAGS or others > MAX_OTHER_TAGS:
            raise Unreadable("this workbook has more cells, texts or styles than are read", _ALONE)


def _tags(part: IO[bytes], fix: str) -> int:
    """How many tags a part of a workbook has: each takes memory and time, however short it is.

    A tag or a text without end is refused, because parsers begin it again with every piece they get.
    """
    tags, piece = 0, part.read(_PIECE)
    head = piece[:65536].replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Unreadable("this workbook defines entities, which no spreadsheet does", fix)
    while piece:
        found = piece.count(b"<")
        if not found and len(piece) == _PIECE:
            raise Unreadable(f"a cell has more than {MAX_CELL:,} characters", "shorten it.")
        tags += found
        piece = part.read(_PIECE)
    return tags


def _shown(cell: Any) -> str:
    """A cell as a reader of the sheet sees it: days without the time, whole numbers without a dot."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        form = str(cell.number_format)
        if form.endswith("%"):
            return f"{value * 100:.10g}%"
        text = str(int(value)) if value == int(value) else f"{value:.15g}"
        return text.zfill(len(form)) if form.strip("0") == "" else text
    return str(value).strip()


def _assemble(found: Iterable[tuple[int, Sequence[str]]]) -> Table:
    headers: list[str] | None = None
    rows: list[Row] = []
    size = 0
    for line, cells in _below_the_title(found):
        if headers is None:
            headers = _headers(cells)
            continue
        if len(rows) >= MAX_ROWS:
            raise Unreadable(f"this table has more than {MAX_ROWS:,} rows", "split it.", line)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise Unreadable(f"a cell has more than {MAX_CELL:,} characters", "shorten it.", line)
        size += sum(map(len, cells))
        if size > MAX_TEXT:
            raise Unreadable(f"this table has more than {MAX_TEXT:,} characters", "split it.", line)
        filled = [*cells[: len(headers)], *[""] * (len(headers) - len(cells))]
        more = cells[len(headers) :]
        rows.append(Row(line, tuple(filled), tuple(more) if any(more) else ()))
    if headers is None:
        raise Unreadable("this table is empty", "its first row names the columns.")
    return Table(tuple(headers), tuple(rows))


def _below_the_title(found: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that hold anything, from the one that names the columns.

    Above it people write what the table is about, in one cell. A list in one column has no title.
    """
    rows = (row for row in found if any(row[1]))
    head = list(itertools.islice(rows, _LOOKED_AT))
    filled = [sum(map(bool, cells)) for _, cells in head]
    start = next((number for number, cells in enumerate(filled) if cells > 1), 0)
    wide = sum(cells > 1 for cells in filled[start:])
    addresses = any("@" in cell for _, cells in head[: start + 1] for cell in cells)
    if start > MAX_TITLES or addresses or 2 * wide <= len(filled) - start:
        start = 0
    yield from head[start:]
    yield from rows


def _headers(cells: Sequence[str]) -> list[str]:
    """The names of the columns, each different: ``column 3`` has none, the second “Email” is “Email (2)”."""
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise Unreadable(f"this table has more than {MAX_COLUMNS} columns", "keep those that matter.")
    found: list[str] = []
    for number, cell in enumerate(names, 1):
        name = " ".join(cell.split())[:100] or f"column {number}"
        name = "".join(c for c in name if c.isprintable())
        again, plain_name = 1, name
        while name in found:
            again += 1
            name = f"{plain_name} ({again})"
        found.append(name)
    return found
