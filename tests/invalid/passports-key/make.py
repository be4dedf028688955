from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "private").mkdir(exist_ok=True)
    (site / "private/passports.key").write_text("not a key\n", encoding="utf-8")
