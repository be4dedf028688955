"""Records as Parquet: the same site as from YAML, and the same problems, by row."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from test_incremental import digests

from badge_passport.cli import cli
from badge_passport.diagnostics import Span
from badge_passport.pipeline import build, check
from badge_passport.source import parquet as reading
from badge_passport.source import yaml
from demo import ROOT
from minimal import MakeSite

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

PERSON = {"slug": "lea", "name": "Lea Roth", "display": "full", "visibility": "public"}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = {column: [row.get(column) for row in rows] for column in columns}
    parquet.write_table(pyarrow.Table.from_pydict(table), path)


def of(file: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), file.name)[0]
    return value


def as_parquet(site: Path) -> None:
    """The people and awards of a site, out of its YAML into tables."""
    people = []
    for file in sorted((site / "content/participants").glob("*.yml")):
        people.append({"slug": file.stem, **of(file)})
        file.unlink()
    write(site / "content/participants/all.parquet", people)
    for folder in sorted((site / "content/awards").iterdir()):
        rows = []
        for file in sorted(folder.glob("*.yml")):
            cohort = of(file)
            shared = {key: value for key, value in cohort.items() if key != "awards"}
            rows += [shared | award for award in cohort["awards"]]
            file.unlink()
        write(folder / "all.parquet", rows)


def test_the_site_is_that_of_the_yaml(tmp_path: Path) -> None:
    generate(tmp_path / "site", 30, 120, host="plain")
    build(check(tmp_path / "site"), tmp_path / "yaml")
    as_parquet(tmp_path / "site")
    assert not list((tmp_path / "site/content/awards").rglob("*.yml"))
    checked = check(tmp_path / "site")
    assert checked.diagnostics == []
    build(checked, tmp_path / "parquet")
    assert digests(tmp_path / "parquet") == digests(tmp_path / "yaml")


def test_a_changed_row_is_built_anew(tmp_path: Path) -> None:
    generate(tmp_path / "site", 6, 12, host="plain")
    as_parquet(tmp_path / "site")
    table = tmp_path / "site/content/participants/all.parquet"
    build(check(tmp_path / "site"), tmp_path / "public", memory=tmp_path / "memory")
    rows = parquet.read_table(table).to_pylist()
    write(table, [{**rows[0], "name": "Somebody Else"}, *rows[1:]])
    build(check(tmp_path / "site"), tmp_path / "public", memory=tmp_path / "memory")
    build(check(tmp_path / "site"), tmp_path / "clean")
    assert digests(tmp_path / "public") == digests(tmp_path / "clean")


def test_problems_name_the_row(make_site: MakeSite) -> None:
    site = make_site()
    write(
        site / "content/awards/harbour/many.parquet",
        [
            {"badge": "listener", "participant": "amira", "issuedOn": "2025-01-02"},
            {"badge": "speaker", "participant": "jonas", "issuedOn": "2025-01-02"},
            {"badge": "listener", "participant": "jonas", "issuedOn": "yesterday"},
        ],
    )
    write(site / "content/participants/many.parquet", [PERSON, {**PERSON, "slug": "Not A Slug"}])
    found = {
        (d.code, d.where.file, d.where.line) for d in check(site).diagnostics if isinstance(d.where, Span)
    }
    assert found == {
        ("unknown-badge", "content/awards/harbour/many.parquet", 2),
        ("bad-date", "content/awards/harbour/many.parquet", 3),
        ("missing-key", "content/participants/many.parquet", 1),
        ("bad-slug", "content/participants/many.parquet", 2),
    }


def test_a_mistake_of_a_whole_column_is_told_once(make_site: MakeSite) -> None:
    site = make_site()
    rows = [
        {"badge": "listener", "participant": "amira", "number": n, "issuedOn": 20250100 + n, "narative": "x"}
        for n in range(2, 9)
    ]
    write(site / "content/awards/harbour/days.parquet", [*rows[:-1], {**rows[-1], "narative": None}])
    without = [{key: row[key] for key in ("badge", "participant", "number")} for row in rows]
    write(site / "content/awards/harbour/none.parquet", without)
    write(
        site / "content/awards/harbour/some.parquet", [*without[1:], {**without[0], "issuedOn": "2025-01-01"}]
    )
    told = [(d.span.file[23:-8], d.span.line, d.message, d.help) for d in check(site).diagnostics if d.span]
    assert told[:3] == [
        ("days", 1, "“20250102” is not a date; it is so in every row of the column “issuedOn”", told[0][3]),
        ("days", 1, "no record has a field for the column “narative”", told[1][3]),
        (
            "none",
            1,
            "the column “issuedOn” is missing or empty",
            "write the table with this column, filled in each row.",
        ),
    ]
    some = "the key “issuedOn” is missing", "fill it in this row of the table."
    assert told[3:] == [("some", row, *some) for row in range(1, 7)]


def test_many_rows_are_called_rows(make_site: MakeSite) -> None:
    row = {"badge": "listener", "participant": "amira", "issuedOn": "2025-01-02"}
    days = [*[f"x{n}" for n in range(30)], "2025-01-02"]
    site = make_site()
    write(site / "content/awards/harbour/many.parquet", [{**row, "issuedOn": day} for day in days])
    done = CliRunner().invoke(cli, ["check", "--site", str(site)])
    assert "10 more of error[bad-date], at rows 21-30" in done.output


LEA = {
    "slug": "lea",
    "display": "none",
    "identities": [{"identity": "sha256$" + "0" * 64, "salt": "salt-of-lea-00000000"}],
}


def test_a_person_stands_once(make_site: MakeSite) -> None:
    """A second row would take the place of the first, and its awards with it."""
    site = make_site()
    write(site / "content/participants/many.parquet", [LEA, {**LEA, "slug": "jonas"}, {**LEA, "name": "L"}])
    found = [d for d in check(site).diagnostics if d.severity == "error"]
    assert [(d.code, d.span.file, d.span.line) for d in found if d.span] == [
        ("duplicate-participant", "content/participants/many.parquet", 2),
        ("duplicate-participant", "content/participants/many.parquet", 3),
    ]
    assert "participants/jonas.yml" in found[0].message and "many.parquet, row 1" in found[1].message


def test_addresses_in_tables_are_found(make_site: MakeSite) -> None:
    site = make_site()
    award = {"badge": "listener", "participant": "amira", "issuedOn": "2025-01-02"}
    rows = [
        award,
        {**award, "number": 2, "evidence": [{"name": "by lea@example.com", "url": "https://x.org/"}]},
    ]
    write(site / "content/awards/harbour/many.parquet", rows)
    person = {**LEA, "bio": "Write to me: lea@example.com"}
    write(site / "content/participants/many.parquet", [person])
    for _ in range(2):  # also where the first check was remembered
        found = {(d.code, d.span.file, d.span.line) for d in check(site).diagnostics if d.span}
        assert found == {
            ("plain-email", "content/awards/harbour/many.parquet", 2),
            ("plain-email", "content/participants/many.parquet", 1),
        }


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("revoke --participant lea --reason no --yes", "not-revocable"),
        ("erase lea --yes", "not-erasable"),
        ("people rename lea mira --yes", "not-mergeable"),
        ("people merge amira lea --yes", "not-mergeable"),
        ("people merge lea amira --yes", "not-mergeable"),
        ("people add-address lea lea@example.com", "award-file"),
    ],
)
def test_what_stands_in_tables_is_left_to_whoever_makes_them(
    make_site: MakeSite, command: str, code: str
) -> None:
    site = make_site()
    write(site / "content/participants/many.parquet", [LEA])
    award = {"badge": "listener", "participant": "lea", "issuedOn": "2025-01-02"}
    write(site / "content/awards/harbour/many.parquet", [award])
    before = digests(site)
    done = CliRunner().invoke(cli, [*command.split(), "--site", str(site), "--format", "concise"])
    assert done.exit_code == 1 and f"error[{code}]" in done.output and "Parquet" in done.output
    assert digests(site) == before


def test_a_person_of_a_table_is_not_erased_by_halves(make_site: MakeSite) -> None:
    """The awards are in YAML; the name would stay in the table."""
    site = make_site(
        {"content/awards/harbour/lea.yml": "badge: listener\nparticipant: lea\nissuedOn: 2025-01-02\n"}
    )
    write(site / "content/participants/many.parquet", [LEA])
    done = CliRunner().invoke(cli, ["erase", "lea", "--yes", "--site", str(site)])
    assert done.exit_code == 1 and "not-erasable" in done.output
    assert (site / "content/awards/harbour/lea.yml").is_file()


def test_values_are_those_of_yaml() -> None:
    import datetime

    rows = [
        {
            "a": datetime.date(2025, 1, 2),
            "b": datetime.datetime(2025, 1, 2),
            "c": None,
            "d": [],
            "e": {"x": None, "y": [{"z": 1, "w": None}]},
        }
    ]
    data = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), data)
    [row] = reading.load(data.getvalue(), "x.parquet")
    assert isinstance(row, reading.Row)
    assert row.values == {"a": "2025-01-02", "b": "2025-01-02", "e": {"y": [{"z": 1}]}}


def test_a_damaged_table_has_no_texts() -> None:
    data = io.BytesIO()
    parquet.write_table(pyarrow.table({"a": [f"{n}@example.com" for n in range(50_000)]}), data)
    whole = data.getvalue()
    assert len(list(reading.texts(whole, "x.parquet", "@"))) == 50_000
    assert not list(reading.texts(whole, "x.parquet", "#"))
    broken = whole[:4] + b"\xff" * 400_000 + whole[400_004:]
    assert not list(reading.texts(broken, "x.parquet", "@"))
    assert any(not isinstance(row, reading.Row) for row in reading.load(broken, "x.parquet"))


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"\xff" * 64])
def test_what_is_no_table_is_said(data: bytes) -> None:
    [found] = reading.load(data, "x.parquet")
    assert not isinstance(found, reading.Row) and found.code == "parquet-unreadable"


def test_a_table_that_grows_without_end_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path / "x.parquet", [{"a": "x" * 1000}] * 1000)
    monkeypatch.setattr(reading, "MOST", 1000)
    [found] = reading.load((tmp_path / "x.parquet").read_bytes(), "x.parquet")
    assert not isinstance(found, reading.Row) and "too large" in found.message
