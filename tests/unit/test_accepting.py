"""Answers of participants that are believed: what is written, what is refused, and the log of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from accepted import BLANK, PRIVATE, PUBLIC, SECOND, after, code_of, run, site, value
from badge_passport.desk.claims.requestlog import REQUESTS, Carried, RequestLog, parse, read_request_log
from badge_passport.desk.people.roster import ROSTER
from badge_passport.pipeline import check
from badge_passport.registry.ids import award_id
from badge_passport.registry.privacy import shown_name
from claim_fixtures import AMIRA, JONAS, NOW, answer
from minimal import MakeSite
from notify_fixtures import two

__all__ = ["site"]


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
