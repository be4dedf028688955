"""Many machines: units are made by the workers of a Dask cluster, and by others if some are lost.

A worker gets the plan once and keeps it, and with each unit the people whom it is of. It writes into the
output folder itself, so that folder is one that all machines see. Private keys do not travel: each worker
finds them as this machine did.
"""

from __future__ import annotations

import importlib
import pickle
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from badge_passport.publish.engines import WorkerLost
from badge_passport.source.glance import code

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Units under way for every thread of every worker: one is made, and others wait for it."""
ATTEMPTS = 5
"""Workers that may be lost over one unit before it is given up."""
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
        try:
            self._client: Any = self._dask.Client(scheduler, timeout=patience, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"no scheduler answers at {scheduler} ({type(error).__name__})",
                "start one with `dask scheduler`, and name its address: --scheduler tcp://HOST:8786.",
            ) from None
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            self.close()
            raise ClusterError("the cluster has no workers", f"start some: dask worker {scheduler}.")
        self._most = AHEAD * sum(worker["nthreads"] for worker in workers.values())
        self._same_version()

    def _same_version(self) -> None:
        try:
            found = self._client.run(code)
        except Exception as error:  # noqa: BLE001 (a worker that cannot even import it)
            self.close()
            raise ClusterError(
                f"a worker cannot run Badge Passport ({type(error).__name__})",
                "install the same version on all machines.",
            ) from None
        others = sorted(worker for worker, its in found.items() if its != code())
        if others:
            self.close()
            raise ClusterError(
                f"{others[0]} has another version of Badge Passport, Python or a library",
                "install the same versions on all machines.",
            )

    def run(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """What ``work``, which must be picklable, makes of every task; see `engines.Engine`.

        As many tasks as keep all workers busy are under way, so that nobody holds them all.
        """
        packed = self._client.scatter(pickle.dumps(work, protocol=5), broadcast=True, hash=False)
        waiting = enumerate(tasks)
        running: dict[Any, T] = {}

        def begin(most: int) -> list[Any]:
            begun = []
            for number, task in islice(waiting, most):
                key = f"unit-{packed.key}-{number}"
                begun.append(self._client.submit(_do, packed, task, key=key, retries=ATTEMPTS))
                running[begun[-1]] = task
            return begun

        try:
            under_way = self._dask.as_completed(begin(self._most), loop=self._client.loop)
            for done in under_way:
                yield running.pop(done), done.result()
                done.release()
                under_way.update(begin(1))
        except self._dask.KilledWorker:
            raise WorkerLost from None
        finally:
            self._client.cancel(list(running))
            packed.release()

    def close(self) -> None:
        """Let the workers go; they stay for others."""
        self._client.close()


_unpacked: tuple[int, Any] = (0, None)  # the work that this worker was last given


def _do(packed: bytes, task: Any) -> Any:
    global _unpacked
    with _alone:
        if _unpacked[0] != id(packed):
            _unpacked = id(packed), (packed, pickle.loads(packed))  # noqa: S301 (from the scheduler we chose)
        return _unpacked[1][1](task)
