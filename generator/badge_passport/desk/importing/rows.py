"""From the rows of a table to wishes, or to the reason why a row does not fit."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pydantic_core import PydanticCustomError

from badge_passport.desk.awarding.intents import Intent, badge_named, objections
from badge_passport.desk.awarding.judging import against_rules
from badge_passport.desk.importing.columns import ADDRESSES, IGNORED
from badge_passport.desk.importing.dates import DateError, Order, day
from badge_passport.desk.importing.reading import Row, Table
from badge_passport.desk.people.roster import AddressError, address
from badge_passport.model.texts import clean
from badge_passport.registry import Registry

MAX_NAME = 300  # characters


class Unfit(ValueError):
    """A row that cannot be imported; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What options say for rows that say nothing."""

    badge: str = ""
    day: datetime.date | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The wishes of a table, and the reason against each other row, by line."""

    intents: tuple[Intent, ...]
    unfit: dict[int, str] = field(default_factory=dict)


def intents(table: Table, mapping: Mapping[str, str], defaults: Defaults, registry: Registry) -> Read:
    """What the rows of a table wish for. ``mapping`` is from header to field."""
    found: list[Intent] = []
    unfit: dict[int, str] = {}
    fields = [mapping.get(header, IGNORED) for header in table.headers]
    badge = _badges(registry)
    for row in table.rows:
        try:
            intent = _intent(row, fields, defaults, badge, registry)
            for objection in objections(intent, registry):
                raise Unfit(objection)
        except (Unfit, DateError, AddressError, LookupError) as error:
            unfit[row.line] = str(error.args[0])
        else:
            found.append(intent)
    broken = against_rules(found, registry)
    unfit |= {found[number].line: why for number, why in broken.items()}
    return Read(tuple(intent for intent in found if intent.line not in unfit), unfit)


def _badges(registry: Registry) -> Callable[[str], str]:
    @cache
    def badge(words: str) -> str | LookupError:
        try:
            return badge_named(registry, words)
        except LookupError as error:
            return error

    def named(words: str) -> str:
        result = badge(words)
        if isinstance(result, LookupError):
            raise result
        return result

    return named


def _intent(
    row: Row, fields: Sequence[str], defaults: Defaults, badge: Callable[[str], str], registry: Registry
) -> Intent:
    if row.problem:
        raise Unfit(row.problem)
    cells = {name: cell for name, cell in zip(fields, row.cells, strict=True) if name != IGNORED and cell}
    addresses = tuple(dict.fromkeys(_address(cells[name]) for name in ADDRESSES if name in cells))
    participant = cells.get("participant", "")
    if not addresses and not participant:
        raise Unfit("nobody is named: the address is empty")
    if not defaults.badge and "badge" not in cells:
        raise Unfit("the badge is empty")
    issued_on = _day(cells, "issuedOn", defaults) or defaults.day
    if issued_on is None:
        raise Unfit("the day is empty")
    revoked_on, reason = _day(cells, "revoked.on", defaults), cells.get("revoked.reason", "")
    if reason and not revoked_on:
        raise Unfit("it has a reason for being revoked, but no day")
    if revoked_on and not reason:
        raise Unfit("it is revoked without a reason, which is public and must be there")
    return Intent(
        badge=badge(cells["badge"]) if "badge" in cells else defaults.badge,
        issued_on=issued_on,
        addresses=addresses,
        participant=participant,
        name=_name(cells),
        language=_language(cells.get("language", ""), registry),
        country=_country(cells.get("country", "")),
        expires=_day(cells, "expires", defaults),
        level=cells.get("level", ""),
        narrative=cells.get("narrative", "").replace("\r\n", "\n").replace("\r", "\n"),
        evidence_name=cells.get("evidence.name", ""),
        evidence_url=cells.get("evidence.url", ""),
        number=_number(cells.get("number", "")),
        revoked_on=revoked_on,
        revoked_reason=reason,
        line=row.line,
    )


def _address(text: str) -> str:
    try:
        return address(text.removeprefix("mailto:"))
    except AddressError as error:
        raise Unfit(f"this is not an e-mail address: {error}") from None


def _day(cells: Mapping[str, str], name: str, defaults: Defaults) -> datetime.date | None:
    return day(cells[name], defaults.order) if name in cells else None


def _name(cells: Mapping[str, str]) -> str:
    """The name for the roster. It will stand in the head of a mail: one line, and nothing invisible."""
    name = cells.get("name") or " ".join(filter(None, (cells.get("firstName"), cells.get("lastName"))))
    try:
        if "\n" in name or "\r" in name:
            raise Unfit("the name has a line break in it")
        if name:
            clean(name)
    except PydanticCustomError:
        raise Unfit("the name has an invisible character in it") from None
    if len(name) > MAX_NAME:
        raise Unfit(f"the name is longer than {MAX_NAME} characters")
    return name


def _language(tag: str, registry: Registry) -> str:
    """A language of the site, where the tag is one or a kind of one (``fr_FR``, ``FR``)."""
    known = {language.casefold(): language for language in registry.site.languages}
    wanted = tag.replace("_", "-").casefold()
    return known.get(wanted) or known.get(wanted.partition("-")[0]) or tag


def _country(text: str) -> str:
    from badge_passport.desk.people.countries import code_of  # slow to load

    return code_of(text) if text else ""


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:6]) <= 1000:
        raise Unfit(f"“{text[:20]}” is not a number from 1 to 1000")
    return int(text)
