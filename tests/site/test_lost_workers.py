"""What becomes of work when machines of a cluster are lost: real ones, killed."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from distributed import Client

from badge_passport.publish import cluster as subject
from badge_passport.publish.cluster import Cluster, ClusterError
from badge_passport.publish.engines import WorkerLost
from clusters import cluster, dask, wait_for
from servers import free_port


def busy(address: str) -> int:
    """The process of a worker that works, as soon as one does."""
    with Client(address, set_as_default=False) as client:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for worker, its in client.processing().items():
                if its:
                    return int(client.run(os.getpid, workers=[worker])[worker])
            time.sleep(0.05)
    raise AssertionError("nobody works")


def test_who_alone_has_the_plan_may_be_lost(tmp_path: Path) -> None:
    """The scheduler takes from idle workers, every two seconds, what others have too."""
    with cluster(tmp_path) as (address, _):

        def kill() -> None:
            pid = busy(address)
            time.sleep(4.5)
            os.kill(pid, 9)

        killer = threading.Thread(target=kill)
        killer.start()
        assert list(Cluster(address).run(time.sleep, [7.0])) == [(7.0, None)]
        killer.join()


@pytest.mark.parametrize("at", [0.0, 0.05, 0.2])
def test_a_worker_is_lost_while_work_is_handed_out_and_done(tmp_path: Path, at: float) -> None:
    with cluster(tmp_path) as (address, workers):
        engine = Cluster(address)
        killer = threading.Timer(at, workers[0].kill)
        killer.start()
        for tasks in [[0.01 + n / 10_000 for n in range(12)]] * 6:
            assert sorted(task for task, _ in engine.run(time.sleep, tasks)) == tasks
        killer.join()
        assert workers[0].wait() == -9


def test_all_workers_are_lost_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "ALONE", 2.0)
    with cluster(tmp_path) as (address, workers):
        engine = Cluster(address)

        def kill() -> None:
            busy(address)
            for worker in workers:
                worker.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(ClusterError, match="all workers of the cluster are lost"):
            list(engine.run(time.sleep, [5.0 + n for n in range(4)]))
        killer.join()
        with pytest.raises(ClusterError, match="no workers"):
            list(engine.run(time.sleep, [0.0]))


def test_the_scheduler_is_lost_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    started: list[subprocess.Popen[bytes]] = []
    try:
        for log, ready, arguments in (
            ("scheduler.log", "Scheduler at", ["scheduler", "--host", address]),
            ("worker.log", "Registered to", ["worker", address, "--nthreads", "1", "--no-nanny"]),
        ):
            started.append(dask(*arguments, log=tmp_path / log))
            wait_for(tmp_path / log, ready, started[-1])
        engine = Cluster(address, patience=2)

        def kill() -> None:
            busy(address)
            started[0].kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(ClusterError, match="the scheduler is lost"):
            list(engine.run(time.sleep, [20.0]))
        killer.join()
        with pytest.raises(ClusterError, match="no scheduler answers"):
            list(engine.run(time.sleep, [0.0]))
        assert "Traceback" not in caplog.text + capfd.readouterr().err
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_worker_is_lost_while_it_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "code", partial(os._exit, 3))
    with cluster(tmp_path, 1) as (address, workers):
        with pytest.raises(ClusterError, match="a worker is lost") as told:
            Cluster(address)
        assert workers[0].wait() == 3
    assert told.value.help == "build again."


def test_a_unit_that_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    with cluster(tmp_path, 5) as (address, _), pytest.raises(WorkerLost):
        list(Cluster(address).run(os._exit, [3]))


def test_what_a_unit_raises_arrives(tmp_path: Path) -> None:
    """Even an error that waiting itself raises."""
    with cluster(tmp_path, 1) as (address, _), pytest.raises(TimeoutError, match="its own"):
        list(Cluster(address).run(exec, ["raise TimeoutError('its own')"]))
