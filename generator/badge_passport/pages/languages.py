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
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from badge_passport.model.texts import Text
from badge_passport.resources import Theme

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
DOMAIN = "passport"
# English without a country is read all over the world: the day comes before the month.
_INTERNATIONAL = {"en": "en_GB"}


def direction(tag: str) -> str:
    """``rtl`` or ``ltr`` for a language tag."""
    return "rtl" if tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Language:
    """Everything a page needs to speak to its reader."""

    tag: str
    default: str
    translations: NullTranslations = field(compare=False)

    @property
    def dir(self) -> str:
        """Direction of writing."""
        return direction(self.tag)

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
        if tag == self.tag:
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(tag, direction(tag))

    def date(self, day: datetime.date) -> str:
        """A day in words."""
        return _date(day, self.tag)

    def name_in(self, tag: str) -> str:
        """A language's name in this language."""
        try:
            return BabelLocale.parse(tag, sep="-").get_display_name(self.tag.replace("-", "_")) or tag
        except (UnknownLocaleError, ValueError):
            return tag

    def month(self, year: int, month: int) -> str:
        """A month in words, with its year."""
        return _month(datetime.date(year, month, 1), self.tag)

    def number(self, number: int) -> str:
        """A whole number, as this language writes it."""
        return _number(number, self.tag)

    def name_of(self, tag: str) -> str:
        """A language's own name for itself."""
        try:
            name = BabelLocale.parse(tag, sep="-").get_display_name(tag.replace("-", "_")) or tag
        except (UnknownLocaleError, ValueError):
            return tag
        return name[:1].upper() + name[1:]


@lru_cache(maxsize=4096)
def _date(day: datetime.date, tag: str) -> str:
    try:
        return format_date(day, "long", locale=_locale(tag))
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
    """A language with the theme's catalogue ``locales/<tag>.po``; English is the source and needs none."""
    return Language(tag, default, _translations(theme.folders("locales"), tag))


@lru_cache(maxsize=64)
def _translations(folders: tuple[Path, ...], tag: str) -> NullTranslations:
    """The catalogues of a language; what the first does not have comes from the next."""
    found = [_catalogue(file) for folder in folders if (file := folder / f"{tag}.po").is_file()]
    for translations, fallback in pairwise(found):
        translations.add_fallback(fallback)
    return found[0] if found else NullTranslations()


def _catalogue(file: Path) -> Translations:
    with file.open("rb") as source:
        catalogue = read_po(source, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
