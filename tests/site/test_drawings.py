"""Drawings that promoters bring: each is tried when it is new, by a process of its own, and not again."""

from __future__ import annotations

from pathlib import Path

import pytest

from badge_passport.pages import images
from badge_passport.pipeline import Checked, check, learn
from badge_passport.registry import known
from badge_passport.source.pictures import Picture
from minimal import MINIMAL, MakeSite

BADGE = "badges/harbour/listener.yml"
ISSUER = "badges/harbour/issuer.yml"


def drawing(color: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
        f'<circle cx="5" cy="5" r="5" fill="{color}"/></svg>'
    )


class Site:
    """A site whose issuer and badge have a drawing each; ``tried`` are those that the last check drew."""

    def __init__(self, make_site: MakeSite, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._make, self._memory = make_site, folder / "records"
        self.tried: list[bytes] = []
        optimise = images.optimise

        def noted(picture: Picture) -> bytes:
            self.tried.append(picture.data)
            return optimise(picture)

        monkeypatch.setattr(images, "optimise", noted)
        self.put("badges/harbour/star.svg", drawing("red"))
        self.put("badges/harbour/logo.svg", drawing("teal"))
        self.put(BADGE, (MINIMAL / BADGE).read_text("utf-8") + "image: star.svg\n")
        self.put(ISSUER, (MINIMAL / ISSUER).read_text("utf-8") + "image: logo.svg\n")

    def put(self, path: str, text: str) -> None:
        self.folder = self._make({path: text})

    def check(self) -> Checked:
        """As in a process of its own, which knows what the one before it kept in a file."""
        images._pngs.clear()
        self.tried.clear()
        records = known.load(self._memory)
        checked = check(self.folder, known=records)
        learn(checked, records)
        records.save(self._memory)
        return checked


@pytest.fixture
def site(make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(make_site, tmp_path, monkeypatch)


def test_what_could_be_drawn_is_not_tried_again(site: Site) -> None:
    assert site.check().good
    assert len(site.tried) == 2
    assert site.check().good
    assert site.tried == []
    site.put("badges/harbour/star.svg", drawing("blue"))
    assert site.check().good
    assert site.tried == [drawing("blue").encode()]
    assert site.check().good
    assert site.tried == []


def test_what_cannot_be_drawn_is_said_each_time(site: Site) -> None:
    assert site.check().good
    endless = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>'
    site.put("badges/harbour/star.svg", drawing("red").replace("</svg>", endless))
    for _ in range(2):
        [problem] = site.check().diagnostics
        assert problem.code == "image-broken"
        assert problem.span is not None and problem.span.file == BADGE
    site.put("badges/harbour/star.svg", drawing("red"))
    assert site.check().good
