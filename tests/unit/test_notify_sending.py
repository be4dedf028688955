"""Sending over real connections to a real server that fails: nobody gets two, nobody is forgotten."""

from __future__ import annotations

import fcntl
import os
import random
import resource
import signal
import stat
import time
from collections import Counter
from pathlib import Path

import pytest

from mailserver import (
    BUSY,
    DROP,
    DROP_AFTER_LOST,
    DROP_AFTER_TAKEN,
    DROP_IN_TEXT,
    LATER,
    LATER_TEXT,
    NO_SUCH,
    PASSWORD,
    SPAM,
    STALL,
    STALL_TAKEN,
    TAKE,
    Certificate,
    MailServer,
    make_certificate,
)
from minimal import MakeSite
from notify_fixtures import QUICK, log_of, notify, people, start, states, two

AMIRA, JONAS = "amira@example.org", "jonas@example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def test_everybody_is_told_once(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer() as server:
        first = notify(site, *QUICK, environment=server.environment)
        again = notify(site, *QUICK, environment=server.environment)
    assert first.exit_code == 0
    assert first.output == "sent 2 messages\n"
    assert again.exit_code == 0
    assert again.output == "nothing to send\n"
    assert [(m.sender, m.recipient) for m in server.received] == [
        ("badges@harbour.example.org", AMIRA),
        ("badges@harbour.example.org", JONAS),
    ]
    assert [line["event"] for line in log_of(site)] == ["sending", "sent"] * 2
    assert stat.S_IMODE((site / "private/sent.jsonl").stat().st_mode) == 0o600


def test_the_log_and_what_is_said_hold_no_address(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [NO_SUCH]}) as server:
        said = notify(site, *QUICK, environment=server.environment).output
    assert "…@…" in (site / "private/sent.jsonl").read_text(encoding="utf-8")
    for text in ((site / "private/sent.jsonl").read_text(encoding="utf-8"), said):
        assert AMIRA not in text
        assert JONAS not in text


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(make_site: MakeSite, certificate: Certificate, security: str) -> None:
    site = make_site(two())
    with MailServer(security=security, certificate=certificate, login=True) as server:
        result = notify(site, environment=server.environment)
    assert result.output == "sent 2 messages\n"
    assert [m.encrypted for m in server.received] == [True, True]


def nothing_happened(site: Path) -> bool:
    return not (site / "private/sent.jsonl").exists()


def test_a_wrong_password_is_said_plainly(make_site: MakeSite, certificate: Certificate) -> None:
    site = make_site(two())
    with MailServer(security="starttls", certificate=certificate, login=True) as server:
        result = notify(site, environment={**server.environment, "PASSPORT_SMTP_PASSWORD": "wrong"})
    assert result.exit_code == 1
    assert "error[mail-server]" in result.output
    assert "refuses the login: 535" in result.output
    assert server.received == []
    assert nothing_happened(site)
    assert PASSWORD not in result.output
    assert "wrong" not in result.output


def test_a_server_without_encryption_gets_nothing(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer() as server:
        result = notify(site, environment={**server.environment, "PASSPORT_SMTP_SECURITY": ""})
    assert result.exit_code == 1
    assert "offers no encryption (STARTTLS)" in result.output
    assert server.received == []
    assert nothing_happened(site)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_certificate_of_somebody_else_ends_it(
    make_site: MakeSite, certificate: Certificate, tmp_path: Path, security: str, wrong: str
) -> None:
    site = make_site(two())
    other = make_certificate(tmp_path / "other", "mail.example.org")
    shown = other if wrong == "name" else certificate
    believed = other.authority
    with MailServer(security=security, certificate=shown) as server:
        result = notify(site, environment={**server.environment, "PASSPORT_SMTP_CA": str(believed)})
    assert result.exit_code == 1
    assert "is not trusted" in result.output
    assert server.received == []
    assert nothing_happened(site)


@pytest.mark.parametrize("fault", [LATER, LATER_TEXT, BUSY, DROP, DROP_IN_TEXT])
def test_what_is_safe_to_try_again_is(make_site: MakeSite, fault: str) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [fault, fault]}) as server:
        result = notify(site, *QUICK, environment=server.environment)
    assert result.exit_code == 0, result.output
    assert result.output == "sent 2 messages\n"
    assert server.counts() == {AMIRA: 1, JONAS: 1}
    assert states(site) == {"amira": "sent", "jonas": "sent"}


@pytest.mark.parametrize("fault", [LATER, LATER_TEXT, BUSY, DROP, DROP_IN_TEXT])
def test_what_fails_every_time_is_left_for_the_next_run(make_site: MakeSite, fault: str) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [fault] * 4}) as server:
        result = notify(site, *QUICK, "--retries", "1", environment=server.environment)
        assert server.counts() == {JONAS: 1}
        assert result.exit_code == 1
        assert result.output.startswith("content/participants/amira.yml:1:1: error[mail-not-sent]: ")
        assert result.output.endswith("sent 1 message, 1 not taken yet\n")
        assert states(site)["amira"] == "deferred"
        server.script = {}
        assert notify(site, *QUICK, environment=server.environment).output == "sent 1 message\n"
    assert server.counts() == {AMIRA: 1, JONAS: 1}


