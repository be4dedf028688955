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


PHOTO = Path(__file__).parents[2] / "content/participants/amira-k/portrait.png"


def with_photo(site: Path, person: str, data: bytes) -> None:
    file = site / f"content/participants/{person}.yml"
    text = file.read_text(encoding="utf-8").replace("name, listing", "photo, name, listing")
    file.write_text(text.replace("visibility: public", "visibility: public\nphoto: me.png"), encoding="utf-8")
    (site / f"content/participants/{person}").mkdir()
    (site / f"content/participants/{person}/me.png").write_bytes(data)


@pytest.mark.parametrize("both", [True, False])
def test_the_photo_of_whom_stays_is_shown(site: Path, both: bool) -> None:
    """Not that of the other, whatever the files are called."""
    other = PHOTO.read_bytes() + b"trailing bytes make another file"
    with_photo(site, "jonas", other)
    if both:
        with_photo(site, "amira", PHOTO.read_bytes())
    run("people", "merge", "--site", site, "amira", "jonas", "--yes")
    left = {p.name: p.read_bytes() for p in (site / "content/participants/amira").glob("*")}
    assert left == ({"me.png": PHOTO.read_bytes()} if both else {})
    assert not list((site / "content/participants").glob("jonas/*"))


def test_files_of_one_name_are_not_overwritten(site: Path) -> None:
    for person, data in (("amira", PHOTO.read_bytes()), ("jonas", PHOTO.read_bytes() + b"more")):
        with_photo(site, person, data)
    with (site / "content/participants/jonas.md").open("a", encoding="utf-8") as file:
        file.write("\n![Me](me.png)\n")
    done = run("people", "merge", "--site", site, "amira", "jonas", "--yes", code=1)
    assert "both have a file “me.png”" in done.output
    assert (site / "content/participants/amira/me.png").read_bytes() == PHOTO.read_bytes()


def test_a_milestone_keeps_its_number(site: Path) -> None:
    badge = (site / "badges/harbour/listener.yml").read_text(encoding="utf-8")
    milestone = badge.replace("Listener", "Friend") + "milestone: {count: 2}\n"
    (site / "badges/harbour/friend.yml").write_text(milestone, encoding="utf-8")
    other = badge.replace("Listener", "Speaker")
    (site / "badges/harbour/speaker.yml").write_text(other, encoding="utf-8")
    run("award", "--site", site, "--badge", "harbour/speaker", "--to", "jonas", "--on", "2026-01-01")
    start = repositories.commit(site)
    done = run("people", "merge", "--site", site, "amira", "jonas", "--yes", code=1)
    assert "the number of the milestone “friend” of “jonas” would be lost" in done.output
    assert "passport people merge jonas amira" in done.output
    run("people", "merge", "--site", site, "jonas", "amira", "--yes")
    assert run("check", "--site", site, "--since", start).output.count("error") == 0
    repositories.git(site, "reset", "-q", "--hard")
    run("award", "--site", site, "--badge", "harbour/speaker", "--to", "amira", "--on", "2026-01-02")
    done = run("people", "merge", "--site", site, "jonas", "amira", "--yes", code=1)
    assert "the number of the milestone “friend” of “amira” would be lost" in done.output
    assert "leave them two, and let “links” of each lead to the passport of the other" in done.output
