"""Which messages are to be sent: from the site, the roster and the log, without sending any."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from badge_passport.credentials.identity import is_recipient
from badge_passport.desk.mail.sentlog import Message, SentLog, digest, message_id
from badge_passport.desk.people.roster import Entry, Roster
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Participant
from badge_passport.urls import Urls

NEW = "new"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run of `passport notify` is about; empty sets mean all.

    ``reminder`` is the number of days after which unclaimed awards are reminded of, at most
    ``most_reminders`` times; None means messages about new awards.
    """

    awards: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()
    since: datetime.date | None = None
    limit: int | None = None
    digest: bool = False
    reminder: int | None = None
    most_reminders: int = 1
    resend_uncertain: bool = False
    resend_refused: bool = False

    def includes(self, award: Award) -> bool:
        """Whether a message may be sent about this award at all."""
        return (
            award.in_force
            and award.acceptance != "hidden"
            and (not self.awards or award.id in self.awards)
            and (not self.badges or award.badge.ref in self.badges)
            and (not self.issuers or award.badge.issuer.slug in self.issuers)
            and (not self.participants or award.participant.slug in self.participants)
            and (self.since is None or award.issued_on >= self.since)
            and (self.reminder is None or award.acceptance == "pending")
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to be written: what about, to whom, in which language, and its Message-ID."""

    id: str
    kind: str
    participant: Participant
    to: Entry
    language: str
    awards: tuple[Award, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: messages to send; and, of awards it is about, what stands in the way of others.

    ``unaddressed`` are people without an address here, ``uncertain`` and ``failed`` messages of earlier runs.
    """

    notices: tuple[Notice, ...] = ()
    unaddressed: tuple[tuple[Participant, int], ...] = ()
    uncertain: tuple[Message, ...] = ()
    failed: tuple[Message, ...] = ()

    def problems(self) -> list[Diagnostic]:
        """``address-missing``, ``mail-uncertain`` and ``mail-not-sent``, by person."""
        return [
            *(_unaddressed(person, count) for person, count in self.unaddressed),
            *(uncertain(message) for message in self.uncertain),
            *(not_sent(message) for message in self.failed),
        ]


@dataclass(slots=True)
class _Found:
    """What is found on the way, each message of an earlier run once."""

    due: list[tuple[str, Award, Entry]] = field(default_factory=list)
    again: list[Notice] = field(default_factory=list)
    unaddressed: dict[Participant, int] = field(default_factory=dict)
    uncertain: dict[str, Message] = field(default_factory=dict)
    failed: dict[str, Message] = field(default_factory=dict)


def plan(
    registry: Registry, roster: Roster, log: SentLog, key: bytes, wanted: Wanted, now: datetime.datetime
) -> Plan:
    """The messages that are due, in the order of the awards. ``key`` is that of the claim codes."""
    found = _Found()
    for award in registry.awards.values():
        if wanted.includes(award):
            _look_at(award, registry, roster, log, key, wanted, now, found)
    host = Urls.of(registry.site.url, registry.default_language).host
    groups: dict[tuple[str, ...], list[tuple[str, Award, Entry]]] = {}
    for kind, award, entry in found.due:
        one = (kind, entry.address) if wanted.digest else (kind, entry.address, award.id)
        groups.setdefault(one, []).append((kind, award, entry))
    notices = found.again
    for group in groups.values():
        kind, first, entry = group[0]
        awards = tuple(award for _, award, _ in group)
        made = message_id(key, host, kind, entry.address, (a.id for a in awards))
        notices.append(
            Notice(made, kind, first.participant, entry, spoken(registry, first.participant, entry), awards)
        )
    return Plan(
        tuple(notices[: wanted.limit]),
        tuple(found.unaddressed.items()),
        tuple(found.uncertain.values()),
        tuple(found.failed.values()),
    )


def _look_at(
    award: Award,
    registry: Registry,
    roster: Roster,
    log: SentLog,
    key: bytes,
    wanted: Wanted,
    now: datetime.datetime,
    found: _Found,
) -> None:
    earlier = log.about(award.id)
    kind = NEW if wanted.reminder is None else _due_reminder(earlier, wanted, now)
    if kind is None:
        return
    same = [message for message in earlier if message.last.kind == kind]
    if any(message.state == "sent" for message in same):
        return
    entries = addresses(roster, award)
    unclear = [message for message in same if message.state == "uncertain"]
    if unclear:
        again = _again(unclear[0], registry, entries, key) if wanted.resend_uncertain else None
        if again is None:
            found.uncertain[unclear[0].last.id] = unclear[0]
        elif again.id not in {notice.id for notice in found.again}:
            found.again.append(again)
        return
    failed = [message for message in earlier if message.state in ("refused", "bounced")]
    dead = set() if wanted.resend_refused else {message.last.to for message in failed}
    alive = [entry for entry in entries if digest(key, entry.address) not in dead]
    if alive:
        found.due.append((kind, award, alive[0]))
    elif entries:
        found.failed[failed[-1].last.id] = failed[-1]
    else:
        found.unaddressed[award.participant] = found.unaddressed.get(award.participant, 0) + 1


def _due_reminder(earlier: Sequence[Message], wanted: Wanted, now: datetime.datetime) -> str | None:
    """The kind of the next reminder, if one is due: the last message has been there long enough."""
    there = [message.last for message in earlier if message.state == "sent"]
    reminders = sum(event.kind != NEW for event in there)
    if not there or reminders >= wanted.most_reminders:
        return None
    waited = now - max(event.at for event in there)
    return f"reminder-{reminders + 1}" if waited >= datetime.timedelta(days=wanted.reminder or 0) else None


def _again(message: Message, registry: Registry, entries: Iterable[Entry], key: bytes) -> Notice | None:
    """The same message once more, with the same Message-ID; None if its address is not here any more."""
    event = message.last
    entry = next((e for e in entries if digest(key, e.address) == event.to), None)
    awards = tuple(
        found for i in event.awards if (found := registry.awards.get(i)) is not None and found.in_force
    )
    if entry is None or not awards:
        return None
    person = awards[0].participant
    return Notice(event.id, event.kind, person, entry, spoken(registry, person, entry), awards)


def addresses(roster: Roster, award: Award) -> tuple[Entry, ...]:
    """The addresses that may be written to about an award, best first.

    The one it was awarded to, then the one with the identity's label; then the others of the same person,
    for when the first is dead.
    """
    identity, label = award.identity, award.record.identity

    def rank(entry: Entry) -> int:
        if identity and is_recipient(entry.address, identity.salt, identity.identity):
            return 0
        return 1 if label is not None and entry.label == label else 2

    return tuple(sorted(roster.of(award.participant.slug), key=rank))


def spoken(registry: Registry, person: Participant, entry: Entry) -> str:
    """The language to write in: the person's own, else the roster's, else the site's, if the site has it."""
    site = registry.site.languages
    for wanted in (person.record.language or "", entry.language):
        for tag in (wanted, wanted.split("-")[0]):
            if tag in site:
                return tag
    return registry.default_language


def masked(address: str) -> str:
    """An address as it may be shown: ``a…@example.org``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _of(participant: str) -> Span:
    return Span(f"content/participants/{participant}.yml")


def _unaddressed(person: Participant, count: int) -> Diagnostic:
    awards = "an award" if count == 1 else f"{count} awards"
    return Diagnostic(
        "address-missing",
        f"“{person.slug}” cannot be told of {awards}: there is no address in private/roster.csv",
        _of(person.slug),
        "ask the person for an address, and add a row to private/roster.csv: participant, address.",
        "warning",
    )


def uncertain(message: Message) -> Diagnostic:
    """The problem that nobody knows whether a message was taken."""
    event = message.last
    return Diagnostic(
        "mail-uncertain",
        f"nobody knows whether the message of {event.at:%Y-%m-%d %H:%M} UTC reached “{event.participant}”",
        _of(event.participant),
        "ask the person, or look for it at the mail server; --resend-uncertain sends the same message again.",
    )


def not_sent(message: Message) -> Diagnostic:
    """The problem that a mail server did not take a message, or gave it back."""
    event = message.last
    said = " ".join(str(part) for part in (event.code or "", event.text) if part)
    tail = f": {said}" if said else ""
    if event.event == "deferred":
        text = f"the message to “{event.participant}” was not taken yet{tail}"
        fix = "run the command again later; only what is missing is sent."
    else:
        happened = "came back" if event.event == "bounced" else "was refused"
        text = f"the message to “{event.participant}” {happened}{tail}"
        fix = (
            "ask the person for another address and add it to private/roster.csv; or, if the address was not "
            "at fault, run with --resend-refused."
        )
    return Diagnostic("mail-not-sent", text, _of(event.participant), fix)
