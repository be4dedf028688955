"""`git push` to a server of one's own: checked before it is taken, published in one step after."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import repositories
from badge_passport.cli import cli
from minimal import MakeSite
from servers import listens, nginx, wait

AWARDS = "content/awards/harbour/spring.yml"
GENERATOR = Path(__file__).parents[2] / "generator"
ENVIRONMENT = {**repositories.ENVIRONMENT, "PYTHONPATH": str(GENERATOR)}


@dataclass
class Desk:
    """A promoter's clone, the bare repository it pushes to, and the folder that is served."""

    site: Path
    bare: Path
    live: Path

    def push(self, *options: str, where: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Push, and what the pusher's terminal says."""
        command = ["git", "push", "-q", *options, "origin", "HEAD:main"]
        return subprocess.run(
            command, cwd=where or self.site, env=ENVIRONMENT, capture_output=True, text=True, check=False
        )

    def edit(self, old: str, new: str, file: str = AWARDS) -> None:
        text = (self.site / file).read_text(encoding="utf-8")
        assert old in text
        (self.site / file).write_text(text.replace(old, new), encoding="utf-8")

    def change(self, old: str, new: str, file: str = AWARDS) -> subprocess.CompletedProcess[str]:
        self.edit(old, new, file)
        repositories.commit(self.site)
        return self.push()


def install(bare: Path, live: Path, *options: str) -> None:
    done = CliRunner().invoke(cli, ["hook", "install", str(bare), "--live", str(live), *options])
    assert done.exit_code == 0, done.output


@pytest.fixture
def desk(make_site: MakeSite, tmp_path: Path) -> Desk:
    site, bare, live = make_site(), tmp_path / "badges.git", tmp_path / "www" / "public"
    live.parent.mkdir()
    (site / ".gitignore").write_text("private/\npublic/\n", encoding="utf-8")
    repositories.git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    install(bare, live)
    repositories.start(site)
    repositories.git(site, "remote", "add", "origin", bare.as_uri())
    return Desk(site, bare, live)


def test_a_push_is_checked_and_published(desk: Desk) -> None:
    done = desk.push()
    assert done.returncode == 0, done.stderr
    assert "2 new awards of “Listener” (Harbour)" in done.stderr
    assert "published as" in done.stderr
    assert len(list((desk.live / "awards").iterdir())) == 2
    done = desk.change("participant: jonas", "{participant: jonas, revoked: {on: 2026-01-02, reason: Error}}")
    assert done.returncode == 0, done.stderr
    states = [a.read_text(encoding="utf-8") for a in desk.live.glob("awards/*/assertion.json")]
    assert sum('"revoked":true' in state for state in states) == 1


def test_a_push_that_deletes_awards_is_refused_with_the_reason(desk: Desk) -> None:
    assert desk.push().returncode == 0
    before = {p: p.read_bytes() for p in desk.live.rglob("*") if p.is_file()}
    done = desk.change("  - participant: jonas\n", "")
    assert done.returncode != 0
    assert "error[award-removed]: the award of “listener” to “jonas”" in done.stderr
    assert "nothing was taken and nothing is published" in done.stderr
    assert {p: p.read_bytes() for p in desk.live.rglob("*") if p.is_file()} == before
    assert repositories.git(desk.bare, "rev-list", "--count", "main").strip() == "1"


def test_a_mistake_is_shown_with_its_line(desk: Desk) -> None:
    done = desk.change("participant: jonas", "participant: jonass")
    assert done.returncode != 0
    assert f"{AWARDS}:6:18: error[unknown-participant]" in done.stderr
    assert "did you mean “jonas”" in done.stderr
    assert not desk.live.exists()


def test_a_reviewer_may_allow_a_mended_word(desk: Desk) -> None:
    assert desk.push().returncode == 0
    badge = "badges/harbour/listener.yml"
    assert desk.change("three", "3", badge).returncode != 0
    done = desk.push("-o", "allow=badge-changed")
    assert done.returncode == 0, done.stderr
    assert "published as" in done.stderr


def test_the_published_branch_cannot_be_deleted_and_others_are_left_alone(desk: Desk) -> None:
    assert desk.push().returncode == 0
    done = subprocess.run(
        ["git", "push", "-q", "origin", ":main"],
        cwd=desk.site,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    desk.edit("  - participant: jonas\n", "")
    repositories.commit(desk.site)
    done = subprocess.run(
        ["git", "push", "-q", "origin", "HEAD:draft"],
        cwd=desk.site,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((desk.live / "awards").iterdir())) == 2


def test_a_roster_or_an_address_in_any_commit_of_a_push_is_refused(desk: Desk) -> None:
    assert desk.push().returncode == 0
    roster = desk.site / "private/roster.csv"
    roster.parent.mkdir()
    roster.write_text("participant,address\njonas,jonas@example.net\n", encoding="utf-8")
    repositories.git(desk.site, "add", "-f", "private/roster.csv")
    repositories.git(desk.site, "commit", "-q", "-m", "Oops")
    repositories.git(desk.site, "rm", "-q", "--cached", "private/roster.csv")
    repositories.git(desk.site, "commit", "-q", "-m", "Take it away again")
    done = desk.push()
    assert done.returncode != 0
    assert "error[private-tracked]" in done.stderr
    repositories.git(desk.site, "reset", "-q", "--hard", "HEAD~2")
    desk.edit("name: Jonas Berg", "name: jonas@example.net", "content/participants/jonas.yml")
    repositories.commit(desk.site)
    desk.edit("name: jonas@example.net", "name: Jonas Berg", "content/participants/jonas.yml")
    repositories.commit(desk.site)
    done = desk.push()
    assert done.returncode != 0
    assert (
        "error[plain-email]: this is an e-mail address in a public file, in an earlier commit" in done.stderr
    )
    repositories.git(desk.site, "reset", "-q", "--soft", "HEAD~2")
    repositories.commit(desk.site)
    assert desk.push().returncode == 0


def test_two_promoters_push_at_once_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    assert desk.push().returncode == 0
    clones = []
    for number in range(2):
        clone = tmp_path / f"clone-{number}"
        repositories.git(tmp_path, "clone", "-q", desk.bare.as_uri(), str(clone))
        text = f"badge: listener\nissuedOn: 2026-01-0{number + 1}\nparticipant: jonas\n"
        (clone / f"content/awards/harbour/late-{number}.yml").write_text(text, encoding="utf-8")
        repositories.commit(clone)
        clones.append(clone)
    results: dict[int, subprocess.CompletedProcess[str]] = {}

    def push(number: int) -> None:
        results[number] = desk.push(where=clones[number])

    threads = [threading.Thread(target=push, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [n for n, done in results.items() if done.returncode != 0]
    assert len(refused) == 1, {n: done.stderr for n, done in results.items()}
    repositories.git(clones[refused[0]], "pull", "-q", "--rebase", "origin", "main")
    done = desk.push(where=clones[refused[0]])
    assert done.returncode == 0, done.stderr
    assert len(list((desk.live / "awards").iterdir())) == 4


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted, which only root may do")
def test_a_full_disk_in_the_middle_leaves_the_site_as_it_was(desk: Desk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        live = disk / "public"
        install(desk.bare, live)
        assert desk.push().returncode == 0
        before = {p: p.read_bytes() for p in live.rglob("*") if p.is_file()}
        with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
        done = desk.change(
            "  - participant: jonas\n", "  - participant: jonas\n  - {participant: jonas, number: 2}\n"
        )
        assert done.returncode == 0
        assert "NOT PUBLISHED" in done.stderr
        assert {p: p.read_bytes() for p in live.rglob("*") if p.is_file()} == before
        assert [p.name for p in disk.iterdir() if p.name.endswith(".building")] == []
        (disk / "filler").unlink()
        later = CliRunner().invoke(cli, ["hook", "publish", str(desk.bare)])
        assert later.exit_code == 0, later.output
        assert len(list((live / "awards").iterdir())) == 3
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_site_in_a_folder_with_keys_and_overlays_of_the_server(desk: Desk, tmp_path: Path) -> None:
    private = tmp_path / "private"
    (private / "participants").mkdir(parents=True)
    (private / "participants/jonas.yml").write_text("name: Jonas Only-Here\n", encoding="utf-8")
    (desk.site / "web").mkdir()
    for name in ("site.yml", "badges", "content"):
        (desk.site / name).rename(desk.site / "web" / name)
    repositories.commit(desk.site)
    install(desk.bare, desk.live, "--site", "web", "--private", str(private))
    done = desk.push()
    assert done.returncode == 0, done.stderr
    assert "Jonas Only-Here" in (desk.live / "passports/jonas/index.html").read_text(encoding="utf-8")
    history = repositories.git(desk.bare, "log", "-p", "--all")
    assert "Only-Here" not in history


def test_over_smart_http_behind_nginx(desk: Desk, tmp_path: Path) -> None:
    repositories.git(desk.bare, "config", "http.receivepack", "true")
    with nginx(tmp_path / "nginx", desk.live, tmp_path, environment=ENVIRONMENT) as address:
        repositories.git(desk.site, "remote", "set-url", "origin", f"{address}git/badges.git")
        done = desk.push()
        assert done.returncode == 0, done.stderr
        assert "published as" in done.stderr
        with urllib.request.urlopen(f"{address}register.json") as answer:
            assert answer.headers["Content-Type"] == "application/json"
            assert b'"state":"issued"' in answer.read()
        done = desk.change("  - participant: jonas\n", "")
        assert done.returncode != 0
        assert "error[award-removed]" in done.stderr
    wait(lambda: not listens(tmp_path / "nginx/fcgi.sock"), "processes of the server are left behind")


def test_an_erased_person_may_be_taken_out_of_the_history_too(desk: Desk) -> None:
    assert desk.push().returncode == 0
    erased = CliRunner().invoke(cli, ["erase", "--site", str(desk.site), "jonas", "--yes"])
    assert erased.exit_code == 0, erased.output
    repositories.git(desk.site, "checkout", "-q", "--orphan", "clean")
    repositories.commit(desk.site)
    done = desk.push("--force")
    assert done.returncode == 0, done.stderr
    assert "1 award erased at the holder's request" in done.stderr
    assert "jonas" not in repositories.git(desk.bare, "log", "-p", "main")
    assert not (desk.live / "passports/jonas").exists()


def test_no_attribute_of_the_repository_changes_what_is_published(desk: Desk) -> None:
    (desk.site / ".gitattributes").write_text(
        "content/awards/** export-ignore\n*.yml ident working-tree-encoding=UTF-16 text eol=crlf\n",
        encoding="utf-8",
    )
    repositories.git(desk.site, "commit", "-q", "--allow-empty", "-m", "Begin")
    repositories.git(desk.site, "add", ".gitattributes")
    repositories.git(desk.site, "commit", "-q", "-m", "Attributes")
    done = desk.push()
    assert done.returncode == 0, done.stderr
    assert len(list((desk.live / "awards").iterdir())) == 2


def test_install_overwrites_nothing(tmp_path: Path, desk: Desk) -> None:
    install(desk.bare, desk.live)  # our own hooks are written again
    (desk.bare / "hooks/pre-receive").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    run = CliRunner().invoke
    done = run(cli, ["hook", "install", str(desk.bare), "--live", str(desk.live)])
    assert (done.exit_code, "hook-conflict" in done.output) == (1, True)
    done = run(cli, ["hook", "install", str(desk.site), "--live", str(desk.live)])
    assert (done.exit_code, "no bare repository" in done.output) == (1, True)
    assert sys.executable in (desk.bare / "hooks/post-receive").read_text(encoding="utf-8")
