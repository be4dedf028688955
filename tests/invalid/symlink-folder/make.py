from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site.parent / "elsewhere").mkdir()
    (site / "badges/lagoon").symlink_to(site.parent / "elsewhere")
