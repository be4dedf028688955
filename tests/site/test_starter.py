"""What `passport init` brings for code hosts: pinned, frugal, and every command in it runs for real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.desk.awarding.forms import FIELDS
from demo import ROOT
from key_fixtures import pem, public

STARTER = ROOT / "starter"
WORKFLOWS = sorted((STARTER / ".github/workflows").glob("*.yml"))
MAY: dict[str, dict[str, str]] = {
    "check/check": {"contents": "read"},
    "check/comment": {"pull-requests": "write"},
    "publish/build": {"contents": "read"},
    "publish/deploy": {"pages": "write", "id-token": "write"},
    "award/award": {"contents": "write", "issues": "write", "pull-requests": "write"},
}


def workflow(file: Path) -> dict[str, Any]:
    """A workflow; YAML 1.1 reads the key ``on`` as true."""
    found = yaml.safe_load(file.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in WORKFLOWS:
        for name, job in workflow(file)["jobs"].items():
            yield f"{file.stem}/{name}", job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in jobs():
        yield from ((name, step) for step in job["steps"])


def test_every_action_is_pinned_and_says_its_version() -> None:
    lines = [line for f in WORKFLOWS for line in f.read_text("utf-8").splitlines() if "uses:" in line]
    assert len(lines) == sum("uses" in step for _, step in steps()) >= 10
    for line in lines:
        assert re.search(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    by_action: dict[str, set[str]] = {}
    for line in lines:
        name, _, rest = line.partition("uses: ")[2].partition("@")
        by_action.setdefault(name, set()).add(rest)
    assert all(len(found) == 1 for found in by_action.values())


def test_each_job_may_do_only_what_it_needs() -> None:
    assert {name: job.get("permissions") for name, job in jobs()} == MAY
    assert all(workflow(file)["permissions"] == {} for file in WORKFLOWS)
    for name, job in jobs():
        assert "timeout-minutes" in job, name


def test_nothing_that_people_write_becomes_part_of_a_command() -> None:
    for name, step in steps():
        assert "${{" not in step.get("run", ""), name
    for file in WORKFLOWS:
        assert "pull_request_target" not in file.read_text("utf-8")
        assert "workflow_run" not in file.read_text("utf-8")


def test_what_a_change_can_influence_has_no_secrets_and_keeps_no_token() -> None:
    check = workflow(STARTER / ".github/workflows/check.yml")
    assert list(check["on"]) == ["pull_request"]
    assert "secrets." not in (STARTER / ".github/workflows/check.yml").read_text("utf-8")
    for name, step in steps():
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False, name
        if "passport" in step.get("run", "") or "pip" in step.get("run", ""):
            assert "GH_TOKEN" not in step.get("env", {}), name
    assert all("GH_TOKEN" not in job.get("env", {}) for _, job in jobs())
    comment = check["jobs"]["comment"]
    assert not [step for step in comment["steps"] if "checkout" in step.get("uses", "")]
    assert "head.repo.full_name == github.repository" in comment["if"]


def test_the_form_asks_for_what_the_command_reads() -> None:
    form = yaml.safe_load((STARTER / ".github/ISSUE_TEMPLATE/award.yml").read_text("utf-8"))
    labels = [part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown"]
    assert labels == list(FIELDS)
    required = [p["attributes"]["label"] for p in form["body"] if p.get("validations", {}).get("required")]
    assert required == ["Badge", "Participants", "Day"]
    award = workflow(STARTER / ".github/workflows/award.yml")["jobs"]["award"]
    assert form["title"].strip() in award["if"]
    assert "author_association" in award["if"] and "permission" in award["steps"][0]["run"]


# --- The commands, run ------------------------------------------------------------------------------------


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a build server: `passport` and nothing of the person who runs the tests."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "passport"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m badge_passport "$@"\n')
    command.chmod(0o755)
    return {
        **repositories.ENVIRONMENT,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "generator"),
        "HOME": str(folder),
    }


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A new site in a repository, with a change on a branch; ``origin/main`` is what it is compared with."""
    site = tmp_path / "site"
    run("init", site, "--url", "https://badges.example.org/")
    repositories.start(site)
    repositories.git(site, "update-ref", "refs/remotes/origin/main", "HEAD")
    return site


def shell(script: str, site: Path, environment: dict[str, str], code: int = 0) -> str:
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def commands(name: str, job: str) -> list[dict[str, Any]]:
    """The steps of a job that run something of ours."""
    found = workflow(STARTER / f".github/workflows/{name}.yml")["jobs"][job]["steps"]
    return [step for step in found if "passport" in step.get("run", "")]


def give(site: Path, participant: str = "amira-k") -> None:
    (site / "content/awards/dialogue-harbour/new.yml").write_text(
        f"badge: connect-participant\nissuedOn: 2024-07-01\nparticipant: {participant}\n", "utf-8"
    )


