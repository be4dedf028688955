from __future__ import annotations

import fcntl
import os
from pathlib import Path

from notify_fixtures import lay_two

HELD: list[int] = []


def make(site: Path) -> None:
    lay_two(site)
    folder = os.open(site / "private", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    HELD.append(folder)
