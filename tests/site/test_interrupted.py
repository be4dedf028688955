"""Ctrl-C reaches all processes of a terminal: what becomes of it is the parent's matter alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

from badge_passport.publish.engines import Processes


def _slept(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_processes_that_wait_for_work_do_not_end_by_it() -> None:
    """Else they say so with a traceback each, and the build speaks of too little memory."""
    interrupted: list[int] = []

    def interrupt() -> None:
        time.sleep(1)  # one has nothing to do any more, the other works
        for child in multiprocessing.active_children():
            interrupted.append(child.pid or 0)
            os.kill(child.pid or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    made = dict(Processes(2).run(_slept, [0.0, 2.5]))
    thread.join()
    assert len(interrupted) == 2 and made == {0.0: 0.0, 2.5: 2.5}
