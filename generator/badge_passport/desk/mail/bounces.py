"""Messages that came back: delivery reports (RFC 3464) read from files, and matched by Message-ID.

A report is anybody's to write, so it is believed only about a Message-ID that the log knows, which nobody but
its recipient can; and all it does is be listed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

from badge_passport.desk.mail.sentlog import Event, SentLog, answered
from badge_passport.diagnostics import Diagnostic, Span

MAX_FILE = 256 * 1024 * 1024  # bytes of a mailbox
MAX_MESSAGE = 16 * 1024 * 1024  # bytes of one message in it
MAX_PARTS = 200
_FROM_LINE = re.compile(rb"(?m)^From [^\r\n]*\r?\n")
_ID = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]{1,255}>")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What one delivery report says: of which messages, for good (``failed``) or not yet, and why."""

    ids: frozenset[str]
    failed: bool
    code: int
    text: str


def read(file: Path) -> tuple[list[Bounce], Diagnostic | None]:
    """The delivery reports in a file: one message, or a mailbox (mbox) with many.

    Problems: ``bounce-unreadable``.
    """
    try:
        if file.stat().st_size > MAX_FILE:
            raise ValueError("it has more than 256 MB")
        data = file.read_bytes()
        messages = _messages(data)
        found = [bounce for message in messages if (bounce := _bounce(message)) is not None]
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return [], Diagnostic(
            "bounce-unreadable",
            f"no mail can be read from this file: {why}",
            Span(file.name),
            "save the messages that came back as .eml files, or as one mailbox (mbox), and name those.",
        )
    return found, None


def events(bounces: Iterable[Bounce], log: SentLog, now: datetime.datetime) -> list[Event]:
    """What is to be recorded: each message that came back for good and is not known to have."""
    found: dict[str, Event] = {}
    for bounce in bounces:
        for message_id in sorted(bounce.ids):
            known = log.messages.get(message_id)
            if bounce.failed and known is not None and known.state in ("sent", "uncertain", "deferred"):
                found.setdefault(message_id, answered(known.last, "bounced", now, bounce.code, bounce.text))
    return list(found.values())


def _messages(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"From "):
        starts, ends = [0], [len(data)]
    else:
        lines = list(_FROM_LINE.finditer(data))
        starts, ends = [m.end() for m in lines], [*(m.start() for m in lines[1:]), len(data)]
    for start, end in zip(starts, ends, strict=True):
        if end - start > MAX_MESSAGE:
            raise ValueError("a message in it has more than 16 MB")
        head = data[start : start + 4096]
        if not re.match(rb"[!-9;-~]+:", head):
            raise ValueError("it does not begin like a message")
        yield data[start:end]


def _bounce(data: bytes) -> Bounce | None:
    """The report in a message; None for mail that is none."""
    try:
        message = BytesParser(EmailMessage, policy=default).parsebytes(data)
        parts = [part for part, _ in zip(message.walk(), range(MAX_PARTS), strict=False)]
        status = [p for p in parts if p.get_content_type() == "message/delivery-status"]
        fields = [block for part in status for block in _blocks(part)]
        ids = frozenset(_ID.findall(_original(parts)))
    except (RecursionError, LookupError, AttributeError, TypeError, ValueError):
        return None
    if not ids:
        return None
    if fields:
        acted = [block for block in fields if "action" in block]
        failed = [block for block in acted if block["action"].lower().startswith("failed")]
        said = (failed or acted or [{}])[0]
        return Bounce(ids, bool(failed), _code(said), said.get("diagnostic-code") or said.get("status", ""))
    subject = str(message.get("Subject", ""))
    if message.get_content_type() == "multipart/report" or _from_a_server(message):
        return Bounce(ids, failed=_sounds_final(data), code=0, text=subject)
    return None


def _blocks(part: Message[Any, Any]) -> Iterator[dict[str, str]]:
    """The groups of fields of a delivery status; the first is about the message, each other a recipient."""
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else ():
        if isinstance(block, str):
            continue
        yield {name.lower(): str(value).strip() for name, value in block.items()}


def _original(parts: Iterable[Message[Any, Any]]) -> str:
    """Where the id of the message that came back can be: its header, which the report carries along."""
    texts = []
    for part in parts:
        texts += [str(part.get(name, "")) for name in ("Message-ID", "In-Reply-To", "References")]
        if part.get_content_type().startswith("text/"):
            payload = part.get_payload(decode=True)
            texts.append(payload[:1_000_000].decode("latin-1") if isinstance(payload, bytes) else "")
    return "\n".join(texts)


def _code(fields: Mapping[str, str]) -> int:
    """The reply code of SMTP in a report, else the class of its status: 500."""
    found = re.search(r"\b([45]\d\d)\b", fields.get("diagnostic-code", ""))
    if found:
        return int(found[1])
    status = _STATUS.search(fields.get("status", ""))
    return int(status[1]) * 100 if status else 0


def _from_a_server(message: Message[Any, Any]) -> bool:
    sender = str(message.get("From", "")).lower()
    return any(name in sender for name in ("mailer-daemon", "postmaster"))


def _sounds_final(data: bytes) -> bool:
    """Whether a report without fields speaks of a lasting failure: a status of class 5, none of class 4."""
    classes = {found[1] for found in _STATUS.finditer(data[:100_000].decode("latin-1"))}
    return "5" in classes and "4" not in classes
