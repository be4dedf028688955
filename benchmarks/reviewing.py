"""What checking a change costs on a large site: `python benchmarks/reviewing.py [AWARDS]`.

A cohort of 30 is awarded on a site of 100,000 awards in git. Checking that change is measured side by side
with a fresh clone of the same repository, which is what a build server does first.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import generate

ROUNDS = 3


def main() -> None:
    """Measure, and say the ratio."""
    awards = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        generate(site, awards // 3, awards)
        _git(site, "init", "-q", "-b", "main")
        _git(site, "config", "gc.auto", "0")
        _git(site, "add", "-A")
        _git(site, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x")
        _git(site, "gc", "-q")
        people = [n * (awards // 3) // 30 for n in range(30)]
        cohort = "".join(f"  - participant: person-{n:06d}\n" for n in sorted(set(people)))
        text = f"badge: badge-1\nissuedOn: 2026-05-01\nawards:\n{cohort}"
        (site / "content/awards/issuer-0/new.yml").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "badge_passport", "check", "--since", "HEAD"]
        clones = iter(range(ROUNDS))
        check = _median(lambda: _run(command, site))
        clone = _median(lambda: _git(Path(folder), "clone", "-q", site.as_uri(), f"clone-{next(clones)}"))
    print(f"check --since on {awards:,} awards: {check:.2f} s; git clone: {clone:.2f} s")
    print(f"bar since-faster-than-clone {check / clone:.2f} 1.00 {'ok' if check < clone else 'short'}")


def _median(work: Callable[[], None]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _git(folder: Path, *arguments: str) -> None:
    _run(["git", *arguments], folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
