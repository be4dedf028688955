"""The hunter of addresses finds them however they are written, and nothing where there are none."""

from __future__ import annotations

import base64
import gzip
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

import repositories
from badge_passport.desk.publishing.traces import Traces, has_tables, in_history

ADDRESS = "amira.k+badges@mail.example.org"
TRACES = Traces([ADDRESS, "jonas@example.net"])
HIDDEN = {
    "plain": ADDRESS.encode(),
    "capitals": ADDRESS.upper().encode(),
    "url": quote(ADDRESS, safe="").encode(),
    "html": "".join(f"&#{ord(c)};" for c in ADDRESS).encode(),
    "json": ADDRESS.replace("@", "\\u0040").encode(),
    "mail": ADDRESS.replace("@", "=40").encode(),
    "wide": ADDRESS.encode("utf-16-le"),
    "hexadecimal": ADDRESS.encode().hex().encode(),
    "backwards": ADDRESS[::-1].encode(),
    "zlib": b"\x89PNG iTXt" + zlib.compress(b"x" * 50 + ADDRESS.encode()),
    "gzip": gzip.compress(ADDRESS.encode()),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_however_it_is_written(name: str) -> None:
    assert TRACES(b"before " + HIDDEN[name] + b" after")


@given(before=st.binary(max_size=20), after=st.binary(max_size=20))
def test_base64_at_any_place(before: bytes, after: bytes) -> None:
    assert TRACES(b"x" + base64.b64encode(before + ADDRESS.encode() + after))
    assert TRACES(b"x" + base64.urlsafe_b64encode(before + ADDRESS.encode() + after))


def test_nothing_where_there_is_none() -> None:
    for text in (b"", b"mail.example.org", b"amira.k", b"somebody@mail.example.org", b"jonas@example.com"):
        assert not TRACES(text)
    assert not Traces([])(ADDRESS.encode())


def test_in_a_history(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(HIDDEN["url"])
    (tmp_path / "jonas@example.net.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "b.txt").write_text("nothing", encoding="utf-8")
    repositories.start(tmp_path)
    for name in ("a.txt", "jonas@example.net.txt"):
        (tmp_path / name).unlink()
    repositories.commit(tmp_path)
    repositories.git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Write to jonas@example.net")
    found = list(in_history(TRACES, tmp_path))
    assert any(what.startswith("a.txt ") for what in found)
    assert any(what.startswith("commit ") for what in found)
    assert len(found) == 3  # the file, the tree with the name, the message


def test_in_tables_of_a_history(tmp_path: Path) -> None:
    """What they say is packed in ways of their own."""
    table = pyarrow.table({"who": [f"person-{n}" for n in range(1000)] + ["jonas@example.net"]})
    parquet.write_table(table, tmp_path / "a.parquet", compression="zstd")
    parquet.write_table(table.slice(0, 9), tmp_path / "b.parquet", compression="zstd")
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<si><t>jonas@example.net</t></si>")
    repositories.start(tmp_path)
    assert has_tables(tmp_path)
    for name in ("a.parquet", "b.parquet", "c.xlsx"):
        (tmp_path / name).unlink()
    repositories.commit(tmp_path)
    assert sorted(what.split()[0] for what in in_history(TRACES, tmp_path)) == ["a.parquet", "c.xlsx"]
    assert has_tables(tmp_path)
