"""Builds that remember: the same bytes as a clean build, whatever was edited, deleted, damaged or killed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_passport.cli import main
from badge_passport.credentials import places
from badge_passport.desk.keys import load_keys
from badge_passport.desk.publishing.changed import read_built, read_manifest
from badge_passport.pipeline import Checked, build, check, learn
from badge_passport.publish import changing, manifest, memory
from badge_passport.publish.locks import Busy, locked
from badge_passport.publish.manifest import texts
from badge_passport.publish.write import lock
from badge_passport.registry import known
from badge_passport.source import kept
from edits import EDITS, SIMPLE, Edit, award, bio, no_award, put, settle, start
from key_fixtures import pem, sign_with
from minimal import MakeSite


def digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 2**16)), min_size=1, max_size=5),
    st.sampled_from((2_000, 230, 20)),
)
def test_edited_or_clean_the_site_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[Edit, int]], few: int
) -> None:
    """``few`` is how many files fit into one manifest: all, or about as many as there are, or not nearly."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest, "FEW", few)
        edit_and_compare(tmp_path_factory.mktemp("edits"), edits)


def edit_and_compare(folder: Path, edits: list[tuple[Edit, int]]) -> None:
    """Build after every edit, from records that the build before remembered; at last build from nothing."""
    site, public, file = start(folder), folder / "public", folder / "memory"

    def checked() -> Checked:
        records = known.load(folder / "records")
        found = check(site, known=records)
        learn(found, records)
        records.save(folder / "records")
        return found

    build(checked(), public, memory=file)
    for step, (edit, seed) in enumerate(edits):
        edit(site, random.Random(seed))
        if seed % 2:  # files known by their times, else by what is in them
            settle(site, step)
        found = checked()
        assert found.diagnostics == check(site).diagnostics
        if not found.good:
            continue
        built = build(found, public, memory=file)
        assert built.files == sum(not manifest.is_manifest(path) for path in digests(public))
    last = check(site)
    if last.good:
        build(last, public, memory=file)
        build(last, folder / "clean")
        assert digests(public) == digests(folder / "clean")
        assert build(last, public, memory=file).new == 0
        built, problems = read_built(public)
        assert built is not None and problems == []
        assert texts(read_manifest(built.manifest) or {}) == built.manifest
    shutil.rmtree(folder)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_piece_of_the_manifest_that_is_damaged_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(manifest, "FEW", 20)
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    piece = public / manifest.piece(manifest.digest_of_path("sw.js").hex()[:2])
    if damage == "gone":
        piece.unlink()
    else:
        piece.write_bytes(piece.read_bytes().replace(b"0", b"1"))
    bio(site, random.Random(1))
    build(check(site), public, memory=file)
    build(check(site), tmp_path / "clean")
    assert digests(public) == digests(tmp_path / "clean")
    assert read_built(public)[1] == []


def test_of_a_large_site_only_some_pieces_of_the_manifest_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "FEW", 20)
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    before = digests(public)
    assert sum(p.startswith("manifest/") for p in before) > 100
    times = {p: p.stat().st_mtime_ns for p in (public / "manifest").iterdir()}
    bio(site, random.Random(1))
    new = build(check(site), public, memory=file).new
    assert 0 < sum(p.stat().st_mtime_ns != t for p, t in times.items()) <= new


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    times = {p: p.stat().st_mtime_ns for p in public.rglob("*") if p.is_file()}
    bio(site, random.Random(1))
    built = build(check(site), public, memory=file)
    changed = {
        p.relative_to(public).as_posix() for p, t in times.items() if p.exists() and p.stat().st_mtime_ns != t
    }
    assert len(changed) == built.new + 1, "and the manifest"
    who = {path.split("/")[1] for path in changed if path.startswith("passports/")} - {"index.html"}
    assert len(who) == 1
    assert not any(path.startswith(("awards/", "badges/")) for path in changed)


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "foreign", "empty", "other-site", "gone", "no-pieces", "less"]
)
def test_a_memory_that_is_not_of_this_site_is_not_used(tmp_path: Path, damage: str) -> None:
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    data = file.read_bytes()
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        file.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    elif damage == "foreign":
        file.write_bytes(b"badge-passport memory 0\n" + data[24:])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "other-site":
        (public / "manifest.json").write_text("{}", encoding="utf-8")
    elif damage == "no-pieces":
        (tmp_path / "memory.0").unlink()
    elif damage == "less":
        (tmp_path / "memory.0").write_bytes((tmp_path / "memory.0").read_bytes()[:-1])
    else:
        file.unlink()
    assert memory.load(file, public).parts == {}
    if damage == "other-site":
        shutil.rmtree(public)
    build(check(site), public, memory=file)
    build(check(site), tmp_path / "clean")
    assert digests(public) == digests(tmp_path / "clean")
    assert memory.load(file, public).parts


