"""The log of what was sent, whatever cut it off; what is due by it; and messages that came back."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_passport.desk.mail.bounces import read
from badge_passport.desk.mail.notices import Wanted, plan
from badge_passport.desk.mail.sentlog import (
    Event,
    EventName,
    Recorder,
    SentLog,
    answered,
    digest,
    fold,
    message_id,
    parse,
    read_log,
    without_addresses,
)
from badge_passport.desk.people.roster import Entry, Roster
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from mailserver import MailServer
from minimal import MINIMAL, MakeSite
from notify_fixtures import KEY, log_of, notify, passport, record, states, two

SECRET = bytes.fromhex(KEY.strip())
NOW = datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.UTC)
ROSTER = Roster((Entry("amira", "amira@example.org"), Entry("jonas", "jonas@example.org")))
OUTCOMES: list[EventName] = ["sent", "refused", "deferred"]


@pytest.fixture(scope="module")
def registry() -> Registry:
    found = check(MINIMAL).registry
    assert found is not None
    return found


def event(name: EventName, number: int = 1, at: datetime.datetime = NOW) -> Event:
    return Event(at, name, f"<{number}@x>", "new", (f"A{number}",), f"p-{number}", "d" * 32)


NAMES: list[EventName] = ["sending", "sent", "refused", "deferred", "bounced"]
LOGS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 4)), max_size=30)


@given(LOGS, st.data())
def test_any_prefix_of_a_log_means_its_whole_lines(
    log: list[tuple[EventName, int]], data: st.DataObject
) -> None:
    lines = [event(name, number).to_bytes() for name, number in log]
    whole = b"".join(lines)
    cut = data.draw(st.integers(0, len(whole)))
    found, problems = parse(whole[:cut])
    assert problems == []
    kept = whole[:cut].count(b"\n")
    assert found == [event(name, number) for name, number in log[:kept]]
    last = {number: name for name, number in log[:kept]}
    folded = fold(found)
    assert {m.last.participant: m.state for m in folded.messages.values()} == {
        f"p-{number}": "uncertain" if name == "sending" else name for number, name in last.items()
    }
    for number in last:
        assert len(folded.about(f"A{number}")) == 1


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 400)), max_size=12))
def test_a_crash_at_any_byte_never_sends_twice(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[EventName, int]]
) -> None:
    """A sender that dies after so many bytes of log, again and again, then one that lives."""
    root = tmp_path_factory.mktemp("crash")
    (root / "private").mkdir()
    got: Counter[str] = Counter()
    for outcome, budget in [*runs, ("sent", 100_000)]:
        log, problems = read_log(root)
        assert problems == []
        recorder = Recorder(root)
        left = budget
        for notice in plan(registry, ROSTER, log, SECRET, Wanted(resend_refused=True), NOW).notices:
            ids = tuple(award.id for award in notice.awards)
            sending = Event(
                NOW,
                "sending",
                notice.id,
                notice.kind,
                ids,
                notice.participant.slug,
                digest(SECRET, notice.to.address),
            )
            line = sending.to_bytes()
            if len(line) > left:  # torn: the machine stops while it writes
                with (root / "private/sent.jsonl").open("ab") as file:
                    file.write(line[:left])
                break
            recorder.record(sending)
            left -= len(line)
            got[notice.participant.slug] += outcome == "sent"
            done = answered(sending, outcome, NOW, 250, "ok")
            line = done.to_bytes()
            if len(line) > left:
                with (root / "private/sent.jsonl").open("ab") as file:
                    file.write(line[:left])
                break
            recorder.record(done)
            left -= len(line)
        recorder.close()
    log, problems = read_log(root)
    assert problems == []
    state = {m.last.participant: m.state for m in log.messages.values()}
    for person in ("amira", "jonas"):
        assert got[person] <= 1
        assert got[person] == 1 or state[person] == "uncertain"


def test_what_is_added_after_a_torn_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    file = tmp_path / "private/sent.jsonl"
    file.write_bytes(event("sending").to_bytes() + event("sent").to_bytes()[:30])
    recorder = Recorder(tmp_path)
    recorder.record(event("sending", 2))
    recorder.close()
    log, problems = read_log(tmp_path)
    assert problems == []
    assert [m.state for m in log.messages.values()] == ["uncertain", "uncertain"]


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", '{"at": 1}', "[" * 100_000, json.dumps({"at": "2026-01-01", "event": "sent"})],
)
def test_a_damaged_line_is_named_and_nothing_is_sent(make_site: MakeSite, line: str) -> None:
    site = make_site(two())
    good = event("sent").to_bytes()
    (site / "private/sent.jsonl").write_bytes(good + line.encode() + b"\n" + good)
    with MailServer() as server:
        result = notify(site, environment=server.environment)
    assert result.exit_code == 1
    assert result.output.startswith("private/sent.jsonl:2:1: error[sent-log]")
    assert server.received == []


def test_replies_lose_addresses_and_what_steers_a_terminal() -> None:
    assert without_addresses("5.1.1 <a.b@example.org>:\r\n\x1b[31m gone") == "5.1.1 <…@…>: [31m gone"
    assert len(without_addresses("x" * 9999)) == 300


def test_a_digest_says_nothing_without_the_key() -> None:
    assert digest(SECRET, "A@example.org") == digest(SECRET, "a@example.org")
    assert digest(SECRET, "a@example.org") != digest(bytes(32), "a@example.org")
    one = message_id(SECRET, "x.org", "new", "a@example.org", ["A", "B"])
    assert one == message_id(SECRET, "x.org", "new", "A@example.org", ["B", "A"])
    assert one != message_id(SECRET, "x.org", "reminder-1", "a@example.org", ["A", "B"])


# --- What is due ----------------------------------------------------------------------------------------


def due(registry: Registry, log: SentLog, **wanted: object) -> list[tuple[str, str]]:
    found = plan(registry, ROSTER, log, SECRET, Wanted(**wanted), NOW)  # type: ignore[arg-type]
    return [(notice.participant.slug, notice.kind) for notice in found.notices]


def sent_log(registry: Registry, person: str, days: int, kind: str = "new") -> list[Event]:
    award = registry.awards_by_participant[person][0].id
    address = f"{person}@example.org"
    made = message_id(SECRET, "badges.example.org", kind, address, [award])
    at = NOW - datetime.timedelta(days=days)
    return [Event(at, "sent", made, kind, (award,), person, digest(SECRET, address))]


def test_what_is_asked_for_is_what_is_due(registry: Registry) -> None:
    empty = SentLog()
    both = [("amira", "new"), ("jonas", "new")]
    award = registry.awards_by_participant["jonas"][0].id
    assert due(registry, empty) == both
    assert due(registry, empty, awards=frozenset({award})) == both[1:]
    assert due(registry, empty, badges=frozenset({"harbour/listener"})) == both
    assert due(registry, empty, issuers=frozenset({"other"})) == []
    assert due(registry, empty, participants=frozenset({"amira"})) == both[:1]
    assert due(registry, empty, since=datetime.date(2024, 6, 18)) == both
    assert due(registry, empty, since=datetime.date(2024, 6, 19)) == []
    assert due(registry, empty, limit=1) == both[:1]
    assert due(registry, fold(sent_log(registry, "amira", 1))) == both[1:]


@pytest.mark.parametrize("answer", ["declined", "hidden"])
def test_who_does_not_want_an_award_is_not_told_of_it(make_site: MakeSite, answer: str) -> None:
    amira = (make_site() / "content/participants/amira.yml").read_text(encoding="utf-8")
    more = f"responses: [{{badge: harbour/listener, answer: {answer}, on: 2024-07-01}}]\n"
    site = make_site({**two(), "content/participants/amira.yml": amira + more})
    assert notify(site, "--dry-run").output.startswith("jonas  ")


def test_a_revoked_award_is_not_told(make_site: MakeSite) -> None:
    awards = (MINIMAL / "content/awards/harbour/spring.yml").read_text(encoding="utf-8")
    more = "\n    revoked: {on: 2024-07-01, reason: A mistake}\n"
    site = make_site({**two(), "content/awards/harbour/spring.yml": awards.rstrip() + more})
    assert notify(site, "--dry-run").output.endswith("\n1 message would be sent\n")


def test_reminders_wait_and_end(make_site: MakeSite) -> None:
    amira = (make_site() / "content/participants/amira.yml").read_text(encoding="utf-8")
    site = make_site({"content/participants/amira.yml": amira.replace(", awards]", "]")})
    registry = check(site).registry
    assert registry is not None
    told = [*sent_log(registry, "amira", 14), *sent_log(registry, "jonas", 14)]
    assert due(registry, SentLog(), reminder=14) == []  # nobody is reminded of what they were not told
    assert due(registry, fold(told), reminder=15) == []
    assert due(registry, fold(told), reminder=14) == [("amira", "reminder-1")]  # Jonas has accepted
    once = fold([*told, *sent_log(registry, "amira", 5, "reminder-1")])
    assert due(registry, once, reminder=3) == []
    assert due(registry, once, reminder=3, most_reminders=2) == [("amira", "reminder-2")]
    assert due(registry, once, reminder=6, most_reminders=2) == []
    unclear = fold(
        [*told, *(answered(e, "sending", NOW) for e in sent_log(registry, "amira", 5, "reminder-1"))]
    )
    assert due(registry, unclear, reminder=3) == []
    assert due(registry, unclear, reminder=3, resend_uncertain=True) == [("amira", "reminder-1")]


def test_a_reminder_is_sent_once(make_site: MakeSite) -> None:
    amira = (make_site() / "content/participants/amira.yml").read_text(encoding="utf-8")
    site = make_site({**two(), "content/participants/amira.yml": amira.replace(", awards]", "]")})
    with MailServer() as server:
        notify(site, environment=server.environment)
        for said in ("sent 1 message\n", "nothing to send\n"):
            assert notify(site, "--reminder", "0", environment=server.environment).output == said
    subjects = [m.message["Subject"] for m in server.received]
    assert subjects[2] == "Your badge still waits for you: Listener"
    assert server.counts() == {"amira@example.org": 2, "jonas@example.org": 1}


def test_a_test_message_is_not_recorded(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer() as server:
        result = notify(site, "--test", "me@example.org", environment=server.environment)
    assert result.output == "sent: 250 2.0.0 taken\n"
    assert server.counts() == {"me@example.org": 1}
    assert not (site / "private/sent.jsonl").exists()


def test_the_key_is_made_with_the_first_message(make_site: MakeSite) -> None:
    site = make_site({"private/roster.csv": two()["private/roster.csv"]})
    assert notify(site, "--dry-run").exit_code == 0
    assert not (site / "private/claims.key").exists()
    with MailServer() as server:
        assert notify(site, environment=server.environment).exit_code == 0
        key = (site / "private/claims.key").read_bytes()
        assert (site / "private/claims.key").stat().st_mode & 0o077 == 0
        assert notify(site, environment=server.environment).output == "nothing to send\n"
    assert (site / "private/claims.key").read_bytes() == key


@pytest.mark.parametrize("option", ["--award", "--badge", "--issuer", "--to"])
def test_a_name_that_nothing_has_is_wrong_usage(make_site: MakeSite, option: str) -> None:
    result = notify(make_site(two()), option, "nobody", "--dry-run")
    assert result.exit_code == 2
    assert "called “nobody”" in result.output


# --- What came back -------------------------------------------------------------------------------------

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: badges@harbour.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; amira@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status} <amira@example.org> mailbox unavailable

--b
Content-Type: {kind}

Message-ID: {id}
Subject: You have earned a badge

--b--
"""


