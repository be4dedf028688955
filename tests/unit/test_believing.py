"""Which answers of participants are believed: proven, young enough, not done before, each by itself."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from accepted import BLANK, PUBLIC, SECOND, after, code_of, run, site
from badge_passport.desk.claims.accepting import AHEAD, OLDEST
from badge_passport.desk.claims.requestlog import RequestLog
from badge_passport.desk.people.roster import ROSTER
from claim_fixtures import AMIRA, JONAS, NOW, answer
from minimal import MakeSite
from notify_fixtures import two

__all__ = ["site"]


def test_forged_or_changed_on_the_way(site: Path) -> None:
    good = answer(display="full", name="Jonas Berg")
    changes: list[dict[str, Any]] = [
        {"answer": "declined"},
        {"name": "Somebody Else"},
        {"visibility": "public"},
        {"acceptAll": True},
        {"erase": True},
        {"made": "2026-03-04T12:00:00.001Z"},
        {"award": AMIRA},
        {"site": "https://badges.example.org"},  # the same site, and still not what was signed
        {"proof": "0" * 64},
    ]
    for change in changes:
        assert code_of(run(site, {**good, **change}, erasing=True)) == "claim-forged", change


def test_the_code_of_somebody_else_or_of_another_award_proves_nothing(site: Path) -> None:
    assert code_of(run(site, answer(address="amira@example.org"))) == "claim-forged"
    other = answer(AMIRA, "amira@example.org")
    assert code_of(run(site, {**other, "award": JONAS})) == "claim-forged"
    (site / ROSTER).write_text("participant,address\namira,amira@example.org\n", encoding="utf-8")
    assert code_of(run(site, answer())) == "claim-forged"


def test_any_address_of_the_holder_will_do(site: Path) -> None:
    with (site / ROSTER).open("a", encoding="utf-8") as roster:
        roster.write("jonas,J.Berg@Work.example,work,,\n")
    assert len(run(site, answer(address="j.berg@work.example")).done) == 1


def test_another_site_and_no_award(site: Path) -> None:
    assert code_of(run(site, answer(site="https://badges.example.com/"))) == "claim-elsewhere"
    assert code_of(run(site, answer("0" * 16))) == "unknown-award"


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (-AHEAD, ""),
        (-AHEAD - SECOND, "claim-stale"),
        (OLDEST, ""),
        (OLDEST + SECOND, "claim-stale"),
    ],
)
def test_too_old_and_in_the_future(site: Path, age: datetime.timedelta, code: str) -> None:
    outcome = run(site, answer(made=NOW - age))
    if code:
        assert code_of(outcome) == code
    else:
        assert len(outcome.done) == 1 and outcome.refused == ()


def test_done_once_and_never_after_a_newer_one(site: Path) -> None:
    old, new = answer(made=NOW - SECOND, answer="declined"), answer()
    first = run(site, new)
    log = RequestLog(first.entries)
    assert code_of(run(site, new, log=log)) == "claim-replayed"
    assert code_of(run(site, old, log=log)) == "claim-replayed"
    assert len(run(site, answer(made=NOW + SECOND), log=log).done) == 1
    assert len(run(site, answer(AMIRA, "amira@example.org", NOW - SECOND), log=log).done) == 1


def test_a_copy_in_the_same_run_and_an_earlier_one_behind_it(site: Path) -> None:
    old, new = answer(made=NOW - SECOND, answer="declined"), answer()
    outcome = run(site, new, old, new)
    assert [one.offer.request.answer for one in outcome.done] == ["declined", "accepted"]
    _, registry = after(site, outcome)
    assert registry.awards[JONAS].acceptance == "accepted"


def test_each_is_judged_by_itself(site: Path) -> None:
    outcome = run(
        site,
        answer(AMIRA, "amira@example.org", answer="hidden"),
        answer(address="amira@example.org"),
        answer(language="fr"),
        answer(made=NOW + SECOND),
    )
    assert [one.award.id for one in outcome.done] == [AMIRA, JONAS]
    assert sorted(p.code for p in outcome.refused) == ["claim-forged", "claim-refused"]


def test_one_that_would_break_the_site_keeps_no_other_from_being_done(make_site: MakeSite) -> None:
    """Jonas was promised a milestone by hand, and declines what it asks for before it is reached."""
    badge = "name: C\ndescription: D\ncriteria: E\nimageCaption: F\ntype: participant\n"
    site = make_site(
        {
            **two(),
            "badges/harbour/speaker.yml": badge,
            "badges/harbour/champion.yml": badge + "milestone: {count: 2, of: [listener, speaker]}\n",
            "content/awards/harbour/later.yml": "badge: speaker\nparticipant: jonas\nissuedOn: 2090-01-01\n",
            "content/awards/harbour/best.yml": "badge: champion\nparticipant: jonas\nissuedOn: 2090-01-02\n",
        }
    )
    outcome = run(site, answer(answer="declined"), answer(AMIRA, "amira@example.org", answer="hidden"))
    assert [one.award.id for one in outcome.done] == [AMIRA]
    [problem] = outcome.refused
    assert problem.code == "claim-refused"
    assert "has not earned what this milestone asks for" in problem.message
    assert PUBLIC not in outcome.files
    after(site, outcome)


def test_a_file_that_cannot_be_changed_is_left(make_site: MakeSite) -> None:
    site = make_site({**two(), PUBLIC: "%YAML 1.1\n---\n" + BLANK + "bio: no\n"})
    assert code_of(run(site, answer())) == "claim-refused"
