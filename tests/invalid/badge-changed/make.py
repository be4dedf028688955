"""A badge asks for less than people did for it."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "badges/harbour/listener.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("three", "two"), encoding="utf-8")
