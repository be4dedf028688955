"""Many machines: units are made by the workers of a Dask cluster, and by others if some are lost.

A worker gets the plan once and keeps it, and with each unit the people whom it is of. It writes into the
output folder itself, so that folder is one that all machines see. Private keys do not travel: each worker
finds them as this machine did.
"""

from __future__ import annotations

import importlib
import logging
import pickle
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from badge_passport.publish.engines import WorkerLost
from badge_passport.source.glance import code

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Units under way for every thread of every worker: one is made, and others wait for it."""
ATTEMPTS = 5
"""Workers that may be lost over one unit before it is given up."""
ALONE = 60.0
"""Seconds without anything done after which somebody looks whether there are workers; new ones may come."""
_ADDRESS: Final = re.compile(r"(tcp|tls|ws|wss)://[^/\s]+:[0-9]{1,5}")
_alone = threading.Lock()  # a worker of several threads makes one unit at a time: plans are not shared


class ClusterError(Exception):
    """The cluster cannot be used; the message is one plain sentence, and ``help`` says what to do."""

    def __init__(self, message: str, help_: str) -> None:
        super().__init__(message, help_)  # as they are, or it could not travel
        self.help = help_

    def __str__(self) -> str:
        return str(self.args[0])


class Cluster:
    """The workers behind the scheduler at an address (``tcp://…:8786``).

    It is asked at once, and then connected to only while it works: a connection has threads, and processes
    that are copied while threads run may wait for ever.

    Raises:
        ClusterError: Dask is not installed, nobody answers, there are no workers, or they are of another
            version.
    """

    again = True

    def __init__(self, scheduler: str, patience: float = 10.0) -> None:
        try:
            self._dask: Any = importlib.import_module("distributed")
        except ImportError:
            raise ClusterError(
                "Dask is not installed", 'install it: pip install "badge-passport[cluster]".'
            ) from None
        if not _ADDRESS.fullmatch(scheduler):
            raise ClusterError(f"“{scheduler}” is no address of a scheduler", "write it as tcp://HOST:8786.")
        # What is lost is said in a sentence; Dask would write a traceback before it.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        self._scheduler = scheduler
        self._patience = patience
        with self._connected() as client:
            _same_version(client)

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            client = self._dask.Client(self._scheduler, timeout=self._patience, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"no scheduler answers at {self._scheduler} ({type(error).__name__})",
                "start one with `dask scheduler`, and name its address: --scheduler tcp://HOST:8786.",
            ) from None
        try:
            if not _workers(client):
                raise ClusterError(
                    "the cluster has no workers", f"start some: dask worker {self._scheduler}."
                )
            yield client
        finally:
            client.close()  # workers stay for others

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """What ``work``, which must be picklable, makes of every task; see `engines.Engine`.

        As many tasks as keep all workers busy are under way, so that nobody holds them all.

        Raises:
            ClusterError: all workers are lost, or the scheduler is.
        """
        waiting = enumerate(tasks)
        running: dict[Any, T] = {}
        finished: SimpleQueue[Any] = SimpleQueue()

        def begin(most: int) -> None:
            for number, task in islice(waiting, most):
                key = f"unit-{packed.key}-{number}"
                begun = client.submit(_do, packed, task, key=key, retries=ATTEMPTS)
                running[begun] = task
                begun.add_done_callback(finished.put)

        with self._connected() as client:
            most = AHEAD * sum(worker["nthreads"] for worker in _workers(client).values())
            try:
                packed = _hand_out(client, pickle.dumps(work, protocol=5))
                begin(most)
                while running:
                    done = _next(client, finished)
                    yield running.pop(done), _result(client, done)
                    done.release()
                    begin(1)
            except self._dask.KilledWorker:
                raise WorkerLost from None
            except (CancelledError, self._dask.comm.CommClosedError):
                raise ClusterError(
                    "the scheduler is lost", "start it and its workers, and build again."
                ) from None
            finally:
                client.cancel(list(running))


def _workers(client: Any) -> dict[str, Any]:
    """What the scheduler says of each, by address."""
    found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def _next(client: Any, finished: SimpleQueue[Any]) -> Any:
    """A unit that is done, or failed."""
    while True:
        try:
            return finished.get(timeout=ALONE)
        except Empty:
            _somebody(client)


def _result(client: Any, done: Any) -> Any:
    """What became of a unit; whoever had it may be lost, and another makes it again."""
    while True:
        try:
            return done.result(timeout=ALONE)
        except TimeoutError:
            if done.status == "error":  # it is the unit's own
                raise
            _somebody(client)


def _somebody(client: Any) -> None:
    if not _workers(client):
        raise ClusterError("all workers of the cluster are lost", "start some, and build again.")


def _same_version(client: Any) -> None:
    try:
        found = client.run(code)
    except OSError:
        raise ClusterError("a worker is lost while it is asked for its version", "build again.") from None
    except Exception as error:  # noqa: BLE001 (whatever importing it there raises)
        raise ClusterError(
            f"a worker cannot run Badge Passport ({type(error).__name__})",
            "install the same version on all machines.",
        ) from None
    others = sorted(worker for worker, its in found.items() if its != code())
    if others:
        raise ClusterError(
            f"{others[0]} has another version of Badge Passport, Python or a library",
            "install the same versions on all machines.",
        )


def _hand_out(client: Any, packed: bytes) -> Any:
    """What every worker needs, when all have it: units go first to those who do.

    It is a unit of its own, so that it is made again if those who have it are lost. What is given to Dask's
    ``scatter`` is not, and with ``broadcast`` it waits for ever for a worker that is lost while it copies.
    """
    size = {"distributed.admin.large-graph-warning-threshold": len(packed) + 10**7}  # large, and once
    with importlib.import_module("dask").config.set(size):
        it = client.submit(bytes, packed, key=f"work-{uuid.uuid4()}")
    copies = [
        client.submit(len, it, key=f"has-{it.key}-{number}", workers=worker, allow_other_workers=True)
        for number, worker in enumerate(_workers(client))
    ]
    for copy in copies:
        _result(client, copy)
    return it


_unpacked: tuple[int, Any] = (0, None)  # the work that this worker was last given


def _do(packed: bytes, task: Any) -> Any:
    global _unpacked
    with _alone:
        if _unpacked[0] != id(packed):
            _unpacked = id(packed), (packed, pickle.loads(packed))  # noqa: S301 (from the scheduler we chose)
        return _unpacked[1][1](task)
