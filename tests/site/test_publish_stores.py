"""`passport publish` to object stores: real servers in processes of their own, and one that fails."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import from_url

from badge_passport.desk.publishing.changed import name_of
from badge_passport.desk.publishing.headers import cache_control, content_type
from publishing import Builds, builds, dangling, environment, files, killed, publish, published
from storeservers import (
    AZURE_ENVIRONMENT,
    AZURE_KEY,
    BUCKET,
    S3_ENVIRONMENT,
    Trouble,
    azurite,
    make_bucket,
    moto,
    unreliable,
)

__all__ = ["builds"]

# The interfaces of Google and of Amazon are near enough that one server answers both; any token will do.
GOOGLE_ENVIRONMENT = {"GOOGLE_BEARER_TOKEN": "token"}


@dataclass
class Place:
    """A bucket at a server of stores, empty at first, with what is needed to speak to it."""

    url: str
    endpoint: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        return ("--to", self.url, "--endpoint", self.endpoint)

    def store(self, url: str = "") -> Any:
        key = "base_url" if self.url.startswith("gs:") else "endpoint"
        keys = {
            name.lower(): value
            for name, value in self.environment.items()
            if name.startswith(("AWS_", "AZURE_", "GOOGLE_"))
        }
        options: Any = {key: self.endpoint, "client_options": {"allow_http": True}, "config": keys}
        return from_url(url or self.url, **options)

    def files(self) -> dict[str, bytes]:
        store = self.store()
        paths = [meta["path"] for page in store.list() for meta in page]
        return {path: bytes(obstore.get(store, path).bytes()) for path in paths}

    def put(self, path: str, data: bytes) -> None:
        obstore.put(self.store(), path, data)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    with moto() as address:
        yield address


@pytest.fixture
def s3(s3_server: str, request: pytest.FixtureRequest) -> Place:
    bucket = f"badges{zlib.crc32(request.node.name.encode())}"
    make_bucket(s3_server, bucket)
    return Place(f"s3://{bucket}/site", s3_server, S3_ENVIRONMENT)


@pytest.fixture(scope="module")
def azure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with azurite(tmp_path_factory.mktemp("azurite")) as endpoint:
        yield endpoint


@pytest.fixture(params=["s3", "az", "gs"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    prefix = tmp_path.name
    if request.param == "az":
        server = request.getfixturevalue("azure_server")
        return Place(f"az://{BUCKET}/{prefix}", server, AZURE_ENVIRONMENT)
    s3: Place = request.getfixturevalue("s3")
    if request.param == "s3":
        return s3
    return Place(s3.url.replace("s3:", "gs:"), s3.endpoint, GOOGLE_ENVIRONMENT)


def test_a_store_becomes_the_build_and_only_changes_are_sent(
    builds: Builds, tmp_path: Path, place: Place
) -> None:
    old, new = files(builds.first), files(builds.second)
    said = published(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    assert said.startswith(f"{len(old) - 1} files sent")
    assert place.files() == old
    again = published(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    assert again.startswith("nothing changed")
    place.put("CNAME", b"ours")
    said = published(tmp_path, "--built", builds.second, *place.options, more=place.environment)
    assert place.files() == {**new, "CNAME": b"ours"}
    changed = sum(old.get(path) != data for path, data in new.items() if path != "manifest.json")
    assert said.startswith(f"{changed} files sent")
    assert f" {len(old.keys() - new.keys())} deleted" in said
    assert list(tmp_path.glob(".passport/*.journal")) == []


def test_every_object_has_its_type_and_time(builds: Builds, tmp_path: Path, place: Place) -> None:
    published(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    store = place.store()
    for path in files(builds.first):
        said = obstore.get(store, path).attributes
        assert said["Content-Type"] == content_type(path), path
        assert said["Cache-Control"] == cache_control(path), path


def test_a_bucket_of_somebody_else_is_refused(builds: Builds, tmp_path: Path, place: Place) -> None:
    place.put("photos/me.jpg", b"x")
    done = publish(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    assert done.returncode == 1
    assert "error[publish-not-ours]" in done.stderr
    assert place.files() == {"photos/me.jpg": b"x"}


def test_a_large_file_is_sent_in_parts_and_verified(builds: Builds, tmp_path: Path, place: Place) -> None:
    """It has no tag that tells its digest: it is read again, and not sent twice."""
    built, big = tmp_path / "public", random.Random(1).randbytes(11 * 2**20)
    shutil.copytree(builds.first, built)
    (built / "big.pdf").write_bytes(big)
    manifest = json.loads((built / "manifest.json").read_bytes())
    manifest["files"][name_of("big.pdf")] = hashlib.sha256(big).hexdigest()
    (built / "manifest.json").write_text(json.dumps(manifest))
    published(tmp_path, "--built", built, *place.options, more=place.environment)
    assert place.files()["big.pdf"] == big
    assert "nothing changed" in published(tmp_path, "--built", built, *place.options, more=place.environment)


def test_what_arrived_is_not_sent_again(builds: Builds, tmp_path: Path, place: Place) -> None:
    """A proxy breaks the connection for good after some files; then it lets everything through."""
    trouble = Trouble(lambda number, *_: "cut" if number > 60 else None)
    with unreliable(place.endpoint, trouble) as proxy:
        path = place.endpoint.partition("//")[2].partition("/")[1:]
        options = (*place.options[:3], proxy + "".join(path))
        done = publish(tmp_path, "--built", builds.first, *options, "--patience", 1, more=place.environment)
        assert done.returncode == 1
        assert "gives no answer, or the connection breaks" in done.stderr
        before = set(place.files())
        assert 10 < len(before) < len(files(builds.first))
        trouble.fault, trouble.asked = (lambda *_: None), []
        published(tmp_path, "--built", builds.first, *options, more=place.environment)
    assert place.files() == files(builds.first)
    sent = {path.partition("?")[0] for method, path in trouble.asked if method == "PUT"}
    again = {path for path in before if any(url.endswith("/" + path) for url in sent)}
    # In doubt are only files whose answer was cut off, where the tag tells nothing about the bytes.
    assert len(again - {"manifest.json"}) <= (16 if place.url.startswith("az") else 0)
    assert list(tmp_path.glob(".passport/*.journal")) == []


def settled(place: Place) -> dict[str, bytes]:
    """What is there once the server has done all that a killed client had asked for."""
    seen: dict[str, bytes] | None = None
    for _ in range(100):
        time.sleep(0.1)
        try:
            now = place.files()
        except FileNotFoundError:  # it went between the list and the look
            continue
        if now == seen:
            return now
        seen = now
    raise AssertionError("the server goes on by itself")


def test_killed_at_any_moment_no_page_lacks_its_documents(builds: Builds, tmp_path: Path, s3: Place) -> None:
    """Fifteen kills, each after so many requests; in each round another build may be on its way."""
    chance, trouble, mixtures, broken = random.Random(20260102), Trouble(), set(), 0
    with unreliable(s3.endpoint, trouble) as proxy:
        options = ("--to", s3.url, "--endpoint", proxy)
        for _ in range(300):
            if chance.random() < 0.2:
                for path in s3.files():
                    obstore.delete(s3.store(), path)
            target, number = chance.choice([builds.first, builds.second]), chance.randint(2, 170)
            trouble.asked = []
            broken += killed(
                tmp_path,
                *("--built", target, *options),
                begun=lambda after=number: len(trouble.asked) >= after,
                wait=chance.uniform(0, 0.01),
                more=s3.environment,
            )
            there = settled(s3)
            assert dangling(there) == []
            mixtures.add(frozenset(there.items()))
            if broken == 15:
                break
    assert broken == 15
    assert len(mixtures) > 6
    published(tmp_path, "--built", builds.second, *s3.options, more=s3.environment)
    assert s3.files() == files(builds.second)


# --- Servers that fail ------------------------------------------------------------------------------------


def test_a_server_that_is_overloaded_for_a_while_is_asked_again(
    builds: Builds, tmp_path: Path, s3: Place
) -> None:
    """503 for the first answers, then cut connections and slow answers now and then."""

    def fault(number: int, *_: str) -> tuple[int, str] | str | float | None:
        if number < 8:
            return 503, "<Error><Code>SlowDown</Code></Error>"
        return {0: "cut", 1: 0.2, 2: (500, "")}.get(number % 11)

    trouble = Trouble(fault)
    with unreliable(s3.endpoint, trouble) as proxy:
        published(tmp_path, "--built", builds.first, "--to", s3.url, "--endpoint", proxy, more=s3.environment)
    assert s3.files() == files(builds.first)
    assert len(trouble.asked) > len(files(builds.first)) + 8


SKEWED = (
    "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the "
    "current time is too large.</Message></Error>"
)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((503, "<Error><Code>SlowDown</Code></Error>"), "is overloaded or broken: it answered 503"),
        ((403, "<Error><Code>AccessDenied</Code></Error>"), "refuses what these credentials ask for"),
        ((403, SKEWED), "the clock of this machine is wrong"),
        ((403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"), "does not know these credentials"),
        ((301, "<Error><Code>PermanentRedirect</Code></Error>"), "is in another region"),
        ((400, "<Error><Code>Unheard</Code></Error>"), "answered 400 (Unheard)"),
        ("cut", "gives no answer, or the connection breaks"),
        (30.0, "gives no answer, or the connection breaks"),
    ],
)
@pytest.mark.parametrize("after", [0, 25])
def test_a_server_that_refuses_is_explained(
    builds: Builds, tmp_path: Path, s3: Place, fault: Any, said: str, after: int
) -> None:
    """At once, or in the middle: then nothing is lost, and no page lacks its documents."""
    trouble = Trouble(lambda number, *_: fault if number >= after else None)
    with unreliable(s3.endpoint, trouble) as proxy:
        options = ("--to", s3.url, "--endpoint", proxy, "--patience", 1)
        done = publish(tmp_path, "--built", builds.first, *options, more=s3.environment)
    assert done.returncode == 1
    assert done.stderr.count("error[publish-failed]") == 1
    assert said in done.stderr
    assert "Debug source" not in done.stderr
    assert dangling(s3.files()) == []
    published(tmp_path, "--built", builds.first, *s3.options, more=s3.environment)
    assert s3.files() == files(builds.first)


def test_bytes_that_change_on_the_way_are_found(builds: Builds, tmp_path: Path, s3: Place) -> None:
    """A server that keeps something else than it was sent, and says so by its tag."""

    def fault(number: int, method: str, path: str) -> tuple[int, str] | None:
        return (200, "") if method == "PUT" and path.endswith("index.html") else None

    with unreliable(s3.endpoint, Trouble(fault)) as proxy:
        options = ("--to", s3.url, "--endpoint", proxy, "--patience", 1)
        done = publish(tmp_path, "--built", builds.first, *options, more=s3.environment)
    assert done.returncode == 1
    assert "[publish-failed]" in done.stderr
    assert not any(path.endswith("index.html") for path in s3.files())


def test_a_bucket_that_is_missing_is_said(builds: Builds, tmp_path: Path, place: Place) -> None:
    scheme = place.url.split(":")[0]
    options = ("--to", f"{scheme}://nowhere/site", "--endpoint", place.endpoint, "--patience", 1)
    done = publish(tmp_path, "--built", builds.first, *options, more=place.environment)
    assert done.returncode == 1
    assert "there is no bucket “nowhere” at this store" in done.stderr


@pytest.mark.parametrize("url", ["s3://b/x", "gs://b/x", "az://b/x"])
def test_missing_credentials_are_said_at_once(builds: Builds, tmp_path: Path, url: str) -> None:
    started = time.monotonic()
    done = publish(tmp_path, "--built", builds.first, "--to", url, more={"HOME": str(tmp_path)})
    assert done.returncode == 1
    assert "error[store-unusable]" in done.stderr
    assert "credentials for" in done.stderr
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("s3://b/x", {"AWS_ACCESS_KEY_ID": "key"}, "(missing SecretAccessKey)"),
        ("s3://b/x", {**S3_ENVIRONMENT, "AWS_SKIP_SIGNATURE": "perhaps"}, "cannot be used"),
        ("s3://b/x", {**S3_ENVIRONMENT, "AWS_ENDPOINT": "s3.example.org"}, "is no address of a server"),
        ("gs://b/x", {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere"}, "(unable to open service account file)"),
        ("gs://b/x", {"GOOGLE_SERVICE_ACCOUNT_KEY": '{"secret-word": 1}'}, "cannot be used"),
        (
            "az://b/x",
            {**AZURE_ENVIRONMENT, "AZURE_STORAGE_ACCOUNT_KEY": "secret-word"},
            "(invalid Access Key)",
        ),
        ("az://b/x", {"AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}, "the name of the storage account is missing"),
    ],
)
def test_variables_that_cannot_be_used_are_said_and_not_shown(
    builds: Builds, tmp_path: Path, url: str, more: dict[str, str], said: str
) -> None:
    done = publish(tmp_path, "--built", builds.first, "--to", url, more=more)
    assert done.returncode == 1
    assert "error[store-unusable]" in done.stderr
    assert said in done.stderr
    assert "secret-word" not in done.stderr


def test_without_the_extra_the_command_says_what_to_install(builds: Builds, tmp_path: Path) -> None:
    (tmp_path / "obstore.py").write_text("raise ImportError\n")
    path = f"{tmp_path}{os.pathsep}{environment()['PYTHONPATH']}"
    more = {**S3_ENVIRONMENT, "PYTHONPATH": path}
    done = publish(tmp_path, "--built", builds.first, "--to", "s3://b", more=more)
    assert done.returncode == 1
    assert 'pip install "badge-passport[stores]"' in done.stderr
    published(tmp_path, "--built", builds.first, "--to", tmp_path / "live", more=more)


def test_another_machine_takes_nothing_for_granted(builds: Builds, tmp_path: Path, s3: Place) -> None:
    """The second build is broken off; on a machine without its journal the first one is published again."""
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir(), second.mkdir()
    published(first, "--built", builds.first, *s3.options, more=s3.environment)
    trouble = Trouble(lambda number, *_: (403, "") if number > 12 else None)
    with unreliable(s3.endpoint, trouble) as proxy:
        options = ("--to", s3.url, "--endpoint", proxy, "--patience", 1)
        assert publish(first, "--built", builds.second, *options, more=s3.environment).returncode == 1
    between = s3.files()
    assert between != files(builds.first)
    published(second, "--built", builds.first, *s3.options, more=s3.environment)
    assert s3.files() == files(builds.first)


def test_an_object_that_vanished_is_sent_again(builds: Builds, tmp_path: Path, place: Place) -> None:
    published(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    obstore.delete(place.store(), "register.json")
    said = published(tmp_path, "--built", builds.first, *place.options, more=place.environment)
    assert said.startswith("1 file sent")
    assert place.files() == files(builds.first)
