"""Sending many messages: recorded before and after, at a measured pace, tried again where that is safe."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from badge_passport.desk.mail.letters import Letter
from badge_passport.desk.mail.mailserver import Connection, Outcome, Stop
from badge_passport.desk.mail.notices import Notice, not_sent, uncertain
from badge_passport.desk.mail.sentlog import Event, Message, answered, digest, unusable
from badge_passport.diagnostics import Diagnostic

Clock = Callable[[], datetime.datetime]
"""The time, with its zone."""


@dataclass
class Report:
    """What a run did, by Message-ID; ``stopped`` is why it ended early, and ``interrupted`` that you did."""

    messages: dict[str, Message] = field(default_factory=dict)
    planned: int = 0
    stopped: Diagnostic | None = None
    interrupted: bool = False

    def count(self, state: str) -> int:
        """How many messages are in a state."""
        return sum(message.state == state for message in self.messages.values())

    @property
    def sent(self) -> int:
        """How many messages a server took."""
        return self.count("sent")

    def problems(self) -> list[Diagnostic]:
        """``mail-not-sent`` and ``mail-uncertain`` for what needs somebody, and what stopped us."""
        found = [
            uncertain(message) if message.state == "uncertain" else not_sent(message)
            for message in self.messages.values()
            if message.state != "sent"
        ]
        return [*found, self.stopped] if self.stopped else found


@dataclass
class Post:
    """What sending needs: a connection, a way to record, the key of the log's digests, and the time.

    ``record`` must not return before an event is on the disk. ``pace`` is the least number of seconds between
    two messages.
    """

    connection: Connection
    record: Callable[[Event], None]
    key: bytes
    clock: Clock
    pace: float = 0.0
    monotonic: Callable[[], float] = time.monotonic
    _next: float = 0.0

    def send_all(
        self,
        notices: Sequence[Notice],
        write: Callable[[Notice], Letter],
        tell: Callable[[Report], None] = lambda _: None,
    ) -> Report:
        """Send a letter for each notice. Those that are deferred get another turn after all others.

        A run ends early when nothing can be sent, or when what happens cannot be recorded; what it did is in
        the report, and running again goes on from there.
        """
        report = Report(planned=len(notices))
        waiting = list(notices)
        try:
            for turn in range(self.connection.retries + 1):
                if turn:
                    self.connection.sleep(self.connection.delay * 2 ** (turn - 1))
                waiting = [n for n in waiting if self._send(n, write, report, tell) == "deferred"]
                if not waiting:
                    break
        except Stop as stop:
            report.stopped = stop.problem
        except KeyboardInterrupt:
            report.interrupted = True
        self.connection.close(politely=not report.interrupted)
        return report

    def _send(
        self,
        notice: Notice,
        write: Callable[[Notice], Letter],
        report: Report,
        tell: Callable[[Report], None],
    ) -> str:
        letter = write(notice)
        self._keep_pace()
        sending = Event(
            self.clock(),
            "sending",
            notice.id,
            notice.kind,
            tuple(award.id for award in notice.awards),
            notice.participant.slug,
            digest(self.key, notice.to.address),
        )

        def before_text() -> None:
            self._record(sending)
            report.messages[notice.id] = Message(sending)

        outcome: Outcome = self.connection.deliver(letter, before_text)
        if outcome.event != "uncertain":
            event = answered(sending, outcome.event, self.clock(), outcome.code, outcome.text)
            self._record(event)
            report.messages[notice.id] = Message(event)
        tell(report)
        return outcome.event

    def _record(self, event: Event) -> None:
        try:
            self.record(event)
        except OSError as error:
            raise Stop(unusable(error)) from error

    def _keep_pace(self) -> None:
        now = self.monotonic()
        if now < self._next:
            self.connection.sleep(self._next - now)
            now = self._next
        self._next = now + self.pace
