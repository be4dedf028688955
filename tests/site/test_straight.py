"""`passport build --to`: the workers of a real cluster write into a real object store."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from badge_passport.desk.publishing.headers import cache_control, content_type
from badge_passport.desk.publishing.notes import NOTES
from badge_passport.publish.manifest import digest_of_path, files_of
from clusters import cluster
from demo import ROOT
from publishing import dangling, environment, files, publish
from storeservers import S3_ENVIRONMENT, Trouble, make_bucket, moto, unreliable

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """A bucket, and a cluster whose workers may write to it."""

    server: str
    bucket: str
    scheduler: str
    workers: list[subprocess.Popen[bytes]]
    logs: Path

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/site"

    @property
    def store(self) -> S3Store:
        keys = {name.lower(): value for name, value in S3_ENVIRONMENT.items()}
        return S3Store(
            self.bucket,
            prefix="site",
            endpoint=self.server,
            config=keys,  # type: ignore[arg-type] (the library's type wants names, not a mapping of text)
            client_options={"allow_http": True},
        )

    def paths(self) -> list[str]:
        return [meta["path"] for page in self.store.list() for meta in page]

    def files(self) -> dict[str, bytes]:
        return {path: bytes(obstore.get(self.store, path).bytes()) for path in self.paths()}

    def command(self, site: Path, endpoint: str = "") -> list[str]:
        options = ["--engine", "dask", "--scheduler", self.scheduler, "--to", self.url]
        command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), *options]
        return [*command, "--endpoint", endpoint or self.server]

    def build(self, site: Path, endpoint: str = "", code: int = 0) -> str:
        process = subprocess.Popen(
            self.command(site, endpoint),
            env=environment({**S3_ENVIRONMENT, "PYTHONFAULTHANDLER": "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said = process.communicate(timeout=300)[0]
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # it says what each of its threads waits for
            logs = [path.read_text(errors="replace") for path in sorted(self.logs.glob("*.log"))]
            pytest.fail("\n".join(["the build waits", process.communicate()[0], *logs]))
        assert process.returncode == code, said
        return said


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    generate(folder, 104, 208, host="plain", signed=True)
    text = (folder / "site.yml").read_text(encoding="utf-8").replace("example.org/bench/", "example.org/")
    more = "output: {zip: false}\n"
    (folder / "site.yml").write_text(text + more, encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with moto() as server, cluster(tmp_path, 2, **S3_ENVIRONMENT) as (scheduler, workers):
        make_bucket(server)
        yield Place(server, "badges", scheduler, workers, tmp_path)


def built(site: Path, target: Path) -> dict[str, bytes]:
    """What a build into a folder makes."""
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), "--clean"]
    subprocess.run([*command, "--output", str(target)], env=environment(), check=True, capture_output=True)
    return files(target)


def more(site: Path, *people: int) -> None:
    """One more award for each of these people, and for nobody else."""
    awards = "".join(f"  - participant: person-{number:06d}\n" for number in people)
    text = f"badge: badge-0\nissuedOn: 2025-05-17\nawards:\n{awards}"
    (site / "content/awards/issuer-0/added.yml").write_text(text, encoding="utf-8")


def test_it_is_what_a_build_into_a_folder_makes_and_only_changes_are_sent(
    site: Path, place: Place, tmp_path: Path
) -> None:
    whole = built(site, tmp_path / "one")
    assert "files" in place.build(site)
    assert place.files() == whole
    for path in list(whole)[::50]:
        said = obstore.get(place.store, path).attributes
        assert said["Content-Type"] == content_type(path), path
        assert said["Cache-Control"] == cache_control(path), path
    assert "(0 new or changed)" in place.build(site)
    more(site, 1, 2)
    place.build(site)
    with_two = built(site, tmp_path / "two")
    assert place.files() == with_two
    more(site, 2)
    obstore.put(place.store, "CNAME", b"ours")
    said = place.build(site)
    assert place.files() == {**built(site, tmp_path / "three"), "CNAME": b"ours"}
    assert "removed" in said


def test_a_lost_worker_is_survived(site: Path, place: Place, tmp_path: Path) -> None:
    def kill() -> None:
        deadline = time.monotonic() + 120
        while not any(path.startswith("awards/") for path in place.paths()) and time.monotonic() < deadline:
            time.sleep(0.02)
        place.workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    place.build(site)
    killer.join()
    assert place.workers[0].wait() == -signal.SIGKILL
    assert place.files() == built(site, tmp_path / "one")


def test_whenever_it_is_killed_no_page_lacks_its_documents_and_nothing_is_left_over(
    site: Path, place: Place, tmp_path: Path
) -> None:
    """Killed while people's files are sent; then the site has other people, and somebody else builds it."""
    process = subprocess.Popen(
        place.command(site),
        env=environment(S3_ENVIRONMENT),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not any(path.startswith("passports/") for path in place.paths()):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    time.sleep(1)  # what workers have begun
    there = place.files()
    listed = json.loads(there["manifest.json"])["files"]
    assert not any(listed.values()), "the manifest vouches for nothing"
    assert any(path.startswith(NOTES) for path in there)
    assert dangling(there) == []
    fewer = tmp_path / "fewer"
    shutil.copytree(site, fewer)
    for file in (fewer / "content/awards").rglob("*.yml"):
        file.unlink()
    more(fewer, 3)
    place.build(fewer)
    assert place.files() == built(fewer, tmp_path / "one")


def test_publishing_cleans_up_after_a_build_that_was_killed(site: Path, place: Place, tmp_path: Path) -> None:
    whole = built(site, tmp_path / "one")
    coming = [digest_of_path("awards/GONE/index.html").hex()]
    obstore.put(place.store, "manifest.json", b'{"generator": "badge-passport", "files": {}}')
    obstore.put(place.store, "awards/GONE/index.html", b"half")
    note = json.dumps({"generator": "badge-passport", "coming": coming}).encode()
    obstore.put(place.store, f"{NOTES}x.json", note)
    options = ("--to", place.url, "--endpoint", place.server)
    done = publish(site, "--built", tmp_path / "one", *options, more=S3_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert place.files() == whole


def test_a_store_that_refuses_is_said_and_the_next_build_sends_the_rest(
    site: Path, place: Place, tmp_path: Path
) -> None:
    def fault(_: int, method: str, path: str) -> tuple[int, str] | None:
        refused = method == "PUT" and "person-00010" in path and path.endswith("index.html")
        return (403, "<Error><Code>AccessDenied</Code></Error>") if refused else None

    with unreliable(place.server, Trouble(fault)) as endpoint:
        said = place.build(site, endpoint, code=1)
    assert "error[store-" in said or "error[publish-" in said
    there = place.files()
    sure = files_of(there["manifest.json"], there.get)
    assert sure and any(sure.values()) and not all(sure.values())
    said = place.build(site)
    assert place.files() == built(site, tmp_path / "one")
    sent = int(said.split("(")[1].split(" new")[0])
    assert 0 < sent < len(place.paths()) - 100, "shared files had arrived"


def test_what_is_somebody_elses_is_refused(site: Path, place: Place) -> None:
    obstore.put(place.store, "notes.txt", b"mine")
    assert "error[publish-not-ours]" in place.build(site, code=1)
    assert place.files() == {"notes.txt": b"mine"}


@pytest.mark.parametrize(
    "options",
    [
        ["--to", "s3://badges/site"],
        ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--to", "folder"],
        ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--to", "s3://b/p", "--output", "public"],
        ["--endpoint", "https://example.org"],
    ],
)
def test_it_goes_with_a_cluster_and_a_store(site: Path, options: list[str]) -> None:
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), *options]
    assert subprocess.run(command, env=environment(), capture_output=True, check=False).returncode == 2
