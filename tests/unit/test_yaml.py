"""YAML: the 1.2 core schema, hostile documents, and the way back from a value to its place."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_passport.diagnostics import Keys
from badge_passport.source.files import decode
from badge_passport.source.yaml import MAX_ALIASED, MAX_DEPTH, MAX_ITEMS, MAX_KEYS, load, locate


def value_of(text: str) -> Any:
    value, problems = load(text, "f.yml")
    assert problems == []
    return value


def code_of(text: str) -> str:
    value, problems = load(text, "f.yml")
    assert value is None
    assert len(problems) == 1
    return problems[0].code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # Words that YAML 1.1 takes for booleans
        *((word, word) for word in ("no", "yes", "on", "off", "y", "n", "No", "YES", "On")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        ("tRue", "tRue"),
        ("nUll", "nUll"),
        # Whole numbers
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("10", 10),
        ("0o17", 15),
        ("0xFf", 255),
        ("-0x1", "-0x1"),
        ("0b101", "0b101"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("١٢", "١٢"),
        # With noughts before them: names and codes, which are not those without
        ("007", "007"),
        ("010", "010"),
        ("-01", "-01"),
        ("00", "00"),
        # Other numbers
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
        (".", "."),
        ("-", [None]),
        ("1.2.3", "1.2.3"),
        # Not of JSON, so texts
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        # Dates wait for the model
        ("2019-06-18", "2019-06-18"),
        ("2019-06-18T10:00:00Z", "2019-06-18T10:00:00Z"),
        # Quotes and blocks are texts
        ('"12"', "12"),
        ("'true'", "true"),
        ('""', ""),
        ("|\n  12", "12"),
        (">-\n  a\n  b", "a b"),
        ("!!str 12", "12"),
        ("<<", "<<"),
        ("=", "="),
        ("9" * 41, "9" * 41),
    ],
)
def test_the_core_schema(written: str, meant: Any) -> None:
    value = value_of(f"a: {written}" if written != "-" else "a:\n-")["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_keys_stay_texts() -> None:
    assert value_of("1: a\ntrue: b\nnull: c\n2019-06-18: d\n0x1: e\n") == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2019-06-18": "d",
        "0x1": "e",
    }


def test_nothing_is_none() -> None:
    assert value_of("") is None
    assert value_of("# only a comment\n") is None
    assert value_of("---\n") is None


def test_aliases_repeat_a_value_and_merge_keys_are_keys() -> None:
    assert value_of("a: &x [1]\nb: *x\n") == {"a": [1], "b": [1]}
    assert value_of("a: &x {k: 1}\nb: {<<: *x}\n") == {"a": {"k": 1}, "b": {"<<": {"k": 1}}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\n--- \nb: 2\n", "yaml-syntax"),
        ("a: b: c", "yaml-syntax"),
        ("a:\n\t- b", "yaml-syntax"),
        ("a: 'x", "yaml-syntax"),
        ("? {a: b}\n: c", "yaml-syntax"),
        ("*a : b", "yaml-syntax"),
        ("a: \x00", "yaml-syntax"),
        ('a: "\\uD800"', "yaml-syntax"),
        ("%YAML 3.0\n--- a", "yaml-syntax"),
        ("a: !!python/object:os.system x", "yaml-tag"),
        ("a: !x {b: c}", "yaml-tag"),
        ("a: !!binary aGk=", "yaml-tag"),
        ("!!int a: b", "yaml-tag"),
        ("a: *b", "yaml-alias"),
        ("a: &b [*b]", "yaml-alias"),
        ("a: &b {c: {d: *b}}", "yaml-alias"),
        ("a: &b 1\nc: &b 2", "yaml-alias"),
        ("a: " + "[" * (MAX_DEPTH + 1), "nesting-too-deep"),
        ("- " * (MAX_DEPTH + 1) + "x", "nesting-too-deep"),
        ("a: " + "x" * 100_001, "value-too-long"),
        ('? "' + "x" * 100_001 + '"\n: a', "value-too-long"),
        (f"links: [{'[],' * MAX_ITEMS}[]]", "value-too-long"),
        (f"a: {{awards: [{'[],' * MAX_ITEMS}[]]}}", "value-too-long"),
        ("".join(f"k{number}: 1\n" for number in range(MAX_KEYS + 1)), "value-too-long"),
        ("a: b\u2028c", "control-character"),
        ("a: b\x85c", "control-character"),
    ],
)
def test_refused(text: str, code: str) -> None:
    assert code_of(text) == code


def test_depth_is_allowed_up_to_its_bound() -> None:
    assert value_of("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


def test_a_cohort_has_more_awards_than_other_lists_have_items() -> None:
    assert len(value_of(f"awards: [{'1,' * MAX_ITEMS}2]")["awards"]) == MAX_ITEMS + 1


def test_every_duplicate_key_is_told_and_the_last_value_kept() -> None:
    value, problems = load("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f.yml")
    assert value == {"a": 3, "b": {"c": 2}}
    assert [(p.code, p.span.line, p.span.column) for p in problems if p.span] == [
        ("duplicate-key", 4, 3),
        ("duplicate-key", 5, 1),
    ]


def test_aliases_are_counted_with_what_they_stand_for() -> None:
    size = MAX_ALIASED // 10
    nine = f"a: &a [{', '.join(['1'] * size)}]\nb: [{', '.join(['*a'] * 9)}]\n"
    assert value_of(nine)["b"][8][0] == 1
    assert code_of(nine + "c: *a\n") == "yaml-alias"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "[" * 500_000,
        "{a: " * 200_000,
        "- " * 200_000,
        "? " * 200_000,
        "a: " + "&a" * 100_000,
        '"' + "\\" * 1_000_001,
        "a: |\n" + " x\n" * 200_000,
        "#" * 1_000_000,
    ],
    ids=["laughs", "flow", "maps", "sequences", "keys", "anchor", "escapes", "block", "comment"],
)
def test_no_document_takes_long(text: str) -> None:
    started = time.process_time()
    value, problems = load(text, "f.yml")
    assert value is None
    assert len(problems) == 1 or text.startswith("#")
    assert time.process_time() - started < 30, "the work grows with the square of the text"


NESTED = """\
# a comment
name: Amira
consent: {on: 2019-06-20, scope: [name, listing]}
awards:
  - participant: amira-k
    evidence:
      - url: https://example.org
  - participant: "jonas b"