@pytest.mark.parametrize(("fault", "code"), [(NO_SUCH, 550), (SPAM, 554)])
def test_a_refusal_is_listed_and_not_tried_again(make_site: MakeSite, fault: str, code: int) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [fault]}) as server:
        for said in ("sent 1 message, 1 refused\n", "nothing to send\n"):
            result = notify(site, *QUICK, environment=server.environment)
            assert result.exit_code == 1
            assert f"error[mail-not-sent]: the message to “amira” was refused: {code} " in result.output
            assert result.output.endswith(said)
        assert server.attempts[AMIRA] == 1
        result = notify(site, *QUICK, "--resend-refused", environment=server.environment)
        assert result.output == "sent 1 message\n"


def test_a_refused_person_is_written_to_at_another_address(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [NO_SUCH]}) as server:
        notify(site, *QUICK, environment=server.environment)
        with (site / "private/roster.csv").open("a", encoding="utf-8") as roster:
            roster.write("amira,other@example.org,,,\n")
        result = notify(site, *QUICK, environment=server.environment)
    assert result.exit_code == 0
    assert server.counts() == {JONAS: 1, "other@example.org": 1}


@pytest.mark.parametrize("fault", [DROP_AFTER_TAKEN, DROP_AFTER_LOST, STALL_TAKEN])
def test_after_the_last_dot_it_is_uncertain_and_not_sent_again(make_site: MakeSite, fault: str) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [fault]}, stall=2) as server:
        environment = {**server.environment, "PASSPORT_SMTP_TIMEOUT": "0.5"}
        for said in ("sent 1 message, 1 uncertain\n", "nothing to send\n"):
            result = notify(site, *QUICK, environment=environment)
            assert result.exit_code == 1
            assert "error[mail-uncertain]: nobody knows whether the message of " in result.output
            assert result.output.endswith(said)
        assert server.attempts[AMIRA] == 1
        assert states(site) == {"amira": "sending", "jonas": "sent"}
        result = notify(site, *QUICK, "--resend-uncertain", environment=server.environment)
    assert result.output == "sent 1 message\n"
    assert server.counts()[AMIRA] == (1 if fault == DROP_AFTER_LOST else 2)
    assert len({m.message["Message-ID"] for m in server.received if m.recipient == AMIRA}) == 1


