"""A list of people that lies beside `site.yml`: git does not take it along, or it is said."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.desk.publishing import strays
from badge_passport.desk.publishing.review import review
from minimal import MakeSite
from reviewed import TODAY, codes

ROWS = [("Name", "E-mail"), ("Lina Haddad", "lina.haddad@example.org")]


def csv(encoding: str = "utf-8") -> bytes:
    return "".join(";".join(row) + "\r\n" for row in ROWS).encode(encoding)


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Nothing to see"])
    second = book.create_sheet("People")
    for row in ROWS:
        second.append(row)
    book.save(out)
    return out.getvalue()


TABLES = {"walk.csv": csv(), "lists/wide.csv": csv("utf-16"), "Old List.XLSX": xlsx(), "walk.tsv": csv()}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def imported(site: Path, file: Path) -> Result:
    options = ("--badge", "harbour/listener", "--on", "2026-05-02", "--yes", "--format", "concise")
    return run("import", "--site", site, file, *options)


@pytest.mark.parametrize("name", ["walk.csv", "lists/été [2].csv", "#1! walk.csv"])
def test_a_table_that_is_imported_is_not_committed(make_site: MakeSite, name: str) -> None:
    site = make_site({name: csv(), ".gitignore": "public/"})
    repositories.git(site, "init", "-q", "-b", "main")
    done = imported(site, site / name)
    assert done.exit_code == 0 and f"Git ignores {Path(name).name} from now on" in done.output
    repositories.commit(site)
    for path in repositories.git(site, "ls-files", "-z").rstrip("\0").split("\0"):
        assert b"lina.haddad@" not in (site / path).read_bytes(), path
    assert (site / ".gitignore").read_text(encoding="utf-8").startswith("public/\nprivate/\n/")
    before = (site / ".gitignore").read_bytes()
    assert imported(site, site / name).exit_code == 0
    assert (site / ".gitignore").read_bytes() == before


def test_a_table_elsewhere_or_in_private_is_no_matter(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site({"private/walk.csv": csv()})
    (tmp_path / "other.csv").write_bytes(csv())
    for file in (site / "private/walk.csv", tmp_path / "other.csv"):
        assert "Git ignores" not in imported(site, file).output
    assert (site / ".gitignore").read_text(encoding="utf-8") == "private/\n"


def test_a_table_that_git_has_already_is_told(make_site: MakeSite) -> None:
    site = make_site({"walk.csv": csv()})
    repositories.start(site)
    done = imported(site, site / "walk.csv")
    assert "walk.csv:1:1: warning[plain-email]" in done.output and "Git ignores" not in done.output
    assert done.exit_code == 0


@pytest.mark.parametrize("name", TABLES)
def test_a_change_that_would_take_it_along_is_refused(make_site: MakeSite, name: str) -> None:
    site = make_site()
    start = repositories.start(site)
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_bytes(TABLES[name])
    assert codes(review(site, "HEAD", today=TODAY)) == ["plain-email"]  # before it is committed
    end = repositories.commit(site)
    assert codes(review(site, start, today=TODAY)) == ["plain-email"]
    (site / name).unlink()
    last = repositories.commit(site)
    assert codes(review(site, start, last, today=TODAY)) == ["plain-email"]  # it stays in the history
    assert codes(review(site, end, last, today=TODAY)) == []


def test_a_table_without_people_passes(make_site: MakeSite) -> None:
    """Organisations give their addresses themselves, and a closed repository may hold what it likes."""
    site = make_site()
    start = repositories.start(site)
    contact = next(
        line for line in (site / "badges/harbour/issuer.yml").read_text().splitlines() if "@" in line
    )
    (site / "partners.csv").write_text(f"name,{contact}\nHarbour,{contact.split()[-1].upper()}\n")
    (site / "broken.xlsx").write_bytes(b"PK\x03\x04nothing")
    repositories.commit(site)
    assert codes(review(site, start, today=TODAY)) == []
    (site / "walk.csv").write_bytes(csv())
    assert codes(review(site, start, today=TODAY)) == ["plain-email"]
    with (site / "site.yml").open("a") as file:
        file.write("privacy: {plainEmail: allow}\n")
    assert codes(review(site, repositories.commit(site) + "~1", today=TODAY)) == []


def test_the_doctor_sees_it(make_site: MakeSite) -> None:
    site = make_site({"walk.csv": csv(), ".gitignore": "private/\npublic/\n"})
    repositories.start(site)
    found = json.loads(run("doctor", "--site", site, "--format", "json").output)
    assert [d["file"] for d in found if d["code"] == "plain-email"] == ["walk.csv"]


def test_a_damaged_workbook_is_none_and_no_fault() -> None:
    """A byte is another one, anywhere; or the end is missing."""
    book = xlsx()
    whole = "".join(strays.texts(book))
    assert "lina.haddad@example.org" in whole
    for place in range(2, len(book), 3):
        list(strays.texts(book[:place] + bytes([book[place] ^ 0xFF]) + book[place + 1 :]))
        list(strays.texts(book[:place]))
