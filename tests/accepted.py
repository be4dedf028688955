"""What comes of answers of participants, and a site that they are given to."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from badge_passport.desk.claims.accepting import Outcome, Rules, accept
from badge_passport.desk.claims.requestlog import RequestLog
from badge_passport.desk.claims.requests import read
from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import Checked, check
from badge_passport.registry import Registry
from badge_passport.source import yaml
from claim_fixtures import NOW, SECRET, handed_over
from minimal import MakeSite
from notify_fixtures import two

PUBLIC = "content/participants/jonas.yml"
PRIVATE = "private/participants/jonas.yml"
BLANK = """\
# Jonas wrote nothing yet.
# Ask him.
identities: # hashes
  - identity: sha256$80905d6307a52d9b581ff863e16bb1b141686d0c559067e60ad08a6d4a5c4311
    salt: salt-of-jonas-000000
"""
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site({**two(), PUBLIC: BLANK})


def run(
    site: Path,
    *requests: dict[str, Any],
    log: RequestLog | None = None,
    now: datetime.datetime = NOW,
    **rules: bool,
) -> Outcome:
    offers, problems = read(handed_over(*requests).encode(), None)
    assert problems == []
    roster, problems = read_roster(site)
    assert problems == []
    return accept(check(site), roster, log or RequestLog(), offers, Rules(SECRET, **rules), now)


def after(site: Path, outcome: Outcome) -> tuple[Checked, Registry]:
    checked = check(site, None, outcome.files)
    assert checked.good and checked.registry is not None, checked.diagnostics
    return checked, checked.registry


def value(outcome: Outcome, file: str = PUBLIC) -> dict[str, Any]:
    data = outcome.files[file]
    assert data is not None
    return dict(yaml.load(data.decode(), file)[0])


def code_of(outcome: Outcome) -> str:
    assert outcome.done == () and outcome.files == {} and outcome.entries == ()
    [problem] = outcome.refused
    return problem.code
