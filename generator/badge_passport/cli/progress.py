"""What a long build says while it runs, and with how many processes it does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from badge_passport.pipeline import Checked

AWARDS = 200
"""Awards for which it pays to start one more process."""
BADGE = 10
"""A badge is worth as many awards: it has pages, a picture, and cards in each language."""
PAUSE = 0.1  # seconds between two lines on a terminal

jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 1024),
    default=None,
    show_default="as many as there are processors, fewer for a small site",
    help="The number of processes that build.",
)


def worth(checked: Checked) -> int:
    """The processes that a site is worth: starting them takes time, too."""
    from badge_passport.source.processors import cores

    registry = checked.registry
    work = len(registry.awards) + BADGE * len(registry.badges) if registry else 0
    return min(cores(), 1 + work // AWARDS)


class Progress:
    """Shows stage, rate and time left in one line of a terminal; nothing without one."""

    def __init__(self, terminal: TextIO | None) -> None:
        self._terminal = terminal
        self._stage, self._began, self._shown = "", 0.0, 0.0
        self._width = 0

    def __call__(self, stage: str, done: int, total: int, files: int) -> None:
        """So many parts of a stage are done, and so many files are written."""
        if self._terminal is None:
            return
        now = time.perf_counter()
        if stage != self._stage:
            self._stage, self._began, self._shown = stage, now, 0.0
        if now - self._shown >= PAUSE or done == total:
            self._shown = now
            self._line(said(stage, done, total, files, now - self._began))
        if done == total and stage == "writing":
            self._line("")

    def _line(self, text: str) -> None:
        if self._terminal is not None:
            self._terminal.write(f"\r{text:<{self._width}}" + ("" if text else "\r"))
            self._terminal.flush()
            self._width = len(text)


def said(stage: str, done: int, total: int, files: int, seconds: float) -> str:
    """A stage in words, ``seconds`` after it began."""
    parts = [f"{stage} {100 * done // total} %"]
    if files:
        parts.append(f"{files} files")
        if seconds > 0.5:
            parts.append(f"{files / seconds:.0f} a second")
    if 0 < done < total and seconds > 0.5:
        parts.append(f"about {seconds / done * (total - done):.0f} s left")
    return ", ".join(parts)
