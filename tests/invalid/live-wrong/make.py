"""There is a build, and nothing listens where it should be."""

from pathlib import Path


def make(site: Path) -> None:
    (site / "public").mkdir()
    (site / "public/register.json").write_text("{}", encoding="utf-8")
