"""Who does the work: this process, or several on this machine. They give the same results, in any order."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from badge_passport.source import collecting

TASKS: Final = 50
"""Tasks after which a process gives way to another: what it looks at is copied, as Python counts who does."""
_PDEATHSIG: Final = 1  # of Linux' prctl: the signal that a process gets when its parent ends
T = TypeVar("T")
R = TypeVar("R")

_work: list[Callable[[Any], Any]] = []  # of the pool whose processes are being started


class WorkerLost(Exception):
    """A process died: the system stopped it (for want of memory, mostly)."""


class Engine(Protocol):
    """Does work; ``again`` if whoever does a task may be lost, so that another does it once more."""

    @property
    def again(self) -> bool:
        """Whether it may do a task twice."""
        ...

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """What ``work`` makes of every task, in the order in which they are done.

        Tasks are asked for as they are needed where they have far to go.

        Raises:
            WorkerLost: a process died, and could not be replaced.
            Exception: whatever ``work`` raises; tasks that did not begin are dropped.
        """
        ...


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes on this machine; with one, this process does everything itself.

    They are copies of this one, so that work may use all that is there; what it makes must be picklable.
    Where processes cannot be copied (not on Linux or other Unix), this one does everything.
    """

    jobs: int = 1

    @property
    def again(self) -> bool:
        """A lost process ends the build."""
        return False

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """See `Engine`."""
        tasks = list(tasks)
        if self.jobs < 2 or len(tasks) < 2 or "fork" not in multiprocessing.get_all_start_methods():
            for task in tasks:
                yield task, work(task)
            return
        at_once = self.jobs * TASKS
        for start in range(0, len(tasks), at_once):
            yield from self._round(work, tasks[start : start + at_once])

    def _round(self, work: Callable[[T], R], tasks: list[T]) -> Iterator[tuple[T, R]]:
        """The same by processes that begin now."""
        _work.append(work)  # a copied process finds it here: it could not be handed over
        context = multiprocessing.get_context("fork")
        with collecting.frozen():  # nobody looks at what is shared, or it would be copied
            pool = ProcessPoolExecutor(min(self.jobs, len(tasks)), context, _end_with, (os.getpid(),))
            try:
                running = {pool.submit(_do, task): task for task in tasks}
                for done in as_completed(running):
                    yield running.pop(done), done.result()
            except BrokenProcessPool:
                raise WorkerLost from None
            finally:
                pool.shutdown(cancel_futures=True)
                _work.remove(work)


def _end_with(parent: int) -> None:
    """Make this process end when its parent does, however that happens: nobody would read what it makes.

    Ctrl-C reaches all processes of a terminal. What becomes of it is said once, by the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _do(task: Any) -> Any:
    return _work[-1](task)
