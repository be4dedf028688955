from __future__ import annotations

from pathlib import Path

from claim_fixtures import answer, lay_answer


def make(site: Path) -> None:
    lay_answer(site, answer(site="https://other.example.org/"))
