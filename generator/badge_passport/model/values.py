"""The value types of records: texts, slugs, dates, durations, web addresses, hashed identities.

A value that does not fit raises `PydanticCustomError` whose type is the diagnostic's code, so that a
record's problems read the same wherever they are found.
"""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

# Characters that reorder the text around them (UAX #9): embeddings, overrides and isolates. The marks
# U+200E and U+200F only touch their own place and are needed in Arabic.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = ("Cc", "Cs", "Zl", "Zp")
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?\Z")


class Record(BaseModel):
    """Base of all records: frozen, camelCase keys as in Open Badges, nothing unknown tolerated."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, strict=False)


def clean(text: str) -> str:
    """The text, if nothing in it is invisible and changes how it reads."""
    found = _REORDERING.search(text)
    bad = found.group() if found else None
    if bad is None and not text.isprintable():
        bad = next((c for c in text if unicodedata.category(c) in _CONTROLS and c != "\n"), None)
        if bad is None and not any(c.isprintable() and c != " " for c in text):
            raise PydanticCustomError("wrong-type", "this text shows nothing", {"help": "write some words."})
    if bad is not None:
        raise PydanticCustomError(
            "control-character",
            "this text contains the invisible character U+{point}",
            {"point": f"{ord(bad):04X}", "help": "delete it; it could make the text read as something else."},
        )
    return text


def _text(value: Any, wanted: str = "text") -> Any:
    """The text of a scalar; ``2019``, ``1.10`` or ``true`` without quotes has lost how it was written."""
    if isinstance(value, str):
        return value.strip()
    found = {type(None): "nothing", list: "a list", dict: "a mapping", bool: "true or false"}
    raise PydanticCustomError(
        "wrong-type",
        "this must be {wanted}, but it is {found}",
        {
            "wanted": wanted,
            "found": found.get(type(value), "a number"),
            "help": "put quotes around it."
            if isinstance(value, bool | int | float)
            else f"write {wanted} after the colon.",
        },
    )


def _line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError(
            "value-too-long", "this is one line of at most 300 characters", {"help": "write it on one line."}
        )
    return text


def distinct(attribute: str = "") -> AfterValidator:
    """A list in which no item, or no item's ``attribute`` (None apart), stands twice."""

    def check(items: list[Any]) -> list[Any]:
        seen = set()
        for item in items:
            name = getattr(item, attribute) if attribute else item
            if name is not None and name in seen:
                raise PydanticCustomError(
                    "bad-value", "“{name}” stands twice in this list", {"name": name, "help": "remove one."}
                )
            seen.add(name)
        return items

    return AfterValidator(check)


def _not_bool(value: Any) -> Any:
    if isinstance(value, bool):  # which Python takes for 1 and 0
        raise PydanticCustomError(
            "wrong-type",
            "this must be a whole number, but it is true or false",
            {"help": "write a whole number."},
        )
    return value


Count = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_not_bool)]
Plain = Annotated[str, Field(min_length=1, max_length=20_000), BeforeValidator(_text), AfterValidator(clean)]
Short = Annotated[
    str,
    Field(min_length=1, max_length=300),
    BeforeValidator(_text),
    AfterValidator(clean),
    AfterValidator(_line),
]


def _language(value: Any) -> Any:
    value = _text(value)
    if not re.fullmatch(_TAG, value):
        raise PydanticCustomError(
            "bad-value",
            "“{tag}” is not a language tag",
            {"tag": value[:40], "help": "write it as in en, fr, ar or pt-BR."},
        )
    return value


LanguageTag = Annotated[
    str, BeforeValidator(_language), WithJsonSchema({"type": "string", "pattern": f"^{_TAG}$"})
]
UNTAGGED = ""  # the key of a text that was written without a language


