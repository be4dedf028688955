"""Every bad input gets its named problem, at its place, and nothing is written.

Each folder of tests/invalid/ is laid over tests/sites/minimal. ``make.py`` brings about what git cannot
hold; ``command.txt`` holds the commands that are run, where it is not ``check`` and ``build``;
``environment.txt`` the variables that are set for them; ``expected.txt`` is exactly what they say.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import badge_passport
from badge_passport.cli import cli
from badge_passport.diagnostics.catalogue import CATALOGUE
from badge_passport.diagnostics.rendering import render
from badge_passport.pipeline import check
from minimal import MINIMAL, TESTS, MakeSite

INVALID = TESTS / "invalid"
CASES = sorted(p.name for p in INVALID.iterdir() if p.is_dir())
NOT_OF_THE_SITE = ("expected.txt", "command.txt", "environment.txt", "make.py", "__pycache__")
LINE = re.compile(
    r"(?:(?P<file>[^\n]+?):(?P<line>\d+):(?P<column>\d+): )?(?P<kind>\w+)\[(?P<code>[\w-]+)\]: "
)


def lay(case: str, folder: Path) -> Path:
    """The site of a case, in ``folder``."""
    site = folder / "site"
    shutil.copytree(MINIMAL, site)
    shutil.copytree(INVALID / case, site, ignore=shutil.ignore_patterns(*NOT_OF_THE_SITE), dirs_exist_ok=True)
    script = INVALID / case / "make.py"
    if script.exists():
        spec = importlib.util.spec_from_file_location(f"make_{case}", script)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.make(site)
    return site


def run(*arguments: str | Path, environment: dict[str, str] | None = None) -> Result:
    """A command, in this process; an exception that would be a traceback fails the test."""
    result = CliRunner().invoke(cli, [str(a) for a in arguments], env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, links unfollowed."""
    found: dict[str, bytes | None] = {}
    for here, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(here, name)
            regular = path.is_file() and not path.is_symlink() and path.stat().st_size < 100_000
            found[str(path)] = path.read_bytes() if regular else None
    return found


def expected(case: str) -> str:
    return (INVALID / case / "expected.txt").read_text(encoding="utf-8")


def environment(case: str) -> dict[str, str]:
    file = INVALID / case / "environment.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines)


def commands(case: str, site: Path) -> Iterator[list[str]]:
    script = INVALID / case / "command.txt"
    lines = script.read_text(encoding="utf-8") if script.exists() else "check\nbuild\n"
    for line in lines.splitlines():
        command = line.format(site=site).split()
        yield command if command[0] == "init" else [*command, "--site", str(site), "--format", "concise"]


@pytest.mark.parametrize("case", CASES)
def test_a_bad_site_is_refused(case: str, tmp_path: Path) -> None:
    site = lay(case, tmp_path)
    before = contents(tmp_path)
    for command in commands(case, site):
        result = run(*command, environment=environment(case))
        said = result.output.rsplit("  help: ", 1)[0] if command[0] == "init" else result.output
        if "error[" in expected(case):
            assert said == expected(case)
            assert result.exit_code == 1
        else:
            assert said.startswith(expected(case))
            assert result.exit_code == 0
        if result.exit_code == 0 or check(site).good:
            shutil.rmtree(site / ".passport", ignore_errors=True)  # what is remembered of a good site
    assert contents(tmp_path) == before


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_named_after_the_code_it_shows(case: str) -> None:
    codes = {m["code"] for m in map(LINE.match, expected(case).splitlines()) if m}
    assert codes
    if not case.startswith(("cascade", "mixed")):
        assert len(codes) == 1
        assert case.startswith(codes.pop())


def test_every_code_has_an_example() -> None:
    shown = {m["code"] for case in CASES for m in map(LINE.match, expected(case).splitlines()) if m}
    assert shown == set(CATALOGUE)


def strings_of_the_source() -> set[str]:
    """Every string that the package's code could use as a code, f-strings with their gaps as ``*``."""
    found: set[str] = set()
    for file in Path(badge_passport.__file__).parent.rglob("*.py"):
        if file.name == "catalogue.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                found.add("".join(v.value if isinstance(v, ast.Constant) else "*" for v in node.values))
    return found


