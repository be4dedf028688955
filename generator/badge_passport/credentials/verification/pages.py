"""From the page of an award to its badge: people pass on what stands in the address bar.

Only what the page names as its own document on its own host is followed, and verified like anything else.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from badge_passport.credentials.verification.values import host_of

LONGEST: Final = 300_000
"""Bytes of a page that are looked at; its head comes first."""

_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_LINK: Final = re.compile(r"<link\s[^<>]*>", re.I)
_ATTRIBUTE: Final = re.compile(r"""\s(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


def is_page(data: bytes | str) -> bool:
    """Whether this is HTML."""
    start = data[:2000]
    return _PAGE.match(start.encode("utf-8", "replace") if isinstance(start, str) else start) is not None


def badge_of(page: bytes, url: str) -> str:
    """The address of the badge that the page at ``url`` is about, or nothing."""
    for tag in _LINK.findall(page[:LONGEST].decode("utf-8", "replace")):
        found = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag)}
        rel, kind, link = (found.get(name, "").strip() for name in ("rel", "type", "href"))
        if "alternate" in rel.lower().split() and kind.lower() in ("application/json", "application/ld+json"):
            return link if host_of(link) and host_of(link) == host_of(url) else ""
    return ""
