"""Links to passports, and the secret that those of private ones are made of."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.credentials.sealing import Seals
from badge_passport.desk.people.links import VARIABLE, find_seals
from minimal import MakeSite

PERSON = "content/participants/amira.yml"
SECRET = "5a" * 32


def link(site: Path, *arguments: str, **environment: str) -> Result:
    command = ["people", "link", "--site", str(site), *arguments]
    return CliRunner().invoke(cli, command, env={VARIABLE: "", **environment})


@pytest.fixture
def private_site(make_site: MakeSite) -> Path:
    site = make_site()
    file = site / PERSON
    text = file.read_text(encoding="utf-8").replace("visibility: public\n", "")
    file.write_text(text + "visibility: private\n", encoding="utf-8")
    return site


def test_the_first_link_makes_the_secret_and_later_ones_are_the_same(private_site: Path) -> None:
    first = link(private_site, "amira")
    assert first.exit_code == 0, first.output
    file = private_site / "private/passports.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "private/" in (private_site / ".gitignore").read_text(encoding="utf-8")
    assert "made private/passports.key" in first.stderr
    secret = file.read_text(encoding="ascii").strip()
    fragment = Seals(bytes.fromhex(secret)).of("amira").fragment
    lines = first.stdout.splitlines()
    assert lines and all(line.endswith(f"/passports/amira/{fragment}") for line in lines)
    again = link(private_site, "amira")
    assert again.stdout == first.stdout and "made" not in again.stderr
    assert file.read_text(encoding="ascii").strip() == secret


def test_the_secret_of_the_environment_comes_first(private_site: Path) -> None:
    link(private_site, "amira")
    given = link(private_site, "amira", **{VARIABLE: SECRET})
    assert Seals(bytes.fromhex(SECRET)).of("amira").fragment in given.stdout


def test_a_readable_passport_has_no_key(make_site: MakeSite) -> None:
    site = make_site()
    said = link(site, "amira")
    assert said.exit_code == 0 and "/passports/amira/" in said.stdout and "#" not in said.stdout
    assert not (site / "private").exists()


def test_nobody_of_that_name(private_site: Path) -> None:
    assert link(private_site, "amirah").exit_code == 2


@pytest.mark.parametrize("text", ["", "\n", "zz" * 32, "5a" * 15, "é" * 40])
def test_a_damaged_secret_is_a_problem_and_not_another_secret(tmp_path: Path, text: str) -> None:
    (tmp_path / "passports.key").write_text(text, encoding="utf-8")
    seals, problem = find_seals([tmp_path], {})
    assert seals is None
    assert problem is not None and problem.code == "passports-key"


def test_folders_are_asked_in_order(tmp_path: Path) -> None:
    assert find_seals([tmp_path / "none", tmp_path], {}) == (None, None)
    (tmp_path / "passports.key").write_text(SECRET + "\n", encoding="ascii")
    seals, problem = find_seals([tmp_path / "none", tmp_path], {})
    assert seals is not None and problem is None
    assert len(base64.urlsafe_b64decode(seals.of("x").fragment[5:] + "=")) == 32
