from __future__ import annotations

from pathlib import Path

from claim_fixtures import answer, lay_answer


def make(site: Path) -> None:
    lay_answer(site, answer(address="amira@example.org"))