def test_a_pull_request_is_checked_and_shown(site: Path, machine: dict[str, str]) -> None:
    give(site)
    repositories.commit(site)
    found = commands("check", "check")
    assert [step["run"].split()[1] for step in found] == ["check", "check", "codeowners", "preview"]
    for step in found:
        shell(step["run"], site, machine | {"BASE": "main"})
    assert "1 new award" in (site / "summary.md").read_text("utf-8")
    assert (site / "preview/index.html").is_file()
    assert "1 new award" in (site / "preview/index.html").read_text("utf-8")
    # Somebody who is not there, and an award that is lost, are refused.
    give(site, "nobody")
    assert "::error" in shell(found[0]["run"], site, machine | {"BASE": "main"}, code=1)
    give(site)
    (site / "content/awards/transnational-projects-lab/students-2026.yml").unlink()
    said = shell(found[1]["run"], site, machine | {"BASE": "main"}, code=1)
    assert "title=award-removed" in said


def test_a_hostile_name_of_a_branch_is_a_name(site: Path, machine: dict[str, str]) -> None:
    step = commands("check", "check")[1]
    evil = 'x"; touch evil; echo "$(touch evil2)'
    shell(step["run"], site, machine | {"BASE": evil}, code=1)
    assert not (site / "evil").exists() and not (site / "evil2").exists()


def test_the_main_branch_is_built_signed_and_verified(site: Path, machine: dict[str, str]) -> None:
    issuer = site / "badges/dialogue-harbour/issuer.yml"
    text = issuer.read_text("utf-8")
    issuer.write_text(f"{text}keys:\n  - publicKeyMultibase: {public(5)}\n    created: 2018-01-01\n", "utf-8")
    found = commands("publish", "build")
    assert [step["run"].split()[1] for step in found] == ["build", "check"]
    names = found[0]["env"]
    assert all(re.fullmatch(r"\$\{\{ secrets\.\w+ \}\}", value) for value in names.values())
    # Secrets that are not set are empty.
    secrets = dict.fromkeys(names, "") | {"PASSPORT_KEY_DIALOGUE_HARBOUR": pem(5).decode()}
    shell(found[0]["run"], site, machine | dict.fromkeys(names, ""), code=1)
    shell(found[0]["run"], site, machine | secrets)
    shell(found[1]["run"], site, machine)
    assert list((site / "public/awards").glob("*/credential.json"))


def test_the_same_on_gitlab(site: Path, machine: dict[str, str]) -> None:
    start = repositories.git(site, "rev-parse", "HEAD").strip()
    pipeline = yaml.safe_load((STARTER / ".gitlab-ci.yml").read_text("utf-8"))
    give(site)
    repositories.commit(site)
    script = "\n".join(pipeline["check"]["script"])
    shell(script, site, machine | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": start})
    assert all((site / path).exists() for path in pipeline["check"]["artifacts"]["paths"])
    shell("\n".join(pipeline["pages"]["script"]), site, machine)
    assert (site / "public/register.json").is_file()
    assert pipeline["pages"]["artifacts"]["paths"] == ["public"]


FORM = """### Badge

dialogue-harbour/connect-participant

### Participants

amira-k
jonas-b

### Day

2024-07-01

### Level

_No response_

### Evidence

_No response_

### Name of the evidence

_No response_
"""


def award_step() -> str:
    [step] = commands("award", "award")
    return str(step["run"])


def test_an_issue_becomes_awards(site: Path, machine: dict[str, str], tmp_path: Path) -> None:
    shell(award_step(), site, machine | {"BODY": FORM, "RUNNER_TEMP": str(tmp_path)})
    written = (site / "content/awards/dialogue-harbour/connect-participant-2024-07-01.yml").read_text("utf-8")
    assert "amira-k" in written and "jonas-b" in written
    assert repositories.git(site, "status", "--porcelain").splitlines() == [
        "?? content/awards/dialogue-harbour/connect-participant-2024-07-01.yml"
    ]
    assert "2 new awards" in (tmp_path / "summary.md").read_text("utf-8")


def test_awards_are_proposed_on_a_branch(site: Path, machine: dict[str, str], tmp_path: Path) -> None:
    """Into a real repository; of the command of the code host only what it is asked is looked at."""
    asked = tmp_path / "asked.txt"
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin/gh"
    gh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{asked}"\n')
    gh.chmod(0o755)
    repositories.git(tmp_path, "init", "-q", "--bare", "origin.git")
    repositories.git(site, "remote", "add", "origin", str(tmp_path / "origin.git"))
    nobody = {k: v for k, v in machine.items() if not k.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))}
    environment = nobody | {
        "PATH": f"{gh.parent}:{machine['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "BODY": FORM,
        "NUMBER": "7",
        "BASE": "main",
    }
    found = workflow(STARTER / ".github/workflows/award.yml")["jobs"]["award"]["steps"]
    scripts = {step["name"]: step["run"] for step in found if "name" in step}
    shell(scripts["Write the awards"], site, environment)
    shell(scripts["Propose them"], site, environment)
    pushed = repositories.git(tmp_path / "origin.git", "show", "--stat", "--format=%an", "award/issue-7")
    assert pushed.startswith("github-actions[bot]")
    assert "content/awards/dialogue-harbour/connect-participant-2024-07-01.yml" in pushed
    assert "1 file changed" in pushed
    assert "pr create --head award/issue-7 --base main" in asked.read_text()
    assert (tmp_path / "summary.md").read_text("utf-8").endswith("\nCloses #7\n")
    shell(scripts["Write the awards"], site, environment | {"BODY": "hello"}, code=1)
    shell(scripts["Say what is wrong"], site, environment)
    said = (tmp_path / "no.md").read_text("utf-8")
    assert "    form.md:1:1: error[form-unreadable]: the form does not begin with a field" in said


