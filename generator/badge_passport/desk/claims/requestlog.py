"""``private/requests.jsonl``: which requests of participants were carried out, one line for each.

It is only ever added to. It holds no name and no address: the slug of the person, the award, when the request
was made, and its digest. So nobody can hand in an old request again to undo a newer choice.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from badge_passport.diagnostics import Diagnostic, Span

REQUESTS = "private/requests.jsonl"
MAX_SIZE = 256 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """One line: a request that was carried out."""

    participant: str
    award: str
    made: datetime.datetime
    digest: str
    on: datetime.date

    def to_bytes(self) -> bytes:
        """The line, with its newline."""
        line = {
            "participant": self.participant,
            "award": self.award,
            "made": self.made.isoformat(timespec="milliseconds"),
            "digest": self.digest,
            "on": self.on.isoformat(),
        }
        return json.dumps(line).encode("ascii") + b"\n"


class RequestLog:
    """What was carried out, to be asked about."""

    def __init__(self, entries: Iterable[Carried] = ()) -> None:
        self.digests: set[str] = set()
        self._latest: dict[str, datetime.datetime] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Carried) -> None:
        """Know of one more."""
        self.digests.add(entry.digest)
        latest = self._latest.get(entry.participant)
        self._latest[entry.participant] = max(entry.made, latest) if latest else entry.made

    def copy(self) -> RequestLog:
        """Another one that knows the same."""
        other = RequestLog()
        other.digests, other._latest = set(self.digests), dict(self._latest)
        return other

    def latest(self, names: Collection[str]) -> datetime.datetime | None:
        """When the last request of a person was made; ``names`` are the slugs they had."""
        return max((self._latest[name] for name in names if name in self._latest), default=None)


def parse(data: bytes) -> tuple[list[Carried], list[Diagnostic]]:
    """The entries of a log; what follows the last newline was never finished and is left out.

    Problems: ``request-log`` for a line that is no entry.
    """
    entries: list[Carried] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            value = json.loads(line)
            made = datetime.datetime.fromisoformat(value["made"])
            names = [value[name] for name in ("participant", "award", "digest")]
            on = datetime.date.fromisoformat(value["on"])
            if made.tzinfo is None or not all(isinstance(name, str) for name in names):
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError):
            problems.append(
                Diagnostic(
                    "request-log",
                    "this line of the list of requests cannot be read",
                    Span(REQUESTS, number),
                    "take the file from a copy; without it an old request could be handed in again.",
                )
            )
        else:
            participant, award, digest = names
            entries.append(Carried(participant, award, made, digest, on))
    return entries, problems


def read_request_log(root: Path) -> tuple[RequestLog, list[Diagnostic]]:
    """The log of a site; an empty one if there is none. Problems: ``request-log``."""
    file = root / REQUESTS
    try:
        if not file.exists():
            return RequestLog(), []
        if file.stat().st_size > MAX_SIZE:
            raise OSError(0, "it is too large")
        data = file.read_bytes()
    except OSError as error:
        return RequestLog(), [unusable(error)]
    entries, problems = parse(data)
    return RequestLog(entries), problems


def unusable(error: OSError) -> Diagnostic:
    """The problem that the log cannot be read or written."""
    return Diagnostic(
        "request-log",
        f"the list of requests cannot be used ({error.strerror or error})",
        Span(REQUESTS),
        "make room, or mend its permissions; then run the command again.",
    )
