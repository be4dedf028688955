"""Revoke, reinstate and erase, as a promoter does: in files with comments and in tables."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.credentials.places import places
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from demo import ROOT
from key_fixtures import pem, sign_with
from minimal import MakeSite

SPRING = "content/awards/harbour/spring.yml"
TABLE = "content/awards/harbour/table.csv"


def run(*arguments: str | Path, code: int = 0, text: str | None = None) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], input=text)
    assert done.exit_code == code, done.output
    return done


def registry_of(site: Path) -> Registry:
    registry = check(site).registry
    assert registry is not None
    return registry


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(
        {
            SPRING: "# Spring, in the rain\nbadge: listener\nissuedOn: 2024-06-18\n\nawards:\n"
            "  - participant: amira # on time\n  # late\n  - {participant: jonas, level: A}\n",
            TABLE: 'participant;badge;issuedOn;narrative\r\namira;listener;2025-01-01;"Said; it"\r\n'
            'jonas;listener;2025-01-01;"Two\r\nlines"\r\n',
        }
    )


def test_revoked_where_it_stands_and_reinstated_so_that_it_can_be_read(site: Path) -> None:
    run(
        "revoke",
        "--site",
        site,
        "--participant",
        "jonas",
        "--reason",
        "Not: there",
        "--on",
        "2025-02-01",
        "--yes",
    )
    assert (site / SPRING).read_text(encoding="utf-8") == (
        "# Spring, in the rain\nbadge: listener\nissuedOn: 2024-06-18\n\nawards:\n"
        "  - participant: amira # on time\n  # late\n"
        "  - {participant: jonas, level: A, revoked: {on: 2025-02-01, reason: 'Not: there'}}\n"
    )
    assert (site / TABLE).read_bytes().decode() == (
        "participant;badge;issuedOn;narrative;revoked.on;revoked.reason\r\n"
        'amira;listener;2025-01-01;"Said; it";;\r\n'
        'jonas;listener;2025-01-01;"Two\r\nlines";2025-02-01;Not: there\r\n'
    )
    revoked = [a for a in registry_of(site).awards.values() if a.revoked]
    assert {a.participant.slug for a in revoked} == {"jonas"}
    assert len(revoked) == 2
    again = run("revoke", "--site", site, "--participant", "jonas", "--reason", "x", "--yes")
    assert "revoked already" in again.output
    run("reinstate", "--site", site, "--participant", "jonas", "--on", "2025-03-01", "--yes")
    assert not any(a.revoked for a in registry_of(site).awards.values())
    assert (site / SPRING).read_text(encoding="utf-8").splitlines()[-1] == (
        "  - {participant: jonas, level: A, reinstated: {revokedOn: 2025-02-01, on: 2025-03-01}}"
    )
    assert (site / TABLE).read_text(encoding="utf-8").splitlines()[-1] == ('lines";;;2025-02-01;2025-03-01')
    again = run(
        "revoke", "--site", site, "--participant", "jonas", "--reason", "y", "--on", "2025-04-01", "--yes"
    )
    assert "revoked: 2" in again.output
    run("reinstate", "--site", site, "--participant", "jonas", "--reason", "z", "--on", "2025-05-01", "--yes")
    found = [a.record.reinstated for a in registry_of(site).awards.values() if a.record.reinstated]
    assert {(str(x.revoked_on), str(x.on), x.reason and x.reason.get("en", "en")) for x in found} == {
        ("2025-04-01", "2025-05-01", "z")
    }


def test_by_number_by_address_and_from_a_list(site: Path, tmp_path: Path) -> None:
    first, second, third, _ = registry_of(site).awards
    listed = tmp_path / "list.txt"
    listed.write_text(f"https://badges.example.org/awards/{second}/assertion.json\n\n", encoding="utf-8")
    run(
        "revoke",
        "--site",
        site,
        first,
        f"https://x/fr/awards/{third}/",
        "--from",
        listed,
        "--reason",
        "x",
        "--yes",
    )
    assert {a.id for a in registry_of(site).awards.values() if a.revoked} == {first, second, third}
    refused = run("revoke", "--site", site, "ABCDEFGH", "--reason", "x", "--yes", code=1)
    assert "error[unknown-award]" in refused.output
    run("revoke", "--site", site, "--badge", "harbour/listner", "--reason", "x", code=1)
    run("revoke", "--site", site, "--reason", "x", code=2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_list_may_come_from_a_spreadsheet(site: Path, tmp_path: Path, encoding: str) -> None:
    first, second, *_ = registry_of(site).awards
    listed = tmp_path / "list.txt"
    listed.write_bytes(f"{first}\r\nhttps://x.example/été/awards/{second}/\r\n".encode(encoding))
    run("revoke", "--site", site, "--from", listed, "--reason", "x", "--yes")
    assert {a.id for a in registry_of(site).awards.values() if a.revoked} == {first, second}


def test_a_list_that_is_no_text_is_wrong_usage(site: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.bin"
    listed.write_bytes(bytes(range(256)) * 4)
    done = run("revoke", "--site", site, "--from", listed, "--reason", "x", "--yes", code=2)
    assert "Invalid value for --from: this is not a text" in done.output


def test_nothing_is_done_without_consent(site: Path) -> None:
    before = (site / SPRING).read_bytes()
    for options in ((), ("--dry-run",), ("--dry-run", "--yes")):
        done = run("revoke", "--site", site, "--badge", "harbour/listener", "--reason", "x", *options)
        assert "nothing was changed" in done.output
    run("revoke", "--site", site, "--badge", "harbour/listener", code=2)  # nobody to ask for the reason
    assert (site / SPRING).read_bytes() == before


def test_a_formula_in_a_reason_stays_a_text(site: Path) -> None:
    run("revoke", "--site", site, "--badge", "harbour/listener", "--reason", '=HYPERLINK("x")', "--yes")
    assert "'=HYPERLINK" in (site / TABLE).read_text(encoding="utf-8")
    reasons = {str(a.revoked.reason.root) for a in registry_of(site).awards.values() if a.revoked}
    assert reasons == {str({"": '=HYPERLINK("x")'})}


def test_in_languages(site: Path) -> None:
    run(
        "revoke",
        "--site",
        site,
        "--participant",
        "jonas",
        "--reason",
        "No",
        "--reason-in",
        "fr",
        "Non",
        "--yes",
    )
    texts = [a.revoked.reason.root for a in registry_of(site).awards.values() if a.revoked]
    assert texts == [{"en": "No", "fr": "Non"}] * 2


def test_a_milestone_is_revoked_by_what_it_follows_from(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("site.yml", "badges", "content"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, site / name)
    milestone = next(a for a in registry_of(site).awards.values() if a.because and not a.revoked)
    done = run("revoke", "--site", site, milestone.id, "--reason", "x", "--yes", code=1)
    assert "error[not-revocable]" in done.output
    run("revoke", "--site", site, *(a.id for a in milestone.because), "--reason", "x", "--yes")
    assert registry_of(site).awards[milestone.id].revoked is not None


def test_erased_people_leave_tombstones_and_nothing_else(site: Path) -> None:
    sign_with(site, "harbour", 7, pem(7))
    (site / "content/participants/jonas.md").write_text("My story", encoding="utf-8")
    (site / "private/participants").mkdir(parents=True)
    (site / "private/participants/jonas.yml").write_text("bio: Hidden\n", encoding="utf-8")
    roster = "participant,address,label,name,language\namira,a@example.net,,,\njonas,j@example.net,,=Jonas,\n"
    (site / "private/roster.csv").write_text(roster, encoding="utf-8")
    award = "{badge: harbour/listener, participant: jonas, issuedOn: 2024-06-18}"
    endorsement = f"award: {award}\nissuedOn: 2025-01-01\ncomment: Good\n"
    (site / "badges/harbour/endorsements").mkdir()
    (site / "badges/harbour/endorsements/jonas.yml").write_text(endorsement, encoding="utf-8")
    (site / ".gitignore").write_text("private/\npublic/\n", encoding="utf-8")
    repositories.start(site)
    before = registry_of(site)
    run("erase", "--site", site, "jonass", code=2)
    run("erase", "--site", site, "jonas", "--dry-run")
    assert repositories.git(site, "status", "--porcelain") == ""
    done = run("erase", "--site", site, "jonas", "--on", "2026-01-01", "--yes")
    assert "git filter-repo --invert-paths" in done.output
    after = registry_of(site)
    assert set(after.awards) == set(before.awards)
    assert places(after, "harbour") == places(before, "harbour")
    names = [p.name for p in site.rglob("*jonas*") if ".git" not in p.parts]
    assert names == []
    for file in site.rglob("*"):
        # What stands in the one that is left out was made with a salt that has the name here alone.
        if file.is_file() and ".git" not in file.parts and file.name != "erased.csv":
            assert b"onas" not in file.read_bytes(), file
    assert repositories.git(site, "status", "--porcelain") != ""
    checked = run("check", "--site", site, "--since", "HEAD")
    assert "2 awards erased at their holders' request" in checked.output
    run("build", "--site", site)
    hashed = next(a.identity for a in before.awards.values() if a.participant.slug == "jonas")
    assert hashed is not None
    gone = {a.id for a in before.awards.values() if a.participant.slug == "jonas"}
    assert len(gone) == 2
    for file in (site / "public").rglob("*"):
        if file.is_file():
            assert hashed.identity.encode() not in file.read_bytes(), file
            assert hashed.salt.encode() not in file.read_bytes(), file
    for award_id in gone:
        folder = site / "public/awards" / award_id
        assertion = json.loads((folder / "assertion.json").read_text(encoding="utf-8"))
        assert assertion["revoked"] is True
        assert assertion["revocationReason"] == "Withdrawn at the holder's request"
        credential = json.loads((folder / "credential.json").read_text(encoding="utf-8"))
        assert credential["credentialSubject"]["id"].startswith("urn:uuid:")
        assert "identifier" not in credential["credentialSubject"]
        page = (folder / "index.html").read_text(encoding="utf-8")
        assert "Withdrawn at the holder" in page
    verified = run("check", "--site", site, "--built", site / "public")
    assert "documents verified" in verified.output


def test_an_erased_award_can_be_neither_reinstated_nor_given_again(site: Path) -> None:
    award = next(a for a in registry_of(site).awards.values() if a.participant.slug == "jonas")
    run("erase", "--site", site, "jonas", "--yes")
    refused = run("reinstate", "--site", site, award.id, "--yes", code=1)
    assert "it was erased" in refused.output
