"""One build at a time writes a folder: the next one is told so."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows: builds there do not know of each other
    fcntl = None  # type: ignore[assignment]


PATIENCE: Final = 1.0
"""Seconds that processes of a build that was stopped may take to end."""


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that is the file at ``path``; it is gone when its holder is, however that ended.

    Raises:
        Busy: another process holds it.
        OSError: the file cannot be made.
    """
    if fcntl is None:
        yield
        return
    file = _held(path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _held(path: Path) -> int:
    until = time.monotonic() + PATIENCE
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            if time.monotonic() > until:
                raise Busy(path) from None
            time.sleep(0.05)
            continue
        # Whoever held it may have removed the file meanwhile: then the lock is of nothing.
        with suppress(FileNotFoundError):
            if os.fstat(file).st_ino == path.stat().st_ino:
                return file
        os.close(file)
