from __future__ import annotations

import datetime
from pathlib import Path

from badge_passport.desk.claims.requestlog import REQUESTS, Carried
from badge_passport.desk.claims.requests import read
from claim_fixtures import answer, handed_over, lay_answer


def make(site: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    one = answer(made=now)
    lay_answer(site, one)
    [offer], _ = read(handed_over(one).encode(), None)
    line = Carried("jonas", offer.request.award, offer.request.time, offer.digest, now.date())
    (site / REQUESTS).write_bytes(line.to_bytes())
