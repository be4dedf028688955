from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    file = site / "site.yml"
    file.write_text(file.read_text(encoding="utf-8") + "notice: " + "x" * 200_000, encoding="utf-8")
