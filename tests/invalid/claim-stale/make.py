from __future__ import annotations

from pathlib import Path

from claim_fixtures import answer, lay_answer


def make(site: Path) -> None:
    lay_answer(site, answer(made="2025-01-01T00:00:00.000Z"))
