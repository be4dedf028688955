"""Drafts of translations: they are whole where they say something, and every page can be made in them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from gettext import c2py
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.model.texts import Text
from badge_passport.pages import kinds
from badge_passport.pages.completeness import completeness, problems
from badge_passport.pages.hosts import plain
from badge_passport.pages.hosts.asking import request
from badge_passport.pages.languages import direction, language
from badge_passport.pages.rendering import Renderer
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.resources import packaged_theme
from badge_passport.urls import Urls

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "themes" / "passport" / "locales"
COMPLETE = {"fr", "ar"}
# The official languages of the European Union but English and French.
_UNION = "bg cs da de el es et fi ga hr hu it lt lv mt nl pl pt ro sk sl sv"
DRAFTS = _UNION.split()
HOLES = re.compile(r"%\((\w+)\)([a-z])|\{(\w+)\}|%(?!\()")


def strings(message: Any) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_there_is_a_draft_of_every_language_of_the_union() -> None:
    found = {file.stem for file in LOCALES.glob("*.po")}
    assert found == COMPLETE | set(DRAFTS)


@pytest.mark.parametrize("tag", DRAFTS)
def test_what_a_draft_says_is_whole(tag: str) -> None:
    with (LOCALES / f"{tag}.po").open("rb") as file:
        catalogue = read_po(file, locale=tag)
    # The rule is the catalogue's own: gettext reads it there, and Babel words its rules anew at times.
    form = c2py(catalogue.plural_expr)
    assert {form(count) for count in range(1001)} == set(range(catalogue.num_plurals))
    assert catalogue.num_plurals == 1 or form(1) != form(2)
    assert catalogue.locale == Locale(tag)
    said = 0
    for message in catalogue:
        if not message.id or not any(strings(message)):
            continue
        said += 1
        assert not message.fuzzy, message.id
        assert all(strings(message)), message.id
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        assert len(strings(message)) == (catalogue.num_plurals if len(sources) > 1 else 1), message.id
        holes = sorted(HOLES.findall(sources[-1]))
        for string in strings(message):
            if len(sources) == 1:
                assert sorted(HOLES.findall(string)) == holes, message.id
            else:
                assert set(HOLES.findall(string)) <= set(holes), message.id
            assert string == string.strip() or sources[-1] != sources[-1].strip(), message.id
            assert not re.search(r"<[a-z/!]|&\w+;", string), message.id
            assert string.isprintable(), message.id
        # The last form is that of many: it names the number.
        assert sorted(HOLES.findall(strings(message)[-1])) == holes, message.id
    assert said > 80


@pytest.mark.parametrize("tag", ["hr", "lt", "lv", "sl"])
def test_forms_that_also_stand_for_twenty_one_name_the_number(tag: str) -> None:
    """In these languages the first form is that of 1, 21, 31 or of 1, 101, 201."""
    with (LOCALES / f"{tag}.po").open("rb") as file:
        for message in read_po(file, locale=tag):
            if isinstance(message.id, tuple) and all(strings(message)) and "%(num)d" in message.id[1]:
                assert all("%(num)d" in string for string in strings(message)), message.id


@pytest.fixture(scope="module")
def registry() -> Registry:
    found = check(ROOT).registry
    assert found is not None
    return found


@pytest.mark.parametrize("tag", DRAFTS)
def test_every_page_can_be_made_in_a_draft_and_says_so(registry: Registry, tag: str) -> None:
    theme = packaged_theme()
    site = registry.site.model_copy(update={"languages": ["en", tag], "host": "plain"})
    drafted = replace(registry, site=site)
    urls = Urls.of(site.url, "en")
    reader = language(tag, "en", theme)
    assert reader.draft
    hosted = plain.host(request(drafted, urls, {tag: reader}, tag, theme))
    renderer = Renderer(drafted, urls, reader, hosted.shell, theme)
    made = dict(
        page for kind in kinds.SITE.values() for one in kind.of(drafted) for page in kind.pages(renderer, one)
    )
    for person in drafted.participants.values():
        made.update(kinds.personal_pages(renderer, person))
    made.update(kinds.award_page(renderer, award) for award in drafted.awards.values())
    assert len(made) > 100
    html = f'<html lang="{tag}" dir="{direction(tag)}">'.encode()
    note = reader.gettext("This translation is a draft: it may have mistakes, and some texts are in English.")
    heading = f"<h1>{reader.gettext('Verify a badge')}</h1>".encode()
    for path, data in made.items():
        if data.lstrip().startswith(b"<!doctype"):
            assert html in data, path
            assert note.encode() in data, path
    assert not note.startswith("This translation")
    assert heading in made[f"{tag}/verify/index.html"]


def test_english_french_and_arabic_are_no_drafts() -> None:
    for tag in ("en", *COMPLETE):
        reader = language(tag, "en", packaged_theme())
        assert not reader.draft and reader.draft_note == ""


@pytest.mark.parametrize(
    ("one", "many", "twelve", "hundred"),
    [
        ("And one more.", "And %(num)d more.", "و%(num)d شخصًا آخر.", "و%(num)d شخص آخر."),
        ("One change", "%(num)d changes", "%(num)d تغييرًا", "%(num)d تغيير"),
        ("One person.", "%(num)d people.", "%(num)d شخصًا.", "%(num)d شخص."),
    ],
)
def test_arabic_counts_eleven_to_ninety_nine_in_the_accusative(
    one: str, many: str, twelve: str, hundred: str
) -> None:
    said = language("ar", "en", packaged_theme()).translations.ngettext
    assert said(one, many, 12) == twelve
    assert said(one, many, 100) == hundred


@pytest.mark.parametrize(
    ("tag", "day", "words"),
    [
        ("fr", 1, "1er octobre 2020"),
        ("fr-CA", 1, "1er octobre 2020"),
        ("fr", 11, "11 octobre 2020"),
        ("es", 1, "1 de octubre de 2020"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(tag: str, day: int, words: str) -> None:
    assert language(tag, "en", packaged_theme()).date(date(2020, 10, day)) == words


def test_a_country_takes_from_its_language_what_it_lacks() -> None:
    assert language("pt-BR", "en", packaged_theme()).gettext("Badges") == "Crachás"
    assert language("de-AT", "en", packaged_theme()).draft


def test_completeness_counts_interface_and_records(registry: Registry) -> None:
    site = registry.site.model_copy(update={"languages": ["en", "de", "ja"]})
    english, german, japanese = completeness(replace(registry, site=site), packaged_theme())
    assert english.whole and english.records == english.record_texts > 100
    assert german.draft and 80 < german.interface <= german.interface_texts
    assert german.records == 0
    assert japanese.interface == 0 and not japanese.draft
    assert [(p.code, p.severity, p.where.path) for p in problems([english, german, japanese]) if p.where] == [
        ("language-incomplete", "warning", ("languages", 1)),
        ("language-incomplete", "warning", ("languages", 2)),
    ]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("fa", "rtl"), ("ku", "rtl"), ("ku-Latn", "ltr"), ("az-Arab", "rtl"), ("sr-Latn", "ltr")],
)
def test_a_script_decides_the_direction(tag: str, expected: str) -> None:
    assert direction(tag) == expected


@given(st.from_regex(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", fullmatch=True))
def test_any_language_has_a_name_a_date_and_a_direction(tag: str) -> None:
    reader = language(tag, "en", packaged_theme())
    assert reader.name_of(tag) and reader.name_in("fr") and reader.number(1234)
    assert reader.dir in ("ltr", "rtl")
    text = Text.model_validate({"fr": "Bonjour"})
    assert bool(reader.only_in(text)) is (tag != "fr")
