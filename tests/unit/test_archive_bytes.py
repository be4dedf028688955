"""Archives are what the library for them would make, and can be opened with it."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.publish import archives
from badge_passport.publish.archives import archive

NAMES = st.text("abcxyz-._/ 0é\0", min_size=1, max_size=20)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(st.lists(st.tuples(NAMES, st.binary(max_size=50)), max_size=6, unique_by=lambda file: file[0]))
def test_an_archive_is_that_of_the_library(files: list[tuple[str, bytes]]) -> None:
    assert archive(files) == archives._by_library(files)


def test_an_archive_can_be_opened() -> None:
    files = [("a/assertion.json", b"{}\n"), ("a/badge.png", bytes(range(256)) * 40), ("empty", b"")]
    with zipfile.ZipFile(io.BytesIO(archive(files))) as opened:
        assert opened.testzip() is None
        assert [(entry.filename, opened.read(entry)) for entry in opened.infolist()] == files
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o644}


def test_what_is_plain_is_made_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_by_library", None)
    assert archive([("a", b"b")]).startswith(b"PK\3\4")


def test_what_is_large_is_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LARGE", 5)
    monkeypatch.setattr(archives, "_by_library", len)
    assert archive([("a", b"123"), ("b", b"45")]) == 2
