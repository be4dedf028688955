"""Portfolio pages and collections as pages show them: only what stands on the passport anyway."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from badge_passport.pages.viewmodels import BlockView, CollectionView, Words
from badge_passport.pages.views import Views
from badge_passport.registry.entities import Award, Block, Participant, PortfolioPage
from badge_passport.source import markdown


def collections(views: Views, person: Participant, holding: Iterable[Award]) -> list[CollectionView]:
    """The collections of a person, the featured first; awards that are not shown are not in them."""
    if not person.record.collections:
        return []
    last = {award.badge.ref: award for award in holding}
    found = [
        CollectionView(
            slug=one.slug,
            name=views.words(one.name),
            description=views.prose(one.description),
            cards=[views.award_card(last[ref]) for ref in one.badges if ref in last],
            featured=one.featured,
        )
        for one in person.record.collections
    ]
    return sorted((c for c in found if c.cards), key=lambda c: not c.featured)


def blocks(
    views: Views, person: Participant, page: PortfolioPage, holding: Iterable[Award], heading: int = 2
) -> Iterator[BlockView]:
    """The blocks of a page in order; its highest heading gets the level ``heading``."""
    last = {award.badge.ref: award for award in holding}
    shown = {c.slug: c for c in person.record.collections}
    highest = min((level for b in page.blocks if (level := _level(b))), default=1)
    for block in page.blocks:
        match block.kind:
            case "text":
                html = markdown.to_html(block.value, heading + max(0, _level(block) - highest))
                yield BlockView(
                    "text",
                    Markup(html),  # noqa: S704 (sanitised by nh3)
                    attributes=views.language.mark_tag(person.language),
                    only_in=views.language.only_in_tag(person.language),
                )
            case "badge" if block.value in last:
                card = views.award_card(last[block.value])
                yield BlockView("badges", title=card.name, cards=[card])
            case "badges":
                held = [a for a in last.values() if block.value in a.badge.record.tags]
                yield from _group(views, views.own_words(block.label or block.value, person), held)
            case "collection" if block.value in shown:
                one = shown[block.value]
                held = [last[ref] for ref in one.badges if ref in last]
                yield from _group(views, views.words(one.name), held)
            case "file":
                yield _file(views, person, block)
            case "video":
                yield BlockView(
                    "video", title=views.own_words(block.label or block.value, person), link=block.value
                )


def _level(block: Block) -> int:
    """The highest level of a heading in a text, 0 for none."""
    marks = re.findall(r"^ {0,3}(#{1,6})[ \t]", block.value, re.M) if block.kind == "text" else []
    return min(map(len, marks), default=0)


def _group(views: Views, title: Words, held: list[Award]) -> Iterator[BlockView]:
    if held:
        yield BlockView("badges", title=title, cards=[views.award_card(a) for a in held])


def _file(views: Views, person: Participant, block: Block) -> BlockView:
    kind = "file" if block.value.endswith(".pdf") else "picture"
    path = views.urls.kept_file(person.slug, block.value)
    return BlockView(kind, title=views.own_words(block.label or block.value, person), link=path)
