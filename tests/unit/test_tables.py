"""CSV tables as spreadsheets write them, and the way back from a cell to its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_passport.diagnostics import Place, Span
from badge_passport.source import tables
from badge_passport.source.files import Tree, decode
from badge_passport.source.locating import spans
from badge_passport.source.tables import Row, load, locate


def rows(text: str) -> list[Row]:
    found, problems = load(text, "t.csv")
    assert problems == []
    return found


def codes(text: str) -> list[str]:
    return [p.code for p in load(text, "t.csv")[1]]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("participant,level\namira,B\n", {"participant": "amira", "level": "B"}),
        ("participant;level\r\namira;B\r\n", {"participant": "amira", "level": "B"}),
        ("participant;narrative\namira;one, two\n", {"participant": "amira", "narrative": "one, two"}),
        (
            "participant,narrative\namira,one; two; three\n",
            {"participant": "amira", "narrative": "one; two; three"},
        ),
        ('participant,narrative\namira,"one, two"\n', {"participant": "amira", "narrative": "one, two"}),
        ('participant,narrative\namira,"so ""good"""\n', {"participant": "amira", "narrative": 'so "good"'}),
        ('participant,narrative\namira,"a\nb"\n', {"participant": "amira", "narrative": "a\nb"}),
        ('participant,narrative\r\namira,"a\r\nb\rc"\r\n', {"participant": "amira", "narrative": "a\nb\nc"}),
        ('"participant"," level "\namira, B \n', {"participant": "amira", "level": "B"}),
        ("participant,level\namira,\n", {"participant": "amira"}),
        ("participant,level\namira\n", {"participant": "amira"}),
        ("participant,level\namira,B,,\n", {"participant": "amira", "level": "B"}),
        ("participant,\namira,lost\n", {"participant": "amira"}),
        ("\n\nparticipant;level\namira;B", {"participant": "amira", "level": "B"}),
        (
            "participant,revoked.on,revoked.reason\na,b,c\n",
            {"participant": "a", "revoked": {"on": "b", "reason": "c"}},
        ),
        ("participant,evidence.url\na,b\n", {"participant": "a", "evidence": [{"url": "b"}]}),
        (
            "participant,result.value,result.resultDescription\na,7,x\n",
            {"participant": "a", "result": [{"value": "7", "resultDescription": "x"}]},
        ),
        (
            "participant,narrative.fr,narrative.ar\na,b,ج\n",
            {"participant": "a", "narrative": {"fr": "b", "ar": "ج"}},
        ),
    ],
)
def test_one_row(text: str, values: dict[str, Any]) -> None:
    assert [row.values for row in rows(text)] == [values]


def test_a_row_knows_the_line_where_it_starts() -> None:
    text = 'participant,narrative\namira,"a\nb\nc"\n\njonas,d\r\nlea,"e\r\nf"\r\nomar,g\r\n'
    assert [(row.values["participant"], row.line) for row in rows(text)] == [
        ("amira", 2),
        ("jonas", 6),
        ("lea", 7),
        ("omar", 9),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    text, problems = decode(b"\xef\xbb\xbfparticipant,level\namira,B\n", "t.csv", bom=True)
    assert problems == []
    assert rows(text)[0].values["participant"] == "amira"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["csv-column"]),
        ("\n \n,,\n", ["csv-column"]),
        ("name,level\na,b\n", ["csv-column"]),
        ("participant,level,level\na,b,c\n", ["csv-column"]),
        ("participant,revoked,revoked.on\na,b,c\n", ["csv-column"]),
        ("participant,revoked.on,revoked\na,b,c\n", ["csv-column"]),
        ("participant,participant.x\na,b\n", ["csv-column"]),
        ("participant\na,b\n", ["csv-syntax"]),
        ('participant\n"a"b\n', ["csv-syntax"]),
        ('participant\n"a\n', ["csv-syntax"]),
        ("participant\n" + "x" * 100_001 + "\n", ["csv-syntax"]),
    ],
)
def test_refused(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_every_row_with_too_many_cells_is_told_and_the_others_kept() -> None:
    found, problems = load("participant\na,b\nc\nd,e\n", "t.csv")
    assert [row.values["participant"] for row in found] == ["c"]
    assert [p.where for p in problems] == [Span("t.csv", 2), Span("t.csv", 4)]


def test_a_column_is_blamed_at_its_name() -> None:
    _, problems = load("participant,level,level\n", "t.csv")
    assert problems[0].where == Place("t.csv", (1, "level"))


TABLE = (
    "participant ; narrative;level;evidence.url\n"
    'amira;"one; ""two""";B;https://example.org\n'
    'jonas;"a\nb; c" ; C\n'
    '"lea";;;x\n'
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((1, "level"), (1, 25, 30)),
        ((2, "participant"), (2, 1, 6)),
        ((2, "narrative"), (2, 7, 21)),
        ((2, "level"), (2, 22, 23)),
        ((2, "evidence", 0, "url"), (2, 24, 43)),
        ((3, "narrative"), (3, 7, 9)),
        ((3, "narrative", ""), (3, 7, 9)),
        # The cell after a text of two lines stands on the second
        ((3, "level"), (4, 9, 10)),
        ((5, "participant"), (5, 1, 6)),
        ((5, "narrative"), (5, 7, 8)),
        ((5, "evidence", 0, "url"), (5, 9, 10)),
        # The whole first line of the row
        ((2, "badge"), (2, 1, 43)),
        ((2,), (2, 1, 43)),
        ((3, "evidence", 0, "url"), (3, 1, 9)),
        ((), (1, 1, 43)),
    ],
)
def test_locate(path: tuple[str | int, ...], expected: tuple[int, int, int]) -> None:
    span = locate(TABLE, "t.csv", path)
    assert (span.line, span.column, span.end_column) == expected


def test_looking_for_many_cells_splits_the_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    split: list[str] = []
    lines = tables._lines

    def noted(text: str) -> list[str]:
        split.append(text)
        return lines(text)

    monkeypatch.setattr(tables, "_lines", noted)
    data = b"participant,badge\n" + b"nobody,listener\n" * 1000
    places = [Place("t.csv", (line, "badge")) for line in range(2, 1000)]
    found = spans(Tree(Path(), {"t.csv": data}), places)
    assert len(split) == 1
    assert found[places[-1]] == Span("t.csv", 999, 8, 16)


@pytest.mark.parametrize("header", ["a," * 100_000, "a" + ".a" * 40_000, "a" + ".a" * 8])
def test_a_header_that_no_award_has_is_refused_at_once(header: str) -> None:
    found, problems = load(f"participant,{header}\n" + "amira,x\n" * 100, "t.csv")
    assert (found, [p.code for p in problems]) == ([], ["csv-column"])


def test_an_empty_column_name_is_nobodys_place() -> None:
    assert locate(",participant\nx,amira\n", "t.csv", (2,)) == Span("t.csv", 2, 1, 8)


def test_odd_characters_do_not_shift_lines() -> None:
    text = "participant,narrative\namira,a\u2028b\x0bc\x1cd\njonas,e\n"
    assert [row.line for row in rows(text)] == [2, 3]
    assert locate(text, "t.csv", (3, "narrative")) == Span("t.csv", 3, 7, 8)


@settings(max_examples=300, deadline=2000)
@given(st.text(max_size=200) | st.text(',;"\r\n participant.\x00', max_size=200), st.integers(-1, 9))
def test_no_text_raises(text: str, line: int) -> None:
    load("participant," + text, "t.csv")
    found, _ = load(text, "t.csv")
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= row.line <= lines for row in found)
    assert locate(text, "t.csv", (line, "participant")).column >= 1
