"""An award is taken out of its file."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    start(site)
    file = site / "content/awards/harbour/spring.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("  - participant: jonas\n", ""), encoding="utf-8"
    )
