"""Countries as people write them, and their codes (ISO 3166-1 alpha-2). The names are those of the CLDR."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from badge_passport.desk.awarding.intents import folded

_LANGUAGES = ("en", "fr", "ar")
_NONE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # codes that the CLDR has for other things


def code_of(text: str) -> str:
    """The code of a country that is written as a code, or by its name in English, French or Arabic.

    Raises:
        LookupError: no country is called so; the message is one plain sentence.
    """
    found = _known().get(_key(text))
    if found is None:
        raise LookupError(f"“{text[:40]}” is no country: write its code of two letters, MA or FR")
    return found


def name_of(code: str, language: str) -> str:
    """What a country is called in a language."""
    return str(Locale.parse(language, sep="-").territories.get(code, code))


@cache
def _known() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in _NONE:
                names[_key(name)] = code
    codes = {code.casefold(): code for code in names.values()}
    return names | codes


def _key(text: str) -> str:
    return re.sub(r"[\W_ـ]+", "", folded(text))
