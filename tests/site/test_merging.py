"""One person with two files, and a passport with another name: nothing that was published is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from key_fixtures import pem, sign_with
from minimal import MakeSite


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == code, done.output
    return done


def registry_of(site: Path) -> Registry:
    registry = check(site).registry
    assert registry is not None
    return registry


def published(site: Path) -> dict[str, bytes]:
    run("build", "--site", site)
    public = site / "public"
    return {p.relative_to(public).as_posix(): p.read_bytes() for p in public.rglob("*") if p.is_file()}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    site = make_site(
        {
            ".gitignore": "private/\npublic/\n",
            "private/roster.csv": "participant,address\namira,a@example.net\njonas,j@example.net\n",
            "content/participants/jonas.md": "Jonas wrote this.\n",
        }
    )
    with (site / "content/participants/amira.yml").open("a", encoding="utf-8") as file:
        file.write("# keep me\nresponses: [{badge: harbour/listener, answer: accepted, on: 2024-07-01}]\n")
    with (site / "content/participants/jonas.yml").open("a", encoding="utf-8") as file:
        file.write("responses: [{badge: harbour/listener, answer: hidden, on: 2024-07-02}]\n")
    sign_with(site, "harbour", 7, pem(7))
    repositories.start(site)
    return site


def test_merged(site: Path) -> None:
    before, old = registry_of(site), published(site)
    run("people", "merge", "--site", site, "amira", "jonas", "--dry-run")
    assert repositories.git(site, "status", "--porcelain") == ""
    run("people", "merge", "--site", site, "amira", "jonas", "--yes")
    after, new = registry_of(site), published(site)
    assert list(after.participants) == ["amira"]
    assert "# keep me" in (site / "content/participants/amira.yml").read_text(encoding="utf-8")
    assert set(after.awards) == set(before.awards)
    for award_id, award in after.awards.items():
        assert award.identity == before.awards[award_id].identity
        assert award.acceptance == before.awards[award_id].acceptance  # each keeps its own answer
    assert set(old) <= set(new)
    for path in old:
        if path.endswith(("assertion.json", "credential.json")):
            assert new[path] == old[path]
    moved = new["passports/jonas/index.html"].decode()
    assert 'http-equiv="refresh" content="0; url=../../passports/amira/"' in moved
    assert new["passports/jonas/passport.json"] == new["passports/amira/passport.json"]
    assert b"Jonas wrote this." in new["passports/amira/index.html"]
    roster = (site / "private/roster.csv").read_text(encoding="utf-8")
    assert roster.count("amira,") == 2
    assert "jonas," not in roster
    assert run("check", "--site", site, "--since", "HEAD").output.count("error") == 0
    assert "documents verified" in run("check", "--site", site, "--built", site / "public").output
    given = run(
        "award", "--site", site, "--badge", "harbour/listener", "--to", "j@example.net", "--on", "2026-01-01"
    )
    assert "amira" in (site / "content/awards/harbour/listener-2026-01-01.yml").read_text(encoding="utf-8"), (
        given
    )


def test_renamed_twice_and_merged(site: Path) -> None:
    before, old = registry_of(site), published(site)
    run("people", "rename", "--site", site, "jonas", "jonas-b", "--yes")
    run("people", "rename", "--site", site, "jonas-b", "jonas-berg", "--yes")
    run("people", "merge", "--site", site, "amira", "jonas-berg", "--yes")
    after, new = registry_of(site), published(site)
    assert {i: a.identity for i, a in after.awards.items()} == {
        i: a.identity for i, a in before.awards.items()
    }
    assert set(old) <= set(new)
    for name in ("jonas", "jonas-b", "jonas-berg"):
        assert "passports/amira/" in new[f"passports/{name}/index.html"].decode()


def test_refused(site: Path) -> None:
    run("people", "merge", "--site", site, "amira", "amira", code=2)
    run("people", "merge", "--site", site, "amira", "nobody", code=2)
    run("people", "rename", "--site", site, "amira", "Amira K", code=2)
    assert (
        "not-mergeable" in run("people", "rename", "--site", site, "amira", "jonas", "--yes", code=1).output
    )
