"""Cards: what is drawn for any name, and that it is small, quick and the same every time."""

from __future__ import annotations

import base64
import io
import pickle
import random
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from badge_passport.pages import cardpictures, cards, lettering, png
from badge_passport.pages.cardpictures import HEIGHT, MOST_BYTES, WIDTH, Card, _drawn, draw
from badge_passport.pages.colors import WHITE, contrast
from badge_passport.pages.designs import Design
from badge_passport.pages.languages import language
from badge_passport.pages.painting import paint
from badge_passport.pages.pictures import render
from badge_passport.resources import packaged_theme
from minimal import CheckSite
from sharing_fixtures import small_site

BADGE = paint(Design())
CARD = Card("Connect Participant", "Dialogue Harbour", "", "Youth Badges", "#2e7d6b", (BADGE,))


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def pixels(text: str, **options: object) -> bytes:
    """The pixels of a card with this title."""
    return opened(draw(replace(CARD, title=text, **options))).convert("RGB").tobytes()  # type: ignore[arg-type]


def line(text: str) -> bytes:
    """The pixels of a line of letters."""
    mask = Image.new("L", (900, 120))
    lettering.write(mask, lettering.Block((text,), 60, "bold"), 10, 10, 255)
    return mask.tobytes()


def test_a_card_is_a_small_png_and_the_same_every_time() -> None:
    png = draw(CARD)
    assert opened(png).size == (WIDTH, HEIGHT) == (1200, 630)
    assert png == draw(CARD)
    assert len(png) < MOST_BYTES


def test_other_programs_read_the_same_pixels() -> None:
    """The renderer of SVGs has a reader of PNGs of its own, which also checks all checksums."""
    for card in (CARD, replace(CARD, row=True, pictures=(BADGE,) * 3)):
        data = base64.b64encode(draw(card)).decode()
        size = f'width="{WIDTH}" height="{HEIGHT}"'
        image = f'<image {size} href="data:image/png;base64,{data}"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'
        shown = opened(render(svg.encode(), (WIDTH, HEIGHT), trusted=True)).convert("RGB")
        assert shown.tobytes() == opened(draw(card)).convert("RGB").tobytes()


def test_strips_are_cut_from_the_same_picture() -> None:
    """A card is made of strips; put together they are the card drawn at once, also where letters meet."""
    block = lettering.Block(("Ágj",), 60, "bold")
    for rtl in (False, True):
        for beside in (None, cardpictures._Beside(BADGE, (240, 240, 240), 192)):
            base = cardpictures._Base(rtl, beside)
            for tops in ((60.0, 200.3), (60.0, 80.0), (-20.0, 300.0), (60.0, 600.0), ()):
                placed = [cardpictures._Placed(block, 205, top) for top in tops]
                image = cardpictures._base(base)[0].copy()
                cardpictures._ink(image, base, cardpictures._written(placed, base, HEIGHT, 0), 0)
                strips = cardpictures._strips(base, placed, HEIGHT)
                made = opened(png.indexed((WIDTH, HEIGHT), bytes(768), strips))
                assert made.tobytes() == image.tobytes()


def test_cards_do_not_depend_on_what_was_drawn_before() -> None:
    cards = [replace(CARD, title=name, row=row) for name in ("One", "Two words") for row in (False, True)]
    made = [draw(card) for card in cards]
    for kept in (cardpictures._line, cardpictures._plain, cardpictures._base, cardpictures._row):
        kept.cache_clear()
    for kept in (lettering._part, lettering._length, lettering._divided, lettering._joins):
        kept.cache_clear()
    assert [draw(card) for card in reversed(cards)] == made[::-1]


def test_a_card_with_pictures_that_another_process_made_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    card = replace(CARD, row=True, pictures=(BADGE,) * 3)
    made, small = draw(card), pickle.dumps(cardpictures.small(BADGE, card.color))
    cardpictures._row.cache_clear()
    monkeypatch.setattr(cardpictures, "_kept", {})
    monkeypatch.setattr(cardpictures, "_reduce", None)  # nothing is made again
    cardpictures.keep(BADGE, card.color, pickle.loads(small))
    assert draw(card) == made


