from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    # A folder called private is ignored by git.
    (site / "private/participants").mkdir(parents=True)
    (site / "private/participants/nobody.yml").write_text("name: Nobody\n", encoding="utf-8")
