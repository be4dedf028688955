"""Answers of participants: who is believed, what is written, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from badge_passport.desk.claims.accepting import AHEAD, OLDEST, Outcome, Rules, accept
from badge_passport.desk.claims.requestlog import REQUESTS, Carried, RequestLog, parse, read_request_log
from badge_passport.desk.claims.requests import read
from badge_passport.desk.people.roster import ROSTER, read_roster
from badge_passport.pipeline import Checked, check
from badge_passport.registry import Registry
from badge_passport.registry.ids import award_id
from badge_passport.registry.privacy import shown_name
from badge_passport.source import yaml
from claim_fixtures import AMIRA, JONAS, NOW, SECRET, answer, handed_over
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


def test_everything_that_can_be_chosen(site: Path) -> None:
    outcome = run(
        site,
        answer(display="full", name="Jonas Berg", visibility="public", language="en", acceptAll=True),
    )
    data = outcome.files[PUBLIC]
    assert data is not None
    assert data.decode() == BLANK + (
        "responses:\n"
        "  - badge: harbour/listener\n"
        "    issuedOn: 2024-06-18\n"
        "    answer: accepted\n"
        "    on: 2026-03-04\n"
        "visibility: public\n"
        "display: full\n"
        "name: Jonas Berg\n"
        "language: en\n"
        "consent:\n"
        "  on: 2026-03-04\n"
        "  scope:\n"
        "    - name\n"
        "    - listing\n"
        "    - awards\n"
    )
    _, registry = after(site, outcome)
    assert registry.awards[JONAS].acceptance == "accepted"
    assert shown_name(registry.participants["jonas"]) == "Jonas Berg"
    [entry] = outcome.entries
    assert (entry.participant, entry.award, entry.made, entry.on) == ("jonas", JONAS, NOW, NOW.date())


def test_what_is_left_out_stays_as_it_is(make_site: MakeSite) -> None:
    site = make_site(two())
    before = check(site).tree.files[PUBLIC]
    outcome = run(site, answer(answer="hidden"))
    data = outcome.files[PUBLIC]
    assert data is not None and data.startswith(before)
    _, registry = after(site, outcome)
    assert registry.awards[JONAS].acceptance == "hidden"
    assert registry.awards[AMIRA].acceptance == "accepted"
    assert shown_name(registry.participants["jonas"]) == "Jonas Berg"


@pytest.mark.parametrize("word", ["accepted", "declined", "hidden"])
def test_each_answer(site: Path, word: str) -> None:
    _, registry = after(site, run(site, answer(answer=word)))
    assert registry.awards[JONAS].acceptance == word
    assert registry.participants["jonas"].record.consent is None


def test_an_answer_that_counts_already_is_not_written_twice(site: Path) -> None:
    outcome = run(site, answer(), answer(made=NOW + SECOND), answer(made=NOW + 2 * SECOND, answer="hidden"))
    assert [one["answer"] for one in value(outcome)["responses"]] == ["accepted", "hidden"]
    assert len(outcome.entries) == 3


@pytest.mark.parametrize(
    ("choices", "shown", "written"),
    [
        ({"display": "full", "name": "Jonas K. Berg"}, "Jonas K. Berg", {"name": "Jonas K. Berg"}),
        ({"display": "initials", "pseudonym": "J. B."}, "J. B.", {"display": "initials", "name": "J. B."}),
        ({"display": "initials", "pseudonym": "JB"}, "JB", {"display": "pseudonym", "pseudonym": "JB"}),
        ({"display": "pseudonym", "pseudonym": "Fox"}, "Fox", {"display": "pseudonym", "pseudonym": "Fox"}),
        ({"display": "none"}, None, {"display": "none"}),
    ],
)
def test_the_name_is_shown_as_they_wrote_it_and_no_other_stays_in_the_file(
    make_site: MakeSite, choices: dict[str, str], shown: str | None, written: dict[str, str]
) -> None:
    site = make_site(two())
    outcome = run(site, answer(**choices))
    found = value(outcome)
    assert {key: found.get(key) for key in written} == written
    assert ("name" in found) == ("name" in written)
    data = outcome.files[PUBLIC]
    assert data is not None and b"Jonas Berg" not in data
    _, registry = after(site, outcome)
    assert shown_name(registry.participants["jonas"]) == shown
    assert ("name" in found["consent"]["scope"]) == (shown is not None)


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_leaving_the_lists_takes_the_consent_to_be_listed_away(make_site: MakeSite, visibility: str) -> None:
    site = make_site(two())
    outcome = run(site, answer(visibility=visibility))
    consent = value(outcome)["consent"]
    assert consent["on"] == "2026-03-04"
    assert ("listing" in consent["scope"]) == (visibility == "public")
    assert {"name", "awards"} <= set(consent["scope"])  # what was not said stays
    _, registry = after(site, outcome)
    assert registry.participants["jonas"].record.visibility == visibility


def test_comments_and_the_look_of_the_file_stay(make_site: MakeSite) -> None:
    text = (
        "# first\nname: Jonas Berg # born\n# shown so\ndisplay: full\nvisibility: public\n\n# hashes\n"
        + BLANK[BLANK.index("identities") :]
        + "consent: {on: 2024-06-20, scope: [name, listing, awards]} # by letter\n"
        "responses: # by mail\n"
        "  - {badge: harbour/listener, answer: hidden, on: 2024-07-01} # on the phone\n"
    )
    site = make_site({**two(), PUBLIC: text})
    outcome = run(site, answer(display="none", visibility="unlisted"))
    assert outcome.refused == ()
    data = outcome.files[PUBLIC]
    assert data is not None
    made = data.decode()
    for comment in ("# first", "# shown so", "# hashes", "# by letter", "# by mail", "# on the phone"):
        assert comment in made
    assert "\nconsent: {on: 2026-03-04, scope: [awards]} " in made
    assert "  - {badge: harbour/listener, issuedOn: 2024-06-18, answer: accepted, on: 2026-03-04}\n" in made


def test_private_names(make_site: MakeSite) -> None:
    site = make_site(two())
    outcome = run(site, answer(display="full", name="Jonas Berg"), private_names=True)
    public = outcome.files[PUBLIC]
    assert public is not None and b"Berg" not in public and b"display" not in public
    assert value(outcome, PRIVATE) == {"display": "full", "name": "Jonas Berg"}
    _, registry = after(site, outcome)
    assert shown_name(registry.participants["jonas"]) == "Jonas Berg"
    without = {name: data for name, data in outcome.files.items() if name != PRIVATE}
    checked = check(site, None, without)  # a build that has no private/
    assert checked.good and checked.registry is not None
    assert shown_name(checked.registry.participants["jonas"]) is None


def test_what_a_private_file_hides_is_changed_there(make_site: MakeSite) -> None:
    site = make_site(
        {
            **two(),
            PUBLIC: BLANK,
            PRIVATE: "name: Jonas Berg\ndisplay: full\nvisibility: private\n"
            "consent: {on: 2024-06-20, scope: [name]}\n",
        }
    )
    outcome = run(site, answer(display="pseudonym", pseudonym="Fox", visibility="unlisted"))
    assert "name" not in value(outcome, PRIVATE)
    _, registry = after(site, outcome)
    person = registry.participants["jonas"]
    assert shown_name(person) == "Fox"
    assert person.record.visibility == "unlisted"


def test_a_name_that_yaml_would_take_for_something_else(site: Path) -> None:
    for name in ("no", "1.10", "null", "# x", "- x", "{x}", "a: b", "'x", '"x', "2024-06-18", "*x", "&x"):
        outcome = run(site, answer(display="full", name=name))
        _, registry = after(site, outcome)
        assert shown_name(registry.participants["jonas"]) == name


# --- Who is believed ----------------------------------------------------------------------------------


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


# --- Awards that are no longer ----------------------------------------------------------------------


def test_a_revoked_award_has_nothing_to_accept_but_its_holder_can_be_erased(site: Path) -> None:
    (site / "content/awards/harbour/spring.yml").write_text(
        "badge: listener\nissuedOn: 2024-06-18\nawards:\n  - participant: amira\n"
        "  - {participant: jonas, revoked: {on: 2024-09-01, reason: x}}\n",
        encoding="utf-8",
    )
    assert code_of(run(site, answer())) == "claim-withdrawn"
    assert len(run(site, answer(erase=True), erasing=True).done) == 1


def test_erasing_needs_leave_and_takes_everything(site: Path) -> None:
    wish = answer(answer="declined", erase=True)
    assert code_of(run(site, wish)) == "claim-erasure"
    late = answer(made=NOW + SECOND)
    also = answer(AMIRA, "amira@example.org", NOW + 2 * SECOND, answer="hidden")
    outcome = run(site, wish, late, also, erasing=True)
    assert [p.code for p in outcome.refused] == ["claim-withdrawn"]  # a wish of somebody who is gone
    assert outcome.files[PUBLIC] is None
    roster = outcome.files[ROSTER]
    assert roster is not None and b"jonas" not in roster and b"amira" in roster
    _, registry = after(site, outcome)
    assert "jonas" not in registry.participants
    assert registry.awards[JONAS].identity is None
    assert registry.awards[AMIRA].acceptance == "hidden"


def test_two_erasures_of_one_file(site: Path) -> None:
    outcome = run(
        site, answer(erase=True), answer(AMIRA, "amira@example.org", NOW + SECOND, erase=True), erasing=True
    )
    assert len(outcome.done) == 2
    _, registry = after(site, outcome)
    assert registry.participants == {}
    assert set(registry.awards) == {AMIRA, JONAS}


# --- Merged and repeated ------------------------------------------------------------------------------


def test_an_award_under_a_former_name(make_site: MakeSite) -> None:
    """Two people turned out to be one; both had the same badge on the same day."""
    former = (
        "former:\n  - slug: jonas\n    identities:\n"
        "      - identity: sha256$80905d6307a52d9b581ff863e16bb1b141686d0c559067e60ad08a6d4a5c4311\n"
        "        salt: salt-of-jonas-000000\n"
    )
    amira = "content/participants/amira.yml"
    site = make_site(two())
    (site / PUBLIC).unlink()
    (site / amira).write_text((site / amira).read_text(encoding="utf-8") + former, encoding="utf-8")
    (site / ROSTER).write_text(
        "participant,address\namira,amira@example.org\namira,jonas@example.org\n", encoding="utf-8"
    )
    outcome = run(site, answer(answer="hidden"))
    [response] = value(outcome, amira)["responses"]
    assert response["participant"] == "jonas"
    _, registry = after(site, outcome)
    assert registry.awards[JONAS].acceptance == "hidden"
    assert registry.awards[AMIRA].acceptance == "accepted"
    # A log that knows them by the former name still refuses what is older.
    log = RequestLog([Carried("jonas", JONAS, NOW + SECOND, "x", NOW.date())])
    assert code_of(run(site, answer(), log=log)) == "claim-replayed"


def test_one_of_two_on_a_day(make_site: MakeSite) -> None:
    site = make_site(
        {
            **two(),
            "content/awards/harbour/again.yml": "participant: jonas\nbadge: listener\n"
            "issuedOn: 2024-06-18\nnumber: 2\n",
        }
    )
    second = award_id("minimal", "harbour", "listener", "jonas", datetime.date(2024, 6, 18), 2)
    for award, other, number in ((JONAS, second, 1), (second, JONAS, 2)):
        outcome = run(site, answer(award, answer="declined"))
        assert value(outcome)["responses"][0]["number"] == number
        _, registry = after(site, outcome)
        assert registry.awards[award].acceptance == "declined"
        assert registry.awards[other].acceptance == "accepted"


# --- The log ------------------------------------------------------------------------------------------


def test_the_log_is_read_as_it_was_written(tmp_path: Path) -> None:
    entry = Carried("jonas", JONAS, NOW, "ab" * 32, NOW.date())
    assert parse(entry.to_bytes() * 2 + b'{"half') == ([entry, entry], [])
    assert b"@" not in entry.to_bytes()
    (tmp_path / "private").mkdir()
    (tmp_path / REQUESTS).write_bytes(entry.to_bytes())
    log, problems = read_request_log(tmp_path)
    assert problems == [] and log.latest(["jonas"]) == NOW and log.latest(["amira"]) is None


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"null", b'{"participant": 1}', b"\xff", b"[" * 100_000, b'{"made": "2026-03-04"}']
)
def test_a_damaged_log_is_told(line: bytes) -> None:
    entries, [problem] = parse(line + b"\n")
    assert entries == [] and problem.code == "request-log"
