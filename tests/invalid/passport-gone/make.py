"""Somebody's file gets another name, and only the award ids are kept."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "content/participants/jonas.yml"
    text = file.read_text(encoding="utf-8")
    file.unlink()
    renamed = site / "content/participants/jonas-b.yml"
    renamed.write_text(text + "key: jonas\n", encoding="utf-8")
    file = site / "content/awards/harbour/spring.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("participant: jonas", "participant: jonas-b"),
        encoding="utf-8",
    )
