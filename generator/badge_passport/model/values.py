"""The other values of records: dates, durations, web addresses, slugs, colours, hashed identities.

A value that does not fit raises `PydanticCustomError` whose type is the diagnostic's code.
"""

from __future__ import annotations

import calendar
import datetime
import re
import sys
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from badge_passport.model.texts import as_text

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_IS_SLUG = re.compile(_SLUG).fullmatch
_IS_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?\Z")


def date_of(value: Any) -> Any:
    """A day as it is written: ``2019-06-18``."""
    if isinstance(value, datetime.date):
        return value
    written = str(value) if type(value) is int else as_text(value, "a date")
    day = _day(written)
    if day is not None:
        return day
    raise PydanticCustomError(
        "bad-date",
        "“{value}” is not a date",
        {"value": written[:40], "help": "write it as year-month-day: 2019-06-18."},
    )


@lru_cache(maxsize=10_000)  # many awards share few days
def _day(written: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(written) if _IS_DAY(written) else None
    except ValueError:
        return None


Date = Annotated[
    datetime.date,
    BeforeValidator(date_of),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration (ISO 8601, years, months and days)."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, start: datetime.date) -> datetime.date | None:
        """``start`` plus this duration; the day is clamped to its month. None past the year 9999."""
        months = start.month - 1 + self.months + 12 * self.years
        year, month = start.year + months // 12, months % 12 + 1
        try:
            day = min(start.day, calendar.monthrange(year, month)[1])
            return datetime.date(year, month, day) + datetime.timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None


def _duration(value: Any) -> Any:
    value = as_text(value)
    match = _DURATION.match(value)
    if match is None:
        raise PydanticCustomError(
            "bad-value",
            "“{value}” is not a duration",
            {
                "value": value[:40],
                "help": "write P2Y for two years, P18M for 18 months, P90D for 90 days.",
            },
        )
    return Duration(*(int(group or 0) for group in match.groups()))


Validity = Annotated[
    Duration,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": r"^P(?=\d)(\d+Y)?(\d+M)?(\d+D)?$", "examples": ["P2Y"]}),
]


# What an IRI cannot hold (RFC 3987), brackets but around a host, and a % that no byte follows among them.
_NOT_IRI = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f]|%(?![0-9A-Fa-f]{2})|(?<!//)\[|\](?![:/?#]|$)")

# What nearly every address looks like: nothing of the above is in it, and no port, user or odd host.
_IS_PLAIN_URL = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[A-Za-z0-9/._~?#&=+,;-]*)?").fullmatch


def _url(value: Any) -> Any:
    value, why = as_text(value, "a web address"), ""
    if len(value) <= 2000 and _IS_PLAIN_URL(value):
        return value
    try:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            why = f"“{value[:80]}” is not a web address that starts with https://"
        elif parts.username is not None:
            why = "a web address here must not carry a user name"
        elif _NOT_IRI.search(value) or not value.isprintable():
            why = "this web address contains a character that must be percent-encoded"
        elif len(value) > 2000:
            why = "this web address is longer than 2,000 characters"
        elif parts.port == 0:
            why = "this web address has an impossible port"
    except ValueError:
        why = f"“{value[:80]}” is not a web address"
    if why:
        raise PydanticCustomError(
            "bad-url", "{why}", {"why": why, "help": "write it in full: https://example.org/page."}
        )
    return value


def is_url(value: str) -> bool:
    """Whether a text is an address on the web."""
    try:
        _url(value)
    except PydanticCustomError:
        return False
    return True


Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "format": "uri"})]


def _base(value: str) -> str:
    if "?" in value or "#" in value:
        raise PydanticCustomError(
            "bad-url",
            "the address of a site has neither ? nor #",
            {"help": "write where its first page will be: https://example.org/badges/."},
        )
    return value


BaseUrl = Annotated[Url, AfterValidator(_base)]


def _slug_error(value: str, what: str) -> PydanticCustomError:
    return PydanticCustomError(
        "bad-slug",
        "“{value}” cannot be {what}",
        {
            "value": value[:60],
            "what": what,
            "help": "use small letters a-z, digits and single hyphens: amira-k.",
        },
    )


def is_slug(value: str) -> bool:
    """Whether a name can stand in a URL: small letters, digits, single hyphens, at most 80 characters."""
    return len(value) <= 80 and _IS_SLUG(value) is not None


def slug_of(value: Any) -> Any:
    """A name that can stand in a URL; a number is one too."""
    value = str(value) if type(value) is int else as_text(value)
    if not is_slug(value):
        raise _slug_error(value, "the name of anything here")
    return sys.intern(value)  # a participant is named by many awards


def _reference(value: Any) -> Any:
    value = str(value) if type(value) is int else as_text(value)
    parts = value.split("/")
    if not 1 <= len(parts) <= 3 or not all(is_slug(part) for part in parts):
        raise _slug_error(value, "a reference")
    return value


Slug = Annotated[str, BeforeValidator(slug_of), WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}$"})]
Reference = Annotated[
    str,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}(/{_SLUG}){{0,2}}$"}),
]


