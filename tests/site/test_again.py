"""Tables that are imported again, or name people otherwise: nobody gets what is another's."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.desk.people.erased import ERASED, read_erased
from badge_passport.desk.people.erasing import erase
from badge_passport.desk.people.roster import Roster, read_roster
from badge_passport.pipeline import check
from minimal import MakeSite

LINA, TOM = "lina@example.org", "tom@example.org"


def run(*arguments: str | Path, code: int | None = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert code is None or done.exit_code == code, done.output
    return done


def imported(site: Path, rows: str, name: str = "walk") -> str:
    """What an import of a table with these rows says."""
    (site / "private").mkdir(exist_ok=True)
    table = site / f"private/{name}.csv"
    table.write_text(f"Name,E-mail,Date\n{rows}", encoding="utf-8")
    return run("import", "--site", site, table, "--badge", "harbour/listener", "--yes", code=None).output


def people(site: Path) -> dict[str, str]:
    return {entry.address: entry.participant for entry in read_roster(site)[0].entries}


def awards(site: Path) -> int:
    checked = check(site)
    assert checked.good and checked.registry is not None
    return len(checked.registry.awards)


def test_an_old_table_brings_nobody_back_who_was_erased(make_site: MakeSite) -> None:
    site = make_site()
    rows = f"Lina,{LINA},2026-05-02\nTom,{TOM},2026-05-02\n"
    imported(site, rows)
    run("erase", "--site", site, people(site)[LINA], "--yes", "--on", "2026-06-01")
    said = imported(site, rows)
    assert "was erased on 2026-06-01, as they asked" in said
    assert f"take line 2 out of {ERASED}" in said
    assert LINA not in people(site)
    assert "2026-06-01" in (site / "private/rejected-walk.csv").read_text(encoding="utf-8")
    to_her = run(
        "award", "--site", site, "--badge", "listener", "--to", LINA.upper(), "--on", "2026-07-01", code=2
    )
    assert "was erased" in to_her.output
    kept = (site / ERASED).read_text(encoding="utf-8")
    assert LINA not in kept
    (site / ERASED).write_text(kept.splitlines()[0] + "\n", encoding="utf-8")  # she wants to come back
    assert "was erased" not in imported(site, rows)
    assert LINA in people(site)


def test_those_who_were_erased_before_are_not_forgotten(make_site: MakeSite) -> None:
    site = make_site()
    imported(site, f"Lina,{LINA},2026-05-02\nTom,{TOM},2026-05-02\n")
    found = people(site)
    for address in (LINA, TOM):
        run("erase", "--site", site, found[address], "--yes")
    erased, problems = read_erased(site)
    assert problems == []
    assert len(erased) == 2


def test_two_people_who_are_erased_at_once_are_both_remembered(make_site: MakeSite) -> None:
    checked = check(make_site())
    assert checked.registry is not None
    people, day = checked.registry.participants, datetime.date(2026, 6, 1)
    first, _ = erase(checked.tree, checked.registry, people["amira"], Roster(), day)
    second, _ = erase(checked.tree, checked.registry, people["jonas"], first.roster, day)
    assert {one.identity for one in second.roster.erased} == {
        one.identity for slug in ("amira", "jonas") for one in people[slug].record.identities
    }
    assert (second.files[ERASED] or b"").count(b"sha256$") == len(second.roster.erased)


def test_what_is_no_line_of_ours_is_told(make_site: MakeSite) -> None:
    site = make_site({ERASED: "on,identity,salt\n2026-06-01,lina@example.org,\n"})
    done = run("award", "--site", site, "--badge", "listener", "--to", TOM, code=1)
    assert f"{ERASED}:2:" in done.output
    assert "roster-invalid" in done.output


def test_the_cache_of_an_erased_person_goes(make_site: MakeSite) -> None:
    site = make_site()
    with (site / "content/participants/amira.yml").open("a", encoding="utf-8") as file:
        file.write("bio: A secret phrase\n")
    run("build", "--site", site, "--preview")
    remembered = list((site / ".passport/cache").glob("records.bin*"))
    assert any(b"A secret phrase" in file.read_bytes() for file in remembered)
    run("erase", "--site", site, "amira", "--yes")
    assert not (site / ".passport/cache").exists()


def test_one_address_of_two_people_is_not_one_person(make_site: MakeSite) -> None:
    site = make_site()
    said = imported(
        site, "Henrik Berg,berg@example.org,2026-05-02\nSara Berg,berg@example.org,2026-05-02\n", "two"
    )
    assert "this is the address of “Henrik Berg”" in said
    before = awards(site)
    said = imported(site, "Sara Berg,berg@example.org,2026-05-09\n", "later")
    assert "this is the address of “Henrik Berg”" in said
    assert awards(site) == before
    imported(site, "BERG Henrik,berg@example.org,2026-05-09\n", "same")
    assert awards(site) == before + 1


@pytest.mark.parametrize("first", ["rename", "merge"])
def test_who_was_merged_has_their_awards_already(make_site: MakeSite, first: str) -> None:
    site = make_site()
    rows = f"Lina,{LINA},2026-05-02\nTom,{TOM},2026-05-09\n"
    imported(site, rows)
    found = people(site)
    lina = found[LINA]
    if first == "rename":
        run("people", "rename", "--site", site, lina, "lina-k", "--yes")
        lina = "lina-k"
    run("people", "merge", "--site", site, lina, found[TOM], "--yes")
    before = awards(site)
    assert "Nothing is new" in imported(site, rows)
    assert awards(site) == before


def test_answers_in_a_private_file_are_not_lost_in_a_merge(make_site: MakeSite) -> None:
    answers = "responses: [{badge: harbour/listener, answer: hidden, on: 2026-07-01}]\n"
    site = make_site({"private/participants/jonas.yml": answers})
    for one, other in (("amira", "jonas"), ("jonas", "amira")):
        done = run("people", "merge", "--site", site, one, other, "--dry-run", code=1)
        assert "private/participants/jonas.yml:1:1: error[not-mergeable]" in done.output


def test_badges_are_taken_back_though_one_holder_was_erased(make_site: MakeSite) -> None:
    site = make_site()
    imported(site, f"Lina,{LINA},2026-05-02\nTom,{TOM},2026-05-02\n")
    run("erase", "--site", site, people(site)[LINA], "--yes")
    options = ("--badge", "listener", "--issued-on", "2026-05-02", "--reason", "Not held", "--yes")
    assert "1" in run("revoke", "--site", site, *options).output
    checked = check(site)
    assert checked.registry is not None
    assert [a.participant.slug for a in checked.registry.awards.values() if a.revoked and not a.erased] == [
        people(site)[TOM]
    ]
