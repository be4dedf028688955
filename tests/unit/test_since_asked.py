"""How changes are asked about: commits, bare repositories, a published register, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import repositories
from badge_passport.cli import cli
from badge_passport.cli.check import _ALLOWED
from badge_passport.desk.publishing.review import ALLOWED, review
from badge_passport.source.commits import GitError
from minimal import MakeSite
from reviewed import AWARDS, TODAY, codes, edit, site, told

__all__ = ["site"]


def test_links_and_large_files_of_a_commit_are_refused(site: Path) -> None:
    start = repositories.git(site, "rev-parse", "HEAD").strip()
    (site / "badges/harbour/logo.svg").symlink_to("/etc/hostname")
    (site / "badges/harbour/big.png").write_bytes(bytes(9 * 1024 * 1024))
    end = repositories.commit(site)
    assert sorted(codes(review(site, start, end, today=TODAY))) == ["file-too-large", "symlink"]
    assert sorted(codes(review(site, start, today=TODAY))) == ["file-too-large", "symlink"]


def test_a_commit_that_is_not_there_is_a_plain_sentence(site: Path, tmp_path: Path) -> None:
    for reference in ("no-such-branch", "--output=/tmp/x", "HEAD:site.yml"):
        with pytest.raises(GitError):
            review(site, reference)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(GitError):
        review(tmp_path / "elsewhere", "HEAD")


def test_a_site_in_a_folder_of_the_repository_and_one_that_is_new(
    make_site: MakeSite, tmp_path: Path
) -> None:
    site = make_site()
    (tmp_path / "readme").write_text("Nothing yet.", encoding="utf-8")
    repositories.git(tmp_path, "init", "-q", "-b", "main")
    repositories.git(tmp_path, "add", "readme")
    repositories.git(tmp_path, "commit", "-q", "-m", "Start")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    assert told(seen)[0] == "2 new awards of “Listener” (Harbour)"
    repositories.commit(tmp_path)
    edit(site, AWARDS, "  - participant: jonas\n", "")
    assert codes(review(site, "HEAD", today=TODAY)) == ["award-removed"]


def test_a_change_between_two_commits_of_a_bare_repository(site: Path, tmp_path: Path) -> None:
    start = repositories.git(site, "rev-parse", "HEAD").strip()
    edit(site, AWARDS, "  - participant: jonas\n", "")
    end = repositories.commit(site)
    repositories.git(tmp_path, "clone", "-q", "--bare", str(site), "bare.git")
    assert codes(review(tmp_path / "bare.git", start, end, today=TODAY)) == ["award-removed"]


def test_the_command(site: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    run = CliRunner().invoke
    arguments = ["check", "--site", str(site), "--since", "HEAD", "--summary", str(summary)]
    done = run(cli, arguments)
    assert (done.exit_code, done.output) == (0, "since HEAD:\n  nothing that is published changes\n")
    edit(site, AWARDS, "  - participant: jonas\n", "")
    done = run(cli, [*arguments, "--format", "github"])
    assert done.exit_code == 1
    assert done.output.startswith("::error file=content/awards/harbour/spring.yml")
    assert "1 problem must be mended first" in summary.read_text(encoding="utf-8")
    assert run(cli, ["check", "--site", str(site), "--allow", "badge-changed"]).exit_code == 2
    assert set(_ALLOWED) == set(ALLOWED)


def test_a_published_register_is_enough(site: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(cli, ["build", "--site", str(site)]).exit_code == 0
    register = str(site / "public/register.json")
    done = run(cli, ["check", "--site", str(site), "--since", register])
    assert (done.exit_code, "is lost" in done.output) == (0, True)
    edit(site, AWARDS, "  - participant: jonas\n", "")
    done = run(cli, ["check", "--site", str(site), "--since", register])
    assert done.exit_code == 1
    assert "error[award-removed]: a published award is gone" in done.output
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    for wrong in (tmp_path / "other.json", tmp_path / "none.json"):
        done = run(cli, ["check", "--site", str(site), "--since", str(wrong)])
        assert (done.exit_code, "since-unknown" in done.output) == (1, True)