def _award_id(value: Any) -> Any:
    value = as_text(value)
    if not re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", value):
        raise PydanticCustomError(
            "bad-value",
            "this is not the number of an award",
            {"help": "it has 16 capital letters and digits; let `passport erase` write it."},
        )
    return value


AwardId = Annotated[
    str,
    BeforeValidator(_award_id),
    WithJsonSchema({"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{16}$"}),
]


_IS_HASH = re.compile(r"sha256\$[0-9a-f]{64}").fullmatch


def _hashed(value: Any) -> Any:
    value = as_text(value)
    if not _IS_HASH(value):
        raise PydanticCustomError(
            "bad-identity",
            "an identity is written as sha256$ and 64 hexadecimal digits, never as an address",
            {"help": "hash the lower-case address followed by the salt with SHA-256."},
        )
    return value


HashedIdentity = Annotated[
    str, BeforeValidator(_hashed), WithJsonSchema({"type": "string", "pattern": r"^sha256\$[0-9a-f]{64}$"})
]


def _handle(value: Any) -> Any:
    value = as_text(value)
    if not re.fullmatch(_HANDLE, value) or len(value) > 200:
        raise PydanticCustomError(
            "bad-value",
            "“{value}” is not a name on the code host",
            {"value": value[:60], "help": 'write "@somebody" or "@organisation/team", with the quotes.'},
        )
    return value


_HANDLE = r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"
Handle = Annotated[
    str, BeforeValidator(_handle), WithJsonSchema({"type": "string", "pattern": f"^{_HANDLE}$"})
]


def _degrees(most: int, value: Any) -> Any:
    if type(value) not in (int, float) or not -most <= value <= most:
        raise PydanticCustomError(
            "bad-value",
            "this is not a number of degrees from -{most} to {most}",
            {"most": most, "help": "write degrees with a point, south and west with a minus: 36.8."},
        )
    return value


Latitude = Annotated[float, BeforeValidator(partial(_degrees, 90)), Field(ge=-90, le=90)]
Longitude = Annotated[float, BeforeValidator(partial(_degrees, 180)), Field(ge=-180, le=180)]


def _color(value: Any) -> Any:
    value = as_text(value)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PydanticCustomError(
            "bad-value", "a colour is written as #rrggbb", {"help": 'for example "#2e7d6b", with the quotes.'}
        )
    return value.lower()


Color = Annotated[
    str, BeforeValidator(_color), WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})
]


def _beside(value: str) -> str:
    if "/" in value or "\\" in value or ".." in value:
        return "put the file in the same folder and write its name alone."
    return "name the file with letters, digits, dots and hyphens, without spaces."


def _file_name(value: Any) -> Any:
    value = as_text(value)
    if not re.fullmatch(r"[\w-][\w.-]{0,100}", value) or ".." in value:
        raise PydanticCustomError(
            "path-outside",
            "“{value}” is not the name of a file beside this one",
            {"value": value[:60], "help": _beside(value)},
        )
    return value


FileName = Annotated[
    str, BeforeValidator(_file_name), WithJsonSchema({"type": "string", "pattern": r"^[\w-][\w.-]*$"})
]


def _kept(endings: tuple[str, ...], value: Any) -> Any:
    value = as_text(value)
    stem, dot, ending = value.rpartition(".")
    if dot + ending not in endings or not is_slug(stem):
        raise PydanticCustomError(
            "bad-slug",
            "“{value}” cannot be the name of a kept file",
            {
                "value": value[:60],
                "help": f"use small letters, digits and hyphens, then {' or '.join(endings)}.",
            },
        )
    return value


KeptDocument = Annotated[
    str,
    BeforeValidator(partial(_kept, (".json",))),
    WithJsonSchema({"type": "string", "pattern": rf"^{_SLUG}\.json$"}),
]
KeptPicture = Annotated[
    str,
    BeforeValidator(partial(_kept, (".png",))),
    WithJsonSchema({"type": "string", "pattern": rf"^{_SLUG}\.png$"}),
]
KeptPhoto = Annotated[
    str,
    BeforeValidator(partial(_kept, (".jpg", ".jpeg", ".png"))),
    WithJsonSchema({"type": "string", "pattern": rf"^{_SLUG}\.(jpe?g|png)$"}),
]


_PUBLIC_KEY = r"z(6Mk[1-9A-HJ-NP-Za-km-z]{44}|Dn[1-9A-HJ-NP-Za-km-z]{46})"


def _public_key(value: Any) -> Any:
    value = as_text(value)
    if not re.fullmatch(_PUBLIC_KEY, value):
        raise PydanticCustomError(
            "bad-value",
            "this is not a public key (Ed25519 or P-256) in multibase",
            {"help": "let `passport keys new` write it; it starts with z6Mk or zDn."},
        )
    return value


PublicKeyMultibase = Annotated[
    str,
    BeforeValidator(_public_key),
    WithJsonSchema({"type": "string", "pattern": f"^{_PUBLIC_KEY}$"}),
]
