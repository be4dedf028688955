"""Records that were read before: what is checked with them is what is checked without, problems included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge_passport.pipeline import Checked, check, learn
from badge_passport.registry import known
from badge_passport.registry.known import Known
from minimal import MINIMAL

ROOT = Path(__file__).parents[2]
INVALID = sorted(p for p in (ROOT / "tests/invalid").iterdir() if p.is_dir())


def settle(site: Path) -> None:
    """Give the files the age that files have when nobody edits them."""
    for path in site.rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000), follow_symlinks=False)


def remembered(site: Path, file: Path) -> Known:
    """What is known of a site after one check, as the next command finds it."""
    before = known.load(file)
    learn(check(site, known=before), before)
    before.save(file)
    return known.load(file)


def same(one: Checked, other: Checked) -> bool:
    """Whether two checks say the same, and found the same records at the same places."""
    said = one.diagnostics == other.diagnostics
    if one.registry is None or other.registry is None:
        return said and one.registry is other.registry
    for kind in ("awards", "participants"):
        both = getattr(one.registry, kind), getattr(other.registry, kind)
        said = said and list(both[0]) == list(both[1])
        for a, b in zip(both[0].values(), both[1].values(), strict=True):
            said = said and a.record == b.record and a.origin == b.origin
            said = said and a.record.model_dump_json() == b.record.model_dump_json()
    return said


@pytest.fixture(params=["pydantic", "older pydantic"])
def _pydantic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This version, and one before 2.13, whose validators always use those of the models."""
    if request.param == "older pydantic":
        new = known.SchemaValidator
        monkeypatch.setattr(known, "SchemaValidator", lambda schema, config=None: new(schema, config))
    known._reader.cache_clear()
    yield
    known._reader.cache_clear()


@pytest.mark.usefixtures("_pydantic")
@pytest.mark.parametrize("settled", [True, False])
def test_the_demonstration_comes_back_as_it_was(tmp_path: Path, *, settled: bool) -> None:
    """By the times of its files, and where these are too new, by what is in them."""
    site = tmp_path / "site"
    for name in ("badges", "content", "themes"):
        shutil.copytree(ROOT / name, site / name)
    shutil.copy(ROOT / "site.yml", site / "site.yml")
    table = "participant,issuedOn,narrative,evidence.url\namira-k,2025-02-03,Spoke.,https://example.org/a\n"
    issuer = sorted(p.name for p in (site / "content/awards").iterdir())[0]
    badge = sorted(p.stem for p in (site / "badges" / issuer).glob("*.yml") if p.stem != "issuer")[0]
    person = sorted(p.stem for p in (site / "content/participants").glob("*.yml"))[0]
    (site / f"content/awards/{issuer}/t.csv").write_text(table.replace("amira-k", person), encoding="utf-8")
    (site / f"content/awards/{issuer}/t.yml").write_text(f"badge: {badge}\n", encoding="utf-8")
    if settled:
        settle(site)
    again = remembered(site, tmp_path / "records")
    assert again.held is not None and sum(one.number for one in again.held.badges.values()) > 20
    checked = check(site, known=again)
    assert len(again.used) < 20, "the others have stand-ins"
    assert same(checked, check(site))
    again.hold(None)
    checked = check(site, known=again)
    assert len(again.used) > 20 and f"content/awards/{issuer}/t.csv" in again.used
    assert same(checked, check(site))
    assert same(check(site, known=again), checked), "from memory, too"


@pytest.mark.parametrize("folder", [p for p in INVALID if not (p / "make.py").exists()], ids=lambda p: p.name)
def test_problems_after_records_that_were_known_are_the_same(tmp_path: Path, folder: Path) -> None:
    site, file = tmp_path / "site", tmp_path / "records"
    shutil.copytree(MINIMAL, site)
    settle(site)
    again = remembered(site, file)
    shutil.copytree(folder, site, dirs_exist_ok=True)
    assert same(check(site, known=again), check(site))
    assert same(check(site, known=again), check(site)), "in the same process"
    assert same(check(site, known=remembered(site, file)), check(site)), "and in the next"


def test_a_file_that_changes_without_showing_it_is_read(tmp_path: Path) -> None:
    """The same size, within the same moment: files are looked into while they are new."""
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    person = site / "content/participants/amira.yml"
    person.touch()
    again = remembered(site, tmp_path / "records")
    text = person.read_text(encoding="utf-8")
    assert "name: Amira" in text
    times = person.stat()
    person.write_text(text.replace("name: Amira", "name: Emira"), encoding="utf-8")
    os.utime(person, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert same(check(site, known=again), check(site))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "other-program"])
