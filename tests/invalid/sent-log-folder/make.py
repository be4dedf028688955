from __future__ import annotations

from pathlib import Path

from notify_fixtures import lay_two


def make(site: Path) -> None:
    lay_two(site)
    (site / "private/sent.jsonl").mkdir()
