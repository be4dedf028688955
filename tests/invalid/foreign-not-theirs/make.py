"""Private files are not kept by git."""

from pathlib import Path


def make(site: Path) -> None:
    (site / "private").mkdir()
    (site / "private/roster.csv").write_text(
        "participant,address\namira,amira@example.net\n", encoding="utf-8"
    )