def codes_in_calls() -> Iterator[tuple[str, str]]:
    """The codes that calls of the source make problems with: ``(code, file:line)``."""
    makers = {"Diagnostic", "Fault", "Finding", "PydanticCustomError", "_Stop", "_refuse", "_warning"}
    for file in Path(badge_passport.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in makers:
                continue
            first = node.args[0]
            options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for option in options:
                if isinstance(option, ast.Constant):
                    yield str(option.value), f"{file}:{node.lineno}"


def test_every_code_of_the_source_is_in_the_catalogue() -> None:
    used = list(codes_in_calls())
    assert len(used) > 80
    assert [(code, where) for code, where in used if code not in CATALOGUE] == []


def test_no_code_of_the_catalogue_is_dead() -> None:
    known = strings_of_the_source()
    assert "unknown-*" in known
    dead = {c for c in CATALOGUE if c not in known and not c.startswith("unknown-")}
    assert dead == set()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_explain_knows_every_code(code: str) -> None:
    result = run("explain", code)
    assert result.exit_code == 0
    assert "Why: " in result.output
    assert "Fix: " in result.output
    assert max(map(len, result.output.splitlines())) <= 88


def test_explain_lists_all_codes_and_suggests_the_nearest() -> None:
    assert {line.split()[0] for line in run("explain").output.splitlines()} == set(CATALOGUE)
    result = run("explain", "duplicate-awards")
    assert result.exit_code == 2
    assert "“duplicate-award”" in result.output


@pytest.mark.parametrize("case", CASES)
def test_every_problem_has_a_place_in_the_file_and_a_fix(case: str, tmp_path: Path) -> None:
    site = lay(case, tmp_path)
    result = run("check", "--site", site, "--format", "json")
    problems = json.loads(result.stdout)
    for problem in problems:
        assert problem["code"] in CATALOGUE
        assert problem["help"].strip(), problem
        assert "\n" not in problem["message"]
        assert problem["message"].strip()
        file = site / problem["file"] if problem["file"] else None
        if file is None or not file.is_file() or file.stat().st_size > 10_000_000:
            continue
        lines = re.split("\r\n|\r|\n", file.read_bytes().decode("utf-8", "replace"))
        assert 1 <= problem["line"] <= len(lines)
        # One beyond the end is where something is missing.
        assert 1 <= problem["column"] <= len(lines[problem["line"] - 1]) + 1
        assert problem["endColumn"] is None or problem["endColumn"] > problem["column"]


@pytest.mark.parametrize("case", ["mixed", "bad-value-terminal", "missing-translation", "site-missing"])
def test_github_annotations_parse(case: str, tmp_path: Path) -> None:
    result = run("check", "--site", lay(case, tmp_path), "--format", "github")
    lines = result.stdout.splitlines()
    assert len(lines) == len(expected(case).splitlines())
    for line in lines:
        found = re.fullmatch(r"::(error|warning) ((?:\w+=[^,:\n]+)(?:,\w+=[^,:\n]+)*)::(.+)", line)
        assert found, line
        fields = dict(pair.split("=", 1) for pair in found[2].split(","))
        assert fields["title"] in CATALOGUE
        assert "\x1b" not in line


def test_json_of_a_build_is_one_document(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site()
    assert json.loads(run("build", "--site", site, "--format", "json").stdout) == []
    (tmp_path / "file").touch()
    result = run("build", "--site", site, "--format", "json", "--output", tmp_path / "file/public")
    assert [p["code"] for p in json.loads(result.stdout)] == ["output-failed"]


def test_the_minimal_site_is_good(make_site: MakeSite) -> None:
    result = run("build", "--site", make_site(), "--format", "concise")
    assert result.exit_code == 0
    assert result.output.startswith("1 badge, 1 issuer, 2 awards, 2 participants; ")


def excerpt(site: Path) -> list[tuple[str, str]]:
    """The source line and the carets of every problem, as a terminal shows them."""
    lines = run("check", "--site", site).output.splitlines()
    return [(line[8:], lines[i + 1][8:]) for i, line in enumerate(lines) if re.match(r" *\d+ \| ", line)]


@pytest.mark.parametrize(
    ("line", "shown", "carets"),
    [
        ("display: ful", "display: ful", "         ^^^"),
        ('{"مرحبا": 1, display: ful}', '{"مرحبا": 1, display: ful}', " ^^^^^^^"),
        ("日本: x", "日本: x", "^^^^"),
        ("e\u0301tude: x", "e\u0301tude: x", "^^^^^"),
        ("ก็ดี: x", "ก็ดี: x", "^^"),
        ('"a\tb": x', '"a b": x', "^^^^^"),
        ('"می\u200cخواهم": x', '"می\u200cخواهم": x', "^" * 9),
        ('"\\e[31m": x', '"\\e[31m": x', "^" * 8),
    ],
)
def test_carets_stand_under_what_is_meant(make_site: MakeSite, line: str, shown: str, carets: str) -> None:
    site = make_site({"content/participants/lea.yml": line + "\n"})
    found = [pair for pair in excerpt(site) if pair[1] == carets]
    assert (shown, carets) in found


def test_carets_of_a_long_line_stay_on_the_screen(make_site: MakeSite) -> None:
    text = "name: Lea\nbio: " + "long " * 200 + '\nlinks: [{name: "' + "x" * 250 + '", url: nowhere}]\n'
    site = make_site({"content/participants/lea.yml": text})
    shown, carets = next(pair for pair in excerpt(site) if "nowhere" in pair[0])
    assert len(shown) <= 120
    assert shown[carets.index("^") :].startswith("nowhere")
    assert carets.strip() == "^" * len("nowhere")


def test_a_hostile_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    for case in ("bad-value-terminal", "bad-slug-name"):
        folder = tmp_path / case
        folder.mkdir()
        for form in ("pretty", "concise", "github"):
            out = run("check", "--site", lay(case, folder / form), "--format", form).output
            assert all(c.isprintable() or c == "\n" for c in out)


@pytest.mark.parametrize("case", ["mixed", "bad-slug-name", "yaml-alias", "output-failed"])
def test_the_real_command_says_the_same_in_any_locale(case: str, tmp_path: Path) -> None:
    site = lay(case, tmp_path)
    command = list(commands(case, site))[-1]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent / "generator"), "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-m", "badge_passport", *command], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b""
    wanted = expected(case).encode("latin-1", "backslashreplace")
    assert done.stderr.replace(os.linesep.encode(), b"\n") == wanted
    assert not (site / "public").exists()


