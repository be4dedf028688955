"""With how many processes a site is built, if nobody says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from badge_passport.cli import progress
from badge_passport.cli.progress import worth
from badge_passport.source import processors
from minimal import CheckSite

MINIMAL_WORK = 2 + progress.BADGE  # two awards and a badge


@pytest.mark.parametrize(
    ("awards", "cores", "expected"),
    [(MINIMAL_WORK + 1, 8, 1), (MINIMAL_WORK, 8, 2), (3, 8, 5), (3, 4, 4), (3, 1, 1)],
)
def test_awards_and_badges_are_worth_processes_as_far_as_there_are_processors(
    checked: CheckSite, monkeypatch: pytest.MonkeyPatch, awards: int, cores: int, expected: int
) -> None:
    monkeypatch.setattr(progress, "AWARDS", awards)
    monkeypatch.setattr(processors, "cores", lambda: cores)
    assert worth(checked()) == expected


def test_what_cannot_be_built_is_worth_one(checked: CheckSite) -> None:
    assert worth(replace(checked(), registry=None)) == 1
