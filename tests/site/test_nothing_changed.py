"""Where nothing has changed, commands say so at once; where anything may have, they look."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from edits import settle
from minimal import MakeSite


def passport(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "badge_passport", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_changed_is_said_without_a_build(make_site: MakeSite) -> None:
    site = make_site()
    settle(site)
    first = passport("build", "--site", site)
    assert "nothing has changed" not in first
    again = passport("build", "--site", site)
    assert again.startswith("nothing has changed")
    assert first.splitlines()[-1] == again.splitlines()[-1]
    file = site / "content/participants/amira.yml"
    file.write_text(file.read_text(encoding="utf-8") + "bio: New.\n", encoding="utf-8")
    assert "new or changed" in passport("build", "--site", site)
    (site / "public/manifest.json").unlink()
    shutil.rmtree(site / "public")
    assert "nothing has changed" not in passport("build", "--site", site)
    assert "nothing has changed" not in passport("build", "--site", site, "--clean")


def test_what_was_built_is_remembered_though_nobody_listens(make_site: MakeSite) -> None:
    """`passport build | head -1`: the other end of the pipe is closed before everything is said."""
    site = make_site()
    settle(site)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site)]
    try:
        subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write)
    assert passport("build", "--site", site).startswith("nothing has changed")


def test_json_is_one_document_when_nothing_has_changed(make_site: MakeSite) -> None:
    site = make_site()
    settle(site)
    for command in ("build", "check"):
        for _ in range(2):
            assert json.loads(passport(command, "--site", site, "--format", "json")) == []


def test_a_file_that_was_just_written_is_not_trusted(make_site: MakeSite) -> None:
    """Its time may be that of the next edit, too."""
    site = make_site()
    settle(site)
    (site / "site.yml").touch()
    passport("build", "--site", site)
    assert "nothing has changed" not in passport("build", "--site", site)
    future = time.time() + 86_400
    os.utime(site / "site.yml", (future, future))
    passport("check", "--site", site)
    assert not (site / ".passport/cache/checked.json").exists()


def test_a_check_is_remembered_as_long_as_it_holds(make_site: MakeSite) -> None:
    site = make_site()
    settle(site)
    said = passport("check", "--site", site)
    kept = json.loads((site / ".passport/cache/checked.json").read_bytes())
    assert kept["facts"]["said"] in said
    assert passport("check", "--site", site) == said
    (site / "content/participants/amira.yml").write_text("name: [", encoding="utf-8")
    command = [sys.executable, "-m", "badge_passport", "check", "--site", str(site)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
