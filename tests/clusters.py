"""A Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo import ROOT
from servers import free_port

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}


def dask(*arguments: str, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, env={**ENVIRONMENT, **environment})


def wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not re.search(words, log.read_text(encoding="utf-8", errors="replace")):
        assert process.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.05)


@contextmanager
def cluster(
    folder: Path, workers: int = 2, **environment: str
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler and its workers; all are gone afterwards."""
    address = f"tcp://127.0.0.1:{free_port()}"
    processes = [dask("scheduler", "--host", address, log=folder / "scheduler.log")]
    try:
        wait_for(folder / "scheduler.log", "Scheduler at", processes[0])
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            more = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder / "scratch"))
            processes.append(dask("worker", address, *more, log=log, **environment))
            wait_for(log, "Registered to", processes[-1])
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