def report(
    site: Path, action: str = "failed", status: str = "550 5.1.1", kind: str = "text/rfc822-headers"
) -> str:
    return REPORT.format(action=action, status=status, kind=kind, id=log_of(site)[0]["id"])


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize("mbox", [False, True])
def test_what_came_back_is_recorded_and_listed_once(make_site: MakeSite, kind: str, mbox: bool) -> None:
    site = make_site(two())
    record(site, "amira", "sending", "sent")
    file = site.parent / "back"
    text = report(site, kind=kind)
    file.write_text(
        f"From x Mon Jan 1\n{text}\nFrom y Mon Jan 1\nSubject: hi\n\nhello\n" if mbox else text, "utf-8"
    )
    result = passport("bounces", site, str(file))
    assert result.exit_code == 0
    assert "warning[mail-not-sent]: the message to “amira” came back: 550 " in result.output
    assert result.output.endswith("1 report read, 1 message came back\n")
    assert "amira@example.org" not in result.output
    assert states(site) == {"amira": "bounced"}
    assert "amira@example.org" not in (site / "private/sent.jsonl").read_text(encoding="utf-8")
    again = passport("bounces", site, str(file))
    assert again.output == "1 report read, 0 messages came back\n"
    listed = notify(site, "--to", "amira")
    assert listed.exit_code == 1
    assert "came back" in listed.output


