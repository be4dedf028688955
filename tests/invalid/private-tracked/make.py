"""The roster was added to a commit, and taken away in the next."""

from pathlib import Path

from repositories import commit, start


def make(site: Path) -> None:
    start(site)
    (site / "private").mkdir()
    (site / "private/roster.csv").write_text("participant,address\n", encoding="utf-8")
    commit(site)
    (site / "private/roster.csv").unlink()
    commit(site)
