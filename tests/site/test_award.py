"""`passport award` and `passport people`, as people run them: on a site, and asked at a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.credentials.identity import is_recipient
from badge_passport.credentials.places import places
from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import check
from badge_passport.registry.entities import Award
from key_fixtures import pem, sign_with
from minimal import MakeSite
from terminal import at_a_terminal


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def award(site: Path, *arguments: str) -> Result:
    return run("award", "--site", site, "--format", "concise", *arguments)


def awards(site: Path) -> list[Award]:
    checked = check(site)
    assert checked.good and checked.registry is not None
    return list(checked.registry.awards.values())


def everything(site: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in site.rglob("*") if f.is_file()}


LEA = ("--badge", "harbour/listener", "--to", "Lea@example.org", "--on", "2024-07-01")


def test_a_new_person_gets_a_badge_and_the_site_is_built(make_site: MakeSite) -> None:
    site = make_site()
    done = award(
        site,
        *LEA,
        *("--name", "Lea Martin", "--language", "en", "--level", "A", "--narrative", "- asked\n- *heard*"),
        *("--evidence", "https://example.org/lea", "--evidence-name", "Her notes", "--label", "home"),
    )
    assert done.exit_code == 0, done.output
    found = next(a for a in awards(site) if str(a.issued_on) == "2024-07-01")
    assert found.id in done.output
    person = found.participant.record
    assert (person.name, person.visibility, person.display) == (None, "unlisted", "none")
    assert is_recipient("lea@example.org", found.identity.salt, found.identity.identity)
    assert found.identity.label == "home"
    assert found.record.narrative is not None and found.record.narrative.root[""] == "- asked\n- *heard*"
    assert found.record.evidence[0].url == "https://example.org/lea"
    roster, _ = read_roster(site)
    assert (roster.entries[0].name, roster.entries[0].participant) == ("Lea Martin", found.participant.slug)
    assert (site / "private/roster.csv").stat().st_mode & 0o777 == 0o600
    built = run("build", "--site", site, "--format", "concise")
    assert built.exit_code == 0, built.output
    assert (site / f"public/awards/{found.id}/assertion.json").is_file()
    for file in [*(site / "public").rglob("*"), *(site / "content").rglob("*")]:
        if file.is_file():
            data = file.read_bytes().lower()
            assert b"lea@" not in data and b"lea martin" not in data, file


def test_the_same_award_is_given_once(make_site: MakeSite) -> None:
    site = make_site()
    assert award(site, *LEA).exit_code == 0
    before = everything(site)
    again = award(site, *LEA, "--level", "A")
    assert again.exit_code == 0
    assert "has it already" in again.output
    assert everything(site) == before
    assert award(site, *LEA, "--number", "2").exit_code == 0
    assert len(awards(site)) == 4
    assert len({a.participant.slug for a in awards(site)}) == 3


def test_several_people_and_all_addresses_of_one(make_site: MakeSite) -> None:
    site = make_site(
        {"private/roster.csv": "participant,address\namira,a@example.org\namira,amira@example.org\n"}
    )
    options = ("--badge", "Listener", "--on", "2024-07-01")
    done = award(
        site, *options, "--to", "amira@example.org", "--to", "amira", "--to", "jonas", "--to", "z@example.org"
    )
    assert done.exit_code == 0, done.output
    given = [a for a in awards(site) if str(a.issued_on) == "2024-07-01"]
    assert len(given) == len({a.participant.slug for a in given}) == 3


def test_a_file_that_people_wrote_keeps_its_comments(make_site: MakeSite) -> None:
    site = make_site()
    file = site / "content/awards/harbour/spring.yml"
    file.write_text(
        file.read_text().replace("- participant: jonas", "# late\n  - participant: jonas  # but here")
    )
    before = file.read_text()
    done = award(site, "--badge", "listener", "--to", "amira", "--on", "2024-07-01", "--file", "spring")
    assert done.exit_code == 0, done.output
    assert file.read_text() == before + "  - participant: amira\n    issuedOn: 2024-07-01\n"


def test_nothing_is_written_that_would_be_an_error(make_site: MakeSite) -> None:
    site = make_site({"content/participants/lea.yml": "identities: []\n"})
    before = everything(site)
    assert award(site, *LEA).exit_code == 1
    (site / "content/participants/lea.yml").unlink()
    assert award(site, *LEA, "--level", "Z").exit_code == 1
    assert award(site, *LEA, "--label", "home", "--to", "amira").exit_code == 2
    assert award(site, *LEA, "--dry-run").exit_code == 0
    before.pop(str(site / "content/participants/lea.yml"))
    assert everything(site) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the badge"),
        (("--badge", "listener"), "name the badge"),
        (("--badge", "lisener", "--to", "amira"), "did you mean “listener”"),
        (("--badge", "listener", "--to", "amirah"), "did you mean “amira”"),
        (("--badge", "listener", "--to", "amira@"), "@"),
        (("--badge", "listener", "--to", "amira", "--on", "18/06/2024"), "--on"),
        (("--badge", "listener", "--to", "amira", "--name", "A\nBcc: x"), "one line"),
        (("--badge", "listener", "--to", "amira", "--file", "../../site"), "small letters"),
        (("--badge", "listener", "--to", "amira", "--label", "My home"), "small letters"),
        (("--badge", "listener", "--to", "amira", "--evidence", "javascript:alert(1)"), "web address"),
        (("--badge", "listener", "--to", "amira", "--narrative", "<script>"), "HTML"),
        (("--badge", "listener", "--to", "amira", "--narrative", "Ask lea@example.org"), "e-mail address"),
        (("--badge", "listener", "--to", "amira", "--language", "tlh"), "not published in"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_and_changes_nothing(
    make_site: MakeSite, arguments: tuple[str, ...], said: str
) -> None:
    site = make_site()
    before = everything(site)
    done = award(site, *arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert everything(site) == before


def test_without_options_it_asks(make_site: MakeSite) -> None:
    site = make_site()
    said = at_a_terminal("1\nlea@example.org\n2024-07-01\nA\nn\n", "award", "--site", site)
    assert "1  Listener (harbour/listener)" in said and "Write this?" in said
    assert len(awards(site)) == 2
    said = at_a_terminal("1\nlea@example.org\n2024-07-01\nA\ny\n", "award", "--site", site)
    assert re.search(r"a new person: award [0-9A-Z]{16}", said)
    assert {str(a.issued_on) for a in awards(site)} == {"2024-06-18", "2024-07-01"}


def test_a_person_gets_another_address(make_site: MakeSite) -> None:
    site = make_site()
    file = site / "content/participants/amira.yml"
    before = file.read_text()
    options = ("people", "add-address", "--site", site, "amira")
    assert run(*options, "Amira@work.example.org", "--label", "work").exit_code == 0
    assert [line for line in before.splitlines() if line not in file.read_text().splitlines()] == []
    assert "@" not in file.read_text()
    written = everything(site)
    assert "nothing to do" in run(*options, "amira@work.example.org").output
    assert everything(site) == written
    assert (
        award(site, "--badge", "listener", "--to", "amira@WORK.example.org", "--on", "2024-07-01").exit_code
        == 0
    )
    assert [a.record.identity for a in awards(site) if str(a.issued_on) == "2024-07-01"] == ["work"]
    assert run("people", "add-address", "--site", site, "jonas", "amira@work.example.org").exit_code == 1
    assert run(*options, "amira").exit_code == 2
    assert run(*options, "a@example.org", "--label", "Work").exit_code == 2
    assert run("people", "add-address", "--site", site, "amirah", "a@example.org").exit_code == 2
    assert run(*options, "b@example.org", "--label", "work").exit_code == 1


def test_an_award_that_is_entered_late_gets_a_place_of_its_own(make_site: MakeSite) -> None:
    """Of this name and day the place in the status list is taken: without its own it would move another."""
    site = make_site()
    sign_with(site, "harbour", 7, pem(7))
    slug = "late-68879"
    person = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    person = person.replace("80905d63", "90905d63").replace("salt-of-jonas", "salt-of-lea-x")
    (site / f"content/participants/{slug}.yml").write_text(person, encoding="utf-8")
    repositories.start(site)
    before = check(site).registry
    assert before is not None
    done = CliRunner().invoke(
        cli, ["award", "--site", str(site), "--badge", "harbour/listener", "--to", slug, "--on", "2023-01-01"]
    )
    assert done.exit_code == 0, done.output
    written = (site / "content/awards/harbour/listener-2023-01-01.yml").read_text(encoding="utf-8")
    assert "status:" in written
    after = check(site).registry
    assert after is not None
    assert places(before, "harbour").items() <= places(after, "harbour").items()
    reviewed = CliRunner().invoke(cli, ["check", "--site", str(site), "--since", "HEAD"])
    assert reviewed.exit_code == 0, reviewed.output


def test_a_day_that_is_still_to_come_is_said_before_it_is_published(make_site: MakeSite) -> None:
    site = make_site({"private/walk.csv": "Name,E-mail,Date\nLina,lina@example.org,2062-05-02\n"})
    command = ["--site", str(site), "--badge", "harbour/listener", "--yes", "--format", "concise"]
    done = CliRunner().invoke(cli, ["award", *command, "--to", "tom@example.org", "--on", "2062-05-03"])
    assert "warning[future-date]: this is awarded on 2062-05-03" in done.output and done.exit_code == 0
    done = CliRunner().invoke(cli, ["import", str(site / "private/walk.csv"), *command])
    assert "warning[future-date]: this is awarded on 2062-05-02" in done.output and done.exit_code == 0
    assert "2062-05-03" not in done.output