def test_a_server_that_stalls_is_not_waited_for(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer(script={AMIRA: [STALL]}, stall=2) as server:
        started = time.monotonic()
        environment = {**server.environment, "PASSPORT_SMTP_TIMEOUT": "0.4"}
        result = notify(site, *QUICK, environment=environment)
        assert time.monotonic() - started < 2
    assert result.output == "sent 2 messages\n"
    assert server.counts() == {AMIRA: 1, JONAS: 1}


def test_a_server_that_is_not_there(make_site: MakeSite) -> None:
    site = make_site(two())
    with MailServer() as server:
        environment = server.environment
    result = notify(site, *QUICK, "--retries", "2", environment=environment)
    assert result.exit_code == 1
    assert "cannot be reached (Connection refused)" in result.output
    assert nothing_happened(site)


def test_letters_beyond_ascii_need_a_server_that_knows_them(make_site: MakeSite) -> None:
    site = make_site({**two(), "private/roster.csv": "participant,address\namira,jörg@bücher.example\n"})
    with MailServer(utf8=False) as server:
        result = notify(site, environment=server.environment)
    assert "the mail server cannot write to addresses with such letters" in result.output
    assert server.received == []
    with MailServer() as server:
        result = notify(site, "--resend-refused", environment=server.environment)
    assert result.exit_code == 0
    assert server.received[0].recipient == "jörg@bücher.example"
    assert "To: jörg@bücher.example\r\n".encode() in server.received[0].data


def test_another_domain_alone_needs_nothing(make_site: MakeSite) -> None:
    site = make_site({**two(), "private/roster.csv": "participant,address\namira,jorg@bücher.example\n"})
    with MailServer(utf8=False) as server:
        assert notify(site, environment=server.environment).exit_code == 0
    assert server.received[0].recipient == "jorg@xn--bcher-kva.example"


def test_the_pace_is_kept(make_site: MakeSite) -> None:
    site = make_site(people(4))
    with MailServer() as server:
        started = time.monotonic()
        assert notify(site, "--rate", "300", environment=server.environment).exit_code == 0
    assert time.monotonic() - started >= 3 * 60 / 300


def test_two_at_once_are_refused(make_site: MakeSite) -> None:
    site = make_site(people(30))
    with MailServer(delay=0.03) as server:
        first = start(site, environment=server.environment)
        while not server.received and first.poll() is None:
            time.sleep(0.02)
        second = notify(site, environment=server.environment)
        out, _ = first.communicate(timeout=60)
    assert second.exit_code == 1
    assert "error[notify-running]" in second.output
    assert out == b"sent 30 messages\n"
    assert set(server.counts().values()) == {1}


def test_the_lock_ends_with_the_process(make_site: MakeSite) -> None:
    site = make_site(people(3))
    folder = os.open(site / "private", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with MailServer() as server:
        assert "error[notify-running]" in notify(site, environment=server.environment).output
        os.close(folder)
        assert notify(site, environment=server.environment).exit_code == 0


def test_what_cannot_be_recorded_is_not_sent(make_site: MakeSite) -> None:
    """The disk is full from the third message on: the limit of the system stands for it."""
    site = make_site(people(6))
    with MailServer() as server:
        notify(site, "--limit", "2", environment=server.environment)
        size = (site / "private/sent.jsonl").stat().st_size
        limit = (size + 100, size + 100)
        process = start(
            site,
            environment=server.environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        )
        out, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert b"error[sent-log]" in err
        assert out == b"sent 0 messages, 4 not tried; run this again to go on\n"
        assert len(server.received) == 2
        assert notify(site, environment=server.environment).output == "sent 4 messages\n"
    assert set(server.counts().values()) == {1}


def test_a_full_disk_after_sending_leaves_it_uncertain(make_site: MakeSite) -> None:
    site = make_site(people(3))
    with MailServer() as server:
        notify(site, "--limit", "1", environment=server.environment)
        lines = (site / "private/sent.jsonl").read_bytes()
        limit = len(lines) + len(lines.split(b"\n")[0]) + 5  # room for “sending”, none for “sent”
        process = start(
            site,
            environment=server.environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert b"error[mail-uncertain]" in err
        assert len(server.received) == 2
        assert notify(site, environment=server.environment).output.endswith("sent 1 message\n")
    assert set(server.counts().values()) == {1}


def test_ctrl_c_ends_with_a_report(make_site: MakeSite) -> None:
    site = make_site(people(40))
    with MailServer(delay=0.3) as server:
        process = start(
            site,
            environment=server.environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # else none, in the background
        )
        while len(server.received) < 3 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        server.delay = 0
        assert process.returncode == 1
        assert out.startswith(b"sent ")
        assert out.endswith(b"not tried; run this again to go on\n")
        notify(site, environment=server.environment)
        notify(site, "--resend-uncertain", environment=server.environment)
        counts = server.counts()
    assert len(counts) == 40
    assert sum(count - 1 for count in counts.values()) <= 1  # the one that was on its way


ODDS = {LATER: 0.05, LATER_TEXT: 0.05, BUSY: 0.03, DROP: 0.06, DROP_IN_TEXT: 0.06, DROP_AFTER_TAKEN: 0.02}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again_nobody_gets_two(make_site: MakeSite, seed: int) -> None:
    count, chance = 60, random.Random(seed)
    site = make_site(people(count))
    refused = {"person-007@example.org", "person-031@example.org"}
    odds = {**ODDS, DROP_AFTER_LOST: 0.02}
    never = [NO_SUCH] * 50  # whoever is killed may not have noted the first answer
    with MailServer(dict.fromkeys(refused, never), odds, seed, delay=0.004) as server:
        kills = 0
        for _ in range(40):
            process = start(site, *QUICK, environment=server.environment)
            before = len(server.received)
            if kills < 5:
                goal = before + chance.randint(1, 9)
                while len(server.received) < goal and process.poll() is None:
                    time.sleep(0.002)
                time.sleep(chance.random() * 0.02)
                if process.poll() is None:
                    process.kill()
                    kills += 1
                    process.communicate(timeout=60)
                    continue
            out, err = process.communicate(timeout=120)
            assert process.returncode in (0, 1), err
            if out == b"nothing to send\n":
                break
        else:
            pytest.fail("it never came to an end")
        assert kills == 5
        counts, known = server.counts(), states(site)
        assert max(counts.values()) == 1
        for number in range(count):
            slug = f"person-{number:03}"
            got, state = counts[f"{slug}@example.org"], known[slug]
            assert state in ("sent", "refused", "sending")
            if state != "sending":
                assert got == (state == "sent")
            assert (state == "refused") == (f"{slug}@example.org" in refused)
        unsure = {slug for slug, state in known.items() if state == "sending"}
        said = err.decode()
        assert {slug for slug in known if f"reached “{slug}”" in said} == unsure

        server.odds = {}
        process = start(site, *QUICK, "--resend-uncertain", environment=server.environment)
        process.communicate(timeout=120)
        ids = Counter((m.recipient, m.message["Message-ID"]) for m in server.received)
        assert {to for to, _ in ids} == {f"person-{n:03}@example.org" for n in range(count)} - refused
        assert len(ids) == count - len(refused)  # a second message has the id of the first
        assert {to for (to, _), times in ids.items() if times > 1} <= {f"{s}@example.org" for s in unsure}


def test_the_server_of_these_tests_draws_the_same_faults_from_a_seed() -> None:
    drawn = []
    for seed in (1, 1, 2):
        server = MailServer(odds=ODDS, seed=seed)
        drawn.append([server._choose(f"{n % 20}@example.org") for n in range(200)])
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {TAKE, *ODDS}
