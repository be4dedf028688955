"""Markdown that people write in records: CommonMark without raw HTML, made safe twice over.

The parser never passes HTML through and refuses script-like links; what it makes is sanitised again, so
that a fault in one of the two libraries is not a hole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False})
_detector = MarkdownIt("commonmark", {"html": True})
setattr(_detector, "validateLink", lambda _: True)  # noqa: B010 (it is a method: mypy)
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.S)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
# By browsers, also within the name of a scheme; the parser writes those below 32 with a %.
_OVERLOOKED = re.compile(r"[\x00-\x20\x7f-\xa0]|%[01][0-9A-F]", re.I)
_SAFE = ("http", "https", "mailto")
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"} | {
    f"h{n}" for n in range(1, 7)
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a Markdown text that must not be there; line and column count from 1."""

    code: str
    message: str
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Link:
    """Where a text links to, or has a picture from, as a URL; line and column count from 1."""

    target: str
    line: int
    column: int
    length: int


def links(text: str) -> list[Link]:
    """The links and pictures of a text, in order; of those that a paragraph repeats the first."""
    lines = text.split("\n")
    found: dict[Link, None] = {}
    for token in _detector.parse(text) if "](" in text or "]:" in text or "<" in text else ():
        for inner in token.children or []:
            target = str(inner.attrGet("href") or inner.attrGet("src") or "")
            if target:
                written = next((raw for raw in (target, unquote(target)) if raw in text), target)
                found[Link(target, *_place(lines, token.map or [0, len(lines)], written))] = None
    return list(found)


def problems(text: str) -> list[Finding]:
    """The first ``raw-html`` and the first ``unsafe-link`` of a text."""
    found: dict[str, Finding] = {}
    if "<" in text or "](" in text or "]:" in text:
        lines = text.split("\n")
        for token in _detector.parse(text):
            for inner in [token, *(token.children or [])]:
                code, message, raw = _problem(inner)
                if code and code not in found:
                    found[code] = _at(lines, token.map or [0, len(lines)], raw, code, message)
    return list(found.values())


def is_safe(address: str) -> bool:
    """Whether an address leads to a place on this site or on the web, and runs nothing."""
    scheme = _SCHEME.match(bare(address))
    return scheme is None or scheme[1].lower() in _SAFE


def bare(address: str) -> str:
    """An address as a browser reads it: entities are characters, blanks are none."""
    return _OVERLOOKED.sub("", unescape(unescape(address)))


def _problem(token: Token) -> tuple[str, str, str]:
    """Code, message and what to look for; nothing for a token that may stay."""
    if token.type in ("html_block", "html_inline") and not _COMMENT.fullmatch(token.content):
        raw = token.content.strip().split("\n")[0][:40]
        return "raw-html", f"this text contains HTML: {raw}", raw
    target = str(token.attrGet("href") or token.attrGet("src") or "")
    if not is_safe(target):
        return "unsafe-link", "this text has a link that is not a web address", target
    return "", "", ""


def _at(lines: list[str], block: list[int], raw: str, code: str, message: str) -> Finding:
    return Finding(code, message, *_place(lines, block, raw))


def _place(lines: list[str], block: list[int], raw: str) -> tuple[int, int, int]:
    """Line, column and length of what stands in a block; where it is written otherwise, of the beginning."""
    for number in range(block[0], min(block[1], len(lines))):
        column = lines[number].find(raw)
        if column >= 0:
            return number + 1, column + 1, len(raw)
    return block[0] + 1, 1, 1


@lru_cache(maxsize=4096)
def to_html(text: str, heading: int = 3) -> str:
    """Safe HTML of a Markdown text; its highest heading gets the level ``heading``; images are left out."""
    html = _parser.render(text)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
    )
    levels = [int(level) for level in re.findall(r"<h([1-6])>", clean)]
    if levels:
        shift = heading - min(levels)
        clean = re.sub(r"(</?h)([1-6])>", lambda m: f"{m[1]}{min(6, int(m[2]) + shift)}>", clean)
    return clean


@lru_cache(maxsize=4096)
def to_text(text: str) -> str:
    """The words of a Markdown text on one line, for descriptions and search; text, not HTML."""
    return " ".join(unescape(nh3.clean(_parser.render(text), tags=set())).split())


def front_matter(text: str) -> tuple[str, str, int]:
    """Split ``--- … ---`` off the top: the YAML, the body, and the body's first line number (from 1)."""
    match = re.match(r"---[ \t]*\r?\n(.*?)\r?\n?---[ \t]*(?:\r?\n|\Z)", text, re.S)
    if match is None:
        return "", text, 1
    return match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1
