from __future__ import annotations

from pathlib import Path

from claim_fixtures import answer, lay_answer


def make(site: Path) -> None:
    lay_answer(site, answer())
    (site / "private/requests.jsonl").write_text('{"participant": "jonas"}\n', encoding="utf-8")
