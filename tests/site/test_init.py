"""`passport init`: a new site that is good at once, and different from every other."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.pipeline import check


def test_a_new_site_is_good_and_has_ids_of_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = CliRunner().invoke(cli, ["init", str(tmp_path / name), "--url", "https://badges.example.org/"])
        assert done.exit_code == 0, done.output
    one, two = check(tmp_path / "one"), check(tmp_path / "two")
    assert one.good and two.good and one.diagnostics == two.diagnostics == []
    assert one.registry is not None and two.registry is not None
    assert one.registry.site.url == "https://badges.example.org/"
    assert not set(one.registry.awards) & set(two.registry.awards)
    assert (tmp_path / "one" / ".gitignore").read_text().splitlines()[:2] == ["public/", "private/"]


def test_every_starter_file_starts_with_a_schema_line_that_leads_somewhere(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["init", str(tmp_path / "site")], catch_exceptions=False)
    site = tmp_path / "site"
    # What code hosts read has formats of its own.
    files = sorted(f for f in site.rglob("*.yml") if not f.relative_to(site).parts[0].startswith("."))
    assert len(files) > 50
    for file in files:
        first = file.read_text("utf-8").split("\n", 1)[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert match, file
        assert (file.parent / match[1]).resolve().is_file(), file


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = CliRunner().invoke(cli, ["init", str(tmp_path)])
    assert done.exit_code == 1
    assert "init-not-empty" in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_an_address_without_a_scheme_is_wrong_usage(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "x"), "--url", "badges.example.org"])
    assert done.exit_code == 2
    assert not (tmp_path / "x").exists()
