"""Portfolio pages: blocks between the text, files published without what they say, and nothing that is not
on the passport anyway."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badge_passport.pages.avatars import avatar
from badge_passport.pages.languages import language
from badge_passport.pages.portfolio import blocks, collections
from badge_passport.pages.views import Views
from badge_passport.pipeline import check
from badge_passport.registry.portfolio import parse
from badge_passport.registry.privacy import on_passport
from badge_passport.resources import packaged_theme
from badge_passport.source import photos
from badge_passport.urls import Urls
from demo import Demo
from minimal import MakeSite


def kinds(text: str) -> list[tuple[str, str, str, int]]:
    return [(b.kind, b.value, b.label, b.line) for b in parse("", text, "a.md").blocks]


def test_blocks_stand_on_lines_of_their_own() -> None:
    text = (
        "# One\n\nWords {badge: a/b} in a line.\n\n{badge: a/b}\n{video: https://x.example/ | Mine}\n\nMore."
    )
    assert kinds(text) == [
        ("text", "# One\n\nWords {badge: a/b} in a line.", "", 1),
        ("badge", "a/b", "", 5),
        ("video", "https://x.example/", "Mine", 6),
        ("text", "More.", "", 1),
    ]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_is_no_block(fence: str) -> None:
    text = f"{fence}text\n{{badge: a/b}}\n{fence}\n{{badge: c/d}}"
    assert [b[0] for b in kinds(text)] == ["text", "badge"]


def test_the_title_is_the_first_heading() -> None:
    assert parse("one", "## My *best*\n\nHello", "a.md").title == "My best"
    assert parse("one", "Hello\n\n# Later", "a.md").title == "one"


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    page = parse("", text, "a.md")
    assert all(b.value for b in page.blocks)


def test_only_what_the_passport_shows_is_in_collections_and_blocks(demo: Demo) -> None:
    registry = demo.registry
    person = registry.participants["amira-k"]
    urls = Urls.of(registry.site.url, "en")
    views = Views(registry, urls, language("fr", "en", packaged_theme()))
    held = [a for a in registry.awards_by_participant["amira-k"] if on_passport(a) and a.in_force]
    found = collections(views, person, held)
    assert [(c.name.text, len(c.cards), c.featured) for c in found] == [
        ("De l’écoute à la facilitation", 3, True)
    ]
    assert collections(views, person, []) == []
    page = next(p for p in person.pages if p.slug == "toolbox")
    shown = list(blocks(views, person, page, held, heading=1))
    kinds_shown = " ".join(b.kind for b in shown)
    assert kinds_shown == "text badges text file text video text badges badges"
    assert shown[0].html.startswith("<h1>") and shown[2].html.startswith("<h2>")
    assert "badges" not in {b.kind for b in blocks(views, person, page, [], heading=1)}


def photo(size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # on its side
    gps = exif.get_ifd(0x8825)
    gps[1] = "N"
    gps[2] = (36.0, 48.0, 0.0)
    Image.new("RGB", size, "red").save(out, kind, exif=exif, comment=b"at my home")
    return out.getvalue()


def test_a_photo_is_published_upright_small_and_silent() -> None:
    data = photo()
    assert b"SecretCamera" in data and photos.inspect(data) is None
    made = photos.publish(data, 320)
    image = Image.open(io.BytesIO(made))
    assert image.format == "JPEG" and image.size == (213, 320)
    assert not image.getexif() and b"SecretCamera" not in made and b"home" not in made
    assert Image.open(io.BytesIO(photos.publish(data, 160, square=True))).size == (160, 160)
    assert photos.publish(data, 320) == made


def test_photos_that_are_none_are_refused() -> None:
    for data, code in (
        (b"", "image-type"),
        (b"GIF89a", "image-type"),
        (photo()[:400], "image-broken"),
        (photo((9000, 9000), "PNG"), "image-too-large"),
    ):
        fault = photos.inspect(data)
        assert fault is not None and fault.code == code


def test_what_a_page_shows_is_published_and_nothing_else(demo: Demo) -> None:
    folder = demo.public / "passports" / "amira-k"
    assert sorted(p.name for p in (folder / "files").iterdir()) == ["seven-questions.pdf"]
    assert Image.open(folder / "photo.jpg").size == (320, 320)
    assert not list(folder.rglob("portrait.png"))
    for tag in ("", "fr/", "ar/"):
        page = (demo.public / f"{tag}passports/amira-k/toolbox/index.html").read_text(encoding="utf-8")
        assert "seven-questions.pdf" in page and "<h1>My toolbox</h1>" in page


def test_an_unlisted_persons_page_is_not_indexed(make_site: MakeSite) -> None:
    from badge_passport.pipeline import build

    file = Path("content/participants/jonas.yml")
    site = make_site({})
    text = (site / file).read_text(encoding="utf-8").replace("visibility: public", "visibility: unlisted")
    (site / file).write_text(text, encoding="utf-8")
    (site / "content/participants/jonas").mkdir()
    (site / "content/participants/jonas/diary.md").write_text("# Diary\n\n{badge: harbour/listener}\n")
    build(check(site), site / "public")
    page = (site / "public/passports/jonas/diary/index.html").read_text(encoding="utf-8")
    assert 'name="robots" content="noindex"' in page
    assert "diary" not in (site / "public/sitemap.xml").read_text(encoding="utf-8")


def test_everybody_has_a_drawing_of_their_own() -> None:
    drawn = {avatar(f"person-{n}") for n in range(200)}
    assert len(drawn) > 190
    assert avatar("amira") == avatar("amira") and "amira" not in avatar("amira")