def test_a_delay_changes_nothing(make_site: MakeSite) -> None:
    site = make_site(two())
    record(site, "amira", "sending", "sent")
    file = site.parent / "late.eml"
    file.write_text(report(site, "delayed", "4.4.1"), encoding="utf-8")
    assert passport("bounces", site, str(file)).output == "1 report read, 0 messages came back\n"
    assert states(site) == {"amira": "sent"}


def test_a_report_about_somebody_else_changes_nothing(make_site: MakeSite) -> None:
    site = make_site(two())
    record(site, "amira", "sending", "sent")
    file = site.parent / "forged.eml"
    file.write_text(
        REPORT.format(action="failed", status="5.1.1", kind="text/rfc822-headers", id=f"<{'a' * 40}@x.org>")
    )
    said = passport("bounces", site, str(file)).output
    assert said == "1 report read, 0 messages came back; 1 not about a message of this site\n"
    assert states(site) == {"amira": "sent"}


def test_an_answer_of_a_person_is_no_report(tmp_path: Path) -> None:
    file = tmp_path / "answer.eml"
    file.write_text(
        f"From: amira@example.org\nIn-Reply-To: <{'a' * 40}@x.org>\n\nThank you! 5.1.1\n", "utf-8"
    )
    assert read(file) == ([], None)


def test_a_report_without_fields_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "odd.eml"
    file.write_text(
        f"From: Mailer-Daemon@x.org\nSubject: failed\n\n5.1.1 no\nMessage-ID: <{'a' * 40}@x.org>\n", "utf-8"
    )
    (bounce,), problem = read(file)
    assert problem is None
    assert bounce.failed


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_a_fault_of_ours(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "junk.eml"
    for start in (
        b"",
        b"From x\n",
        b"Content-Type: multipart/report; boundary=b\n\n--b\n",
        REPORT.encode()[:300],
    ):
        file.write_bytes(start + data)
        read(file)


def test_deep_nesting_is_not_a_fault_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "deep.eml"
    file.write_bytes(b"Content-Type: message/rfc822\n\n" * 20_000)
    bounces, _ = read(file)
    assert bounces == []
