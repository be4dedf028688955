"""`passport import` as people run it: looked at first, done once, the rest kept aside, and built."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import check
from messy import messy
from minimal import MakeSite
from terminal import at_a_terminal


def imported(site: Path, file: Path, *arguments: str, form: str = "concise") -> Result:
    command = ["import", "--site", str(site), "--format", form, str(file), *arguments]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def everything(site: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in site.rglob("*") if f.is_file()}


def count(site: Path) -> int:
    checked = check(site)
    assert checked.good and checked.registry is not None
    return len(checked.registry.awards)


def test_a_messy_table_from_the_first_look_to_the_built_site(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "Été 2024.csv"
    file.write_bytes(messy().data)
    before = everything(site)
    looked = imported(site, file)
    assert looked.exit_code == 0
    assert "480 new awards of harbour/listener" in looked.output
    assert "6 rows twice in this table, taken once" in looked.output
    assert "14 rows not fitting" in looked.output
    assert "add --yes" in looked.output
    assert imported(site, file, "--dry-run", "--yes").exit_code == 0
    assert everything(site) == before

    done = imported(site, file, "--yes")
    assert done.exit_code == 0, done.output
    assert (
        "Müller" not in looked.output + done.output and "person." not in (looked.output + done.output).lower()
    )
    assert count(site) == 482
    rejected = site / "private/rejected-ete-2024.csv"
    assert rejected.stat().st_mode & 0o777 == 0o600
    written = everything(site)
    again = imported(site, file, "--yes")
    assert "486 rows already there" in again.output and "Nothing is new." in again.output
    assert everything(site) == written

    # A row is mended where it was kept, and that file is imported.
    text = rejected.read_text("utf-8")
    assert "nobody at example.org" in text and "secret note" in text
    rejected.write_text(text.replace("nobody at example.org", "nobody@example.org"), "utf-8")
    mended = imported(site, rejected, "--yes")
    assert "1 new award of harbour/listener" in mended.output
    assert count(site) == 483
    assert "nobody@example.org" not in rejected.read_text("utf-8")
    assert len(list((site / "content/awards/harbour").glob("*.csv"))) == 1

    built = CliRunner().invoke(
        cli, ["build", "--site", str(site), "--format", "concise"], catch_exceptions=False
    )
    assert built.exit_code == 0, built.output
    assert len(list((site / "public/awards").glob("*/assertion.json"))) == 483
    for path in (site / "public").rglob("*"):
        if path.is_file() and path.suffix in (".json", ".html", ".xml", ".txt"):
            data = path.read_bytes().lower()
            assert b"person.1" not in data and "müller".encode() not in data and b"secret" not in data, path


def test_only_what_is_new_is_added(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "walks.csv"
    file.write_text("email,badge,date\na@example.org,listener,2024-07-01\n")
    imported(site, file, "--yes")
    table = site / "content/awards/harbour/walks.csv"
    first = table.read_text()
    with file.open("a") as more:
        more.write("b@example.org,listener,2024-07-01\n")
    done = imported(site, file, "--yes")
    assert "1 new award" in done.output and "1 row already there" in done.output
    assert table.read_text().startswith(first) and len(table.read_text().splitlines()) == 3
    assert (
        (site / "content/awards/harbour/walks.yml")
        .read_text()
        .endswith("badge: listener\nissuedOn: 2024-07-01\n")
    )


def test_badge_and_day_may_come_from_options_and_columns_be_told(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "list.tsv"
    file.write_text("Who\tWhen\tRemark\na@example.org\t03/04/2024\tWell done\n", "utf-16")
    assert imported(site, file, "--yes").exit_code == 1
    options = ("--badge", "Listener", "--map", "When=issuedOn", "--map", "remark=narrative")
    assert "could be two days" in imported(site, file, *options, "--yes").output
    done = imported(site, file, *options, "--dates", "dmy", "--as", "april", "--yes")
    assert done.exit_code == 0, done.output
    assert "2024-04-03" in (site / "content/awards/harbour/april.yml").read_text()
    assert "Well done" in (site / "content/awards/harbour/april.csv").read_text()
    # What was told is remembered by the headers, in any order and in another file.
    file.write_text("Remark\tWho\tWhen\nGood\tb@example.org\t2024-04-05\n")
    done = imported(site, file, "--badge", "listener", "--as", "april", "--yes")
    assert done.exit_code == 0, done.output
    assert "Good" in (site / "content/awards/harbour/april.csv").read_text()
    assert count(site) == 4


def test_a_workbook_is_read_sheet_by_sheet(make_site: MakeSite, tmp_path: Path) -> None:
    import datetime

    site, file = make_site(), tmp_path / "table.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nothing"])
    sheet = book.create_sheet("Awards")
    sheet.append(["E-mail", "Badge", "Date", "Revoked on", "Revocation reason"])
    sheet.append(["a@example.org", "Listener", datetime.datetime(2024, 7, 1), None, None])
    sheet.append(["b@example.org", "Listener", 45474, "2024-08-01", "Wrong person"])
    out = io.BytesIO()
    book.save(out)
    file.write_bytes(out.getvalue())
    assert imported(site, file, "--yes").exit_code == 1
    assert imported(site, file, "--sheet", "Awards", "--yes").exit_code == 0
    registry = check(site).registry
    assert registry is not None
    given = {str(a.issued_on): a.revoked for a in registry.awards.values()}
    assert set(given) == {"2024-06-18", "2024-07-01"}
    assert [str(a.revoked.on) for a in registry.awards.values() if a.revoked] == ["2024-08-01"]


def test_machines_get_the_rows_that_do_not_fit_and_nothing_else(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "t.csv"
    file.write_text("email,badge,date\na@example.org,listener,2024-07-01\nb,listener,2024-07-01\n")
    done = imported(site, file, "--yes", form="json")
    assert done.exit_code == 0
    assert [(p["code"], p["severity"], p["line"]) for p in json.loads(done.stdout)] == [
        ("import-row", "warning", 3)
    ]


def test_wrong_usage_is_told(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "t.csv"
    file.write_text("email,badge,date\na@example.org,listener,2024-07-01\n")
    before = everything(site)
    for options in (
        ("--map", "nothing=badge"),
        ("--map", "email=password"),
        ("--badge", "nothing"),
        ("--dates", "ydm"),
        ("--as", "../x"),
        ("--on", "1 July"),
    ):
        assert imported(site, file, "--yes", *options).exit_code == 2, options
    assert imported(site, tmp_path / "no.csv", "--yes").exit_code == 2
    assert everything(site) == before


def test_at_a_terminal_it_shows_and_asks(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "t.csv"
    file.write_text("email,badge,date\na@example.org,listener,2024-07-01\nb,listener,2024-07-01\n")
    before = everything(site)
    for answer in ("n\n", "\n"):  # no is also what silence means
        said = at_a_terminal(answer, "import", "--site", site, file)
        assert "1 new award" in said and "Do it?" in said and "t.csv:3:1: warning[import-row]" in said
        assert everything(site) == before
    assert "Written:" in at_a_terminal("y\n", "import", "--site", site, file)
    assert count(site) == 3


def test_a_hostile_table_cannot_steer_the_terminal(make_site: MakeSite, tmp_path: Path) -> None:
    site, file = make_site(), tmp_path / "t.csv"
    file.write_text("email,badge,date,\x1b[31mred\u202e\na\x1b[2J@example.org,\x1b]0;x\x07,2024-07-01,x\n")
    for form in ("pretty", "concise", "github"):
        output = imported(site, file, form=form).output
        assert "import-row" in output
        assert all(c.isprintable() or c == "\n" for c in output), output
    assert imported(site, file, "--map", "nothing\x1b[31m=badge").exit_code == 2


def test_a_table_names_no_file_outside_the_site(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site()
    file = tmp_path / "..%2f..%2fetc passwd.csv"
    file.write_text("email,badge,date\na@example.org,listener,2024-07-01\nb,listener,2024-07-01\n")
    outside = {f for f in tmp_path.rglob("*") if site not in f.parents}
    assert imported(site, file, "--yes").exit_code == 0
    assert {f for f in tmp_path.rglob("*") if site not in f.parents} == outside
    assert (site / "content/awards/harbour/2f-2fetc-passwd.csv").is_file()


def test_one_person_in_two_rows_by_two_addresses(make_site: MakeSite, tmp_path: Path) -> None:
    """As after `people add-address`, and after two people turned out to be one."""
    site, file = make_site(), tmp_path / "walk.csv"
    file.write_text(
        "Name,E-mail\nTom,tom@example.org\nLina,lina@example.org\nTom B,tom@work.example\n", "utf-8"
    )
    day = ("--badge", "harbour/listener", "--on", "2026-05-02", "--yes")
    assert imported(site, file, *day).exit_code == 0
    assert count(site) == 5
    slugs = {entry.address: entry.participant for entry in read_roster(site)[0].entries}
    merge = [
        "people",
        "merge",
        "--site",
        str(site),
        slugs["tom@example.org"],
        slugs["tom@work.example"],
        "--yes",
    ]
    assert CliRunner().invoke(cli, merge).exit_code == 0
    more = [slugs["lina@example.org"], "lina@work.example"]
    assert CliRunner().invoke(cli, ["people", "add-address", "--site", str(site), *more]).exit_code == 0
    with file.open("a", encoding="utf-8") as table:
        table.write("Lina,lina@work.example\n")
    again = imported(site, file, *day)
    assert (again.exit_code, count(site)) == (0, 5), again.output
    assert "new person" not in again.output and "new award" not in again.output
    later = imported(site, file, *day[:3], "2026-06-02", "--yes")
    assert later.exit_code == 0 and "2 new awards" in later.output, later.output
    assert "2 rows twice in this table" in later.output
    assert count(site) == 7
