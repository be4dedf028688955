"""A rest for Python's collector of garbage, which would look at each of very many values again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_within = 0  # how many blocks of `frozen` there are one in the other: only the last one may thaw


@contextmanager
def at_rest() -> Iterator[None]:
    """The collector rests while a large graph is built: nothing of it is garbage, and looking costs."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.freeze()  # into the oldest generation, which it looks at last: else it would look at once
            _thaw()
            gc.enable()


@contextmanager
def frozen() -> Iterator[None]:
    """The collector does not look at what is there now, nor at what is built `at_rest` meanwhile."""
    global _within
    gc.freeze()
    _within += 1
    try:
        yield
    finally:
        _within -= 1
        _thaw()


def collect() -> None:
    """Collect now what is garbage, of what is frozen as well; takes a second where very much is there."""
    gc.unfreeze()
    gc.collect()
    if _within:
        gc.freeze()


def _thaw() -> None:
    if not _within:
        gc.unfreeze()
