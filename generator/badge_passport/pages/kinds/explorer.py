"""Competences: the frameworks, a page of each, and one of every competence."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.pages.pagemodels import (
    CompetenceItem,
    CompetencePage,
    CompetencesPage,
    FrameworkItem,
    FrameworkPage,
    MicroCompetence,
)
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.viewmodels import Term
from badge_passport.registry.entities import Competence, Framework
from badge_passport.source import markdown


def pages(renderer: Renderer) -> Iterator[Output]:
    """All of them."""
    yield competences(renderer)
    for one in renderer.registry.frameworks.values():
        yield framework(renderer, one)
    for found in renderer.registry.competences.values():
        if found.parent is None:
            yield competence(renderer, found)


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
    )
    page = FrameworkPage(
        up=views.page("competences/"),
        name=views.words(record.name),
        description=views.prose(record.description),
        competences=_items(renderer, framework),
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
    )
    meta = Meta(renderer.urls.competence(competence.ref), name, description)
    return renderer.page("competence.html", meta, page)


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
