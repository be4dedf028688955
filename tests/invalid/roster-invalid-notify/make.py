from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "private").mkdir()
    (site / "private/roster.csv").write_text("participant,address\namira,nobody\n", encoding="utf-8")
