"""`passport accept` as a promoter runs it: files, standard input, a terminal, and what stays on the disk."""

from __future__ import annotations

import datetime
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.desk.claims.requestlog import REQUESTS
from badge_passport.pipeline import check
from claim_fixtures import AMIRA, JONAS, answer, handed_over
from minimal import MakeSite
from notify_fixtures import two
from terminal import at_a_terminal

PUBLIC = "content/participants/jonas.yml"
PRIVATE = "private/participants/jonas.yml"


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(two())


def now(seconds: int = 0) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)


def run(
    site: Path, *requests: dict[str, Any], options: tuple[str, ...] = ("--yes",), code: int = 0
) -> Result:
    arguments = ["accept", "-", "--site", str(site), "--format", "concise", *options]
    done = CliRunner().invoke(cli, arguments, input=handed_over(*requests).encode())
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def files(site: Path) -> dict[str, bytes]:
    return {str(f.relative_to(site)): f.read_bytes() for f in sorted(site.rglob("*")) if f.is_file()}


def acceptance(site: Path, award: str) -> str:
    registry = check(site).registry
    assert registry is not None
    return registry.awards[award].acceptance


def test_said_first_and_done_when_told(site: Path) -> None:
    before = files(site)
    one = answer(made=now(), answer="hidden", display="pseudonym", pseudonym="Fox", visibility="unlisted")
    for options in ((), ("--dry-run",), ("--dry-run", "--yes")):
        said = run(site, one, options=options).output
        assert "jonas: harbour/listener of 2024-06-18 is hidden" in said
        assert "display: pseudonym, as “Fox”" in said
        assert "visibility: unlisted" in said
        assert "nothing was changed" in said
        assert files(site) == before
    assert "carried out: 1." in run(site, one).output
    assert acceptance(site, JONAS) == "hidden"
    after = files(site)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {PUBLIC, REQUESTS, ".gitignore"}
    assert stat.S_IMODE((site / REQUESTS).stat().st_mode) == 0o600
    [line] = [json.loads(line) for line in after[REQUESTS].splitlines()]
    assert sorted(line) == ["award", "digest", "made", "on", "participant"]
    assert "error[claim-replayed]" in run(site, one, code=1).output
    assert files(site) == after


def test_some_are_done_and_some_refused(site: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(handed_over(answer(made=now(), answer="hidden")), encoding="utf-8")
    (tmp_path / "two.txt").write_text("no answer", encoding="utf-8")
    forged = {**answer(AMIRA, "amira@example.org", now()), "answer": "declined"}
    (tmp_path / "three.json").write_text(json.dumps(forged), encoding="utf-8")
    names = [str(tmp_path / name) for name in ("one.txt", "two.txt", "three.json", "one.txt")]
    command = ["accept", *names, "--site", str(site), "--yes", "--format", "json"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 1
    problems = json.loads(done.stdout)
    assert [(p["code"], p["file"]) for p in problems] == [
        ("claim-unreadable", "two.txt"),
        ("claim-forged", "three.json"),
    ]
    assert acceptance(site, JONAS) == "hidden"
    assert acceptance(site, AMIRA) == "accepted"


def test_a_file_that_is_not_there_is_wrong_usage(site: Path) -> None:
    done = CliRunner().invoke(cli, ["accept", str(site / "none.eml"), "--site", str(site)])
    assert done.exit_code == 2
    assert "none.eml" in done.output


def test_private_names_stay_private(site: Path) -> None:
    one = answer(made=now(), display="full", name="Jonas Xaver Berg")
    said = run(site, one, options=("--yes", "--private-names")).output
    assert "private/participants/" in said
    assert stat.S_IMODE((site / PRIVATE).stat().st_mode) == 0o600
    found = [name for name, data in files(site).items() if b"Xaver" in data]
    assert found == [PRIVATE]
    repositories.start(site)
    assert "private" not in repositories.git(site, "ls-files")


def test_erased_on_request_with_what_is_left(site: Path) -> None:
    wish = answer(made=now(), answer="declined", erase=True)
    before = files(site)
    assert "error[claim-erasure]" in run(site, wish, options=(), code=1).output
    assert "asks to be erased: 1 awards" in run(site, wish, options=("--dry-run",)).output
    assert files(site) == before
    said = run(site, wish).output
    assert "What is left, and what you can do about it:" in said
    assert not (site / PUBLIC).exists()
    assert b"jonas@" not in (site / "private/roster.csv").read_bytes()
    assert "error[claim-withdrawn]" in run(site, wish, code=1).output


def test_pasted_at_a_terminal_and_agreed_to(site: Path) -> None:
    text = handed_over(answer(made=now(), answer="hidden"))
    said = at_a_terminal(text + "\x04" + "y\n", "accept", "-", "--site", site)
    assert "carried out: 1." in said, said
    assert acceptance(site, JONAS) == "hidden"


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(site: Path) -> None:
    (site / REQUESTS).mkdir()
    before = files(site)
    said = run(site, answer(made=now(), answer="hidden"), code=1).output
    assert "error[request-log]" in said
    assert files(site) == before


def test_what_a_site_with_errors_says_is_mended_first(site: Path) -> None:
    (site / PUBLIC).write_text("display: ful\n", encoding="utf-8")
    assert "error[" in run(site, answer(made=now()), code=1).output
    assert not (site / REQUESTS).exists()
