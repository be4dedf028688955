"""What went wrong, where, and what to do about it: errors as values.

Every stage returns ``(value, diagnostics)``. A diagnostic points at a `Place` (a file and the path of
keys to a value in it), which is cheap to carry; `badge_passport.source.locating` turns places into spans
(line and column) only once something has gone wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file: ``("awards", 2, "participant")`` of a YAML file, ``(row, column)`` of a CSV.

    With ``key=True`` the key itself is meant rather than its value.
    """

    file: str
    path: Keys = ()
    key: bool = False

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.file, (*self.path, step))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line of a file; line and columns count from 1, ``end_column`` is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable ``code``, one plain sentence, where, and what to do.

    ``where`` is a `Place` until the problem is shown, then a `Span`, and ``None`` for a problem that no
    file holds (an output folder, say).
    """

    code: str
    message: str
    where: Place | Span | None = None
    help: str = ""
    severity: Severity = "error"

    @property
    def span(self) -> Span | None:
        """The span, if this diagnostic has been located."""
        return self.where if isinstance(self.where, Span) else None


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error (warnings never stop a build)."""
    return any(d.severity == "error" for d in diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean “x”? `` for the known word nearest to ``word``, or nothing."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean “{near[0]}”? " if near else ""
