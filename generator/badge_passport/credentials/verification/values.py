"""Values out of documents of strangers; whatever is not as it must be is a `Failure` with its reason."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.steps import Failure

_HOST: Final = re.compile(
    r"https?://((?:\[[0-9A-Fa-f:.]+\]|([^\s\x00-\x1f\[\]:@\\/?#]+))(?::([0-9]{0,5}))?)(?:[/?#]|\Z)"
)
_ENDS: Final = re.compile(r"[/?#@:]")
_STEP: Final = re.compile(r"(?:/|%2f)(?:\.|%2e){1,2}(?=/|%2f|;|%3b|\Z)", re.I)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same; unlike ``==``, true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def listed(value: object) -> list[Any]:
    """A list as it is, and one value as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(document: object) -> list[str]:
    if not isinstance(document, dict):
        return []
    return [name for name in listed(document.get("type")) if isinstance(name, str)]


def text_in(document: Document, name: str, what: str) -> str:
    """A text that must be there."""
    value = document.get(name)
    if not isinstance(value, str) or is_blank(value):
        raise Failure(f"{what} has no “{name}”.")
    return value


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space; a byte order mark is some, as it is to JavaScript."""
    return not text.replace("\ufeff", "").strip()


def text_at(document: object, *names: str) -> str:
    """The text at the end of these names, or nothing."""
    value = document
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def id_of(value: object) -> object:
    """What identifies a value: its id if it is an object, otherwise itself."""
    return value.get("id") if isinstance(value, dict) else value


def moment(value: object, name: str) -> datetime:
    """A date with time and zone (RFC 3339)."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise Failure(f"“{name}” is not a date with a time and a zone.")


def seconds(value: object, name: str) -> datetime:
    """A date as a token has it (RFC 7519, NumericDate)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise Failure(f"“{name}” of the token is not a date.")


def is_web(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://")) and host_of(value) != ""


def address(document: Document, name: str, what: str) -> str:
    """The web address under a name, or of the object there."""
    value: Any = id_of(document.get(name))
    if is_web(value):
        return str(value)
    raise Failure(f"{what} has no web address under “{name}”.")


def host_of(url: str) -> str:
    """The host with its port as written; nothing for what has a name in it or is no address."""
    found = _HOST.match(url)
    if found is None or "\\" in url or int(found[3] or 0) > 65_535:
        return ""
    # A letter that stands for a slash would end the host elsewhere.
    if found[2] and _ENDS.search(unicodedata.normalize("NFKC", found[2])):
        return ""
    return found[1].lower()


def steps_back(url: str) -> bool:
    """Whether a path has “.” or “..” in it, however spelt: a host answers from elsewhere than it says."""
    path = url.partition("#")[0].partition("?")[0]
    return _STEP.search(re.sub("(?i)%5c", "/", path)) is not None
