"""Tables as programs write them, and as nobody should: read alike, or refused within bounds."""

from __future__ import annotations

import datetime
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.desk.importing import reading
from badge_passport.desk.importing.reading import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Unreadable, read

TEXT = 'Prénom;E-mail;Note\r\n"Zoé; dite ""Z""";zoe@example.org;"une\nligne"\r\nNoël;n@example.org;\r\n'
WANTED = [('Zoé; dite "Z"', "zoe@example.org", "une\nligne"), ("Noël", "n@example.org", "")]


def workbook(fill: Callable[[Any], None], **other: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    fill(first)
    for name, more in other.items():
        more(book.create_sheet(name))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_what_spreadsheets_write_is_read(separator: str, encoding: str, ending: str) -> None:
    text = TEXT.replace(";", separator).replace("\r\n", ending)
    table = read(text.encode(encoding))
    assert table.headers == ("Prénom", "E-mail", "Note")
    assert [row.cells for row in table.rows] == [
        tuple(cell.replace(";", separator) for cell in row) for row in WANTED
    ]
    assert [row.line for row in table.rows] == [2, 4]


def test_a_line_for_excel_alone_is_not_the_header() -> None:
    table = read(b"sep=;\r\nname;e-mail\r\nA, B;a@example.org\r\n")
    assert table.headers == ("name", "e-mail")
    assert (table.rows[0].line, table.rows[0].cells) == (3, ("A, B", "a@example.org"))


TITLES = [["Participants 2025"], [], ["as of 31/12/2025"]]
PEOPLE = [["Name", "E-mail", "Level"], ["Zoé", "zoe@example.org", ""], ["Tom", "tom@example.org", "A"]]


@pytest.mark.parametrize("padded", [True, False], ids=["as Excel saves it", "as written by hand"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_title_above_the_names_of_the_columns_is_left_out(separator: str, padded: bool) -> None:
    rows = [row + [""] * (3 - len(row)) if padded else row for row in TITLES + PEOPLE]
    table = read("\r\n".join(map(separator.join, rows)).encode())
    assert table.headers == ("Name", "E-mail", "Level")
    assert [(row.line, row.cells[1]) for row in table.rows] == [
        (5, "zoe@example.org"),
        (6, "tom@example.org"),
    ]


def test_a_title_over_merged_cells_of_a_workbook_is_left_out() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in TITLES + PEOPLE:
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(out)
    table = read(out.getvalue())
    assert table.headers == ("Name", "E-mail", "Level")
    assert [(row.line, row.cells) for row in table.rows][1:] == [(6, ("Tom", "tom@example.org", "A"))]


@pytest.mark.parametrize(
    "text",
    [
        "E-mail\nzoe@example.org\ntom@example.org,late\n",
        "participant\nsam-r\nlea-m,late\ntom\nzoe\n",
        "participant\nsam-r\n",
        "\n".join(["note"] * 6 + ["Name,Level"] + ["Zoé,A"] * 9),
    ],
)
def test_a_list_in_one_column_has_no_title(text: str) -> None:
    table = read(text.encode())
    assert table.headers == (text.split("\n")[0],)


def test_headers_are_distinct_and_none_is_empty() -> None:
    table = read(b"E-mail,E-mail,, Na\tme ,,\na,b,c,d,,\n,,,,,\n")
    assert table.headers == ("E-mail", "E-mail (2)", "column 3", "Na me")
    assert [row.cells for row in table.rows] == [("a", "b", "c", "d")]


def test_our_own_tables_read_back_as_they_were() -> None:
    from badge_passport.source.cells import table

    rows = [("=1+1", "'x", "-5"), ("a\nb", '"', " +")]
    found = read(table(["=a", "b", "c"], rows))
    assert found.headers == ("=a", "b", "c")
    assert [row.cells for row in found.rows] == [("=1+1", "'x", "-5"), ("a\nb", '"', "+")]


def test_cells_of_a_workbook_look_as_they_look() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([])
        sheet.append(["", "", ""])
        sheet.append(["day", "moment", "whole", "part", "share", "code", "yes", "text", "sum", "none"])
        sheet.append(
            [
                datetime.date(2024, 6, 18),
                datetime.datetime(2024, 6, 18, 9, 30),
                3.0,
                2.5,
                0.85,
                42,
                True,
                " x ",
                "=1+1",
                None,
            ]
        )
        sheet["E4"].number_format = "0%"
        sheet["F4"].number_format = "00000"

    table = read(workbook(fill))
    assert table.headers[0] == "day"
    assert table.rows[0].line == 4
    cells = dict(zip(table.headers, table.rows[0].cells, strict=True))
    assert cells == {
        "day": "2024-06-18",
        "moment": "2024-06-18 09:30:00",
        "whole": "3",
        "part": "2.5",
        "share": "85%",
        "code": "00042",
        "yes": "true",
        "text": "x",
        "sum": "",
        "none": "",
    }


def test_a_sheet_is_named_or_the_first() -> None:
    data = workbook(lambda s: s.append(["first"]), Second=lambda s: s.append(["second"]))
    assert read(data).headers == ("first",)
    assert read(data, "Second").headers == ("second",)
    with pytest.raises(Unreadable) as found:
        read(data, "Third")
    assert "Second" in found.value.fix
    with pytest.raises(Unreadable):
        read(b"a,b\n", "Second")


def test_a_workbook_that_lies_about_its_size_is_read_as_it_is() -> None:
    data = workbook(lambda s: [s.append(["a", "b"]), s.append([1, 2])])
    data = repacked(
        data, "xl/worksheets/sheet1.xml", lambda x: x.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    )
    assert b"XFD1048576" in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    table = read(data)
    assert (table.headers, [r.cells for r in table.rows]) == (("a", "b"), [("1", "2")])


def test_a_cell_far_away_does_not_fill_the_memory() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "b"])
        sheet.append([1, 2])
        sheet["XFD1048576"] = "far"

    started = time.perf_counter()
    tracemalloc.start()
    try:
        table = read(workbook(fill))
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert table.headers == ("a", "b")
    assert time.perf_counter() - started < 20


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(reading.MAX_UNPACKED // 1024 // 1024 + 1):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def broken(name: str) -> bytes:
    data = workbook(lambda s: [s.append(["a", "b"]), s.append([1, 2])])
    if name == "cut":
        return data[: len(data) // 2]
    if name == "xml":
        return repacked(data, "xl/worksheets/sheet1.xml", lambda x: x[: len(x) // 2])
    if name == "entities":
        head = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
        return repacked(data, "xl/worksheets/sheet1.xml", lambda x: head + x[x.index(b"<worksheet") :])
    if name == "wide entities":
        text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><workbook/>'
        return repacked(data, "xl/workbook.xml", lambda _: text.encode("utf-16"))
    return repacked(data, "xl/workbook.xml", lambda _: b"<workbook/>")


CROWDS = {"sheet": "than are read", "texts": "than are read", "styles": "than are read", "tag": "a cell has"}
"""What a small file may hold of what takes a parser minutes and gigabytes, and what is said of it."""


def crowded(what: str) -> bytes:
    """A workbook with very many tags in one of its parts, or one tag that has no end."""
    data = workbook(lambda s: [s.append(["a", "b"]), s.append([1, "x"])])
    sheet = "xl/worksheets/sheet1.xml"
    if what == "texts":
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/sharedStrings.xml", b"<si><t/></si>" * (reading.MAX_TAGS // 3 + 1))
        return out.getvalue()
    part, mark, more = {
        "sheet": (sheet, b"<sheetData>", b"<row/>" * reading.MAX_TAGS),
        "styles": ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * reading.MAX_OTHER_TAGS),
        "tag": (sheet, b"<sheetData>", b"<row " + b" " * 2_000_000 + b"/>"),
    }[what]
    return repacked(
        data, part, lambda xml: xml.replace(mark, mark + more if mark[1:2] != b"/" else more + mark)
    )


def test_one_long_text_in_every_cell_is_refused() -> None:
    data = workbook(lambda s: [s.append(["x" * 30_000] * 100) for _ in range(25)])
    with pytest.raises(Unreadable, match="characters"):
        read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(lambda: b"", "empty", id="nothing"),
        pytest.param(lambda: b"\n\n,,\n", "empty", id="only separators"),
        pytest.param(lambda: b'a,b\n"x,y\n', "cannot be read", id="open quote"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "neither", id="picture"),
        pytest.param(lambda: b"a,b\n\x00,c\n", "neither", id="zero byte"),
        pytest.param(lambda: b"\xff\xfea\x00\x00\xd8", "neither", id="broken utf-16"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0" + bytes(50), "old Excel", id="xls"),
        pytest.param(lambda: b"PK\x03\x04" + bytes(50), "cannot be read", id="no zip"),
        pytest.param(lambda: b"a\n" * (MAX_ROWS + 2), "rows", id="rows"),
        pytest.param(lambda: b"a," * MAX_COLUMNS + b"b\n", "columns", id="columns"),
        pytest.param(lambda: b"a\n" + b"x" * (MAX_CELL + 1), "cannot be read", id="cell"),
        pytest.param(lambda: bytes(reading.MAX_FILE + 1), "MB", id="large"),
        pytest.param(bomb, "unpacks", id="bomb"),
        pytest.param(lambda: b"a,b\n" + b"\n" * reading.MAX_LINES + b"x,y\n", "lines", id="empty lines"),
        pytest.param(lambda: b"a,b\n" + b"," * 20_000 + b"\n", "cells", id="empty cells"),
        *(pytest.param(lambda part=part: crowded(part), said, id=part) for part, said in CROWDS.items()),
        *(
            pytest.param(lambda name=name: broken(name), said, id=name)
            for name, said in (
                ("cut", "cannot be read"),
                ("xml", "cannot be read"),
                ("entities", "entities"),
                ("wide entities", "entities"),
                ("no sheets", "no sheet"),
            )
        ),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: Callable[[], bytes], said: str) -> None:
    with pytest.raises(Unreadable) as found:
        read(data())
    problem = found.value.problem("table")
    assert said in problem.message
    assert problem.help and "\n" not in problem.message


@given(st.binary(max_size=300))
def test_no_bytes_are_a_fault_of_ours(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"sep=;\n"):
        try:
            table = read(start + data)
        except Unreadable:
            continue
        assert all(len(row.cells) == len(table.headers) for row in table.rows)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_workbook_is_a_fault_of_ours(at: int, damage: bytes) -> None:
    at %= len(GOOD)
    try:
        read(GOOD[:at] + damage + GOOD[at + len(damage) :])
    except Unreadable as found:
        assert found.fix


GOOD = workbook(lambda s: [s.append(["a", "b"]), s.append([1, "x"])])
