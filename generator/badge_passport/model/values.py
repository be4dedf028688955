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
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?\Z")


class Record(BaseModel):
    """Base of all records: frozen, camelCase keys as in Open Badges, nothing unknown tolerated."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, strict=False)


def _clean(text: str) -> str:
    found = _REORDERING.search(text)
    bad = found.group() if found else None
    if bad is None and not text.isprintable():
        bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"), None)
    if bad is not None:
        raise PydanticCustomError(
            "control-character",
            "this text contains the invisible character U+{point}",
            {"point": f"{ord(bad):04X}", "help": "delete it; it could make the text read as something else."},
        )
    return text


def _text(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        # 2019 or true without quotes: what was written is what was meant.
        raise PydanticCustomError(
            "wrong-type", "this must be text", {"help": f'put it in quotes: "{value}".'}
        )
    return value.strip() if isinstance(value, str) else value


Plain = Annotated[str, BeforeValidator(_text), AfterValidator(_clean), Field(min_length=1, max_length=20_000)]
Short = Annotated[str, BeforeValidator(_text), AfterValidator(_clean), Field(min_length=1, max_length=300)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")]
UNTAGGED = ""  # the key of a text that was written without a language


class Text(RootModel[dict[str, Plain]]):
    """Portable text: a string, or a map from language tags (BCP 47) to strings."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, dict):
            if not value:
                raise PydanticCustomError("wrong-type", "this text is empty", {})
            for tag in value:
                if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
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
                    "propertyNames": {"pattern": "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},
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
    if isinstance(value, str):
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime.date):
        return value
    raise PydanticCustomError(
        "bad-date",
        "“{value}” is not a date",
        {"value": str(value)[:40], "help": "write it as year-month-day: 2019-06-18."},
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
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None or value == "P":
        raise PydanticCustomError(
            "bad-value",
            "“{value}” is not a duration",
            {
                "value": str(value)[:40],
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
    why = ""
    if not isinstance(value, str):
        why = "this must be a web address"
    else:
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
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(value, str) or not is_slug(value):
        raise _slug_error(str(value), "the name of anything here")
    return value


def _reference(value: Any) -> Any:
    parts = value.split("/") if isinstance(value, str) else []
    if not 1 <= len(parts) <= 3 or not all(is_slug(part) for part in parts):
        raise _slug_error(str(value), "a reference")
    return value


Slug = Annotated[str, BeforeValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}$"})]
Reference = Annotated[
    str,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": f"^{_SLUG}(/{_SLUG}){{0,2}}$"}),
]


def _hashed(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"sha256\$[0-9a-f]{64}", value):
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
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PydanticCustomError(
            "bad-value", "a colour is written as #rrggbb", {"help": 'for example "#2e7d6b", with the quotes.'}
        )
    return value.lower()


Color = Annotated[
    str, BeforeValidator(_color), WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})
]


def _file_name(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[\w-][\w.-]{0,100}", value) or ".." in value:
        raise PydanticCustomError(
            "path-outside",
            "“{value}” is not the name of a file beside this one",
            {"value": str(value)[:60], "help": "put the file in the same folder and write its name alone."},
        )
    return value


FileName = Annotated[
    str, BeforeValidator(_file_name), WithJsonSchema({"type": "string", "pattern": r"^[\w-][\w.-]*$"})
]
