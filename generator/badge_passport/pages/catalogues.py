"""Mistakes in the translations that a site's own theme has: told when the site is checked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.pages.languages import catalogues
from badge_passport.resources import Theme

_HOLE: Final = re.compile(r"%%|%\(\w+\)[a-z]|\{\w+\}|%")
"""What gets a value, or would look for one; ``%%`` is a percent sign."""


def problems(theme: Theme, languages: Iterable[str], root: Path) -> Iterator[Diagnostic]:
    """``theme-catalogue`` for each mistake in what a site's own theme says in the site's languages."""
    top, every = root.resolve(), dict.fromkeys(file for tag in languages for file in catalogues(theme, tag))
    for file in (file for file in every if not file.is_relative_to(theme.layers[-1])):
        shown = file.relative_to(top).as_posix() if file.is_relative_to(top) else file.name
        for line, message, fix in _mistakes(file.read_bytes()):
            yield Diagnostic("theme-catalogue", message, Span(shown, line), fix)


def _mistakes(data: bytes) -> Iterator[tuple[int, str, str]]:
    """The line of each mistake, what it is, and what to do."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield line, "this catalogue is not UTF-8", "save it again with the encoding “UTF-8”."
        return
    try:
        catalogue = read_po(io.BytesIO(data), abort_invalid=True)
    except PoFileError as error:
        reason = re.sub(r" on \d+\Z", "", str(error))  # a line, counted from 0
        yield error.lineno + 1, f"this catalogue cannot be read: {reason}", "save it anew with Poedit."
        return
    for message in catalogue:
        for hole in sorted(_holes(message.string) - _holes(message.id)) if message.id else ():
            why = "a percent sign is written %%" if hole == "%" else f"its source has no “{hole}”"
            fix = "docs/translating.md says what to mind."
            yield message.lineno or 1, f"this translation cannot be used: {why}", fix


def _holes(text: Any) -> set[str]:
    """The holes of a text, or of all its forms."""
    forms = text if isinstance(text, tuple | list) else (text,)
    return {hole for form in forms for hole in _HOLE.findall(form or "")} - {"%%"}
