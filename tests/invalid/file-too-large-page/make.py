from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "content/pages").mkdir()
    (site / "content/pages/index.md").write_text("[" * 300_000, encoding="utf-8")