@pytest.mark.parametrize(
    "body",
    [
        FORM.replace("amira-k", "$(touch evil)"),
        FORM.replace("amira-k", "`touch evil`"),
        FORM.replace("amira-k", "'; touch evil; '"),
        FORM.replace("amira-k", "somebody@example.net"),
        FORM.replace("2024-07-01", "2024-07-01\n--yes\n--file ../../../evil"),
        FORM.replace("_No response_", "javascript:alert(1)", 2),
        FORM.replace("_No response_", "https://example.org/\n### Badge\nx", 2),
        "%s%n$(touch evil)\\x00",
        "-n",
        "",
    ],
)
def test_a_hostile_issue_changes_nothing(
    site: Path, machine: dict[str, str], tmp_path: Path, body: str
) -> None:
    said = shell(award_step(), site, machine | {"BODY": body, "RUNNER_TEMP": str(tmp_path)}, code=1)
    assert "error[form-unreadable]" in said
    assert "somebody@example.net" not in said
    assert repositories.git(site, "status", "--porcelain") == ""
    assert not list(tmp_path.rglob("evil*"))


def test_the_form_says_everything(site: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.md"
    form.write_text(FORM, "utf-8")
    for more in (("--badge", "x"), ("--to", "amira-k"), ("--level", "A"), ("--on", "2024-01-01")):
        run("award", "--site", site, "--form", form, *more, code=2)
    assert "nothing was changed" in run("award", "--site", site, "--form", form, "--dry-run").output
    assert repositories.git(site, "status", "--porcelain") == ""


# --- Who is asked -----------------------------------------------------------------------------------------


def test_codeowners(site: Path) -> None:
    assert "no maintainers" in run("codeowners", "--site", site, "--check").output
    with (site / "site.yml").open("a", encoding="utf-8") as file:
        file.write('maintainers: ["@site-team", "@org/all"]\n')
    with (site / "badges/dialogue-harbour/issuer.yml").open("a", encoding="utf-8") as file:
        file.write('maintainers: ["@harbour"]\n')
    stale = run("codeowners", "--site", site, "--check", "--format", "concise", code=1).output
    assert "error[codeowners-stale]" in stale
    run("codeowners", "--site", site)
    lines = (site / ".github/CODEOWNERS").read_text("utf-8").splitlines()
    assert lines[1:] == [
        "* @site-team @org/all",
        "/badges/dialogue-harbour/ @harbour",
        "/content/awards/dialogue-harbour/ @harbour",
    ]
    assert "up to date" in run("codeowners", "--site", site, "--check").output
    # Nothing of it is published.
    run("build", "--site", site)
    assert not [f for f in (site / "public").rglob("*") if f.is_file() and b"@harbour" in f.read_bytes()]


def test_codeowners_of_a_site_inside_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    run("init", tmp_path / "web/badges")
    with (tmp_path / "web/badges/site.yml").open("a", encoding="utf-8") as file:
        file.write('maintainers: ["@me"]\n')
    run("codeowners", "--site", tmp_path / "web/badges")
    assert (tmp_path / ".github/CODEOWNERS").read_text("utf-8").splitlines()[1] == "/web/badges/ @me"
    (tmp_path / ".github/CODEOWNERS").write_text("* @somebody-else\n")
    said = run("codeowners", "--site", tmp_path / "web/badges", "--format", "concise", code=1).output
    assert "error[output-not-ours]" in said
    assert (tmp_path / ".github/CODEOWNERS").read_text() == "* @somebody-else\n"


@pytest.mark.parametrize("name", ["me", "me@example.org", "@", "@a b", "@a\\n* @b", "@a//b", "@é"])
def test_only_names_are_maintainers(site: Path, name: str) -> None:
    with (site / "site.yml").open("a", encoding="utf-8") as file:
        file.write(f'maintainers: ["{name}"]\n')
    said = run("check", "--site", site, "--format", "concise", code=1).output
    assert "error[bad-value]" in said or "error[plain-email]" in said
