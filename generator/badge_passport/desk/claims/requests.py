"""What participants answer on the page of an award: requests, found in any text and read.

A request is one flat JSON object. ``proof`` is an HMAC-SHA-256 of the rest of it in canonical form (RFC 8785,
which for texts, whole numbers and truth values is sorted keys without spaces), under the claim code of the
award. The code itself is never in it. Mail programs break lines, quote, and make HTML of texts; a request is
found all the same.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.model.texts import LanguageTag, Record, Short
from badge_passport.model.validate import validate
from badge_passport.model.values import AwardId
from badge_passport.registry.spelling import addresses_in
from badge_passport.source import markdown

TYPE = "BadgePassportRequest"
MAX_FILE = 16 * 1024 * 1024  # bytes of one file
MAX_REQUEST = 8_000  # characters of one request, with the spaces that a mail program adds
MAX_PARTS = 200  # of a message
MAX_REQUESTS = 1_000  # in one file
_MARK = re.compile(rf'"{TYPE}"')
_HEADER = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")
_BREAK = re.compile(r"[ \t]*\r?\n[ \t>]*")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _name(text: str) -> str:
    """A name that may stand on a page: short, no address, no HTML."""
    if len(text) > 100:
        raise PydanticCustomError("value-too-long", "a name has at most 100 characters")
    plain = unicodedata.normalize("NFKC", text)
    if any(True for _ in addresses_in(plain)):
        raise PydanticCustomError("bad-value", "a name must not be an e-mail address")
    if markdown.problems(plain):
        raise PydanticCustomError("bad-value", "a name must not hold HTML")
    return text


Name = Annotated[Short, AfterValidator(_name)]


class Request(Record):
    """One answer of a participant. What is left out of visibility, display and language stays as it is."""

    type: Literal["BadgePassportRequest"]
    version: Literal[1]
    site: Annotated[str, Field(max_length=2000)]
    award: AwardId
    answer: Literal["accepted", "declined", "hidden"]
    accept_all: StrictBool
    visibility: Literal["public", "unlisted", "private"] | None = None
    display: Literal["full", "initials", "pseudonym", "none"] | None = None
    name: Name | None = None
    pseudonym: Name | None = None
    language: LanguageTag | None = None
    erase: StrictBool
    made: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    proof: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _fits(self) -> Request:
        """The name that is to be shown is there, no other is, and the time is one."""
        wanted = (self.display == "full", self.display in ("initials", "pseudonym"))
        if wanted != (self.name is not None, self.pseudonym is not None):
            raise PydanticCustomError("bad-value", "the name does not fit what is to be shown")
        if self.display == "initials" and len(self.pseudonym or "") > 20:
            raise PydanticCustomError("value-too-long", "initials have at most 20 characters")
        try:
            datetime.datetime.fromisoformat(self.made)
        except ValueError:
            raise PydanticCustomError("bad-date", "“made” is not a time") from None
        return self

    @property
    def time(self) -> datetime.datetime:
        """When it was made, as the browser's clock said."""
        return datetime.datetime.fromisoformat(self.made)

    @property
    def day(self) -> datetime.date:
        """The day it was made, in UTC."""
        return self.time.date()


@dataclass(frozen=True, slots=True)
class Offer:
    """A request as it came: ``message`` is what its proof is made over, ``digest`` tells requests apart."""

    request: Request
    message: bytes
    digest: str
    where: Span | None

    def proven_by(self, code: str) -> bool:
        """Whether whoever made it had this claim code."""
        return hmac.compare_digest(proof(code, self.message), self.request.proof)


