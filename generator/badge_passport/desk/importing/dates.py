"""Days as people write them. What could be read in two ways is not read at all, unless the order is told."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Literal

from badge_passport.desk.awarding.intents import folded

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?\Z")
_THREE = re.compile(r"(\d{1,2})([-/.] ?)(\d{1,2})\2(\d{4})(?:,? \d{1,2}:\d{2}.*)?\Z")
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})\Z")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_EXCEL_ZERO = datetime.date(1899, 12, 30)  # so that day 60, which never was, moves nothing after it

# English, French, and Arabic as it is written in the Maghreb, in Egypt and in the Levant.
_MONTHS = (
    ("january jan", "janvier janv", "يناير جانفي كانون_الثاني"),
    ("february feb", "fevrier fevr", "فبراير فيفري شباط"),
    ("march mar", "mars", "مارس آذار"),
    ("april apr", "avril avr", "أبريل أفريل نيسان"),
    ("may", "mai", "مايو ماي أيار"),
    ("june jun", "juin", "يونيو جوان حزيران"),
    ("july jul", "juillet juil", "يوليو جويلية تموز"),
    ("august aug", "aout", "أغسطس أوت آب"),
    ("september sept sep", "septembre", "سبتمبر أيلول"),
    ("october oct", "octobre", "أكتوبر تشرين_الأول"),
    ("november nov", "novembre", "نوفمبر تشرين_الثاني"),
    ("december dec", "decembre", "ديسمبر كانون_الأول"),
)


def _months() -> dict[str, int]:
    return {
        folded(word.replace("_", " ")): number
        for number, names in enumerate(_MONTHS, 1)
        for word in " ".join(names).split()
    }


_MONTH = _months()
_WORDS = re.compile(
    r"(?:(?P<d>\d{1,2})(?:er|st|nd|rd|th)?\.? (?P<m>\D+?)|(?P<m2>\D+?) (?P<d2>\d{1,2})(?:st|nd|rd|th)?)"
    r",? (?P<y>\d{4})\Z"
)


class DateError(ValueError):
    """Not a day that can be told; the message is one plain sentence."""


def day(text: str, order: Order | None = None) -> datetime.date:
    """The day that is written; ``order`` decides where 03/04/2019 could be two.

    Raises:
        DateError: it is none, or could be two.
    """
    written = "".join(str(unicodedata.digit(c)) if c.isdecimal() and not c.isascii() else c for c in text)
    written = " ".join(written.replace("\u200f", "").replace("\u200e", "").split())
    if _SERIAL.match(written) and _FIRST_SERIAL <= float(written) <= _LAST_SERIAL:
        return _EXCEL_ZERO + datetime.timedelta(days=int(float(written)))
    if match := _ISO.match(written):
        return _made(int(match[1]), int(match[3]), int(match[4]), text)
    if match := _THREE.match(written):
        return _three(int(match[1]), int(match[3]), int(match[4]), match[2].strip(), order, text)
    if match := _SHORT.match(written):
        if order is None:
            raise DateError(f"“{text[:40]}” has a year of two digits; write the day as 2019-06-18")
        first, second, third = int(match[1]), int(match[2]), int(match[3])
        y, m, d = {
            "ymd": (first, second, third),
            "dmy": (third, second, first),
            "mdy": (third, first, second),
        }[order]
        return _made(2000 + y, m, d, text)
    if match := _WORDS.match(written):
        month = _MONTH.get(folded((match["m"] or match["m2"]).strip(" .,")))
        if month:
            return _made(int(match["y"]), month, int(match["d"] or match["d2"]), text)
    raise DateError(f"“{text[:40]}” is not a day; write it as 2019-06-18")


def _three(first: int, second: int, year: int, mark: str, order: Order | None, text: str) -> datetime.date:
    if order is None and mark == ".":
        order = "dmy"  # nobody writes months first with dots
    if order is None and first <= 12 and second <= 12 and first != second:
        raise DateError(f"“{text[:40]}” could be two days; say which with --dates dmy or --dates mdy")
    if order == "mdy" or (order is None and second > 12):
        first, second = second, first
    return _made(year, second, first, text)


def _made(year: int, month: int, number: int, text: str) -> datetime.date:
    try:
        return datetime.date(year, month, number)
    except ValueError:
        raise DateError(f"“{text[:40]}” is not a day of the calendar") from None
