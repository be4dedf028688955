"""The demo site, built once by the real command, for every test that looks at the output."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from badge_passport.pipeline import check
from badge_passport.registry import Registry

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Demo:
    """A built site: its folder, the URL it is meant for, and the registry it was built from."""

    public: Path
    base: str
    registry: Registry

    def json(self, path: str) -> Any:
        return json.loads((self.public / path).read_bytes())

    def files(self, pattern: str = "*") -> list[Path]:
        return sorted(p for p in self.public.rglob(pattern) if p.is_file())

    def path_of(self, url: str) -> Path:
        """The file behind a URL of the site."""
        assert url.startswith(self.base), url
        path = url[len(self.base) :].partition("#")[0]
        return self.public / (path + "index.html" if path == "" or path.endswith("/") else path)


def build_site(site: Path, public: Path) -> None:
    """Build with the command line, as a promoter does."""
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), "--output", str(public)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One build for all workers: whoever comes first makes it, the others wait."""
    shared = tmp_path_factory.getbasetemp()
    if "popen-gw" in shared.name:  # a worker of xdist: the parent folder is common to all
        shared = shared.parent
    public = shared / "demo-public"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not public.exists():
            build_site(ROOT, public)
    checked = check(ROOT)
    assert checked.registry is not None
    return Demo(public, checked.registry.site.url, checked.registry)
