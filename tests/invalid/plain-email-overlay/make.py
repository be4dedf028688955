from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    # A folder called private is ignored by git.
    (site / "private/participants").mkdir(parents=True)
    (site / "private/participants/amira.yml").write_text("bio: amira.khalil@example.org\n", encoding="utf-8")
