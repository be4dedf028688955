"""Somebody publishes to the same folder meanwhile: the lock is held until this process ends."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from badge_passport.desk.publishing.journal import alone
from badge_passport.desk.publishing.targets import parse

HELD = ExitStack()


def make(site: Path) -> None:
    HELD.enter_context(alone(parse(str(site / "live"), Path())))
