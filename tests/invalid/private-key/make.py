from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    (site / "content/pages").mkdir(parents=True)
    # Written here, so that no scanner takes the test for the real thing.
    begin = "-----BEGIN " + "PRIVATE KEY-----"
    (site / "content/pages/notes.md").write_text(f"# Notes\n\n{begin}\n", encoding="utf-8")
