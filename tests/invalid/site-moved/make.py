"""The site gets another address."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "site.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("badges.example.org", "elsewhere.example.org"),
        encoding="utf-8",
    )
