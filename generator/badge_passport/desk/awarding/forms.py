"""The form “Award a badge” as an issue renders it: a heading for each field, and what was written.

Whoever can open an issue wrote it. A heading inside an answer must not pass for another field, so a form with
anything unexpected is refused as a whole.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from badge_passport.desk.awarding.intents import badge_named
from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.model.values import is_slug
from badge_passport.registry import Registry

MAX_FORM = 65_536  # characters, as many as an issue may have
MAX_PEOPLE = 200
FIELDS = ("Badge", "Participants", "Day", "Level", "Evidence", "Name of the evidence")
_REQUIRED = FIELDS[:3]
_EMPTY = "_No response_"
_HEADING = re.compile(r"### (.+)")


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for; ``participants`` are slugs that the site knows."""

    badge: str
    participants: tuple[str, ...]
    day: datetime.date
    level: str = ""
    evidence: str = ""
    evidence_name: str = ""


class _Wrong(Exception):
    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def read_form(data: bytes, file: str, registry: Registry) -> tuple[Form | None, list[Diagnostic]]:
    """The form in the text of an issue.

    Problems: ``form-unreadable``.
    """
    try:
        return _form(data, registry), []
    except _Wrong as wrong:
        fix = "change the issue: edit it, close it, and open it again."
        return None, [Diagnostic("form-unreadable", str(wrong), Span(file, wrong.line), fix)]


def _form(data: bytes, registry: Registry) -> Form:
    if len(data) > 4 * MAX_FORM:
        raise _Wrong(f"the form has more than {MAX_FORM:,} characters")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _Wrong("the form is not UTF-8") from None
    fields = _fields(text.replace("\r\n", "\n"))
    for name in _REQUIRED:
        if not fields.get(name, ("", 1))[0]:
            raise _Wrong(f"“{name}” is empty", fields.get(name, ("", 1))[1])
    values = {
        name: _one_line(name, *fields[name]) for name in FIELDS if name != "Participants" and name in fields
    }
    try:
        badge = badge_named(registry, values["Badge"])
    except LookupError as error:
        raise _Wrong(_shown(str(error.args[0])), fields["Badge"][1]) from None
    return Form(
        badge,
        _people(*fields["Participants"], registry),
        _day(values["Day"], fields["Day"][1]),
        values.get("Level", ""),
        values.get("Evidence", ""),
        values.get("Name of the evidence", ""),
    )


def _fields(text: str) -> dict[str, tuple[str, int]]:
    """Each field with what was written, and the line that begins on."""
    found: dict[str, tuple[list[str], int]] = {}
    current: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        heading = _HEADING.fullmatch(line.rstrip())
        if heading:
            name = heading[1]
            if name not in FIELDS:
                raise _Wrong(f"the form has no field “{_shown(name)[:40]}”", number)
            if name in found:
                raise _Wrong(f"“{name}” stands twice in the form", number)
            current = []
            found[name] = (current, number)
        elif current is not None:
            current.append(line)
        elif line.strip():
            raise _Wrong("the form does not begin with a field", number)
    written = {name: ("\n".join(lines).strip(), line) for name, (lines, line) in found.items()}
    return {name: ("" if value == _EMPTY else value, line) for name, (value, line) in written.items()}


def _one_line(name: str, value: str, line: int) -> str:
    if "\n" in value or len(value) > 2000 or not value.isprintable():
        raise _Wrong(f"“{name}” is more than one plain line", line)
    return value


def _people(value: str, line: int, registry: Registry) -> tuple[str, ...]:
    names = [name.strip("`-*") for name in re.split(r"[\s,;]+", value)]
    people = tuple(dict.fromkeys(name for name in names if name))
    if len(people) > MAX_PEOPLE:
        raise _Wrong(f"the form names more than {MAX_PEOPLE} people", line)
    for name in people:
        if "@" in name:
            raise _Wrong("an e-mail address has no place in a form that everybody can read", line)
        if not is_slug(name) or name not in registry.participants:
            near = did_you_mean(name[:80], registry.participants).strip()
            raise _Wrong(f"no participant called “{_shown(name)[:40]}”{'; ' + near if near else ''}", line)
    return people


def _day(value: str, line: int) -> datetime.date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise _Wrong(f"“{_shown(value)[:40]}” is not a day: write it as 2026-06-18", line)


def _shown(text: str) -> str:
    """A text of a stranger, on one line."""
    return "".join(c if c.isprintable() else " " for c in text)
