"""Somebody who wants to be forgotten is, however they came in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import check
from minimal import MakeSite

LINA, TOM = "lina@example.org", "tom@example.org"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def workbook(*addresses: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Name", "E-mail"], *(["Somebody", address] for address in addresses)):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def imported(site: Path, *addresses: str) -> dict[str, str]:
    """A site into which a table was imported; the participant of each address."""
    (site / "private").mkdir(exist_ok=True)
    (site / "private/walk.xlsx").write_bytes(workbook(*addresses))
    options = ("--badge", "harbour/listener", "--on", "2026-05-02", "--yes")
    assert run("import", "--site", site, site / "private/walk.xlsx", *options).exit_code == 0
    return {entry.address: entry.participant for entry in read_roster(site)[0].entries}


@pytest.mark.parametrize("others", [(), (TOM,)], ids=["alone in the table", "one of two"])
def test_somebody_who_came_in_a_table(make_site: MakeSite, others: tuple[str, ...]) -> None:
    site = make_site()
    repositories.start(site)
    people = imported(site, LINA, *others)
    before = repositories.commit(site)
    done = run("erase", "--site", site, people[LINA], "--yes")
    assert done.exit_code == 0, done.output
    for name in ("walk.csv", "walk.yml"):
        assert (site / "content/awards/harbour" / name).exists() == bool(others)
    checked = check(site)
    assert checked.good and checked.registry is not None
    assert len(checked.registry.awards) == 3 + len(others)
    assert people[LINA] not in checked.registry.participants
    assert run("check", "--site", site, "--since", before).exit_code == 0


def test_what_is_left_on_the_machine_is_listed(make_site: MakeSite) -> None:
    lists = {"answer.txt": f"From: {LINA.upper()}\n", "lists/2026/may.csv": f"who\n{LINA}\n"}
    site = make_site({**lists, "other.txt": f"From: {TOM}\n"})
    people = imported(site, LINA, TOM)
    (site / "private/rejected-walk.csv").write_text(f"line,reason,E-mail\n2,late,{LINA}\n", encoding="utf-8")
    done = run("erase", "--site", site, people[LINA], "--yes")
    [line] = [line for line in done.output.splitlines() if "still hold an address" in line]
    assert line.endswith(": answer.txt, lists/2026/may.csv, private/rejected-walk.csv, private/walk.xlsx.")
    again = run("erase", "--site", site, "jonas", "--yes")
    assert "still hold an address" not in again.output
