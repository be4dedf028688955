from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "site.yml").write_text("a: " + "[" * 900, encoding="utf-8")
