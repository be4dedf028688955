"""Changing a file that people wrote: what was not meant stays, comments included."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.desk.files.yamlfiles import EditError, edit
from badge_passport.source import yaml

FILE = b"""\
# yaml-language-server: $schema=../../../schemas/awards.schema.json
# Spring, in the rain.
badge: listener   # the old one
issuedOn: 2024-06-18
level: "1.10"
awards:
  # the first
  - participant: amira
    narrative: >
      Long, and
      folded.
  - {participant: jonas, language: no}   # Norwegian

  - participant: lea
    evidence: [{name: 'Map', url: "https://example.org/a"}]
# the end
"""


def add(value: Any) -> None:
    value["awards"].append({"participant": "zoe", "issuedOn": datetime.date(2024, 7, 1), "number": 2})


def test_every_line_that_was_there_is_still_there() -> None:
    lines = edit(FILE, add).decode().splitlines()
    before = FILE.decode().splitlines()
    at = 0
    for line in before:  # in their order, character for character
        assert line in lines[at:], line
        at = lines.index(line, at) + 1
    assert len(lines) == len(before) + 3
    assert "  - participant: zoe" in lines
    assert "    issuedOn: 2024-07-01" in lines


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=30) | st.sampled_from(
    [
        "no",
        "null",
        "~",
        "1_000",
        "0x1F",
        "0o7",
        "1:30",
        "2019-06-18",
        "- a\n- b",
        "a: b",
        "# x",
        "{a}",
        "=",
        "<<",
    ]
)
VALUES = st.recursive(
    TEXT | st.integers(-1000, 1000) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex("[a-z]{1,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_added_is_read_again_and_nothing_else_changes(added: Any) -> None:
    def change(value: Any) -> None:
        value["awards"].append({"participant": "zoe", "narrative": added})

    before, _ = yaml.load(FILE.decode(), "")
    try:
        after, problems = yaml.load(edit(FILE, change).decode(), "")
    except EditError:  # refused rather than written in a way that reads otherwise
        return
    assert problems == []
    assert after == {**before, "awards": [*before["awards"], {"participant": "zoe", "narrative": added}]}


@pytest.mark.parametrize(
    "text",
    ["no", "1_000", "0x1F", "1:30", "2019-06-18", "- a\n- b", "=1+1", "يوم: x # y", "~", "'", "a  \n\nb"],
)
def test_texts_that_look_like_something_else_can_be_added(text: str) -> None:
    data = edit(FILE, lambda value: value["awards"].append({"participant": "zoe", "narrative": text}))
    assert yaml.load(data.decode(), "")[0]["awards"][-1]["narrative"] == text


@given(st.dictionaries(st.from_regex("[a-z]{1,6}", fullmatch=True), VALUES, min_size=1, max_size=4))
def test_any_file_of_ours_can_be_changed(value: dict[str, Any]) -> None:
    """Whatever stands in a file, adding a key leaves the rest."""
    import yaml as pyyaml

    text = pyyaml.safe_dump(value, allow_unicode=True)
    before, problems = yaml.load(text, "")
    try:
        data = edit(text.encode(), lambda v: v.update({"added": "here"}))
    except EditError:
        return
    assert problems == []
    assert yaml.load(data.decode(), "")[0] == {**before, "added": "here"}


@pytest.mark.parametrize(
    "data", [b"a: [", b"", b"a: 1\na: 2\n", b"a: &x 1\nb: *y\n", b"\xef\xbb\xbfa: \x00\n"]
)
def test_a_file_with_mistakes_is_left_alone(data: bytes) -> None:
    with pytest.raises(EditError):
        edit(data, lambda value: value.update({"added": 1}))
