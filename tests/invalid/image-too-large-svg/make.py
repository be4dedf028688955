from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "badges/harbour/star.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 100 + "</g>" * 100 + "</svg>", encoding="utf-8"
    )
