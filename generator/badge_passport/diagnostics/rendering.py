"""Diagnostics for people (pretty, concise) and for machines (json, github)."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from badge_passport.diagnostics import Diagnostic, Span

Format = Literal["pretty", "concise", "json", "github"]
FORMATS: tuple[str, ...] = get_args(Format)

LineOf = Callable[[Span], str | None]
"""Gives the source line a span starts on, or None when the file cannot be shown."""

EXCERPT = 120  # characters of a source line that are shown
ALIKE = 20  # problems of one kind in one file that people are told one by one
_RANGES = 12  # stretches of lines that are named of those that are not
_JOINERS = "\u200c\u200d\u200e\u200f"  # needed to write Persian and Arabic, and harmless


def render(diagnostics: Sequence[Diagnostic], form: Format, line_of: LineOf) -> str:
    """All diagnostics as text in one of `FORMATS`; an empty string for none (``[]`` in JSON).

    Of a mistake that somebody made in each row of a table ``pretty`` shows the first `ALIKE`, and of the
    others only where they are: nobody finds the second kind of mistake under a thousand of the first.
    """
    diagnostics = [replace(d, message=_tame(d.message), help=_tame(d.help)) for d in diagnostics]
    if form == "json":
        return json.dumps([_as_dict(d) for d in diagnostics], ensure_ascii=False, indent=2)
    if form == "github":
        return "\n".join(_github(d) for d in diagnostics)
    if form == "concise":
        return "\n".join(_headline(d) for d in diagnostics)
    told, folded = _apart(diagnostics)
    return "\n\n".join([*(_pretty(d, line_of) for d in told), *map(_more, folded)])


def _headline(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    where = f"{span.file}:{span.line}:{span.column}: " if span else ""
    return f"{where}{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}"


def _tame(text: str) -> str:
    """The text as one line that cannot steer a terminal: tabs become spaces, the unprintable dots."""
    return "".join(c if c.isprintable() or c in _JOINERS else " " if c == "\t" else "·" for c in text)


def _pretty(diagnostic: Diagnostic, line_of: LineOf) -> str:
    parts = [_headline(diagnostic)]
    span = diagnostic.span
    line = line_of(span) if span else None
    if span and line is not None:
        parts += _excerpt(span, line)
    if diagnostic.help:
        parts.append(f"  help: {diagnostic.help}")
    return "\n".join(parts)


def _apart(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[list[Diagnostic]]]:
    """Those that are told one by one, and of each kind in a file those that are not."""
    kinds: dict[tuple[str, str, str], list[Diagnostic]] = defaultdict(list)
    told = []
    for one in diagnostics:
        kind = kinds[one.severity, one.code, one.span.file if one.span else ""]
        kind.append(one)
        if len(kind) <= ALIKE:
            told.append(one)
    return told, [kind[ALIKE:] for kind in kinds.values() if len(kind) > ALIKE]


def _more(alike: list[Diagnostic]) -> str:
    """Where problems of one kind are that are not told one by one."""
    first = alike[0]
    many = f"{len(alike)} more of {first.severity}[{first.code}]"
    ranges: list[list[int]] = []
    for line in sorted({one.span.line for one in alike if one.span}):
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    named = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_RANGES]]
    rest = ["…"] if len(ranges) > _RANGES else []
    where = f"{first.span.file}: " if first.span else ""
    counted = "rows" if first.span and first.span.file.endswith(".parquet") else "lines"
    at = f", at {counted} {', '.join(named + rest)}" if named else ""
    return f"{where}{many}{at}\n  help: `--format concise` tells each of them."


def _excerpt(span: Span, line: str) -> list[str]:
    """The source line with a caret under the span, as wide as a terminal draws it."""
    start = max(0, span.column - 1)
    cut = max(0, start - EXCERPT // 2)
    shown, start = _tame(line[cut : cut + EXCERPT]), start - cut
    length = max(1, min(span.end_column - span.column, len(shown) - start))
    pad = "".join(" " * _cells(c) for c in shown[:start])
    carets = "^" * max(1, sum(_cells(c) for c in shown[start : start + length]))
    number = f"{span.line:>5} | "
    return [number + shown, " " * (len(number) - 2) + "| " + pad + carets]


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _as_dict(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "endColumn": (span.end_column or None) if span else None,
    }


def _github(diagnostic: Diagnostic) -> str:
    """A workflow command, which GitHub shows as an annotation on the changed line."""
    span = diagnostic.span
    properties = {"title": diagnostic.code}
    if span:
        properties = {"file": span.file, "line": str(span.line), "col": str(span.column)} | properties
    fields = ",".join(f"{k}={_escape(v, ',:')}" for k, v in properties.items())
    text = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    return f"::{diagnostic.severity} {fields}::{_escape(text)}"


def _escape(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
