"""Markdown that people write in records: CommonMark without raw HTML, made safe twice over.

The parser never passes HTML through and refuses script-like links; what it makes is sanitised again, so
that a fault in one of the two libraries is not a hole.
"""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False})
_detector = MarkdownIt("commonmark", {"html": True})
_UNSAFE = re.compile(
    r"\]\(\s*<?\s*(?:javascript|vbscript|file|data):|^\s*\[[^\]]+\]:\s*<?(?:javascript|vbscript|file|data):",
    re.I | re.M,
)
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"} | {
    f"h{n}" for n in range(1, 7)
}


def problems(text: str) -> list[tuple[str, str]]:
    """``(code, message)`` for raw HTML and for links that could run code; line-independent."""
    found = []
    if "<" in text:
        for token in _detector.parse(text):
            for inner in [token, *(token.children or [])]:
                if inner.type in ("html_block", "html_inline") and not inner.content.startswith("<!--"):
                    shown = inner.content.strip().split("\n")[0][:40]
                    found.append(("raw-html", f"this text contains HTML: {shown}"))
                    break
    if _UNSAFE.search(text):
        found.append(("unsafe-link", "this text has a link that is not a web address"))
    return found[:2]


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


def to_text(text: str) -> str:
    """The words of a Markdown text on one line, for descriptions and search."""
    return " ".join(nh3.clean(_parser.render(text), tags=set()).split())


def front_matter(text: str) -> tuple[str, str, int]:
    """Split ``--- … ---`` off the top: the YAML, the body, and the body's first line number (from 1)."""
    match = re.match(r"---[ \t]*\r?\n(.*?)\r?\n?---[ \t]*(?:\r?\n|\Z)", text, re.S)
    if match is None:
        return "", text, 1
    return match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1
