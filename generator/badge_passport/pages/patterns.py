"""Texts that differ from one another by a few words alone: made once, and cut where these words stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Final

_MARK: Final = re.compile("x(Y+)([0-9]+)Yx")


class Pattern:
    """What ``make`` makes of some words, which must be such that nothing is ever escaped in them: numbers,
    addresses that are quoted already, safe HTML.

    What it makes of marks in place of words is cut at the marks. That must not depend on the marks, and with
    the first words it must be what is made of them; where it does more than put words in, ``make`` is asked
    every time.
    """

    def __init__(self, make: Callable[..., str]) -> None:
        self._make = make
        self._fill: Callable[[tuple[str, ...]], str] | None = None

    def __call__(self, *words: str) -> str:
        """The same as ``make``; words that are empty are choices, and are not put in."""
        if not all(words):
            return self._make(*words)
        if self._fill is None:
            made = self._make(*words)
            fill = self._filling(words)
            self._fill = fill if fill and fill(words) == made else lambda words: self._make(*words)
            return made
        return self._fill(words)

    def _filling(self, words: tuple[str, ...]) -> Callable[[tuple[str, ...]], str] | None:
        pieces, others = (
            [piece for at, piece in enumerate(_MARK.split(made)) if at % 3 != 1]
            for made in (
                self._make(*(type(word)(f"x{kind}{at}Yx") for at, word in enumerate(words)))
                for kind in ("YYYY", "YYYYYYY")
            )
        )
        if pieces != others:
            return None
        text = "%s".join(piece.replace("%", "%%") for piece in pieces[::2]) + "%.0s%.0s"
        pick = itemgetter(*map(int, pieces[1::2]), 0, 0)  # two more, because one alone is picked as itself
        return lambda words: text % pick(words)
