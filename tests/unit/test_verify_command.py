"""`passport verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.credentials.documents import to_bytes
from verify_fixtures import (
    BASE,
    GOOD3,
    assertion,
    site,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    endless = {name: value for name, value in assertion().items() if name != "expires"}
    files = {"awards/1/credential.json": GOOD3, "awards/1/assertion.json": endless}
    for path, document in (site() | files).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(to_bytes(document))
    return tmp_path


def run(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["verify", *map(str, arguments)], input=stdin)
    return done.exit_code, done.output


def test_the_command(folder: Path) -> None:
    offline = ("--offline", folder, "--base", BASE)
    file = folder / "awards/1/assertion.json"
    url = BASE + "awards/1/assertion.json"
    for source, stdin in ((file, b""), (url, b""), ("-", file.read_bytes())):
        code, text = run(source, *offline, stdin=stdin)
        assert code == 0 and text.endswith("\nvalid\n"), text
        assert "✓ Its address has the same document" in text
    code, text = run(BASE + "none.json", *offline)
    assert code == 1 and "1. ✗ It can be read" in text
    assert text.endswith(f"not valid: There is nothing at {BASE}none.json.\n")
    code, text = run("https://elsewhere.example.org/none.json", *offline)
    assert code == 1 and "\ncannot tell: https://elsewhere.example.org/none.json is not under" in text


def page(links: str) -> str:
    head = f"<head>{links}<title>x</title></head>"
    return f"\n<!-- a theme's -->\n<!DOCTYPE html>\n<html lang=en>{head}<svg></svg></html>"


HERE = f"{BASE}awards/1/"


@pytest.mark.parametrize(
    ("links", "code", "said"),
    [
        (f'<link type="application/json" rel="alternate " href="{HERE}assertion.json">', 0, "\nvalid\n"),
        (f"<LINK HREF='{HERE}credential.json' REL=alternate TYPE=application/ld+json>", 0, "\nvalid\n"),
        (f'<link rel="alternate" hreflang="fr" href="{HERE}assertion.json">', 1, "a web page, not a badge"),
        (
            '<link rel="alternate" type="application/json" href="/assertion.json">',
            1,
            "a web page, not a badge",
        ),
        (
            '<link rel="alternate" type="application/json" href="https://other.example/assertion.json">',
            1,
            "a web page, not a badge",
        ),
        (f'<link rel="alternate" type="application/json" href="{HERE}">', 1, "a web page, not a badge"),
        (f'<link rel="alternate" type="application/json" href="{HERE}gone.json">', 1, "There is nothing at"),
    ],
)
def test_the_page_of_an_award_leads_to_its_badge(folder: Path, links: str, code: int, said: str) -> None:
    (folder / "awards/1/index.html").write_text(page(links), encoding="utf-8")
    ended, text = run(HERE, "--offline", folder, "--base", BASE)
    assert ended == code and said in text, text
    assert "not JSON" not in text


def test_a_page_that_was_saved_is_no_badge(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(f'<link rel="alternate" type="application/json" href="{HERE}assertion.json">'))
    code, text = run(file)
    assert code == 1 and "It is a web page, not a badge" in text


def test_the_result_as_json(folder: Path) -> None:
    file = folder / "awards/1/credential.json"
    code, text = run(file, "--offline", folder, "--base", BASE, "--json", "--recipient", "x@example.org")
    result = json.loads(text)
    assert code == 1
    assert list(result) == ["kind", "verdict", "valid", "name", "issuer", "parts", "steps"]
    [part] = result["parts"]
    assert part == {
        "id": "ob3",
        "kind": "ob3",
        "verdict": "not-valid",
        "name": "Dialogue",
        "issuer": "Consortium",
    }
    assert list(result["steps"][0]) == ["number", "id", "title", "outcome", "needed", "detail", "who"]
    assert result["steps"][-1] == {
        "number": 13,
        "id": "ob3.recipient",
        "title": "It was given to this person",
        "outcome": "fail",
        "needed": True,
        "detail": "It was given to another address.",
        "who": "holder",
    }


def test_wrong_usage(tmp_path: Path) -> None:
    assert run("x.json", "--offline", tmp_path)[0] == 2
    assert run("x.json", "--base", BASE)[0] == 2
    assert run("x.json", "--base", BASE, "--offline", tmp_path, "--allow-private")[0] == 2
    assert run(tmp_path / "none.json")[0] == 2
    assert run(tmp_path)[0] == 2


def test_without_asking_for_it_this_machine_is_not_asked() -> None:
    code, text = run("https://127.0.0.1/badge.json")
    assert code == 1 and "private network" in text
