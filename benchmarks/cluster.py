"""Two Dask workers against one, on the same site: `make bench`.

    python benchmarks/cluster.py [--awards 30000]

A real scheduler and workers are processes of their own on this machine, one thread each. What every build
pays whatever its size (starting, reading and checking, preparing, putting in place) is measured by a build
of processes on this machine that finds nothing to make, and taken away from both.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peers import sites
from peers.processes import run


@contextmanager
def workers(folder: Path, number: int) -> Iterator[str]:
    """The address of a scheduler with so many workers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
    started: list[subprocess.Popen[bytes]] = []

    def start(log: str, ready: str, *arguments: str) -> None:
        path = folder / log
        with path.open("wb") as out:
            command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
            started.append(subprocess.Popen(command, stdout=out, stderr=out))
        until = time.monotonic() + 60
        while not re.search(ready, path.read_text(errors="replace")):
            if time.monotonic() > until or started[-1].poll() is not None:
                raise RuntimeError(path.read_text(errors="replace"))
            time.sleep(0.05)

    try:
        start("scheduler.log", "Scheduler at", "scheduler", "--host", address)
        for one_of in range(number):
            scratch = ("--local-directory", str(folder / "scratch"))
            start(
                f"{one_of}.log", "Registered to", "worker", address, "--nthreads", "1", "--no-nanny", *scratch
            )
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Two Dask workers against one.")
    parser.add_argument("--awards", type=int, default=30_000)
    parser.add_argument("--work", type=Path, help="where sites are kept from run to run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        work = options.work or Path(temporary)
        of = sites.site(work, options.awards // 3, options.awards, "output: {baked: [], zip: false}\n")
        out = sites.room(work, options.awards, 80_000)  # without baked pictures
        build = [*sites.PASSPORT, "build", "--site", of.folder, "--output", out / "public"]
        wall = {}
        for number in (1, 2):
            sites.forget(of, out / "public")
            with workers(Path(temporary), number) as address:
                wall[number] = run([*build, "--engine", "dask", "--scheduler", address]).wall
        # A text is another one, so that it cannot be told at a glance that nothing is to do.
        page = of.folder / "content/pages/index.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(f"{text}\n{os.getpid()}\n", encoding="utf-8")
        start = run([*build, "--jobs", "1"]).wall
        page.write_text(text, encoding="utf-8")
        shutil.rmtree(out)
    ratio = (wall[1] - start) / max(0.01, wall[2] - start)
    said = f"one worker {wall[1]:.1f} s, two {wall[2]:.1f} s"
    print(f"{options.awards} awards: {said}, what is paid once {start:.1f} s")
    print(f"bar two-workers-vs-one {ratio:.2f} 1.7 {'ok' if ratio >= 1.7 else 'short'}")


if __name__ == "__main__":
    main()
