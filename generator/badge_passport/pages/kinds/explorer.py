"""Competences: the frameworks, a page of each, and one of every competence."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.pages.discoverymodels import Holders, Matrix, MatrixCell, MatrixRow, Shown
from badge_passport.pages.names import word
from badge_passport.pages.pagemodels import (
    CompetenceItem,
    CompetencePage,
    CompetencesPage,
    FrameworkItem,
    FrameworkPage,
    MicroCompetence,
)
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.viewmodels import Link, Term, Words
from badge_passport.registry import Registry
from badge_passport.registry.entities import Competence, Framework
from badge_passport.registry.privacy import is_public
from badge_passport.source import markdown

PEOPLE, SHOWN = 60, 20
"""People who are named on the page of a competence, and pieces of evidence."""


def pages(renderer: Renderer) -> Iterator[Output]:
    """The list of all."""
    yield competences(renderer)


def tops(registry: Registry) -> list[str]:
    """The competences that have a page, by their references."""
    return [c.ref for c in registry.competences.values() if c.parent is None]


def framework_pages(renderer: Renderer, slug: str) -> Iterator[Output]:
    """The page of a framework."""
    yield framework(renderer, renderer.registry.frameworks[slug])


def competence_pages(renderer: Renderer, ref: str) -> Iterator[Output]:
    """The page of a competence."""
    yield competence(renderer, renderer.registry.competences[ref])


def competences(renderer: Renderer) -> Output:
    """All frameworks."""
    _ = renderer.language.gettext
    meta = Meta("competences/", _("Competences"), _("What the badges stand for, by framework."))
    page = CompetencesPage(
        [
            FrameworkItem(renderer.views.framework_link(f), _items(renderer, f))
            for f in renderer.registry.frameworks.values()
        ]
    )
    return renderer.page("competences.html", meta, page)


def framework(renderer: Renderer, framework: Framework) -> Output:
    """A framework: competences, levels and types."""
    urls, views, record = renderer.urls, renderer.views, framework.record
    meta = Meta(
        urls.framework(framework.slug),
        renderer.language.text(record.name),
        markdown.to_text(renderer.language.text(record.description)),
        document=urls.framework_document(framework.slug),
        styles=("assets/discovery.css",),
    )
    page = FrameworkPage(
        up=views.page("competences/"),
        name=views.words(record.name),
        description=views.prose(record.description),
        competences=_items(renderer, framework),
        matrix=_matrix(renderer, framework),
        levels=views.terms(record.levels),
        types=views.terms(record.types),
    )
    return renderer.page("framework.html", meta, page)


def competence(renderer: Renderer, competence: Competence) -> Output:
    """A competence: its micro-competences, and the badges that develop it at each level."""
    views, language = renderer.views, renderer.language
    name = language.text(competence.record.name)
    description = markdown.to_text(language.text(competence.record.description)) or name
    page = CompetencePage(
        framework=views.framework_link(competence.framework),
        name=views.words(competence.record.name),
        description=views.prose(competence.record.description),
        levels=views.competence_badges(competence),
        micros=[
            MicroCompetence(
                Term(m.slug, views.words(m.record.name), views.prose(m.record.description)),
                views.competence_badges(m),
            )
            for m in renderer.registry.competences.values()
            if m.parent is competence
        ],
        holders=_holders(renderer, competence),
    )
    meta = Meta(renderer.urls.competence(competence.ref), name, description, styles=("assets/discovery.css",))
    return renderer.page("competence.html", meta, page)


def _matrix(renderer: Renderer, framework: Framework) -> Matrix:
    """How many badges develop each competence at each level; those of no level stand in a first column."""
    registry, views = renderer.registry, renderer.views
    rows: list[tuple[Competence, dict[str, int]]] = []
    for competence in registry.competences.values():
        if competence.framework is framework and competence.parent is None:
            found = {at.level: len(at.cards) for at in views.competence_badges(competence)}
            rows.append((competence, found))
    used = {level for _, found in rows for level in found}
    levels = [level for level in ("", *framework.record.levels) if level or "" in used]
    levels += sorted(used - set(levels))
    return Matrix(
        [(level, views.level_name(level)) for level in levels],
        [
            MatrixRow(
                views.competence_link(c),
                [_cell(renderer, c, level, found.get(level, 0)) for level in levels],
                _in_force(renderer, c),
            )
            for c, found in rows
        ],
        [
            views.competence_link(c)
            for c in registry.competences.values()
            if c.framework is framework and not registry.badges_by_competence.get(c.ref)
        ],
    )


def _cell(renderer: Renderer, competence: Competence, level: str, badges: int) -> MatrixCell:
    page = renderer.views.page(renderer.urls.competence(competence.ref))
    return MatrixCell(badges, f"{page}#level-{word(level) or 'any'}")


def _in_force(renderer: Renderer, competence: Competence) -> int:
    """Awards that hold, of badges that develop a competence."""
    registry = renderer.registry
    badges = registry.badges_by_competence.get(competence.ref, ())
    return sum(registry.facts[badge.ref].holding for badge in badges)


def _holders(renderer: Renderer, competence: Competence) -> Holders:
    """Listed people with a badge of a competence, newest award first, and public evidence of theirs."""
    registry, views = renderer.registry, renderer.views
    badges = registry.badges_by_competence.get(competence.ref, ())
    given = (a for b in badges for a in registry.awards_by_badge.get(b.ref, ()))
    awards = [a for a in given if a.in_force and is_public(a)]
    awards.sort(key=lambda a: (a.issued_on, a.id), reverse=True)
    people = list({a.participant.slug: a.participant for a in awards}.values())
    shown: list[Shown] = []
    for award in awards:
        for item in award.evidence:
            if item.url and not item.hidden and len(shown) < SHOWN:
                name = views.words(item.name) or Words(item.url)
                holder = Words(views.person_title(award.participant))
                link = Link(holder, views.page(renderer.urls.award(award.id)))
                shown.append(Shown(name, item.url, link))
        if len(shown) == SHOWN:
            break
    return Holders(
        _in_force(renderer, competence),
        [
            Link(Words(views.person_title(p)), views.page(renderer.urls.passport(p.slug)))
            for p in people[:PEOPLE]
        ],
        max(0, len(people) - PEOPLE),
        shown,
    )


def _items(renderer: Renderer, framework: Framework) -> list[CompetenceItem]:
    registry, views = renderer.registry, renderer.views
    mine = [c for c in registry.competences.values() if c.framework is framework]
    return [
        CompetenceItem(
            views.competence_link(c),
            len(registry.badges_by_competence.get(c.ref, ())),
            [views.competence_link(m) for m in mine if m.parent is c],
        )
        for c in mine
        if c.parent is None
    ]
