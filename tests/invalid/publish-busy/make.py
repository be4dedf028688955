"""Somebody publishes to the same folder meanwhile: the lock is held until this process ends."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from pathlib import Path

from badge_passport.desk.publishing.journal import alone
from badge_passport.desk.publishing.targets import parse


def make(site: Path) -> None:
    held = ExitStack()
    held.enter_context(alone(parse(str(site / "live"), Path())))
    atexit.register(held.close)
