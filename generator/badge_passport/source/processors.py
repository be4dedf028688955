"""The processors that this process may use."""

from __future__ import annotations

import os


def cores() -> int:
    """Their number: those of the machine, but for what is taken away from this process (its affinity)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
