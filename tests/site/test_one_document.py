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
