"""A build is whole or not at all, the same on every machine, and needs no network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from badge_passport.pipeline import build, check
from badge_passport.publish.write import OutputConflict, refuse, replacing, write
from badge_passport.registry import rules
from demo import PASSPORTS_KEY, ROOT, Demo
from minimal import MakeSite

MINIMAL = ROOT / "tests" / "sites" / "minimal"


def passport(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "badge_passport", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def digest(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(MINIMAL, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture(autouse=True)
def _key_of_private_passports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that the demo of the tests was built with."""
    monkeypatch.setenv("PASSPORT_PASSPORTS_KEY", PASSPORTS_KEY)


def test_two_builds_are_byte_identical(demo: Demo, tmp_path: Path) -> None:
    """From another folder, with another hash seed, time zone, language and user mask."""
    for name in ("site.yml", "badges", "content"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / name)
    environment = os.environ | {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONPATH": str(ROOT / "generator"),
    }
    done = passport("build", cwd=tmp_path, env=environment, umask=0o077)
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "public") == digest(demo.public)


def test_the_order_of_records_changes_nothing(site: Path, tmp_path: Path) -> None:
    assert passport("build", "--site", site).returncode == 0
    before = digest(site / "public")
    awards = next((site / "content" / "awards").rglob("*.yml"))
    head, *rows = awards.read_text("utf-8").split("\n  - ")
    assert len(rows) >= 2
    rows = [row.rstrip("\n") for row in rows]
    awards.write_text("\n  - ".join([head, *reversed(rows)]) + "\n", "utf-8")
    assert passport("build", "--site", site).returncode == 0
    assert digest(site / "public") == before


def test_a_build_needs_no_network(site: Path) -> None:
    probe = subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False, capture_output=True)
    if probe.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"unshare --net does not work here: {probe.stderr.decode()}")
        pytest.skip("unshare --net does not work here")
    demo = site.parent / "demo"
    demo.mkdir()
    for name in ("site.yml", "badges", "content"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, demo / name)
    done = subprocess.run(
        [
            "unshare",
            "--map-root-user",
            "--net",
            sys.executable,
            "-m",
            "badge_passport",
            "build",
            "--site",
            demo,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (demo / "public" / "index.html").is_file()


def test_a_failing_build_leaves_the_previous_site(site: Path) -> None:
    assert passport("build", "--site", site).returncode == 0
    before = digest(site / "public")
    (site / "site.yml").write_text("name: [", "utf-8")
    done = passport("build", "--site", site)
    assert done.returncode == 1
    assert "yaml-syntax" in done.stderr
    assert digest(site / "public") == before
    assert sorted(p.name for p in site.iterdir() if p.name.startswith(".public")) == []


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.2, 0.3])
def test_a_killed_build_leaves_the_previous_site(site: Path, tmp_path: Path, moment: float) -> None:
    public = tmp_path / "public"
    build = ["build", "--site", str(site), "--output", str(public)]
    assert passport(*build).returncode == 0
    before = digest(public)
    command = [sys.executable, "-m", "badge_passport", *build, "--clean"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / ".public.building").exists() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
    assert digest(public) == before, "the same input gives the same site, whether old or new"
    assert passport(*build).returncode == 0
    assert digest(public) == before
    assert not (tmp_path / ".public.building").exists()


def test_a_folder_that_is_no_output_is_never_touched(site: Path) -> None:
    mine = site / "public"
    mine.mkdir()
    (mine / "thesis.txt").write_text("three years of work")
    done = passport("build", "--site", site)
    assert done.returncode == 1
    assert "output-not-ours" in done.stderr
    assert (mine / "thesis.txt").read_text() == "three years of work"


@pytest.mark.parametrize("target", [".", "badges", "content/pages/out", "..", "themes/x"])
def test_the_source_is_never_the_target(site: Path, target: str) -> None:
    done = passport("build", "--site", site, "--output", site / target)
    assert done.returncode == 1
    assert "output-inside-source" in done.stderr
    assert (site / "site.yml").is_file()


def test_a_linked_target_is_refused(tmp_path: Path, site: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    refusal = refuse(tmp_path / "link", site)
    assert refusal is not None and refusal.code == "output-not-ours"


def test_outputs_with_one_path_are_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(OutputConflict), replacing(tmp_path / "public") as folder:
        write(folder, [("a", b"1"), ("a", b"2")])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_plainly(site: Path, tmp_path: Path) -> None:
    """A real file system of 64 kB, in a mount namespace of its own."""
    script = (
        "mount -t tmpfs -o size=64k tmpfs {there} && exec {python} -m badge_passport build --site {site} "
        "--output {there}/public"
    ).format(there=tmp_path / "small", python=sys.executable, site=site)
    (tmp_path / "small").mkdir()
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount" in done.stderr and "output-failed" not in done.stderr:
        if os.environ.get("CI"):
            pytest.fail(done.stderr)
        pytest.skip("tmpfs cannot be mounted here")
    assert done.returncode == 1
    assert "output-failed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_site_where_nothing_was_given_yet_is_built(make_site: MakeSite) -> None:
    """No award at all: no feed has news, no list has people with badges, nothing has happened."""
    site = make_site({"content/awards/harbour/spring.yml": "awards: []\n"})
    checked = check(site)
    assert checked.good, checked.diagnostics
    build(checked, site / "public")
    feed = json.loads((site / "public" / "badges" / "harbour" / "listener" / "feed.json").read_bytes())
    assert feed["items"] == [] and "&" not in json.dumps(feed)
    assert (site / "public" / "statistics" / "index.html").is_file()


def test_whatever_is_generated_is_reserved(demo: Demo) -> None:
    """A written page of the same name would be in its way."""
    folders = {path.name for path in demo.public.iterdir() if path.is_dir()}
    written = {page.path.split("/")[0] for page in demo.registry.pages}
    generated = folders - written - set(demo.registry.site.languages)
    assert len(generated) > 10
    assert generated <= rules.RESERVED
