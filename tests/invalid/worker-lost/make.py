from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path


def make(_site: Path) -> None:
    """Somebody stops the first process that there is."""
    threading.Thread(target=_kill, daemon=True).start()


def _kill() -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in multiprocessing.active_children():
            child.kill()
            return
        time.sleep(0.0005)
