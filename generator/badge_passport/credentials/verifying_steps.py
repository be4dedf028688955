"""What a verification is made of: numbered steps, of which one that fails silences those that need it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from badge_passport.credentials.baking import BakingError
from badge_passport.credentials.contexts import ContextError, UnsignableError
from badge_passport.credentials.did import DidError
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch, FetchError
from badge_passport.credentials.multibase import MultibaseError
from badge_passport.credentials.status import StatusListError

Outcome = Literal["pass", "fail", "not-checked"]
Who = Literal["holder", "issuer", "verifier", ""]
"""Who can do something about it: whoever shows the badge, whoever issued it, or whoever asks."""

MAX_BYTES: Final = 50_000_000
MAX_DEPTH: Final = 64

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_JOINERS: Final = "\u200c\u200d"  # parts of words in some scripts
_PLAIN_ERRORS: Final = (
    BakingError,
    ContextError,
    DidError,
    FetchError,
    MultibaseError,
    StatusListError,
    UnsignableError,
)


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    id: str
    title: str
    outcome: Outcome
    detail: str
    who: Who


@dataclass(frozen=True, slots=True)
class Result:
    """``kind`` is ``ob2``, ``ob3``, ``ob2+ob3`` or ``unknown``; ``name`` and ``issuer`` as the badge says."""

    kind: str
    valid: bool
    steps: tuple[Step, ...]
    name: str
    issuer: str


class Failure(Exception):
    """Why a step fails, in one plain sentence, and who can do something about it."""

    def __init__(self, detail: str, who: Who | None = None) -> None:
        super().__init__(detail)
        self.detail, self.who = detail, who


class NotChecked(Exception):
    """Why a step has nothing to look at."""


@dataclass
class Steps:
    """Collects the steps; ``part`` is put before their ids."""

    steps: list[Step] = field(default_factory=list)
    part: str = ""

    def run(
        self,
        name: str,
        title: str,
        check: Callable[[], str],
        *,
        needs: Collection[str] = (),
        who: Who = "issuer",
    ) -> bool:
        """Do one step, unless one that it needs did not pass. Nothing that ``check`` raises goes further."""
        outcome: Outcome = "pass"
        at_fault: Who = ""
        missing = next((s for s in self.steps if s.id in map(self._id, needs) and s.outcome != "pass"), None)
        if missing is not None:
            outcome, detail = "not-checked", f"Step {missing.number} must pass first."
        else:
            try:
                detail = check()
            except NotChecked as reason:
                outcome, detail = "not-checked", str(reason)
            except Failure as failure:
                outcome, detail, at_fault = "fail", failure.detail, failure.who or who
            except _PLAIN_ERRORS as error:
                outcome, detail, at_fault = "fail", str(error), who
            except Exception as error:  # noqa: BLE001 (whatever cannot be read is not valid)
                outcome, at_fault = "fail", who
                detail = f"This cannot be read: it has an unexpected form ({type(error).__name__})."
        self.steps.append(
            Step(len(self.steps) + 1, self._id(name), title, outcome, printable(detail), at_fault)
        )
        return outcome == "pass"

    def _id(self, name: str) -> str:
        return f"{self.part}.{name}" if self.part else name


def printable(text: str, length: int = 400) -> str:
    """A text of a stranger that is safe to show on a terminal."""
    shown = "".join(c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "�" for c in text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"


# --- Reading --------------------------------------------------------------------------------------------


def read_json(data: bytes | str) -> Document:
    """The object in a JSON text; raises `Failure` for anything that readers could understand differently."""
    if len(data) > MAX_BYTES:
        raise Failure(f"The document has more than {MAX_BYTES:,} bytes.")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Failure("The document is not UTF-8.") from None
    except RecursionError:
        raise Failure("The document is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise Failure(f"The document is not JSON (line {error.lineno}: {error.msg}).") from None
    except ValueError:  # an endless number
        raise Failure("The document has a number that is too long.") from None
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Failure("The document is nested too deep.")
        level = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
    if not isinstance(document, dict):
        raise Failure("The document is not a JSON object.")
    return document


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Failure(f"The document has two members called “{twice}” in one object.")
    return found


def _no_constant(name: str) -> object:
    raise Failure(f"The document has {name}, which is no JSON.")


def fetch_json(fetch: Fetch, url: str) -> Document:
    """The document at an address, as `read_json` reads it."""
    try:
        return read_json(fetch(url))
    except Failure as failure:
        raise Failure(f"{url}: {failure.detail}", "issuer") from None


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same; unlike ``==``, true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def listed(value: object) -> list[Any]:
    """A list as it is, and one value as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(document: Document) -> list[str]:
    return [name for name in listed(document.get("type")) if isinstance(name, str)]


def text_in(document: Document, name: str, what: str) -> str:
    """A text that must be there; raises `Failure`."""
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Failure(f"{what} has no “{name}”.")
    return value


def moment(value: object, name: str) -> datetime:
    """A date with time and zone (RFC 3339); raises `Failure`."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise Failure(f"“{name}” is not a date with a time and a zone.")
