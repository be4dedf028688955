"""Runs a command, and says what it cost with all the processes it started."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.1  # seconds between looks at the memory


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds (user and system, of all processes), and MB of memory at the most at one time."""

    wall: float
    cpu: float
    memory: float


def run(
    command: Sequence[str | Path],
    folder: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    core: int | None = None,
) -> Cost:
    """Run to the end; on one ``core`` if it is given.

    Memory is the sum over the process tree of what is proportionally theirs (PSS), so that pages that
    workers share are counted once. Linux only.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """

    def pin() -> None:
        if core is not None:
            os.sched_setaffinity(0, {core})

    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=pin,
    )
    said: list[bytes] = []
    assert process.stdout is not None
    reading = threading.Thread(target=lambda out: said.append(out.read()), args=[process.stdout])
    reading.start()
    peak = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            peak[0] = max(peak[0], sum(map(_memory, _tree(process.pid))))

    watching = threading.Thread(target=watch)
    watching.start()
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    watching.join()
    reading.join()
    process.stdout.close()
    if process.returncode != 0:
        text = b"".join(said).decode("utf-8", "replace")
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{text[-4000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(peak[0], _least(usage.ru_maxrss)))


def _least(kilobytes: int) -> float:
    """What the largest single process had: the whole is at least that, however short it lived."""
    return kilobytes / 1024


def _tree(pid: int) -> list[int]:
    """A process and all it started."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:  # it ended meanwhile
                continue
    return found


def _memory(pid: int) -> float:
    """MB of a process; 0 for one that ended meanwhile."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in text.splitlines() if line.startswith("Pss:"))
    return sum(int(line[1]) for line in lines) / 1024
