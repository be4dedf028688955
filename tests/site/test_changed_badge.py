"""A badge that changed makes anew what tells of it, not all that there is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge_passport.pages import cards, images
from badge_passport.pages.designs import Design
from badge_passport.pages.languages import Language
from badge_passport.pipeline import build, check
from badge_passport.publish.people import People
from badge_passport.registry import Registry
from badge_passport.urls import Urls
from edits import put, start

AWARD = "badge: speaker\nparticipant: amira\nissuedOn: 2024-06-{day}\nnumber: {day}\n"


class Site:
    """The site of `edits`, built, with one more badge; ``made`` are whose files were made."""

    def __init__(self, folder: Path, made: list[str]) -> None:
        self.source, self.folder, self.made = start(folder), folder, made
        listener = (self.source / "badges/harbour/listener.yml").read_text("utf-8")
        put(self.source, "badges/harbour/apart.yml", listener.replace("name: ", "name: Quite ", 1))
        for number, (badge, who) in enumerate({"speaker": "noor", "apart": "zoe"}.items()):
            text = f"badge: {badge}\nparticipant: {who}\nissuedOn: 2024-05-1{number}\n"
            put(self.source, f"content/awards/harbour/{badge}.yml", text)
        self.build()

    def build(self) -> set[str]:
        """Build, and say whose files were made; the site is that of a clean build."""
        self.made.clear()
        site = check(self.source)
        assert site.good, site.diagnostics
        build(site, self.folder / "public", memory=self.folder / "memory")
        made = set(self.made)
        build(site, self.folder / "clean")
        assert digests(self.folder / "public") == digests(self.folder / "clean")
        return made

    def change(self, badge: str, old: str, new: str) -> set[str]:
        """Change a badge, and `build`."""
        file = self.source / f"badges/harbour/{badge}.yml"
        text = file.read_text("utf-8")
        assert old in text
        put(self.source, f"badges/harbour/{badge}.yml", text.replace(old, new, 1))
        return self.build()


def digests(folder: Path) -> dict[Path, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made: list[str] = []
    files = People.files

    def noted(self: People, slug: str) -> Iterator[tuple[str, bytes]]:
        made.append(slug)
        return files(self, slug)

    monkeypatch.setattr(People, "files", noted)
    return Site(tmp_path, made)


def test_pictures_that_are_there_are_not_drawn_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Design] = []
    paint = images.paint

    def noted(design: Design) -> bytes:
        drawn.append(design)
        return paint(design)

    def another(day: int) -> list[Design]:
        """What was drawn for one award more, as in a process of its own."""
        images._drawings.clear()
        put(site.source, f"content/awards/harbour/{day}.yml", AWARD.format(day=day))
        drawn.clear()
        assert check(site.source).good
        build(check(site.source), site.folder / "public", memory=site.folder / "memory")
        return drawn

    monkeypatch.setattr(images, "paint", noted)
    assert not another(11), "all of its holder's pictures are there"
    good = {picture: picture.read_bytes() for picture in site.folder.glob("public/badges/**/image.png")}
    for picture in good:
        picture.write_bytes(b"\x89PNG, or so it says")
    assert another(12), "they are not what they were"
    for picture, data in good.items():
        picture.write_bytes(data)
    assert site.build() == set()


def test_what_is_not_on_a_picture_draws_none_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    of_badge, badge_cards = images.of_badge, cards.badge_cards

    def picture(registry: Registry, urls: Urls, ref: str) -> Iterator[tuple[str, bytes]]:
        drawn.append(ref)
        return of_badge(registry, urls, ref)

    def card(registry: Registry, urls: Urls, language: Language, ref: str) -> Iterator[tuple[str, bytes]]:
        drawn.append(ref)
        return badge_cards(registry, urls, language, ref)

    def again() -> set[str]:
        """The badges that a change makes be drawn again; a clean build is the same."""
        drawn.clear()
        build(check(site.source), site.folder / "public", memory=site.folder / "memory")
        found = set(drawn)
        site.build()
        return found

    def change(name: str, old: str, new: str) -> None:
        text = (site.source / name).read_text("utf-8")
        assert old in text
        put(site.source, name, text.replace(old, new, 1))

    monkeypatch.setattr(images, "of_badge", picture)
    monkeypatch.setattr(cards, "badge_cards", card)
    change("site.yml", "share: {cards: false}", "share: {cards: true}")
    site.build()
    assert [*site.folder.glob("public/badges/harbour/listener/*card*.png")]
    put(site.source, "themes/passport/templates/offline.html", "<h1>Away</h1>\n")
    put(site.source, "content/pages/more.md", "# More\n")
    assert not again()
    change("site.yml", "name: ", "notice: An example.\nname: ")
    change("badges/harbour/issuer.yml", "description: ", "description: Also ")
    assert not again()
    change("badges/harbour/issuer.yml", "name: ", "color: '#123456'\nname: ")
    assert "harbour/listener" in again()


def test_who_has_a_badge_of_its_own_alone(site: Site) -> None:
    assert site.change("apart", "name: ", "name: Very ") == {"zoe"}
    assert "Very Quite" in (site.folder / "public/passports/zoe/index.html").read_text("utf-8")


def test_who_has_a_badge_or_misses_it_on_the_way_to_a_milestone(site: Site) -> None:
    assert site.change("listener", "name: ", "name: Good ") == {"amira", "jonas", "noor"}
    assert "Good Listener" in (site.folder / "public/passports/noor/index.html").read_text("utf-8")


def test_who_is_on_the_way_to_a_milestone_that_changed(site: Site) -> None:
    assert site.change("both", "name: ", "name: Nearly ") == {"amira", "jonas", "noor"}
    assert "Nearly Both" in (site.folder / "public/passports/amira/index.html").read_text("utf-8")


def test_any_badge_may_count_towards_a_milestone(site: Site) -> None:
    everybody = {"amira", "jonas", "noor", "zoe"}
    of_any = site.change("both", "of: [harbour/listener, harbour/speaker]", "distinct: badge")
    assert of_any == everybody
    assert site.change("apart", "name: ", "name: Very ") == everybody


def test_its_picture_is_drawn_anew(site: Site) -> None:
    picture = site.folder / "public/badges/harbour/apart/image.png"
    before = picture.read_bytes()
    assert site.change("apart", "name: ", "design: {color: '#7a1f5c'}\nname: ") == {"zoe"}
    assert picture.read_bytes() != before


def test_what_stands_beside_badges_is_of_everybody(site: Site) -> None:
    issuer = site.source / "badges/harbour/issuer.yml"
    put(issuer.parent, issuer.name, issuer.read_text("utf-8").replace("name: ", "name: Old ", 1))
    assert site.build() == {"amira", "jonas", "noor", "zoe"}