class Text(RootModel[dict[str, Plain]]):
    """Portable text: a string, or a map from language tags (BCP 47) to strings."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, dict):
            if not value:
                raise PydanticCustomError("wrong-type", "this text is empty", {"help": "write some words."})
            for tag in value:
                if not re.fullmatch(_TAG, tag):
                    raise PydanticCustomError(
                        "bad-value",
                        "“{tag}” is not a language tag",
                        {"tag": tag[:40], "help": "write texts as {en: …, fr: …, ar: …}."},
                    )
            return value
        return {UNTAGGED: value}

    def get(self, language: str, default: str) -> str:
        """The text in ``language``, else untagged, else in the site's default language, else any."""
        texts = self.root
        for key in (language, UNTAGGED, default):
            if key in texts:
                return texts[key]
        return next(iter(texts.values()))

    def language(self, language: str, default: str) -> str:
        """The language that `get` answers in."""
        texts = self.root
        for key, answer in ((language, language), (UNTAGGED, default), (default, default)):
            if key in texts:
                return answer
        return next(iter(texts))

    def languages(self) -> Iterator[str]:
        """The language tags that are present (nothing for a plain string)."""
        return (tag for tag in self.root if tag != UNTAGGED)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {
            "description": "A text, or one text per language: {en: …, fr: …, ar: …}",
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": f"^{_TAG}$"},
                    "additionalProperties": {"type": "string", "minLength": 1},
                },
            ],
        }


class Title(Text):
    """A portable text for one line: a name."""

    @model_validator(mode="after")
    def _one_line(self) -> Title:
        for text in self.root.values():
            if len(text) > 300 or "\n" in text:
                raise PydanticCustomError(
                    "value-too-long", "a name is one line of at most 300 characters", {"help": "shorten it."}
                )
        return self


def _date(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value
    written = str(value) if type(value) is int else _text(value, "a date")
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            return datetime.date.fromisoformat(written)
    except ValueError:
        pass
    raise PydanticCustomError(
        "bad-date",
        "“{value}” is not a date",
        {"value": written[:40], "help": "write it as year-month-day: 2019-06-18."},
    )


Date = Annotated[
    datetime.date,
    BeforeValidator(_date),
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
    value = _text(value)
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


def _url(value: Any) -> Any:
    value, why = _text(value, "a web address"), ""
    try:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            why = f"“{value[:80]}” is not a web address that starts with https://"
        elif parts.username is not None:
            why = "a web address here must not carry a user name"
        elif re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", value) or not value.isprintable():
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
    return len(value) <= 80 and re.fullmatch(_SLUG, value) is not None


def _slug(value: Any) -> Any:
    value = str(value) if type(value) is int else _text(value)
    if not is_slug(value):
        raise _slug_error(value, "the name of anything here")
    return value


def _reference(value: Any) -> Any:
    value = str(value) if type(value) is int else _text(value)
    parts = value.split("/")
    if not 1 <= len(parts) <= 3 or not all(is_slug(part) for part in parts):
        raise _slug_error(value, "a reference")
    return value


Slug = Annotated[str, BeforeValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}$"})]
Reference = Annotated[
    str,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}(/{_SLUG}){{0,2}}$"}),
]


def _hashed(value: Any) -> Any:
    value = _text(value)
    if not re.fullmatch(r"sha256\$[0-9a-f]{64}", value):
        raise PydanticCustomError(
            "bad-identity",
            "an identity is written as sha256$ and 64 hexadecimal digits, never as an address",
            {"help": "hash the lower-case address followed by the salt with SHA-256."},
        )
    return value


HashedIdentity = Annotated[
    str, BeforeValidator(_hashed), WithJsonSchema({"type": "string", "pattern": r"^sha256\$[0-9a-f]{64}$"})
]


def _color(value: Any) -> Any:
    value = _text(value)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PydanticCustomError(
            "bad-value", "a colour is written as #rrggbb", {"help": 'for example "#2e7d6b", with the quotes.'}
        )
    return value.lower()


Color = Annotated[
    str, BeforeValidator(_color), WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})
]


def _file_name(value: Any) -> Any:
    value = _text(value)
    if not re.fullmatch(r"[\w-][\w.-]{0,100}", value) or ".." in value:
        raise PydanticCustomError(
            "path-outside",
            "“{value}” is not the name of a file beside this one",
            {"value": value[:60], "help": "put the file in the same folder and write its name alone."},
        )
    return value


FileName = Annotated[
    str, BeforeValidator(_file_name), WithJsonSchema({"type": "string", "pattern": r"^[\w-][\w.-]*$"})
]
