"""Texts of records: plain ones, and portable ones in several languages; and the base of all records.

A value that does not fit raises `PydanticCustomError` whose type is the diagnostic's code, so that a
record's problems read the same wherever they are found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, NoReturn

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
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

# Characters that reorder the text around them (UAX #9): embeddings, overrides and isolates. The marks
# U+200E and U+200F only touch their own place and are needed in Arabic.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = ("Cc", "Cs", "Zl", "Zp")
_TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
_IS_TAG = re.compile(_TAG).fullmatch


_UNASKED: set[str] = set()


class Record(BaseModel):
    """Base of all records: frozen, camelCase keys as in Open Badges, nothing unknown tolerated.

    A command needs few of them: what checks a class is built when it is first asked for.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, strict=False, defer_build=True
    )

    def model_post_init(self, _: Any, /) -> None:
        """Forget which keys were written: nobody asks, and each record would keep a set of them."""
        object.__setattr__(self, "__pydantic_fields_set__", _UNASKED)


class _Nothing(list[Any]):
    """An empty list that stays empty: what is shared by all records must not be changed through one."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.list_schema()  # for the default in the JSON Schema

    def __hash__(self) -> int:  # type: ignore[override]  # pydantic copies defaults that have none
        return 0

    def __reduce__(self) -> str:
        return "NOTHING"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("records are frozen: make a new list")

    append = extend = insert = __setitem__ = __iadd__ = _refuse


NOTHING: list[Any] = _Nothing()
"""The default of every list: a site has hundreds of thousands that are empty."""


def clean(text: str) -> str:
    """The text, if nothing in it is invisible and changes how it reads."""
    if text.isprintable():  # none of those is
        return text
    found = _REORDERING.search(text)
    bad = found.group() if found else None
    if bad is None:
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


def as_text(value: Any, wanted: str = "text") -> Any:
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


def not_bool(value: Any) -> Any:
    """Refuse true and false where a number is wanted."""
    if isinstance(value, bool):  # which Python takes for 1 and 0
        raise PydanticCustomError(
            "wrong-type",
            "this must be a whole number, but it is true or false",
            {"help": "write a whole number."},
        )
    return value


Count = Annotated[int, Field(ge=1, le=1000), BeforeValidator(not_bool)]
Plain = Annotated[
    str, Field(min_length=1, max_length=20_000), BeforeValidator(as_text), AfterValidator(clean)
]
Short = Annotated[
    str,
    Field(min_length=1, max_length=300),
    BeforeValidator(as_text),
    AfterValidator(clean),
    AfterValidator(_line),
]


def _language(value: Any) -> Any:
    value = as_text(value)
    if not _IS_TAG(value):
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

    model_config = ConfigDict(frozen=True, defer_build=True)

    def model_post_init(self, _: Any, /) -> None:
        """As for other records."""
        object.__setattr__(self, "__pydantic_fields_set__", _UNASKED)

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, value: Any) -> Any:
        """A string is a text without a language."""
        if isinstance(value, dict):
            if not value:
                raise PydanticCustomError("wrong-type", "this text is empty", {"help": "write some words."})
            for tag in value:
                if not _IS_TAG(tag):
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
