from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site.parent / "file").write_text("", encoding="utf-8")
