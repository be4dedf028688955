"""Files of awards, ``content/awards/<issuer>/…``: another record in a YAML file, more rows in a table."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_passport.desk.awarding.deciding import Placed
from badge_passport.desk.awarding.intents import record
from badge_passport.desk.files.yamlfiles import EditError, edit
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.source import tables, yaml
from badge_passport.source.cells import lines as csv_lines

SCHEMA = "# yaml-language-server: $schema=../../../schemas/awards.schema.json\n"
COLUMNS = (
    *("participant", "badge", "issuedOn", "expires", "level", "language", "number", "identity"),
    *("narrative", "evidence.name", "evidence.url", "revoked.on", "revoked.reason"),
)
SHARED = ("badge", "issuedOn")


class InTheWay(Exception):
    """A file that cannot take the awards; ``problem`` says why."""

    def __init__(self, file: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.problem = Diagnostic("award-file", message, Span(file), fix)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with new rows: its files, and which award stands on which line of it."""

    path: str
    files: dict[str, bytes | None]
    lines: dict[int, Placed]


def folder(issuer: str) -> str:
    """Where an issuer's awards are."""
    return f"content/awards/{issuer}"


def with_awards(files: Mapping[str, bytes], path: str, placed: Sequence[Placed], fix: str) -> bytes:
    """The YAML file at ``path``, new or grown, with these awards at its end. They share badge and day.

    ``fix`` is what to do if the file cannot take them.

    Raises:
        InTheWay: the file holds one single award, the defaults of a table, or keys that would hold for
            the new awards too.
    """
    records = [_record(award) for award in placed]
    if path not in files:
        first = placed[0].intent
        start = f"{SCHEMA}badge: {first.badge.partition('/')[2]}\nissuedOn: {first.issued_on}\n"
        shared: dict[str, Any] = {"badge": first.badge.partition("/")[2], "issuedOn": str(first.issued_on)}
        data = start.encode()
    else:
        data = files[path]
        shared = _mapping(data, path, fix)
        if f"{path.removesuffix('.yml')}.csv" in files:
            raise InTheWay(path, "this file holds the defaults of a table, not awards", fix)
        if not isinstance(shared.pop("awards", None), list):
            raise InTheWay(path, "this file holds one award by itself, not a list of them", fix)
    fresh = [_beside(one, shared, path, fix) for one in records]

    def change(value: Any) -> None:
        value.setdefault("awards", []).extend(_copy(one) for one in fresh)

    try:
        return edit(data, change)
    except EditError as error:
        raise InTheWay(path, str(error), fix) from None


def with_rows(files: Mapping[str, bytes], issuer: str, stem: str, placed: Sequence[Placed]) -> Table:
    """The table ``<stem>.csv`` of an issuer, new or grown, with these awards at its end.

    Of a new table, what all rows share of badge and day goes into the YAML file beside it.

    Raises:
        InTheWay: files that are there cannot take the rows.
    """
    path, beside = f"{folder(issuer)}/{stem}.csv", f"{folder(issuer)}/{stem}.yml"
    fix = "give these awards a file of their own: --as NAME."
    records = [_record(award) for award in placed]
    made: dict[str, bytes | None] = {}
    if path in files:
        shared = _mapping(files[beside], beside, fix) if beside in files else {}
    elif beside in files:
        raise InTheWay(beside, "a file of awards has this name already", fix)
    else:
        shared = {key: str(records[0][key]) for key in SHARED if len({str(r[key]) for r in records}) == 1}
        if shared:
            made[beside] = (SCHEMA + "".join(f"{key}: {value}\n" for key, value in shared.items())).encode()
    rows = [_cells(_beside(one, shared, beside, fix)) for one in records]
    used = [name for name in COLUMNS if any(name in row for row in rows)]
    before, header, separator = _before(files.get(path), used, path, fix)
    at = before.count("\n") + 1
    text, lines = [before], {}
    for award, row in zip(placed, rows, strict=True):
        line = csv_lines([[row.get(name, "") for name in header]], separator)
        lines[at] = award
        at += line.count("\n")
        text.append(line)
    made[path] = "".join(text).encode("utf-8")
    return Table(path, made, lines)


def _before(data: bytes | None, used: Sequence[str], path: str, fix: str) -> tuple[str, list[str], str]:
    """What stands in the table already, with all columns that are used; its header and separator."""
    if data is None:
        return csv_lines([used]), list(used), ","
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    text = data.decode("utf-8-sig")
    separator = tables.separator(text)
    # Lines are counted by \n alone below, so that is what they end with.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    except csv.Error as error:  # pragma: no cover (the site was good)
        raise InTheWay(path, f"this table cannot be read: {error}", fix) from None
    header = [name.strip() for name in rows[0]]
    missing = [name for name in used if name not in header]
    if missing:
        header += missing
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n", delimiter=separator)
        writer.writerow(header)
        writer.writerows([*row, *[""] * (len(header) - len(row))] for row in rows[1:])
        text = out.getvalue()
    return mark + text + ("" if text.endswith("\n") else "\n"), header, separator


def _mapping(data: bytes, path: str, fix: str) -> dict[str, Any]:
    value, _ = yaml.load(data.decode("utf-8"), path)
    if not isinstance(value, dict):
        raise InTheWay(path, "this file holds no keys and values", fix)
    return value


def _beside(values: dict[str, Any], shared: dict[str, Any], path: str, fix: str) -> dict[str, Any]:
    """A record without what it shares with the others; nothing may come to it that nobody asked for."""
    extra = [key for key in shared if key not in values]
    if extra:
        said = f"this file gives “{extra[0]}” to every award in it, and the new ones have none"
        raise InTheWay(path, said, fix)
    return {
        key: value
        for key, value in values.items()
        if not (key in SHARED and str(shared.get(key)) == str(value))
    }


def _record(placed: Placed) -> dict[str, Any]:
    return record(placed.intent, placed.participant, placed.identity, placed.language)


def _cells(values: dict[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in values.items():
        inner = value[0] if isinstance(value, list) else value
        if isinstance(inner, dict):
            cells |= {f"{key}.{name}": str(text) for name, text in inner.items()}
        else:
            cells[key] = inner.isoformat() if isinstance(inner, datetime.date) else str(inner)
    return cells


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
