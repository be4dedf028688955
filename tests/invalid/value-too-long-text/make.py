from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    file = site / "badges/harbour/listener.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Listens well.", "so " * 10_000), encoding="utf-8")
