from __future__ import annotations

from pathlib import Path

from claim_fixtures import lay_answer


def make(site: Path) -> None:
    lay_answer(site)
    (site / "answer.txt").write_text("I accept the badge. Thank you!\n", encoding="utf-8")
