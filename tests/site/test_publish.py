"""`passport publish` to a folder: only what changed, in a safe order, whenever it is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from badge_passport.desk.publishing.changed import name_of, read_manifest
from publishing import (
    Builds,
    build,
    builds,
    command,
    dangling,
    environment,
    files,
    killed,
    publish,
    published,
)

__all__ = ["builds"]


def test_a_folder_becomes_the_build_and_only_changes_are_sent(builds: Builds, tmp_path: Path) -> None:
    live = tmp_path / "live"
    said = published(tmp_path, "--built", builds.first, "--to", live)
    assert said.startswith(f"{len(files(builds.first)) - 1} files sent")
    assert files(live) == files(builds.first)
    times = {path: (live / path).stat().st_mtime_ns for path in files(live)}
    assert "nothing changed" in published(tmp_path, "--built", builds.first, "--to", live)
    assert {path: (live / path).stat().st_mtime_ns for path in files(live)} == times
    published(tmp_path, "--built", builds.second, "--to", live)
    assert files(live) == files(builds.second)
    old, new = files(builds.first), files(builds.second)
    same = [path for path in new if old.get(path) == new[path]]
    assert len(same) > 20
    assert all((live / path).stat().st_mtime_ns == times[path] for path in same)
    assert not any(path.is_dir() and not any(path.iterdir()) for path in live.rglob("*"))


def test_what_was_never_ours_is_left_alone(builds: Builds, tmp_path: Path) -> None:
    live = tmp_path / "live"
    published(tmp_path, "--built", builds.first, "--to", live)
    (live / "CNAME").write_text("badges.example.org")
    (live / "passports/person-0/note.txt").write_text("mine")
    published(tmp_path, "--built", builds.second, "--to", live)
    strange = {"CNAME": b"badges.example.org", "passports/person-0/note.txt": b"mine"}
    assert files(live) == {**files(builds.second), **strange}


@pytest.mark.parametrize("content", [{"notes.txt": b"x"}, {"manifest.json": b'{"name": "an app"}'}])
def test_a_folder_of_somebody_else_is_refused(
    builds: Builds, tmp_path: Path, content: dict[str, bytes]
) -> None:
    for path, data in content.items():
        (tmp_path / path).write_bytes(data)
    done = publish(builds.site, "--built", builds.first, "--to", tmp_path)
    assert done.returncode == 1
    assert "error[publish-not-ours]" in done.stderr
    assert files(tmp_path) == content


def test_another_site_of_ours_is_refused(builds: Builds, tmp_path: Path) -> None:
    live, site = tmp_path / "live", tmp_path / "site"
    published(tmp_path, "--built", builds.first, "--to", live)
    shutil.copytree(builds.site, site, ignore=shutil.ignore_patterns("public"))
    text = (site / "site.yml").read_text(encoding="utf-8")
    (site / "site.yml").write_text(text.replace("badges.example.org", "other.example.org"), encoding="utf-8")
    build(site, range(1), site / "public")
    done = publish(site, "--to", live)
    assert "holds the site https://badges.example.org/, and this one is https://other" in done.stderr
    assert files(live) == files(builds.first)


def test_the_source_is_no_target(builds: Builds, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(builds.site, site)
    for place in (site, site / "content", builds.first, builds.first / "x", tmp_path):
        done = publish(site, "--built", builds.first, "--to", place)
        assert done.returncode == 1, place
        assert "[publish-not-ours]" in done.stderr


def test_a_disk_that_cannot_be_written_is_said(builds: Builds, tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.write_text("a file")
    done = publish(tmp_path, "--built", builds.first, "--to", live)
    assert done.returncode == 1
    assert "error[publish-failed]" in done.stderr
    assert live.read_text() == "a file"


def test_the_target_may_stand_in_site_yml(builds: Builds, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(builds.site, site)
    shutil.copytree(builds.first, site / "public", dirs_exist_ok=True)
    assert publish(site).returncode == 2
    with (site / "site.yml").open("a") as file:
        file.write("publish: {to: ../live}\n")
    published(site)
    assert files(tmp_path / "live") == files(builds.first)
    text = (site / "site.yml").read_text(encoding="utf-8")
    (site / "site.yml").write_text(text.replace("../live", "ftp://host/x"), encoding="utf-8")
    done = publish(site)
    assert done.returncode == 1
    assert "[bad-value]" in done.stderr


def test_killed_at_any_moment_no_page_lacks_its_documents(builds: Builds, tmp_path: Path) -> None:
    """Thirty kills while files are on their way; in each round another build may be."""
    chance, live = random.Random(20260101), tmp_path / "live"
    assert dangling(files(builds.first)) == [] == dangling(files(builds.second))
    assert dangling({p: d for p, d in files(builds.first).items() if p != "register.json"})
    mixtures, broken = set(), 0
    for _ in range(300):
        if chance.random() < 0.2:
            shutil.rmtree(live, ignore_errors=True)
        before = stamp(live)
        broken += killed(
            tmp_path,
            *("--built", chance.choice([builds.first, builds.second]), "--to", live),
            begun=lambda was=before: stamp(live) != was,
            wait=chance.uniform(0, 0.12),
        )
        there = {p: d for p, d in files(live).items() if not p.endswith(".passport-part")}
        assert dangling(there) == []
        mixtures.add(frozenset(there.items()))
        if broken == 30:
            break
    assert broken == 30
    assert len(mixtures) > 10
    published(tmp_path, "--built", builds.second, "--to", live)
    assert files(live) == files(builds.second)


def stamp(live: Path) -> int:
    """What changes as soon as something is being sent: the time of the manifest."""
    manifest = live / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


def test_two_at_once_are_not_let_in(builds: Builds, tmp_path: Path) -> None:
    from badge_passport.desk.publishing.journal import alone
    from badge_passport.desk.publishing.targets import parse

    live = tmp_path / "live"
    with alone(parse(str(live), Path())):
        done = publish(tmp_path, "--built", builds.first, "--to", live)
    assert done.returncode == 1
    assert "[publish-busy]" in done.stderr
    assert not live.exists()
    published(tmp_path, "--built", builds.first, "--to", live)


def test_a_killed_publication_holds_no_lock(builds: Builds, tmp_path: Path) -> None:
    door = tmp_path / "door"
    os.mkfifo(door)
    holder = (
        "import sys, pathlib; from badge_passport.desk.publishing.journal import alone;"
        "from badge_passport.desk.publishing.targets import parse\n"
        f"with alone(parse({str(tmp_path / 'live')!r}, pathlib.Path())): open({str(door)!r}).read()"
    )
    process = subprocess.Popen([command(tmp_path)[0], "-c", holder], env=environment())
    with door.open("w"):
        done = publish(tmp_path, "--built", builds.first, "--to", tmp_path / "live")
        assert "[publish-busy]" in done.stderr
        process.kill()
        process.wait()
    published(tmp_path, "--built", builds.first, "--to", tmp_path / "live")


def test_progress_is_shown_at_a_terminal(builds: Builds, tmp_path: Path) -> None:
    import pty

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        command(tmp_path, "--built", builds.first, "--to", tmp_path / "live"),
        env=environment(),
        stderr=terminal,
        stdout=subprocess.DEVNULL,
    )
    assert process.wait(60) == 0
    os.close(terminal)
    said = os.read(controller, 100_000).decode()
    os.close(controller)
    number = len(files(builds.first)) - 1
    assert f"{number} of {number} files, " in said
    assert "0 s left" in said


def test_what_was_left_half_written_is_removed_but_not_by_a_look(builds: Builds, tmp_path: Path) -> None:
    live = tmp_path / "live"
    published(tmp_path, "--built", builds.first, "--to", live)
    half = live / "awards/.index.html.passport-part"
    half.write_bytes(b"half")
    assert published(tmp_path, "--built", builds.first, "--list", "--to", live) == ""
    assert half.exists()
    assert "nothing changed" in published(tmp_path, "--built", builds.first, "--to", live)
    assert files(live) == files(builds.first)


# --- What would be done ----------------------------------------------------------------------------------


def test_the_list_serves_any_uploader(builds: Builds, tmp_path: Path) -> None:
    """Carried out by somebody else, broken off after any step, no page lacks its documents."""
    live = tmp_path / "live"
    shutil.copytree(builds.first, live)
    options = ("--built", builds.second, "--list", "--to", live)
    steps = json.loads(published(tmp_path, *options, "--format", "json"))["steps"]
    text = published(tmp_path, *options).splitlines()
    assert text == [f"{step['action']} {step['path']}" for step in steps]
    assert files(live) == files(builds.first), "the list changes nothing"
    kinds = [step.get("kind", "delete") for step in steps]
    order = ["document", "page", "worker", "delete", "manifest"]
    assert kinds == sorted(kinds, key=order.index)
    assert set(order) <= set(kinds)
    for step in steps:
        assert step["action"] in ("upload", "delete")
        if step["action"] == "upload":
            (live / step["path"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(builds.second / step["path"], live / step["path"])
            assert (live / step["path"]).stat().st_size == step["size"]
        else:
            (live / step["path"]).unlink()
        assert dangling(files(live)) == []
    assert files(live) == files(builds.second)
    assert published(tmp_path, *options) == ""


def test_the_list_since_a_manifest_knows_gone_files_by_digest_only(builds: Builds, tmp_path: Path) -> None:
    since = builds.first / "manifest.json"
    said = published(tmp_path, "--built", builds.second, "--list", "--since", since, "--format", "json")
    steps = json.loads(said)["steps"]
    old, new = read_manifest({"manifest.json": since.read_bytes()}), files(builds.second)
    assert old is not None
    sent = {step["path"] for step in steps if step["action"] == "upload"} - {"manifest.json"}
    before = files(builds.first)
    assert sent == {path for path in new if before.get(path) != new[path]} - {"manifest.json"}
    gone = {step["pathSha256"] for step in steps if step["action"] == "delete"}
    assert gone == {name_of(path) for path in before.keys() - new.keys()}
    assert publish(tmp_path, "--built", builds.second, "--since", since).returncode == 2
    wrong = publish(tmp_path, "--built", builds.second, "--list", "--since", builds.first / "index.json")
    assert wrong.returncode == 2