def test_damaged_records_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    site, file = tmp_path / "site", tmp_path / "records"
    shutil.copytree(MINIMAL, site)
    settle(site)
    assert remembered(site, file).begin()
    data = file.read_bytes()
    if damage == "cut":
        file.write_bytes(data[:-100])
    elif damage == "flipped":
        file.write_bytes(data.replace(b"Amira", b"Emira"))
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "foreign":
        file.write_bytes(data.replace(known._KIND.encode(), b"records 0"))
    else:
        monkeypatch.setattr(known, "code", lambda: "another")
    assert not known.load(file).begin()
    assert same(check(site, known=known.load(file)), check(site))


def test_what_is_private_is_in_no_cache(tmp_path: Path) -> None:
    site, file = tmp_path / "site", tmp_path / "records"
    shutil.copytree(MINIMAL, site)
    (site / "private/participants").mkdir(parents=True)
    (site / "private/participants/amira.yml").write_text("name: Secret Name\n", encoding="utf-8")
    again = remembered(site, file)
    assert b"Secret" not in file.read_bytes()
    assert same(check(site, known=again), check(site))


def test_an_address_is_found_again_each_time(tmp_path: Path) -> None:
    """Also when it was allowed the first time."""
    site, file = tmp_path / "site", tmp_path / "records"
    shutil.copytree(MINIMAL, site)
    setting = site / "site.yml"
    text = setting.read_text(encoding="utf-8")
    setting.write_text(text + "privacy: {plainEmail: allow}\n", encoding="utf-8")
    person = site / "content/participants/amira.yml"
    with person.open("a", encoding="utf-8") as out:
        out.write("bio: Write to amira@example.net.\n")
    settle(site)
    again = remembered(site, file)
    setting.write_text(text, encoding="utf-8")
    assert "plain-email" in {d.code for d in check(site, known=again).diagnostics}
    assert same(check(site, known=again), check(site))


def test_commands_use_them_and_clean_does_not(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    settle(site)

    def passport(*arguments: str) -> str:
        command = [sys.executable, "-m", "badge_passport", *arguments, "--site", str(site)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    passport("check")
    file = site / ".passport/cache/records.bin"
    assert known.load(file).begin()
    # Records of another site in place of ours, whole and well: only --clean reads the texts.
    data = known.load(file)
    entries = data.entries(check(site).tree, "content/participants/amira.yml", (), "amira", _person())
    assert entries is not None
    changed = entries[0].record.model_copy(update={"name": "Somebody Else"})
    entries[0] = type(entries[0])("amira", changed, entries[0].origin)
    data._said["content/participants/amira.yml"].piece = None
    data._new = True
    data._asked.update(data._said)
    data.save(file)
    (site / "content/pages").mkdir(exist_ok=True)
    (site / "content/pages/more.md").write_text("# More\n", encoding="utf-8")
    passport("build")
    page = site / "public/passports/amira/index.html"
    assert "Somebody Else" in page.read_text(encoding="utf-8")
    passport("build", "--clean")
    assert "Somebody Else" not in page.read_text(encoding="utf-8")


def _person() -> type:
    from badge_passport.model.records import ParticipantRecord

    return ParticipantRecord


@pytest.mark.parametrize("name", ["content/participants/jonas.yml", "content/awards/harbour/spring.yml"])
def test_a_file_that_comes_back_as_it_was_is_there_again(tmp_path: Path, name: str) -> None:
    """In one process, as `passport serve` does it: nothing of a file that went is known when it returns."""
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    (site / "content/awards/harbour/more.yml").write_text(
        "badge: listener\nissuedOn: 2020-01-01\nparticipant: amira\n", encoding="utf-8"
    )
    if name.endswith("spring.yml"):
        settle(site)
    else:
        (site / "content/awards/harbour/spring.yml").unlink()
        settle(site)
    data = known.Known()

    def awards() -> list[str]:
        found = check(site, known=data)
        assert found.good, found.diagnostics
        learn(found, data)
        assert found.registry is not None
        return [*found.registry.awards, *found.registry.participants]

    first = awards()
    (site / name).rename(tmp_path / "aside")
    assert awards() != first
    (tmp_path / "aside").rename(site / name)
    assert awards() == first


def test_where_nothing_can_be_kept_everything_is_built_each_time(tmp_path: Path) -> None:
    """As in a folder that is mounted read-only, which is how some build servers have it."""
    site, kept, built = tmp_path / "site", tmp_path / "kept", tmp_path / "built"
    shutil.copytree(MINIMAL, site)
    settle(site)
    (site / ".passport").write_text("", encoding="ascii")  # no folder can be made of it
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}

    def passport(*arguments: str) -> None:
        command = [sys.executable, "-m", "badge_passport", *arguments, "--site", str(site)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    passport("check")
    passport("build", "--output", str(kept), "--cache", str(tmp_path / "cache"))
    for more in ((), (), ("--clean",)):
        passport("build", "--output", str(built), *more)
        assert _files(built) == _files(kept)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
