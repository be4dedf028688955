"""`passport doctor`: the set-up of a site, and a real web server that serves it well or badly."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import repositories
import servers
from badge_passport.cli import cli
from badge_passport.desk.people.links import VARIABLE
from badge_passport.source import parquet
from minimal import MakeSite
from servers import nginx


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def built(make_site: MakeSite) -> Path:
    site = make_site()
    done = run("build", "--site", site)
    assert done.exit_code == 0, done.output
    return site


def live(site: Path, address: str, *options: str) -> list[str]:
    """What the doctor says of a host."""
    done = run("doctor", "--site", site, "--live", address, "--format", "json", *options)
    found = json.loads(done.output)
    assert all(d["code"] == "live-wrong" for d in found)
    assert done.exit_code == (1 if found else 0)
    return [d["message"] for d in found]


def test_a_good_host(built: Path, tmp_path: Path) -> None:
    with nginx(tmp_path / "nginx", built / "public") as address:
        assert live(built, address) == []
        done = run("doctor", "--site", built, "--live", address, "--all")
        assert "all as they were built" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("add_header Access-Control-Allow-Origin * always;", ""), "cannot be read from other pages"),
        (("include /etc/nginx/mime.types;", "types {{ text/plain json; }}"), "is served as"),
        (("=404; }}", "/index.html; }}"), "the host does not say 404"),
        (("location / {{", "location = /index.json {{ return 301 /x; }}\n location / {{"), "is redirected"),
        (("location / {{", "location /badges/ {{ return 403; }}\n location / {{"), "is answered with 403"),
    ],
)  # fmt: skip
def test_a_host_that_does_it_wrong(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], said: str
) -> None:
    for name in ("SITE", "CONFIG"):
        monkeypatch.setattr(servers, name, getattr(servers, name).replace(*change))
    with nginx(tmp_path / "nginx", built / "public") as address:
        found = live(built, address)
    assert any(said in message for message in found), found


def test_a_host_that_shows_another_build(built: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(built / "public", other)
    (other / "register.json").write_text("{}", encoding="utf-8")
    shutil.rmtree(other / "passports")
    with nginx(tmp_path / "nginx", other) as address:
        found = live(built, address)
    assert any("register.json: has other bytes" in message for message in found)
    assert any("passports" in message and "answered with 404" in message for message in found)


def test_a_set_up_that_is_right(make_site: MakeSite) -> None:
    site = make_site()
    url = "https://badges.harbour.example/"
    text = (site / "site.yml").read_text(encoding="utf-8").replace("https://badges.example.org/", url)
    (site / "site.yml").write_text(text, encoding="utf-8")
    (site / ".gitignore").write_text("private/\npublic/\n", encoding="utf-8")
    repositories.start(site)
    repositories.git(site, "remote", "add", "origin", "https://git.example.net/badges")
    done = run("doctor", "--site", site, "--history")
    assert done.exit_code == 0, done.output
    assert "✗" not in done.output
    (site / "private").mkdir()
    roster = site / "private/roster.csv"
    roster.write_text(
        "participant,address\njonas,jonas@example.net\nnobody,no@example.net\n", encoding="utf-8"
    )
    roster.chmod(0o644)
    (site / "notes.txt").write_text("Ask Jonas: am9uYXNAZXhhbXBsZS5uZXQ=", encoding="utf-8")
    repositories.git(site, "add", "-f", "private", "notes.txt")
    repositories.git(site, "commit", "-q", "-m", "Oops")
    done = run("doctor", "--site", site, "--history")
    assert done.exit_code == 1
    for said in (
        "a file of private/ is in git",
        "“nobody” has an address and no file",
        "others on this machine may read this file",
        "1 people cannot be written to: amira",
        "an address of the roster is in the history: notes.txt",
        "there is no key for claim codes",
    ):
        assert said in done.output, done.output


def test_tables_that_were_not_looked_into_are_named(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site({"private/roster.csv": "participant,address\njonas,jonas@example.net\n"})
    (site / "old.parquet").write_bytes(b"PAR1")
    repositories.start(site)
    said = "there are Parquet tables in the history, which were not looked into"
    assert said not in run("doctor", "--site", site, "--history").output
    monkeypatch.setattr(parquet, "can_read", lambda: False)
    assert said in run("doctor", "--site", site, "--history").output


def test_private_passports_need_their_key(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    site, said = make_site(), "the key of private passports is not here, and a build leaves them out: amira"
    assert "private passports" not in run("doctor", "--site", site).output
    person = site / "content/participants/amira.yml"
    text = person.read_text(encoding="utf-8").replace("visibility: public\n", "")
    person.write_text(text + "visibility: private\n", encoding="utf-8")
    missing = run("doctor", "--site", site).output
    assert said in missing and "make the first one: `passport people link amira`" in missing
    assert "– the keys are here" in missing
    assert run("people", "link", "--site", site, "amira").exit_code == 0
    there = run("doctor", "--site", site).output
    assert said not in there and "✓ the keys are here" in there
    (site / "private/passports.key").write_text("oops\n", encoding="utf-8")
    damaged = run("doctor", "--site", site).output
    assert "error[passports-key]" in damaged and "✗ the keys are here" in damaged
    monkeypatch.setenv(VARIABLE, "5a" * 32)
    assert "✓ the keys are here" in run("doctor", "--site", site).output