@pytest.mark.parametrize("damage", ["pieces", "register"])
def test_what_is_found_damaged_on_the_way_is_built_anew(tmp_path: Path, damage: str) -> None:
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    pieces = tmp_path / "memory.0"
    if damage == "pieces":
        pieces.write_bytes(bytes(len(pieces.read_bytes())))
    else:
        (public / "register.json").write_bytes(b"{}\n")
    bio(site, random.Random(1))
    assert memory.load(file, public).parts, "that shows only when they are read"
    build(check(site), public, memory=file)
    build(check(site), tmp_path / "clean")
    assert digests(public) == digests(tmp_path / "clean")
    bio(site, random.Random(2))
    assert 0 < build(check(site), public, memory=file).new < 20


def test_late_awards_that_move_others_in_status_lists_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists are so short that late awards and those that go move others, whose credentials change."""
    monkeypatch.setattr(places, "SIZE", 16)
    monkeypatch.setattr(places, "ROOM", 8)
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    sign_with(site, "harbour", 1, pem(1))
    records, chance, moved = known.Known(), random.Random(5), 0

    def built(memory: Path | None, target: Path) -> Checked:
        found = check(site, known=records if memory else None)
        assert found.registry is not None, found.diagnostics
        keys, problems = load_keys(found.registry, site / "private/keys", {})
        assert problems == []
        if memory:
            learn(found, records)
        build(found, target, keys=keys, memory=memory)
        return found

    built(file, public)
    for step in range(8):
        award(site, chance) if step % 4 != 3 else no_award(site, chance)
        before = digests(public)
        found = built(file, public)
        assert found.good
        built(None, tmp_path / "clean")
        assert digests(public) == digests(tmp_path / "clean")
        own = {
            path.split("/")[1]
            for path in digests(public).keys() - before.keys()
            if path.startswith("awards/")
        }
        changed = {
            p.split("/")[1]
            for p, d in digests(public).items()
            if p.endswith("credential.json") and before.get(p, d) != d
        }
        moved += len(changed - own)
    assert moved, "or this shows nothing"


def test_what_is_remembered_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_WASTE", 0)
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"

    def size() -> int:
        build(check(site), public, memory=file)
        return sum(path.stat().st_size for path in tmp_path.glob("memory*"))

    first = size()
    for number in range(40):
        bio(site, random.Random(number))
        assert size() < 4 * first
    build(check(site), tmp_path / "clean")
    assert digests(public) == digests(tmp_path / "clean")


def test_a_memory_from_another_machine_saves_work(tmp_path: Path) -> None:
    """The folder and the memory are copied, as a CI restores its cache: nothing is made again."""
    site, public, file = start(tmp_path), tmp_path / "public", tmp_path / "memory"
    build(check(site), public, memory=file)
    other = tmp_path / "other"
    shutil.copytree(site, other / "site", copy_function=shutil.copyfile)
    shutil.copytree(public, other / "public", copy_function=shutil.copyfile)
    shutil.copyfile(file, other / "memory")
    shutil.copyfile(tmp_path / "memory.0", other / "memory.0")
    assert build(check(other / "site"), other / "public", memory=other / "memory").new == 0


def test_two_builds_at_once_are_told_so(make_site: MakeSite) -> None:
    site = make_site()
    with locked(lock(site / "public")), pytest.raises(Busy):
        build(check(site), site / "public")
    with locked(lock(site / "public")):
        command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "output-busy" in done.stderr and "another build" in done.stderr
    assert not (site / "public").exists()


def test_the_lock_is_gone_with_its_holder(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom badge_passport.publish.locks import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    path = tmp_path / ".public.lock"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(Busy), locked(path):
            pass
        holder.kill()
        holder.wait()
    with locked(path):
        assert path.exists()
    assert not path.exists()


# --- Killed at any moment -------------------------------------------------------------------------------


def agrees(public: Path) -> bool:
    """Whether a folder holds what its manifest says, and nothing else."""
    said = json.loads((public / "manifest.json").read_bytes())["files"]
    there = {
        hashlib.sha256(p.encode()).hexdigest(): d for p, d in digests(public).items() if p != "manifest.json"
    }
    return bool(said == there)


def linked(public: Path) -> Iterator[Path]:
    """The document of every award that has a page."""
    for html in public.glob("awards/*/index.html"):
        yield html.parent / "assertion.json"


def started(command: list[str]) -> int:
    """A process that does what the command does, without having to start Python and load everything."""
    process = os.fork()
    if process == 0:
        try:
            sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (to the end)
            sys.argv = ["passport", *command]
            main()
        finally:
            os._exit(99)
    return process


def wait_for(process: int) -> int:
    """Its exit code, or the signal that ended it, as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.mark.slow
