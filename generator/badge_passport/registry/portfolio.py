"""Portfolio pages: Markdown with blocks, each on a line of its own: ``{badge: issuer/badge}``.

Blocks show what is on the passport anyway, or a file beside the record: they never bring in anything from
another site, and a video is a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.model.values import is_url
from badge_passport.registry.entities import Block, Participant, PortfolioPage, Registry
from badge_passport.source import markdown

KINDS: Final = ("badge", "badges", "collection", "file", "video")
RESERVED: Final = frozenset({"embed", "other", "files"})
"""Folders of a passport that no page may be called after."""
FILES: Final = (".pdf", ".png", ".jpg", ".jpeg")
_BLOCK: Final = re.compile(
    r"[ \t]{0,3}\{(?P<kind>[a-z]+):[ \t]*(?P<value>[^|{}]+?)[ \t]*"
    r"(?:\|[ \t]*(?P<label>[^{}|]+?)[ \t]*)?\}[ \t]*"
)
_FENCE: Final = re.compile(r"[ \t]{0,3}(```+|~~~+)")


def parse(slug: str, text: str, file: str) -> PortfolioPage:
    """A page of a portfolio: its blocks in order, texts between them as blocks of kind ``text``."""
    _, body, first = markdown.front_matter(text)
    blocks: list[Block] = []
    lines: list[str] = []
    fence = ""

    def flush() -> None:
        if prose := "\n".join(lines).strip():
            blocks.append(Block("text", prose))
        lines.clear()

    for number, line in enumerate(body.split("\n"), first):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence and line.strip().startswith(fence):
            fence = ""
        block = None if fence else _BLOCK.fullmatch(line)
        if block is None:
            lines.append(line)
            continue
        flush()
        blocks.append(Block(block["kind"], block["value"], block["label"] or "", number))
    flush()
    return PortfolioPage(slug, _title(blocks) or slug, file, text, tuple(blocks))


def _title(blocks: list[Block]) -> str:
    first = blocks[0].value if blocks and blocks[0].kind == "text" else ""
    heading = re.match(r"#{1,6}[ \t]+(.+)", first)
    return markdown.to_text(heading[1]) if heading else ""


def files_of(pages: Iterable[PortfolioPage]) -> set[str]:
    """The files that a person's pages show."""
    return {b.value for page in pages for b in page.blocks if b.kind == "file"}


def blocks_mean_something(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-block``, and ``portfolio-block`` for one that names what is not there."""
    tags = {tag for badge in registry.badges.values() for tag in badge.record.tags}
    for person in registry.participants.values():
        if not person.pages:
            continue
        held = {a.badge.ref for a in registry.awards_by_participant.get(person.slug, ())}
        known = {
            "badge": held,
            "badges": tags,
            "collection": {c.slug for c in person.record.collections},
            "file": {name for name in person.kept if name.endswith(FILES)},
        }
        for page in person.pages:
            for block in page.blocks:
                problem = _problem(block, known, person)
                if problem is not None:
                    code, message, help_ = problem
                    yield Diagnostic(code, message, Span(page.file, block.line, 1, 2), help_)
    for person in registry.participants.values():
        yield from _collections(registry, person)


def _problem(block: Block, known: dict[str, set[str]], person: Participant) -> tuple[str, str, str] | None:
    if block.kind == "text":
        return None
    if block.kind not in KINDS:
        near = did_you_mean(block.kind, KINDS)
        return "unknown-block", f"no block is called “{block.kind}”", f"{near}Blocks are {', '.join(KINDS)}."
    if block.kind == "video":
        if is_url(block.value):
            return None
        return "portfolio-block", "a video is a web address", "write “{video: https://… | Its title}”."
    if block.value in known[block.kind]:
        return None
    near = did_you_mean(block.value, known[block.kind])
    if block.kind == "badge":
        message = f"this person has no badge “{block.value}”"
    elif block.kind == "badges":
        message = f"no badge has the tag “{block.value}”"
    elif block.kind == "collection":
        message = f"this person has no collection “{block.value}”"
    else:
        message = f"there is no file “{block.value}” in content/participants/{person.slug}/"
        return "portfolio-block", message, f"{near}Put it there: a PDF, PNG or JPEG."
    return "portfolio-block", message, f"{near}Write it as it is written there."


def _collections(registry: Registry, person: Participant) -> Iterator[Diagnostic]:
    """``unknown-badge``: a collection holds badges that the person has been awarded."""
    if not person.record.collections:
        return
    held = {a.badge.ref for a in registry.awards_by_participant.get(person.slug, ())}
    for number, collection in enumerate(person.record.collections):
        for place, ref in enumerate(collection.badges):
            if ref not in held:
                yield Diagnostic(
                    "unknown-badge",
                    f"this person was never awarded “{ref}”",
                    person.origin.at("collections", number, "badges", place),
                    f"{did_you_mean(ref, held)}write issuer/badge.",
                )
