"""`passport check --built`: a whole site verified from its files, and every way to spoil one noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.publish import manifest
from baked import png_with
from demo import Demo

CREDENTIALS = "awards/*/credential.json"


def check(site: Demo, public: Path) -> tuple[int, list[str]]:
    """The exit code, and a line for each problem."""
    done = CliRunner().invoke(
        cli, ["check", "--site", str(site.source), "--built", str(public), "--format", "concise"]
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    lines = [line for line in done.output.splitlines() if "built-invalid" in line]
    return done.exit_code, [line.removeprefix("error[built-invalid]: ") for line in lines]


@pytest.mark.parametrize("name", ["demo", "signed_demo", "archived_demo"])
def test_what_is_built_is_what_verifiers_accept(name: str, request: pytest.FixtureRequest) -> None:
    site: Demo = request.getfixturevalue(name)
    done = CliRunner().invoke(cli, ["check", "--site", str(site.source), "--built", str(site.public)])
    assert done.exit_code == 0, done.output
    verified = int(done.output.split("; ")[1].split()[0])
    # Each award has an assertion; with keys a credential and a token too, and there are records of many.
    awards = len(site.registry.awards)
    assert verified == awards if name == "demo" else verified > 3 * awards


def edit(path: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Change a JSON document, and let the manifest agree, so that only verification can notice."""

    def run(public: Path) -> None:
        file = next(iter(sorted(public.glob(path))))
        document = json.loads(file.read_bytes())
        change(document)
        rewrite(public, file, json.dumps(document).encode())

    return run


def rewrite(public: Path, file: Path, data: bytes) -> None:
    from hashlib import sha256

    file.write_bytes(data)
    manifest = public / "manifest.json"
    listed = json.loads(manifest.read_bytes())
    name = sha256(file.relative_to(public).as_posix().encode()).hexdigest()
    listed["files"][name] = sha256(data).hexdigest()
    manifest.write_text(json.dumps(listed))


def forget_a_withdrawal(public: Path) -> None:
    """The register says that it is revoked, and the status list no longer does."""
    for file in sorted(public.glob("issuers/*/status/*.json")):
        document = json.loads(file.read_bytes())
        empty = "uH4sIAAAAAAAC_-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
        document["credentialSubject"]["encodedList"] = empty
        rewrite(public, file, json.dumps(document).encode())


def swap_pictures(public: Path) -> None:
    one, two = sorted(public.glob("awards/*/badge.png"))[:2]
    rewrite(public, one, two.read_bytes())


def strip_a_picture(public: Path) -> None:
    file = next(iter(sorted(public.glob("awards/*/badge.png"))))
    rewrite(public, file, png_with(file.read_bytes(), {"openbadges": "{}"}))


def unlist_an_award(public: Path) -> None:
    file = public / "register.json"
    document = json.loads(file.read_bytes())
    document["awards"].pop()
    rewrite(public, file, json.dumps(document).encode())


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "a credential": (
        edit(CREDENTIALS, lambda d: d.update(name="Other")),
        "Nothing was changed after signing",
    ),
    "an assertion": (
        edit("awards/*/assertion.json", lambda d: d.update(issuedOn="2001-01-01T00:00:00Z")),
        "register.json has another digest",
    ),
    "an id": (edit("badges/*/*/badge.en.json", lambda d: d.update(id=d["id"] + "x")), "its id is"),
    "a key": (
        edit("issuers/*/did.json", lambda d: d.update(assertionMethod=[])),
        "The key of the proof is published",
    ),
    "an endorsement": (
        edit("issuers/*/endorsements/*.credential.json", lambda d: d.update(name="x")),
        "Nothing was changed after signing",
    ),
    "a learner record": (
        edit("passports/*/clr.*.json", lambda d: d.update(name="x")),
        "Nothing was changed after signing",
    ),
    "a presentation": (
        edit("passports/*/presentation.json", lambda d: d["verifiableCredential"][0].update(name="x")),
        "Nothing was changed after signing",
    ),
    "a status list": (forget_a_withdrawal, "status list"),
    "a picture of another": (swap_pictures, "the badge in the picture is not that of"),
    "a picture without its badge": (strip_a_picture, "the badge in the picture is not that of"),
    "the register": (unlist_an_award, "register.json does not list this award"),
    "a token": (
        lambda public: rewrite(public, next(iter(sorted(public.glob("awards/*/*.jwt.txt")))), b"a.b.c"),
        "It can be read",
    ),
}


# What is noticed in other words, or of other files, can be looked for at once.
TOGETHER = [
    ["a credential", "an assertion", "an id", "a picture of another", "the register"],
    ["an endorsement", "a picture without its badge", "a token"],
    ["a learner record", "a status list"],
    ["a presentation"],
    ["a key"],
]


def test_every_way_to_spoil_a_site_is_tried() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(SPOILT)


@pytest.mark.parametrize("names", TOGETHER, ids=" and ".join)
def test_a_spoilt_site_is_noticed(names: list[str], signed_demo: Demo, tmp_path: Path) -> None:
    public = tmp_path / "public"
    shutil.copytree(signed_demo.public, public, copy_function=shutil.copyfile)
    for name in names:
        SPOILT[name][0](public)
    code, problems = check(signed_demo, public)
    assert code == 1
    for name in names:
        assert any(SPOILT[name][1] in problem for problem in problems), (name, problems)


def test_files_that_no_build_wrote_are_noticed(demo: Demo, tmp_path: Path) -> None:
    public = tmp_path / "public"
    shutil.copytree(demo.public, public, copy_function=shutil.copyfile)
    (public / "added.html").write_text("hello")
    (public / "index.html").write_text("changed")
    (public / "404.html").unlink()
    code, problems = check(demo, public)
    assert code == 1
    assert problems == [
        "added.html: no build wrote this file.",
        "index.html: it was changed after the build.",
        "manifest.json: 1 of its files are missing.",
    ]


def test_a_manifest_in_pieces_is_as_good(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = tmp_path / "public"
    shutil.copytree(demo.public, public, copy_function=shutil.copyfile)
    listed = json.loads((public / "manifest.json").read_bytes())["files"]
    monkeypatch.setattr(manifest, "FEW", 10)
    (public / "manifest").mkdir()
    for path, data in manifest.texts(listed).items():
        (public / path).write_bytes(data)
    assert check(demo, public) == (0, [])
    piece, other = sorted((public / "manifest").iterdir())[:2]
    piece.write_bytes(piece.read_bytes().replace(b"\n}", b" \n}"))
    (public / "manifest/zz.json").write_text("{}", encoding="utf-8")
    assert check(demo, public)[1] == [
        "manifest/zz.json: no build wrote this file.",
        f"manifest/{piece.name}: it was changed after the build.",
    ]
    other.unlink()
    assert f"manifest/{other.name}: it is missing: it is a piece of the manifest." in check(demo, public)[1]
