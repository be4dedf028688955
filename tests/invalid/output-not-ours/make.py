from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "public").mkdir()
    (site / "public/thesis.txt").write_text("mine", encoding="utf-8")
