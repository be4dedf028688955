"""From bytes to a document or a token, refusing whatever readers could understand differently."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from badge_passport.credentials.baking import SNIFFED, unbake_png, unbake_svg
from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.nobadge import check_bytes
from badge_passport.credentials.verification.pages import is_page
from badge_passport.credentials.verification.steps import Failure, NoBadge, Undecided

MAX_BYTES: Final = 50_000_000
MAX_DEPTH: Final = 64

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_ADDRESS: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_ENVELOPE: Final = re.compile(r"data:application/(?:vc|vp)\+jwt,(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWS whose signature nobody has looked at yet; ``signed`` is what it is made over."""

    header: Document
    payload: Document
    signed: bytes
    signature: bytes


Thing = Document | Token
"""What can be verified: a JSON document, or a token."""


def read_texts(data: bytes) -> tuple[list[bytes | str], str]:
    """The badges in a file, and what kind of file it is."""
    if len(data) > MAX_BYTES:
        raise Failure(f"The file has more than {MAX_BYTES:,} bytes.")
    if is_page(data):
        raise NoBadge("It is a web page, not a badge; ask for the badge itself, a picture or a document.")
    start = data[: 4 * SNIFFED].lstrip()
    svg = b"<svg" in start and not start.startswith(b"{")
    picture = "PNG" if start.startswith(b"\x89PNG") else "SVG" if svg else ""
    if not picture:
        if not address_in(data):
            check_bytes(data)
        return [data], "text"
    baked = unbake_png(data) if picture == "PNG" else unbake_svg(data)
    if not baked:
        raise NoBadge(f"The {picture} has no badge inside; ask for the original file.")
    return list(baked.values()), f"{picture} with {len(baked)} baked version{'s' * (len(baked) > 1)}"


def address_in(text: bytes | str) -> str:
    """The address that a text is, if it is nothing else; otherwise nothing."""
    if len(text) > 10_000:
        return ""
    whole = (text if isinstance(text, str) else text.decode("latin-1")).strip()
    return whole if _ADDRESS.fullmatch(whole) else ""


def read_thing(text: bytes | str) -> Thing:
    """The document or the token that a text is."""
    if len(text) > MAX_BYTES:
        raise Failure(f"The document has more than {MAX_BYTES:,} bytes.")
    token = _ascii(text)
    return read_token(token) if _TOKEN.fullmatch(token) else read_json(text)


def _ascii(text: bytes | str) -> str:
    """The text without white space around it, if it is one that can be a token."""
    start = text[:200].lstrip()
    if not start or start[:1] in ("{", b"{", "[", b"["):
        return ""
    if isinstance(text, str):
        return text.strip() if text.isascii() else ""
    return text.strip().decode("ascii") if text.isascii() else ""


# --- Tokens -----------------------------------------------------------------------------------------------


def read_token(text: str) -> Token:
    """A compact JWS (RFC 7515, section 7.1) with a JSON object inside."""
    if not _TOKEN.fullmatch(text):
        raise Failure("It is not a signed token (three parts in base64url, with points between).")
    head, body, signature = text.split(".")
    try:
        header, payload = read_json(base64url(head)), read_json(base64url(body))
    except Failure as failure:
        raise Failure(f"The token cannot be read. {failure.detail}") from None
    return Token(header, payload, f"{head}.{body}".encode("ascii"), base64url(signature))


def base64url(text: str) -> bytes:
    """Base64url without padding, in its one spelling (RFC 4648, section 3.5)."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Failure("A part is not base64url.") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise Failure("A part is not base64url in its shortest form.")
    return data


def enveloped(document: Document) -> Token:
    """The token in an EnvelopedVerifiableCredential or -Presentation (VC Data Model 2.0, section 4.13)."""
    url = document.get("id")
    found = _ENVELOPE.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        if isinstance(url, str) and url.startswith("data:"):
            raise Undecided(
                f"The envelope is of a kind that is not known here ({url.partition(',')[0][:60]})."
            )
        raise Failure("The envelope has no token as its id.")
    return read_token(found[1])


# --- JSON -------------------------------------------------------------------------------------------------


def read_json(data: bytes | str) -> Document:
    """The object in a JSON text."""
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
    _check_depth(document)
    if not isinstance(document, dict):
        raise Failure("The document is not a JSON object.")
    return document


def _check_depth(document: object) -> None:
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


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Failure(f"The document has two members called “{twice}” in one object.")
    return found


def _no_constant(name: str) -> object:
    raise Failure(f"The document has {name}, which is no JSON.")
