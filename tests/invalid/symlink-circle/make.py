from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "content/participants/lea.yml").symlink_to(site / "content/participants/lea.yml")
