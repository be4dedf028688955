from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    outside = site.parent / "outside.yml"
    outside.write_text("name: x", encoding="utf-8")
    (site / "content/participants/lea.yml").symlink_to(outside)
