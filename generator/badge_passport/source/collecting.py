"""A rest for Python's collector of garbage, which would look at each of very many values again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
            gc.unfreeze()
            gc.enable()
