"""The page that sets two passports side by side, in the reader's browser."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2.utils import htmlsafe_json_dumps

from badge_passport.pages.discoverymodels import ComparePage
from badge_passport.pages.names import is_sharded
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.urls import relative


def pages(renderer: Renderer) -> Iterator[Output]:
    """Just the one."""
    _ = renderer.language.gettext
    urls, registry, text = renderer.urls, renderer.registry, renderer.language.text
    meta = Meta(
        urls.compare(),
        _("Compare two passports"),
        _("See which badges two people both have, and at which levels they show the same competences."),
        listed=False,
        styles=("assets/discovery.css", "assets/compare.css"),
        scripts=("assets/compare.js",),
    )
    here = urls.page(meta.path, renderer.language.tag)
    names = {urls.badge(ref): text(badge.record.name) for ref, badge in registry.badges.items()}
    names |= {urls.competence(ref): text(one.record.name) for ref, one in registry.competences.items()}
    names |= {urls.issuer_document(slug): text(one.record.name) for slug, one in registry.issuers.items()}
    # passport.json is in the site's first language; this page has its own words for what is of this site.
    data = {
        "base": urls.base,
        "root": relative("", here),
        "prefix": urls.page("", renderer.language.tag),
        "names": names,
    }
    page = ComparePage(
        htmlsafe_json_dumps(data, ensure_ascii=False, sort_keys=True),
        renderer.views.page(urls.people()),
        is_sharded(registry),
    )
    yield renderer.page("compare.html", meta, page)
