"""What promoters do by mistake, and what their machines do behind their backs, costs nothing."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.desk.importing.columns import propose
from badge_passport.desk.importing.reading import read
from badge_passport.pipeline import check
from key_fixtures import pem, sign_with
from minimal import MakeSite


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    site = make_site()
    sign_with(site, "harbour", 7, pem(7))
    return site


def test_a_preview_never_takes_the_place_of_what_is_signed(site: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    run("build", "--site", site)
    run("publish", "--site", site, "--to", live)
    signed = sorted(live.rglob("credential.json"))
    assert signed
    run("build", "--site", site, "--preview")
    for more in ((), ("--list",)):
        done = run("publish", "--site", site, "--to", live, *more, code=1)
        assert "holds a preview" in done.output
    assert sorted(live.rglob("credential.json")) == signed


def test_what_a_file_manager_leaves_is_not_published(site: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    run("build", "--site", site)
    for name in (".DS_Store", "Thumbs.db", "badges/desktop.ini", "awards/._index.html"):
        (site / "public" / name).write_bytes(b"\0")
    run("publish", "--site", site, "--to", live)
    assert not list(live.rglob(".DS_Store"))
    assert not list(live.rglob("Thumbs.db"))
    (site / "public/strange.txt").write_text("?", encoding="utf-8")
    assert "passport build --clean" in run("publish", "--site", site, "--to", live, code=1).output


def test_what_a_system_leaves_beside_records_is_not_of_the_site(site: Path) -> None:
    awards = "content/awards/harbour"
    for name in ("badges/Thumbs.db", f"{awards}/desktop.ini", f"{awards}/~$list.xlsx"):
        (site / name).write_bytes(b"\0")
    assert check(site).diagnostics == []
    (site / awards / "list.xlsx").write_bytes(b"PK")
    assert [d.code for d in check(site).diagnostics] != []


def test_a_register_of_another_address_is_not_of_this_site(site: Path) -> None:
    run("build", "--site", site)
    register = site / "public/register.json"
    run("check", "--site", site, "--since", register)
    said = json.loads(register.read_bytes())
    said["id"] = "https://elsewhere.example.org/register.json"
    other = site / "private/register.json"
    other.write_text(json.dumps(said), encoding="utf-8")
    done = run("check", "--site", site, "--since", other, code=1)
    assert "error[site-moved]" in done.output
    assert "site.yml:" in done.output


def test_nothing_is_served_where_no_site_is(tmp_path: Path) -> None:
    assert "site-missing" in run("serve", "--site", tmp_path, "--port", "0", code=1).output


def test_a_dry_run_says_what_would_be_refused(site: Path) -> None:
    given = ("award", "--site", site, "--badge", "listener", "--to", "amira", "--level", "Z", "--dry-run")
    assert "unknown-level" in run(*given, code=1).output


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("Evidence", "The film", "evidence.name"),
        ("Evidence", "https://example.org/film", "evidence.url"),
        ("Preuve", "Le film", "evidence.name"),
        ("Evidence URL", "www.example.org/film", "evidence.url"),
        ("Lien", "www.example.org/film", "evidence.url"),
    ],
)
def test_a_column_of_addresses_is_one_whatever_stands_in_it(header: str, cell: str, field: str) -> None:
    table = read(f"E-mail,{header}\na@example.org,{cell}\n".encode())
    assert propose(table)[header] == field


def test_one_mistake_in_a_badge_is_one_problem(site: Path) -> None:
    erased = "erased: [{id: 8M1ZA1W980S3QEQT, badge: listener, issuedOn: 2024-06-18, on: 2026-01-01}]\n"
    (site / "content/awards/harbour/erased.yml").write_text(erased, encoding="utf-8")
    assert check(site).diagnostics == []
    badge = site / "badges/harbour/listener.yml"
    badge.write_text(badge.read_text(encoding="utf-8") + "unheardOf: 1\n", encoding="utf-8")
    assert {d.code for d in check(site).diagnostics} == {"unknown-key"}


@pytest.mark.parametrize("option", ["--outbox", "--preview"])
@pytest.mark.parametrize("folder", ["content/mail", "public/mail"])
def test_messages_are_not_written_to_where_they_would_be_published(
    site: Path, option: str, folder: str
) -> None:
    (site / "private/roster.csv").write_text("participant,address\namira,a@example.net\n", encoding="utf-8")
    done = run("notify", "--site", site, option, site / folder, code=1)
    assert "would be published there, and messages are private" in done.output
    assert not (site / folder).exists()


def test_a_space_in_the_name_of_a_picture_is_told(site: Path) -> None:
    badge = site / "badges/harbour/listener.yml"
    badge.write_text(badge.read_text(encoding="utf-8") + "image: My star.png\n", encoding="utf-8")
    [problem] = check(site).diagnostics
    assert (problem.code, problem.help) == (
        "path-outside",
        "name the file with letters, digits, dots and hyphens, without spaces.",
    )


def test_a_nought_before_a_number_is_a_part_of_a_name(site: Path) -> None:
    people = site / "content/participants"
    for number, name in enumerate(("123", "0123")):
        identity = f"{{identity: sha256${number:064x}, salt: salt{number}0123456789ab}}"
        (people / f"{name}.yml").write_text(f"identities: [{identity}]\n", encoding="utf-8")
    awards = "badge: listener\nissuedOn: 2024-06-18\nawards: [{participant: 0123, number: 02}]\n"
    (site / "content/awards/harbour/more.yml").write_text(awards, encoding="utf-8")
    checked = check(site)
    assert checked.diagnostics == []
    assert checked.registry is not None
    [award] = checked.registry.awards_by_participant["0123"]
    assert award.record.number == 2
    assert "123" not in checked.registry.awards_by_participant


def test_publishing_says_what_changed_after_the_build(site: Path, tmp_path: Path) -> None:
    run("build", "--site", site)
    publish = ("publish", "--site", site, "--to", tmp_path / "live")
    assert "passport build" not in run(*publish).output
    badge = site / "badges/harbour/listener.yml"
    later = time.time() + 5
    os.utime(badge, (later, later))
    assert "badges/harbour/listener.yml changed after the site was built" in run(*publish).output
    assert "changed after" not in run(*publish, "--format", "json").output
    os.utime(badge, (later - 100, later - 100))
    run("build", "--site", site)
    assert "passport build" not in run(*publish).output