@pytest.mark.parametrize("seed", range(6))
def test_no_damage_to_a_file_is_a_fault_of_ours(seed: int, make_site: MakeSite) -> None:
    """Bytes cut, doubled, swapped and thrown in at random: problems or none, but never an exception."""
    chance = random.Random(seed)
    good = {str(f.relative_to(MINIMAL)): f.read_bytes() for f in sorted(MINIMAL.rglob("*.yml"))} | {
        "content/awards/harbour/summer.csv": b"participant,badge,issuedOn,revoked.on,narrative\n"
        b'amira,listener,2024-07-01,"",Good\n',
        "content/pages/index.md": b"---\ntitle: Home\n---\n# Home\n\n[link](https://example.org)\n",
        "private/participants/amira.yml": b"bio: Hello\n",
        "badges/harbour/endorsements/good.yml": b"badge: harbour/listener\n"
        b"issuedOn: 2024-06-18\ncomment: Good\n",
        "badges/harbour/champion.yml": b"name: C\ndescription: D\ncriteria: E\n"
        b"imageCaption: F\ntype: participant\nmilestone: {count: 1, of: [listener]}\n"
        b"design: {shape: circle}\n",
    }
    bits = [
        b"\x00",
        b"\xff",
        b"\xe2\x80\xa8",
        b"\r",
        b"\n",
        b"\t",
        b"- ",
        b": ",
        b"[",
        b"{",
        b'"',
        b"&a ",
        b"*a",
        b"!!x ",
        b"null",
        b"\xef\xbb\xbf",
        b"../",
        b"1e999",
        b"true",
        b",",
    ]
    make_site(good)
    outcomes = set()
    for _ in range(60):
        name = chance.choice(sorted(good))
        data = bytearray(good[name])
        for _ in range(chance.randint(1, 3)):
            at, end = sorted(chance.choices(range(len(data) + 1), k=2))
            end = min(end, at + 12)
            data[at:end] = chance.choice(
                [b"", bytes(data[at:end]) * 2, chance.choice(bits), chance.choice(bits) * 40]
            )
        checked = check(make_site({name: bytes(data)}))
        outcomes.add(checked.good)
        render(checked.diagnostics, "pretty", checked.line_of)
        assert checked.good or checked.diagnostics
        make_site({name: good[name]})
    assert outcomes == {True, False}
