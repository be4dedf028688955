from __future__ import annotations

from pathlib import Path

from key_fixtures import sign_with


def make(site: Path) -> None:
    sign_with(site, "harbour", 1, None)
    file = site / "site.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("https://", "http://"), encoding="utf-8")
