"""A badge becomes version 2, and nothing keeps version 1."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "badges/harbour/listener.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("level: A\n", 'level: A\nversion: "2"\n'), encoding="utf-8"
    )
