"""A site in a repository, an edit of one of its files, and what a review of it says."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import repositories
from badge_passport.desk.publishing.review import Review
from badge_passport.desk.publishing.summary import lines
from minimal import MakeSite

TODAY = datetime.date(2026, 6, 1)
BADGE = "badges/harbour/listener.yml"
AWARDS = "content/awards/harbour/spring.yml"
SITE = "site.yml"
KEY = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
OTHER_KEY = "z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf"


def edit(site: Path, file: str, old: str, new: str) -> None:
    text = (site / file).read_text(encoding="utf-8")
    assert old in text
    (site / file).write_text(text.replace(old, new), encoding="utf-8")


def codes(seen: Review) -> list[str]:
    return [d.code for d in seen.checked.diagnostics]


def told(seen: Review) -> list[str]:
    assert seen.checked.registry is not None
    return lines(seen.changes, seen.checked.registry)


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    folder = make_site()
    repositories.start(folder)
    return folder