def canonical(value: dict[str, Any]) -> bytes:
    """RFC 8785 for an object of texts, whole numbers and truth values."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def proof(code: str, message: bytes) -> str:
    """The proof of a message under a claim code: HMAC-SHA-256 in lower-case hexadecimal."""
    return hmac.new(code.encode("ascii"), message, hashlib.sha256).hexdigest()


def read(data: bytes, where: Span | None) -> tuple[list[Offer], list[Diagnostic]]:
    """Every request in a file: a message, a mailbox, the text of an issue, JSON, or any other text.

    The same request twice counts once.

    Problems: ``claim-unreadable``.
    """
    if len(data) > MAX_FILE:
        return [], [_unreadable("it is larger than 16 MB", where)]
    found: dict[str, Offer] = {}
    problems: dict[str, Diagnostic] = {}
    for kinds in _texts(data):
        # A message often has its text twice, and the second form may have lost a character.
        values = next(filter(None, ([v for text in texts for v in _objects(text)] for texts in kinds)), [])
        for offer in (_offer(value, where) for value in values):
            if isinstance(offer, Diagnostic):
                problems[offer.message] = offer
            elif len(found) < MAX_REQUESTS:
                found[offer.digest] = offer
    if not found and not problems:
        return [], [_unreadable("there is no request in it", where)]
    return list(found.values()), list(problems.values())


def _offer(value: dict[str, Any], where: Span | None) -> Offer | Diagnostic:
    request, problems = validate(Request, value, partial(Place, ""))
    if request is None:
        first = problems[0]
        keys = first.where.path if isinstance(first.where, Place) else ()
        return _unreadable(": ".join([*(f"“{key}”"[:40] for key in keys), first.message]), where)
    rest = {key: inner for key, inner in value.items() if key != "proof"}
    return Offer(request, canonical(rest), hashlib.sha256(canonical(value)).hexdigest(), where)


def _unreadable(why: str, where: Span | None) -> Diagnostic:
    return Diagnostic(
        "claim-unreadable",
        f"no answer of a participant can be read here: {why}",
        where,
        "save the whole message or issue as it came, and name that file; or ask the person to send it again.",
    )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every request-like object in a text, whatever stands around it."""
    text = _BREAK.sub(" ", text.replace("\u00a0", " "))
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    done = 0
    for mark in _MARK.finditer(text):
        if mark.start() < done:
            continue
        # Keys may come in any order, and a name may hold a bracket: the outermost that can be read counts.
        start = text.find("{", max(done, mark.start() - MAX_REQUEST), mark.start())
        while start >= 0:
            try:
                value, length = decoder.raw_decode(text[start : start + MAX_REQUEST])
            except (ValueError, RecursionError):
                value, length = None, 0
            if isinstance(value, dict) and value.get("type") == TYPE and start + length > mark.start():
                done = start + length
                yield value
                break
            start = text.find("{", start + 1, mark.start())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: readers differ about which counts."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _texts(data: bytes) -> Iterator[list[list[str]]]:
    """The texts of each thing in a file, by kind; the first kind with a request in it counts.

    A message has plain parts, HTML, and what it was before it was decoded. Other files are a text, or the
    strings of a JSON document, as tools export issues.
    """
    text = data.decode("utf-8-sig", "replace")
    if _HEADER.match(data):
        for message in _messages(data):
            yield [*_of_message(message), [message.decode("utf-8", "replace")]]
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    yield [[text], list(_strings(value))]


def _strings(value: Any, deep: int = 0) -> Iterator[str]:
    """The strings in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and deep < 20:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, deep + 1)


def _messages(data: bytes) -> Iterator[bytes]:
    """A message, or every message in a mailbox (mbox)."""
    starts = [0, *(found.end() for found in re.finditer(rb"\n(?=From [^\n]*\n)", data))]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        one = data[start:end]
        yield one.partition(b"\n")[2] if one.startswith(b"From ") else one


def _of_message(data: bytes) -> Iterator[list[str]]:
    """The plain texts of a message, attached files included, and those that were HTML."""
    plain: list[str] = []
    formatted: list[str] = []
    try:
        message = BytesParser(EmailMessage, policy=default).parsebytes(data)
        for part, _ in zip(message.walk(), range(MAX_PARTS), strict=False):
            payload = None if part.is_multipart() else part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            text = _decoded(payload, part.get_content_charset())
            if part.get_content_type() == "text/html":
                lines = re.sub(r"(?i)<br\b[^<>]{0,200}>", "\n", text)
                formatted.append(html.unescape(_TAG.sub("", lines)))
            else:
                plain.append(text)
    except (RecursionError, LookupError, AttributeError, TypeError, ValueError):
        pass  # what was read until here counts
    yield plain
    yield formatted


def _decoded(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")
