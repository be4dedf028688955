"""``private/sent.jsonl``: what happened to every message, one line for each event, only ever added to.

Before the text of a message is handed over, ``sending`` is written and is on the disk; afterwards ``sent``,
``refused`` or ``deferred``. So a message whose last event is ``sending`` is *uncertain*: nobody can know
whether it arrived, and it is never sent again unasked. A line counts from its newline on: what a crash left
of a line is nothing. No address is in it; ``to`` is a keyed digest that only tells addresses apart.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from badge_passport.credentials.identity import normalise
from badge_passport.diagnostics import Diagnostic, Span

SENT = "private/sent.jsonl"
MAX_SIZE = 256 * 1024 * 1024  # bytes: half a million messages
EventName = Literal["sending", "sent", "refused", "deferred", "bounced"]
State = Literal["uncertain", "sent", "refused", "deferred", "bounced"]
_NAMES: tuple[str, ...] = get_args(EventName)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


@dataclass(frozen=True, slots=True)
class Event:
    """One line. ``kind`` is ``new`` or ``reminder-1``, ``reminder-2``, …; ``code`` a reply of SMTP or 0."""

    at: datetime.datetime
    event: EventName
    id: str
    kind: str
    awards: tuple[str, ...]
    participant: str
    to: str
    code: int = 0
    text: str = ""

    def to_bytes(self) -> bytes:
        """The line, with its newline."""
        line: dict[str, Any] = {
            "at": self.at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
            "event": self.event,
            "id": self.id,
            "kind": self.kind,
            "awards": list(self.awards),
            "participant": self.participant,
            "to": self.to,
        }
        if self.code or self.text:
            line |= {"code": self.code, "text": without_addresses(self.text)}
        return json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the log knows it; ``last`` is its last event and ``state`` what that means."""

    last: Event

    @property
    def state(self) -> State:
        """``sending`` without an answer is ``uncertain``."""
        return "uncertain" if self.last.event == "sending" else self.last.event


@dataclass(frozen=True)
class SentLog:
    """The log, folded: every message by its Message-ID, and the messages about every award."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    by_award: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def about(self, award_id: str) -> tuple[Message, ...]:
        """The messages about an award, in the order in which they were first tried."""
        return tuple(self.messages[i] for i in self.by_award.get(award_id, ()))


def fold(events: Iterable[Event]) -> SentLog:
    """The log that events add up to."""
    messages: dict[str, Message] = {}
    by_award: dict[str, dict[str, None]] = {}
    for event in events:
        messages[event.id] = Message(event)
        for award in event.awards:
            by_award.setdefault(award, {})[event.id] = None
    return SentLog(messages, {award: tuple(ids) for award, ids in by_award.items()})


def parse(data: bytes) -> tuple[list[Event], list[Diagnostic]]:
    """The events of a log; what follows the last newline is left out.

    Problems: ``sent-log`` for a line that is no event.
    """
    events: list[Event] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        event = _event(line)
        if event is None:
            problems.append(
                Diagnostic(
                    "sent-log",
                    "this line of the list of sent messages cannot be read",
                    Span(SENT, number),
                    "take the file from a copy; without it people would get the same mail again.",
                )
            )
        else:
            events.append(event)
    return events, problems


def _event(line: bytes) -> Event | None:
    try:
        value = json.loads(line)
        at = datetime.datetime.fromisoformat(value["at"])
        texts = [value[name] for name in ("event", "id", "kind", "participant", "to")]
        awards, code, text = value["awards"], value.get("code", 0), value.get("text", "")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    good = (
        at.tzinfo is not None
        and all(isinstance(t, str) for t in [*texts, text])
        and texts[0] in _NAMES
        and isinstance(awards, list)
        and all(isinstance(a, str) for a in awards)
        and type(code) is int
    )
    name, message_id, kind, participant, to = texts
    return Event(at, name, message_id, kind, tuple(awards), participant, to, code, text) if good else None


def read_log(root: Path) -> tuple[SentLog, list[Diagnostic]]:
    """The log of a site; an empty one if there is none. Problems: ``sent-log``."""
    file = root / SENT
    try:
        if not file.exists():
            return SentLog(), []
        if file.stat().st_size > MAX_SIZE:
            raise OSError(0, "it is too large")
        data = file.read_bytes()
    except OSError as error:
        return SentLog(), [unusable(error)]
    events, problems = parse(data)
    return fold(events), problems


def unusable(error: OSError) -> Diagnostic:
    """The problem that the log cannot be read or written."""
    return Diagnostic(
        "sent-log",
        f"the list of sent messages cannot be used ({error.strerror or error})",
        Span(SENT),
        "make room, or mend its permissions; nothing is sent that cannot be recorded.",
    )


class Line(Protocol):
    """Something that a log is made of."""

    def to_bytes(self) -> bytes:
        """The line, with its newline."""
        ...


class Recorder:
    """Adds to a log; what `record` has returned from is on the disk."""

    def __init__(self, root: Path, name: str = SENT) -> None:
        """Open the log, made if there is none; what a crash left of a last line is taken away.

        Raises:
            OSError: it cannot be opened.
        """
        file = root / name
        new = not file.exists()
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            whole = _whole_lines(self._file)
            if whole < os.fstat(self._file).st_size:
                os.ftruncate(self._file, whole)
            if new:
                _sync_folder(file.parent)
        except OSError:
            self.close()
            raise

    def record(self, event: Line) -> None:
        """Write a line and wait until it is on the disk.

        Raises:
            OSError: it is not; the log is as it was, or ends in part of a line, which is nothing.
        """
        data = event.to_bytes()
        while data:
            data = data[os.write(self._file, data) :]
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def _whole_lines(file: int) -> int:
    """How many bytes there are up to the last newline."""
    end = os.fstat(file).st_size
    while end:
        start = max(0, end - 65536)
        found = os.pread(file, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _sync_folder(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(here)
    finally:
        os.close(here)


@contextmanager
def only_one(root: Path) -> Iterator[Diagnostic | None]:
    """Hold ``private/`` for this process alone; gives ``notify-running`` if another holds it.

    The lock is the system's and ends with the process, however that ends.
    """
    folder = root / "private"
    if not folder.is_dir():
        yield None
        return
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(here, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Diagnostic(
                "notify-running",
                "another `passport notify`, `bounces` or `accept` is at work on this site",
                None,
                "wait until it has ended, or end it; then run this again.",
            )
        else:
            yield None
    finally:
        os.close(here)


def digest(key: bytes, address: str) -> str:
    """What stands for an address in the log: a keyed digest, which says nothing to who lacks the key."""
    return hmac.new(key, f"address\n{normalise(address)}".encode(), hashlib.sha256).hexdigest()[:32]


def message_id(key: bytes, host: str, kind: str, address: str, awards: Iterable[str]) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of a message: always the same one, which nobody can guess."""
    text = "\n".join(["message", kind, normalise(address), *sorted(awards)])
    return f"<{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]}@{host}>"


def without_addresses(text: str) -> str:
    """A reply of a mail server as one short line; servers like to repeat the address."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:4000]).split())
    return _ADDRESS.sub("…@…", line)[:300]


def answered(sending: Event, event: EventName, at: datetime.datetime, code: int = 0, text: str = "") -> Event:
    """What came of a message that was being sent; what a server said of it is kept without addresses."""
    return replace(sending, event=event, at=at, code=code, text=without_addresses(text))
