from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "content").rename(site.parent / "content")
    (site / "content").symlink_to(site.parent / "content")