NAMES = [
    "A",
    "Every word of a very long name of a badge that nobody can remember, " * 3,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "مسهّل الحوار الافتراضي بين الشباب في برنامج طويل الاسم جدا" * 3,
    "Hello مرحبا Привет Ωmega",
    "🎉 Party 🎉",
    "中文",
    "ﷺ\u200d\u202e x\u0301\u0301\u0301",
    "a\x00b",
    "",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("row", [False, True])
def test_any_name_is_drawn_inside_the_card(name: str, rtl: bool, row: bool) -> None:
    png = draw(replace(CARD, title=name[:200], rtl=rtl, row=row, pictures=(BADGE,) * 5))
    image = opened(png).convert("RGB")
    assert image.size == (WIDTH, HEIGHT) and len(png) < MOST_BYTES
    # Nothing is written at the edge where lines begin and end: what is there is ground.
    edge = image.crop((0, 0, 20, 300) if rtl or row else (WIDTH - 20, 0, WIDTH, 300))
    assert len(edge.getcolors() or []) <= 20
    assert (
        max(contrast(c, image.getpixel((5 if rtl else WIDTH - 5, 5))) for _, c in edge.getcolors() or []) < 2
    )  # type: ignore[arg-type]


def test_letters_no_font_has_are_left_out_and_never_boxes() -> None:
    assert lettering.drawable("🎉 Party 中文 time 🎉") == "Party time"
    assert lettering.drawable("👩\u200d🔧 x") == "x"
    assert pixels("Party 中文") == pixels("Party") != pixels("Party x")
    assert lettering.drawable("Привет Ωmega Żółć İğş مرحبا") == "Привет Ωmega Żółć İğş مرحبا"
    assert not lettering.mostly_drawable("中文 a") and lettering.mostly_drawable("中 Party")
    assert not lettering.mostly_drawable("  ")


@pytest.mark.skipif(not lettering.can_join(), reason="there is no FriBidi here")
def test_arabic_is_joined_and_runs_from_the_right() -> None:
    # The same letters kept apart by “zero width non-joiner” look otherwise.
    assert line("سلام") != line("س\u200cل\u200cا\u200cم")
    # Joined letters are narrower than the same four alone, and the text begins at the right.
    joined = lettering.fit("سلام", 5000, 5000, (60,))
    assert lettering._width("سلام", "bold") < sum(lettering._width(c, "bold") for c in "سلام")
    assert joined.lines == ("سلام",)
    first, last = line("س م"), line("م س")
    assert first != last
    # A joiner asks for the forms that stand at the beginning and at the end: those are what is drawn.
    alone, start, end = (lettering._width(x, "bold") for x in ("ب", "ب\u200d", "\u200dب"))
    assert lettering._width("بب", "bold") == pytest.approx(start + end) != pytest.approx(2 * alone)


def test_arabic_is_not_drawn_where_it_cannot_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    lettering.drawable.cache_clear()
    monkeypatch.setattr(lettering, "can_join", lambda: False)
    assert lettering.drawable("Hello مرحبا") == "Hello"
    assert not lettering.mostly_drawable("مرحبا")
    lettering.drawable.cache_clear()


def test_a_card_from_right_to_left_is_mirrored() -> None:
    left, right = opened(draw(CARD)).convert("RGB"), opened(draw(replace(CARD, rtl=True))).convert("RGB")
    pale = left.getpixel((4, HEIGHT // 2))
    assert right.getpixel((WIDTH - 5, HEIGHT // 2)) == pale
    assert left.getpixel((WIDTH - 5, HEIGHT // 2)) == right.getpixel((4, HEIGHT // 2)) != pale


def test_long_names_shrink_and_are_cut_at_the_end() -> None:
    sizes = (90, 60, 40)
    assert lettering.fit("Short", 500, 300, sizes).size == 90
    longer = lettering.fit("A name that has a few more words than fit", 500, 250, sizes)
    assert longer.size < 90 and " ".join(longer.lines).endswith("than fit")
    cut = lettering.fit("word " * 60 + "end", 500, 250, sizes)
    assert cut.size == 40 and cut.lines[-1].endswith("…") and cut.height <= 250
    assert all(lettering._width(x, "bold") * 0.4 <= 500 for x in cut.lines)


def test_no_line_breaks_at_a_fixed_space() -> None:
    text = lettering.drawable("Participant\u202f: Rencontres  culturelles 🎉 ")
    assert text == "Participant\u00a0: Rencontres culturelles"
    assert lettering.fit(text, 300, 400, (60, 40)).lines[0] == "Participant\u00a0:"


def plainly(text: str, size: int, weight: lettering.Weight = "bold") -> bytes:
    """The pixels of a line as the library draws it in one go."""
    mask = Image.new("L", (1400, 200))
    font = lettering._font("readex-pro", weight, size)
    ImageDraw.Draw(mask).text((10, 110), text, 255, font, anchor="ls")
    return mask.tobytes()


@pytest.mark.parametrize("size", [34, 60, 116])
@pytest.mark.parametrize("text", ["AVA To Va, W.", "Zoë-Ann O’Neil", "Élodie Żółć", "x 12 (3)"])
def test_letters_drawn_one_by_one_look_like_the_whole_line(text: str, size: int) -> None:
    mask = Image.new("L", (1400, 200))
    top = 110 - size * 0.98
    lettering.write(mask, lettering.Block((text,), size, "bold"), 10, top, 255)
    assert mask.tobytes() == plainly(text, size)


@pytest.mark.skipif(not lettering.can_join(), reason="there is no FriBidi here")
@pytest.mark.parametrize(
    "text",
    [
        "يوسف حداد",
        "يوسف Anna Keller",
        "Keller يوسف حداد",
        "يوسف 12 Keller",
        "سَلَام عَلَيْكُم",
        "Typ ff fi fl ffi office",
    ],
)
def test_words_drawn_as_wholes_stand_where_they_do_in_the_whole_line(text: str) -> None:
    mask = Image.new("L", (1400, 200))
    lettering.write(mask, lettering.Block((text,), 116, "bold"), 10, 110 - 116 * 0.98, 255)
    whole = Image.new("L", mask.size)
    direction = "rtl" if lettering.is_rtl(text) else "ltr"
    font = lettering._font("readex-pro", "bold", 116)
    ImageDraw.Draw(whole).text((10, 110), text, 255, font, anchor="ls", direction=direction)
    # Words may be half a pixel off, so their edges differ, and nothing else.
    difference = ImageChops.difference(mask, whole)
    assert ImageStat.Stat(difference).rms[0] < 12
    assert difference.filter(ImageFilter.MinFilter(5)).getbbox() is None


def test_letters_that_join_are_found() -> None:
    assert lettering._joins("f", "i", "readex-pro", "bold")
    assert not any(lettering._joins(a, b, "readex-pro", "bold") for a in "AToW.f" for b in "Vaoj,x")


def test_lines_are_about_equally_long() -> None:
    words = "one two three four five"
    room = lettering._width("one two three four", "bold") * 0.6 + 1  # all but the last word fit into a line
    block = lettering.fit(words, room, 300, (60,))
    assert block.lines == ("one two three", "four five")


@pytest.mark.parametrize("color", ["#ffffff", "#ffd400", "#000", "#f0f", "#2e7d6b", "#777777"])
def test_letters_stand_out_from_any_colour(color: str) -> None:
    image = opened(draw(replace(CARD, color=color))).convert("RGB")
    ground = image.getpixel((WIDTH - 5, 5))
    assert contrast(ground, WHITE) >= 7  # type: ignore[arg-type]


def test_photographs_still_make_small_files() -> None:
    random.seed(1)
    noise = Image.frombytes("RGB", (64, 64), random.randbytes(3 * 64 * 64))
    buffer = io.BytesIO()
    noise.resize((512, 512), Image.Resampling.BICUBIC).save(buffer, "PNG")
    card = replace(CARD, pictures=(buffer.getvalue(),))
    assert len(_drawn(card, 192)) > MOST_BYTES > len(draw(card))


def made(checked: CheckSite, **more: str) -> dict[str, bytes]:
    registry, urls = small_site(checked, **more)
    readers = {tag: language(tag, "en", packaged_theme()) for tag in ("en", "ar")}
    found = [
        card
        for reader in readers.values()
        for ref in registry.versions
        for card in cards.badge_cards(registry, urls, reader, ref)
    ]
    for person in registry.participants.values():
        found += cards.personal_cards(registry, urls, person, readers.__getitem__)
    assert len(dict(found)) == len(found)
    return dict(found)


def test_there_is_a_card_for_each_badge_and_language_and_for_who_is_listed(checked: CheckSite) -> None:
    paths = set(made(checked))
    assert {p for p in paths if "/v/" not in p} == {
        "badges/harbour/listener/card.en.png",
        "badges/harbour/listener/card.ar.png",
        "passports/amira/card.png",
    }


def test_awards_of_listed_people_have_cards_where_the_site_wants_them(checked: CheckSite) -> None:
    registry, _ = small_site(checked, site="share: {awardCards: true}\n")
    listed = [a.id for a in registry.awards.values() if a.participant.slug == "amira" and a.in_force]
    assert listed
    own = {p for p in made(checked, site="share: {awardCards: true}\n") if p.startswith("awards/")}
    assert own == {f"awards/{award}/card.png" for award in listed}


def test_a_site_can_do_without_cards(checked: CheckSite) -> None:
    assert made(checked, site="share: {cards: false, awardCards: true}\n") == {}


def test_a_name_in_letters_without_a_font_has_no_card(checked: CheckSite) -> None:
    assert not [p for p in made(checked, badge="聆听者") if p.startswith("badges/")]


def test_pages_name_the_cards_that_are_made(checked: CheckSite) -> None:
    site = "share: {awardCards: true}\n"
    paths = set(made(checked, site=site))
    registry, urls = small_site(checked, site=site)
    for tag in ("en", "ar"):
        reader = language(tag, "en", packaged_theme())
        named = [cards.of_badge(registry, urls, reader, b) for b in registry.badges.values()]
        named += [cards.of_award(registry, urls, reader, a) for a in registry.awards.values()]
        named += [cards.of_passport(registry, urls, reader, p) for p in registry.participants.values()]
        assert {n.path for n in named if n} <= paths
    unlisted = registry.participants["jonas"]
    assert cards.of_passport(registry, urls, reader, unlisted) is None
