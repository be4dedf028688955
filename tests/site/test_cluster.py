"""A Dask cluster: a real scheduler and workers as processes of their own, one of which is killed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from badge_passport.publish.cluster import Cluster, ClusterError
from clusters import ENVIRONMENT, cluster
from demo import ROOT
from servers import free_port

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed site of some units."""
    folder = tmp_path_factory.mktemp("cluster") / "site"
    generate(folder, 420, 840, host="plain", signed=True)
    return folder


def build(site: Path, target: Path, *more: str, code: int = 0, clean: bool = True) -> str:
    command = [
        *(sys.executable, "-m", "badge_passport", "build", "--site", str(site)),
        "--output",
        str(target),
    ]
    done = subprocess.run(
        [*command, *(["--clean"] if clean else []), *more],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
        timeout=300,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


@pytest.mark.slow
def test_many_machines_make_the_same_bytes_and_lost_ones_are_survived(site: Path, tmp_path: Path) -> None:
    build(site, tmp_path / "one", "--jobs", "1")
    build(site, tmp_path / "two", "--jobs", "2")
    alone = digests(tmp_path / "one")
    assert digests(tmp_path / "two") == alone
    with cluster(tmp_path) as (address, workers):
        build(site, tmp_path / "dask", "--engine", "dask", "--scheduler", address)
        assert digests(tmp_path / "dask") == alone

        def kill() -> None:
            """As soon as files are written, one of those who write is gone."""
            deadline = time.monotonic() + 120
            while not any((tmp_path / ".lost.building").glob("awards/*")) and time.monotonic() < deadline:
                time.sleep(0.01)
            workers[0].send_signal(signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        build(site, tmp_path / "lost", "--engine", "dask", "--scheduler", address)
        killer.join()
        assert workers[0].wait() == -signal.SIGKILL
        assert digests(tmp_path / "lost") == alone


@pytest.mark.slow
def test_what_is_remembered_holds_for_other_machines(site: Path, tmp_path: Path) -> None:
    """One change, then one that makes everybody's pages anew, of whom most were not read again."""
    copy = shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns(".passport"))
    for path in copy.rglob("*"):  # as nobody edits them
        os.utime(path, (1_600_000_000, 1_600_000_000))
    template = copy / "themes/passport/templates/offline.html"
    more = "badge: badge-0\nparticipant: person-000001\nissuedOn: 2025-05-17\n"
    with cluster(tmp_path) as (address, _):
        dask = ("--engine", "dask", "--scheduler", address)
        build(copy, tmp_path / "dask", *dask, clean=False)
        (copy / "content/awards/issuer-0/more.yml").write_text(more, encoding="utf-8")
        build(copy, tmp_path / "dask", *dask, clean=False)
        template.parent.mkdir(parents=True)
        template.write_text("<h1>Away</h1>\n", encoding="utf-8")
        build(copy, tmp_path / "dask", *dask, clean=False)
    build(copy, tmp_path / "alone")
    assert digests(tmp_path / "dask") == digests(tmp_path / "alone")


@pytest.mark.slow
def test_keys_do_not_travel(site: Path, tmp_path: Path) -> None:
    """A worker that has no keys where this machine has them cannot sign, and that is said."""
    keys = tmp_path / "keys"
    (site / "private/keys").rename(keys)
    try:
        with cluster(tmp_path, 1) as (address, _):
            names = {
                f"PASSPORT_KEY_{file.stem.upper().replace('-', '_')}": file.read_text(encoding="ascii")
                for file in keys.glob("*.pem")
            }
            command = [*(sys.executable, "-m", "badge_passport", "build", "--site", str(site), "--clean")]
            done = subprocess.run(
                [*command, "--output", str(tmp_path / "p"), "--engine", "dask", "--scheduler", address],
                capture_output=True,
                text=True,
                check=False,
                env={**ENVIRONMENT, **names},
            )
            assert done.returncode == 1
            assert "cluster-unusable" in done.stderr and "has not the keys" in done.stderr
            assert not (tmp_path / "p").exists()
        with cluster(tmp_path, 1, **names) as (address, _):
            done = subprocess.run(
                [*command, "--output", str(tmp_path / "p"), "--engine", "dask", "--scheduler", address],
                capture_output=True,
                text=True,
                check=False,
                env={**ENVIRONMENT, **names},
            )
            assert done.returncode == 0, done.stderr
            assert "every issuer signs" in done.stdout
    finally:
        keys.rename(site / "private/keys")


def test_a_cluster_without_workers_or_with_others_is_refused(tmp_path: Path) -> None:
    with cluster(tmp_path, 0) as (address, _), pytest.raises(ClusterError, match="no workers"):
        Cluster(address)
    changed = tmp_path / "changed"
    (changed / "badge_passport").mkdir(parents=True)
    (changed / "badge_passport/__init__.py").touch()
    with (
        cluster(tmp_path, 1, PYTHONPATH=str(changed)) as (address, _),
        pytest.raises(ClusterError, match="cannot run Badge Passport"),
    ):
        Cluster(address)


def test_nobody_answers() -> None:
    with pytest.raises(ClusterError, match="no scheduler answers"):
        Cluster(f"tcp://127.0.0.1:{free_port()}", patience=1)
    with pytest.raises(ClusterError, match="no address"):
        Cluster("badges.example.org")
