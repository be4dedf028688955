"""Tables we write hold no formula, and read back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.source import tables
from badge_passport.source.cells import neutral, plain, table

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TEXTS = st.one_of(st.text(), st.from_regex(r"['\" ]*[-=+@\t\r']+.*", fullmatch=True))


@given(TEXTS)
def test_what_was_made_neutral_is_plain_again(text: str) -> None:
    assert plain(neutral(text)) == text


@given(TEXTS)
def test_nothing_neutral_starts_a_formula(text: str) -> None:
    assert not neutral(text).startswith(STARTS)
    assert not neutral(text).lstrip(" \n").startswith(STARTS)


@pytest.mark.parametrize("text", ["", "Amira", "1-2", "a=b", "'quoted'", "O'Brien", "'t is"])
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_cell_of_a_table_can_be_opened(rows: list[tuple[str, str]]) -> None:
    text = table(["=one", "two"], rows).decode("utf-8")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert all(not cell.startswith(STARTS) for row in found for cell in row)
    meant = [tuple(c.replace("\r\n", "\n").replace("\r", "\n") for c in row) for row in rows]
    assert [tuple(map(plain, row)) for row in found] == [("=one", "two"), *meant]


def test_a_lone_return_does_not_begin_a_row() -> None:
    data = table(["a", "b"], [["x\r=1+1", "y"]])
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [["a", "b"], ["x\n=1+1", "y"]]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "- a list", "+1", "@you", "'=already"])
def test_tables_of_awards_are_read_as_they_were_meant(text: str) -> None:
    data = table(["participant", "narrative"], [["amira", text]]).decode("utf-8")
    rows, problems = tables.load(data, "a.csv")
    assert problems == []
    assert rows[0].values == {"participant": "amira", "narrative": text}
