"""What takes long to make, made once for all the processes that run tests."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A path that all of them share: who comes first finds nothing there and makes it, the others wait."""
    shared = tmp_path_factory.getbasetemp()
    if "popen-gw" in shared.name:  # a worker of xdist: the parent folder is common to all
        shared = shared.parent
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / name
