"""The old version ends before its awards."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "badges/harbour/listener.yml"
    text = file.read_text(encoding="utf-8")
    retired = site / "badges/harbour/listener.v1.yml"
    retired.write_text(text + "until: 2024-01-01\n", encoding="utf-8")
    file.write_text(text + 'version: "2"\n', encoding="utf-8")
