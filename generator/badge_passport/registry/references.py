"""What a reference means: awards by what people know of them, and names that nothing has."""

from __future__ import annotations

from collections.abc import Iterable

from badge_passport.diagnostics import Diagnostic, Place, Span, did_you_mean
from badge_passport.model import records as r
from badge_passport.registry.entities import Acceptance


def unknown(kind: str, name: str, known: Iterable[str], where: Place | Span, files: str) -> Diagnostic:
    """The problem that ``name`` is no ``kind`` (issuer, badge, …), with the nearest that is."""
    return Diagnostic(
        f"unknown-{kind}",
        f"no {kind} called “{name}”",
        where,
        f"{did_you_mean(name, known)}Known ones are {files}.",
    )


def response(person: r.ParticipantRecord, badge: str, record: r.AwardRecord) -> r.Response | None:
    """The participant's last response to an award."""
    if not person.responses:
        return None
    given = reversed(person.responses)
    return next((one for one in given if matches(one, badge, record.participant, record)), None)


def acceptance(person: r.ParticipantRecord, badge: str, record: r.AwardRecord) -> Acceptance:
    """The participant's answer to an award: their last response to it, else their standing consent."""
    given = response(person, badge, record)
    if given is not None:
        return given.answer
    accepts = person.consent is not None and "awards" in person.consent.scope
    return "accepted" if accepts else "pending"


def matches(wanted: r.AwardReference, badge: str, participant: str | None, record: r.AwardRecord) -> bool:
    """Whether a reference means this award; what it leaves out is not asked."""
    return (
        wanted.badge == badge
        and wanted.participant in (None, participant, record.participant)
        and wanted.issued_on in (None, record.issued_on)
        and wanted.number in (None, record.number or 1)
    )
