"""A reader's language: interface texts (gettext), portable texts, dates, and the direction of writing."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from badge_passport.model.texts import Text
from badge_passport.resources import Theme

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
DOMAIN = "passport"
# English without a country is read all over the world: the day comes before the month.
_INTERNATIONAL = {"en": "en_GB"}
_NOTHING = Markup("")
_DRAFT = "X-Status: draft"


def direction(tag: str) -> str:
    """``rtl`` or ``ltr`` for a language tag; its script decides, if it names one: ``ku-Latn``."""
    language, *more = tag.split("-")
    if more and len(more[0]) == 4:
        return "rtl" if more[0] in _SCRIPTS else "ltr"
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Language:
    """Everything a page needs to speak to its reader; nobody who speaks it has read a ``draft`` yet."""

    tag: str
    default: str
    translations: NullTranslations = field(compare=False)
    draft: bool = False

    @property
    def dir(self) -> str:
        """Direction of writing."""
        return direction(self.tag)

    @property
    def draft_note(self) -> str:
        """What the foot of a page says about a draft; else nothing."""
        if not self.draft:
            return ""
        return self.gettext(
            "This translation is a draft: it may have mistakes, and some texts are in English."
        )

    def gettext(self, message: str) -> str:
        """An interface text."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """An interface text that depends on a number."""
        return self.translations.ngettext(one, many, number)

    def text(self, text: Text | None) -> str:
        """A portable text in this language, or the nearest there is; nothing for None."""
        return text.get(self.tag, self.default) if text is not None else ""

    def mark(self, text: Text | None) -> Markup:
        """``lang`` and ``dir`` attributes for an element whose text is in another language than the page."""
        tag = text.language(self.tag, self.default) if text is not None else self.tag
        return _mark(tag) if tag != self.tag else _NOTHING

    def mark_tag(self, tag: str | None) -> Markup:
        """The same for a text whose language is known, or nobody has said."""
        return _mark(tag) if tag and tag != self.tag else _NOTHING

    def only_in_tag(self, tag: str | None) -> str:
        """The name of a language that is not that of the page; else nothing."""
        return self.name_in(tag) if tag and tag != self.tag else ""

    def only_in(self, text: Text) -> str:
        """The name of the language a text is shown in, if it is not that of the page; else nothing."""
        tag = text.language(self.tag, self.default)
        return self.name_in(tag) if tag != self.tag else ""

    def date(self, day: datetime.date) -> str:
        """A day in words."""
        return _date(day, self.tag)

    def name_in(self, tag: str) -> str:
        """A language's name in this language."""
        return _name(tag, self.tag)

    def month(self, year: int, month: int) -> str:
        """A month in words, with its year."""
        return _month(datetime.date(year, month, 1), self.tag)

    def number(self, number: int) -> str:
        """A whole number, as this language writes it."""
        return _number(number, self.tag)

    def name_of(self, tag: str) -> str:
        """A language's own name for itself."""
        name = _name(tag, tag)
        return name[:1].upper() + name[1:] if name != tag else tag


@lru_cache(maxsize=1024)
def _mark(tag: str) -> Markup:
    return Markup(' lang="{}" dir="{}"').format(tag, direction(tag))


@lru_cache(maxsize=4096)
def _name(tag: str, reader: str) -> str:
    """A language's name in another language; in English where Babel has none in that, else its tag."""
    try:
        named = BabelLocale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    for speaks in (reader.replace("-", "_"), "en"):
        try:
            if name := named.get_display_name(speaks):
                return name
        except (UnknownLocaleError, ValueError):
            continue
    return tag


@lru_cache(maxsize=4096)
def _date(day: datetime.date, tag: str) -> str:
    try:
        words = format_date(day, "long", locale=_locale(tag))
        # The only ordinal in French dates, which CLDR does not have (Lexique de l'Imprimerie nationale).
        return f"1er{words[1:]}" if tag.partition("-")[0] == "fr" and day.day == 1 else words
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


@lru_cache(maxsize=4096)
def _month(day: datetime.date, tag: str) -> str:
    try:
        return format_skeleton("yMMMM", day, locale=_locale(tag))
    except (UnknownLocaleError, ValueError):
        return f"{day:%Y-%m}"


@lru_cache(maxsize=4096)
def _number(number: int, tag: str) -> str:
    try:
        return format_decimal(number, locale=_locale(tag))
    except (UnknownLocaleError, ValueError):
        return str(number)


def _locale(tag: str) -> str:
    return _INTERNATIONAL.get(tag, tag.replace("-", "_"))


def language(tag: str, default: str, theme: Theme) -> Language:
    """A language with the theme's catalogue ``locales/<tag>.po``; English is the source and needs none.

    What it does not have comes from the language without its country or script: ``pt-BR`` from ``pt``.
    """
    files = _files(theme.folders("locales"), tag)
    translations, draft = _translations(tuple((file, file.stat().st_mtime_ns) for file in files))
    return Language(tag, default, translations, draft)


def is_source(tag: str) -> bool:
    """Whether interface texts are written in this language."""
    return tag.split("-")[0] == "en"


def template(theme: Theme) -> list[Path]:
    """The lists of the interface texts that a theme has, and the one it builds upon."""
    return [file for folder in theme.folders("locales") if (file := folder / f"{DOMAIN}.pot").is_file()]


def catalogues(theme: Theme, tag: str) -> list[Path]:
    """The catalogues for a language, the nearest first: ``pt-BR`` takes from ``pt`` what it lacks."""
    return _files(theme.folders("locales"), tag)


def read(file: Path) -> Catalog:
    """A catalogue, or the list of interface texts."""
    with file.open("rb") as source:
        return read_po(source, domain=DOMAIN)


def _files(folders: tuple[Path, ...], tag: str) -> list[Path]:
    names = dict.fromkeys((tag, tag.split("-")[0]))
    return [file for name in names for folder in folders if (file := folder / f"{name}.po").is_file()]


@lru_cache(maxsize=64)
def _translations(files: tuple[tuple[Path, int], ...]) -> tuple[NullTranslations, bool]:
    """The catalogues of a language, and whether one is a draft; what one lacks comes from the next.

    They are read again when they were written again (the second of each is when that was).
    """
    catalogued = [read(file) for file, _ in files]
    found = [_compiled(catalogue) for catalogue in catalogued]
    for translations, fallback in pairwise(found):
        translations.add_fallback(fallback)
    # A comment, because Babel drops headers that it does not know when it brings a catalogue up to date.
    draft = any(_DRAFT in catalogue.header_comment for catalogue in catalogued)
    return (found[0] if found else NullTranslations()), draft


def _compiled(catalogue: Catalog) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
