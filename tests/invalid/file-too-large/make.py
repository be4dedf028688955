from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "content/pages").mkdir()
    with (site / "content/pages/film.gif").open("wb") as file:
        file.truncate(9 * 1024 * 1024)
