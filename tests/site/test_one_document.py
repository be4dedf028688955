"""What commands write is what was asked for: one JSON document, or nothing to a closed or broken pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import repositories
from badge_passport.cli import cli
from minimal import MakeSite

TABLE = "Name,E-mail\nLina,lina@example.org\nTom,tom at example.org\n"
AWARD = "harbour/listener"


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    folder = make_site({"walk.csv": TABLE})
    repositories.start(folder)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "check --since HEAD",
        "build",
        "preview --since HEAD",
        "codeowners",
        f"award --badge {AWARD} --to lina@example.org --on 2026-05-02 --yes",
        f"award --badge {AWARD} --to lina@example.org --dry-run",
        f"revoke --badge {AWARD} --reason Wrong --dry-run",
        f"revoke --badge {AWARD} --reason Wrong --yes",
        "erase jonas --yes",
        "people add-address jonas jonas@example.org",
        "people link jonas",
        "people merge amira jonas --yes",
        "people rename jonas jonas-b --dry-run",
        "report",
        "notify --dry-run",
        f"import walk.csv --badge {AWARD} --on 2026-05-02 --yes",
        "erase jonas --dry-run",
        "doctor",
        "publish --to ../elsewhere",
    ],
)
def test_json_is_one_list(site: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(site)
    if command.startswith("publish"):
        assert CliRunner().invoke(cli, ["build"]).exit_code == 0
    done = CliRunner().invoke(cli, [*command.split(), "--format", "json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    assert done.exit_code == (1 if any(d["severity"] == "error" for d in found) else 0)


def test_a_command_with_a_document_of_its_own_writes_no_list(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    assert CliRunner().invoke(cli, ["build"]).exit_code == 0
    done = CliRunner().invoke(cli, ["publish", "--list", "--to", "../elsewhere", "--format", "json"])
    assert json.loads(done.stdout)["steps"]


def test_what_the_system_refuses_is_in_the_document(site: Path) -> None:
    command = ["check", "--since", "HEAD", "--summary", "nowhere/x.md", "--format", "json"]
    done = CliRunner().invoke(cli, [*command, "--site", str(site)])
    assert isinstance(done.exception, FileNotFoundError)
    [found] = json.loads(done.stdout)
    assert found["code"] == "output-failed" and "nowhere/x.md" in found["message"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check", 0),
        ("award", 2),
        (f"award --badge {AWARD} --to amira --on 2026-05-02", 0),
        ("accept -", 1),
        ("revoke --from - --reason no", 2),
        (f"revoke --badge {AWARD} --reason no", 0),
        ("verify -", 1),
    ],
)
def test_a_closed_input_is_an_empty_one(site: Path, command: str, code: int) -> None:
    of_site = "" if command.startswith("verify") else "--site ."
    run = f"{sys.executable} -m badge_passport {command} {of_site} <&-"
    done = subprocess.run(run, shell=True, cwd=site, capture_output=True, text=True, check=False)
    assert done.returncode == code and "fault of Badge Passport" not in done.stderr


def test_wrong_usage_is_no_document(site: Path) -> None:
    done = CliRunner().invoke(cli, ["erase", "nobody", "--site", str(site), "--format", "json"])
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "command", ["check", "check --format json", "report", "explain", "--help", "publish --list --to x"]
)
def test_a_closed_output_is_no_fault(site: Path, command: str) -> None:
    passport = f"{sys.executable} -m badge_passport"
    subprocess.run(f"{passport} build", shell=True, cwd=site, check=True, capture_output=True)
    for output in (">&-", ">&- 2>&-"):
        done = subprocess.run(f"{passport} {command} {output}", shell=True, cwd=site, stderr=-1, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    piped = f"set -o pipefail; {passport} {command} | true"
    done = subprocess.run(["bash", "-c", piped], cwd=site, stderr=-1, check=False)
    assert done.stderr == b""
