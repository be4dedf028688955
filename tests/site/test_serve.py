"""`passport serve` as a real process: pages that reload, rebuilds on change, errors that do not end it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import ROOT
from key_fixtures import sign_with


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        text: str = answer.read().decode("utf-8")
        return text


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "sites" / "minimal", tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def served(site: Path) -> Iterator[tuple[str, Path, subprocess.Popen[str]]]:
    command = [sys.executable, "-u", "-m", "badge_passport", "serve", "--site", str(site), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        address = None
        while address is None:
            line = process.stdout.readline()
            assert line, "the server ended"
            address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        yield address.group(), site, process
        process.terminate()


def test_a_change_is_served_and_readers_are_told(served: tuple[str, Path, subprocess.Popen[str]]) -> None:
    origin, site, process = served
    page = fetch(origin + "badges/")
    assert "/__passport/version" in page
    version = fetch(origin + "__passport/version")
    badge = next(
        p
        for p in sorted(site.glob("badges/*/*.yml"))
        if p.name != "issuer.yml" and "frameworks" not in p.parts
    )
    text = badge.read_text("utf-8")
    name = re.search(r"(?m)^name: .*$", text)
    assert name is not None
    started = time.monotonic()
    badge.write_text(text.replace(name.group(), "name: Seen at once"), "utf-8")
    after = fetch(origin + "__passport/version?" + version)
    assert after != version
    assert time.monotonic() - started < 60
    assert "Seen at once" in fetch(origin + "badges/")

    badge.write_text("name: [", "utf-8")  # a mistake: the last good site stays
    assert process.stdout is not None
    while "yaml-syntax" not in process.stdout.readline():
        assert process.poll() is None
    assert "Seen at once" in fetch(origin + "badges/")

    badge.write_text(text.replace(name.group(), "name: Mended"), "utf-8")
    deadline = time.monotonic() + 60
    while "Mended" not in fetch(origin + "badges/"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert not (site / "public").exists(), "serving writes nothing into the site"


def test_a_taken_port_is_said_plainly(served: tuple[str, Path, subprocess.Popen[str]]) -> None:
    origin, site, _ = served
    port = origin.rstrip("/").rsplit(":", 1)[1]
    command = [sys.executable, "-m", "badge_passport", "serve", "--site", str(site), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "cannot listen" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_what_cannot_be_a_port_is_wrong_usage(site: Path, port: str) -> None:
    command = [sys.executable, "-m", "badge_passport", "serve", "--site", str(site), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "Invalid value for '--port'" in done.stderr


@pytest.fixture
def without_its_key(site: Path) -> Path:
    sign_with(site, "harbour", 1, None)
    return site


def test_without_the_key_a_marked_preview_is_served(
    without_its_key: Path, served: tuple[str, Path, subprocess.Popen[str]]
) -> None:
    """Who only writes texts has no key, and must see them all the same."""
    origin, _, _ = served
    assert "Preview: nothing on these pages" in fetch(origin + "badges/")
