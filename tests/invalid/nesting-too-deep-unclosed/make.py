from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "site.yml").write_text("a: " + "[" * 1_000_000, encoding="utf-8")
