from __future__ import annotations

import datetime
from pathlib import Path

from claim_fixtures import answer, lay_answer


def make(site: Path) -> None:
    lay_answer(site, answer(made=datetime.datetime.now(datetime.UTC), answer="declined", erase=True))