def test_whatever_kills_a_build_the_next_one_completes_it(tmp_path: Path) -> None:
    """A hundred times: a full build is there whole or not at all, a change has no page without document."""
    site, public = start(tmp_path), tmp_path / "public"
    keys = random.Random(41)
    command = [
        *("build", "--site", str(site), "--output", str(public)),
        *("--jobs", "2", "--cache", str(tmp_path / "cache")),
    ]
    build(check(site), tmp_path / "clean")  # templates are compiled here, for all
    began = time.monotonic()
    assert wait_for(started(command)) == 0
    takes = time.monotonic() - began
    killed = 0
    for turn in range(100):
        if turn % 4 == 0:  # anew
            shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        for edit in keys.choices(SIMPLE, k=3):
            edit(site, keys)
        if not check(site).good:
            continue
        was_half = changing.is_pending(public)  # the last one was killed while it changed files
        process = started(command)
        time.sleep(keys.uniform(0, takes))
        os.kill(process, signal.SIGKILL)
        was_killed = wait_for(process) == -signal.SIGKILL
        killed += was_killed
        takes *= 1.1 if was_killed else 0.7  # a build takes longer while the machine is busy
        assert all(document.exists() for document in linked(public))
        if not (tmp_path / "cache").exists():  # it was a full build
            assert agrees(public) or (was_half and changing.is_pending(public))
        if turn % 10 == 9:
            assert wait_for(started(command)) == 0
            build(check(site), tmp_path / "clean")
            assert digests(public) == digests(tmp_path / "clean")
            assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".public")]
    assert killed > 40, "most builds were killed before they were done"


def test_a_change_that_was_stopped_is_completed(tmp_path: Path) -> None:
    """Stopped after every step of it: what is left in the journal is done by the next."""
    for steps in range(5):
        public = tmp_path / f"{steps}/public"
        put(public, "a.json", "old")
        put(public, "gone/index.html", "old")
        folder = changing.staging(public)
        for name in ("a.json", "b/index.html", "b/c.json", "manifest.json"):
            put(folder, name, "new")
        order = changing.in_order(["b/index.html", "manifest.json", "b/c.json", "a.json"])
        assert order == ["a.json", "b/c.json", "b/index.html", "manifest.json"]
        (folder.parent / "journal.json").write_text(json.dumps({"new": order, "gone": ["gone/index.html"]}))
        for name in order[:steps]:
            (public / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(public / name)
        assert changing.complete(public)
        assert {p: (public / p).read_text() for p in digests(public)} == dict.fromkeys(order, "new")
        assert not (public / "gone").exists()
        assert not changing.complete(public)
    staged = changing.staging(public)
    put(staged, "never.json", "begun")
    assert not changing.complete(public), "without a journal nothing was decided"
    assert not (public / "never.json").exists()