bio: |
  Two
  lines
folded: >-
  one
"a: b": {"é ü": 1}
مفتاح: قيمة
list: [a,
  b]
"""


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        (("name",), False, (2, 7, 12)),
        (("name",), True, (2, 1, 5)),
        (("consent",), False, (3, 10, 50)),
        (("consent", "on"), False, (3, 15, 25)),
        (("consent", "scope", 1), False, (3, 41, 48)),
        (("consent", "scope"), True, (3, 27, 32)),
        (("awards", 0, "participant"), False, (5, 18, 25)),
        (("awards", 0, "evidence", 0, "url"), False, (7, 14, 33)),
        (("awards", 0, "evidence", 0, "url"), True, (7, 9, 12)),
        (("awards", 0), False, (5, 5, 16)),
        (("awards", 1, "participant"), False, (8, 18, 27)),
        (("bio",), False, (9, 6, 7)),
        (("a: b", "é ü"), False, (14, 17, 18)),
        (("a: b", "é ü"), True, (14, 10, 15)),
        (("مفتاح",), False, (15, 8, 12)),
        (("list",), False, (16, 7, 8)),
        (("list", 1), False, (17, 3, 4)),
        # The nearest thing around what is not there
        (("consent", "who"), False, (3, 10, 50)),
        (("awards", 9, "participant"), False, (5, 5, 6)),
        (("name", "en"), False, (2, 7, 12)),
        ((), False, (2, 1, 5)),
    ],
)
def test_positions(path: Keys, key: bool, expected: tuple[int, int, int]) -> None:
    span = locate(NESTED, "f.yml", path, key=key)
    assert (span.line, span.column, span.end_column) == expected


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: é\nb: [ü, \x01]", 2, 8),
        ("# مرحبا\n\na: 'x\x7f'", 3, 6),
        ("é: b: c", 1, 5),
        ("a: 日本\u2028", 1, 6),
    ],
)
def test_problems_are_counted_in_characters(text: str, line: int, column: int) -> None:
    _, problems = load(text, "f.yml")
    assert problems[0].span is not None
    assert (problems[0].span.line, problems[0].span.column) == (line, column)


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"))
# Numbers of YAML 1.2 that the 1.1 writer takes for texts and leaves without quotes
ONLY_NEW = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+|0o[0-7]+")
PLAIN = PLAIN.filter(lambda text: not ONLY_NEW.fullmatch(text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)


def dump(value: Any, options: dict[str, Any]) -> str:
    """Like ``safe_dump``, with every value written out."""

    class Dumper(pyyaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return str(pyyaml.dump(value, Dumper=Dumper, **options))


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    for options in ({}, {"default_flow_style": True}, {"allow_unicode": True, "width": 20}):
        assert value_of(dump({"a": value}, options)) == {"a": value}


@settings(max_examples=400, deadline=2000)
@given(st.text(max_size=300) | st.text("{}[]:,-?&*!|>'\"#%@ \n\tab0.", max_size=200))
def test_no_text_raises(text: str) -> None:
    value, problems = load(text, "f.yml")
    assert isinstance(value, dict | list | str | int | float | bool | None)
    assert all(p.span for p in problems)
    span = locate(text, "f.yml", ("a", 0, "b"))
    assert span.line >= 1 and span.column >= 1


@settings(max_examples=400, deadline=2000)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_raise(data: bytes, bom: bool) -> None:
    text, problems = decode(data, "f.yml", bom=bom)
    if problems and problems[0].code == "not-utf8":
        assert text == ""
        assert problems[0].span is not None
        assert 1 <= problems[0].span.line <= data.count(b"\n") + 1
    else:
        load(text, "f.yml")


def test_brackets_without_end_are_refused_by_the_same_name() -> None:
    for number in (33, 900, 1_000_000):
        value, problems = load("a: " + "[" * number, "x.yml")
        assert value is None
        assert [p.code for p in problems] == ["nesting-too-deep"]
