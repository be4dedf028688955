"""Badges and issuers: the lists of both, and a page of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from badge_passport.credentials.ob2 import edition
from badge_passport.pages import cards, facets, maps, sharing, structured
from badge_passport.pages.pagemodels import (
    BadgeGroup,
    BadgePage,
    BadgesPage,
    IssuerItem,
    IssuerPage,
    IssuersMap,
    IssuersPage,
    MapPlace,
)
from badge_passport.pages.rendering import Meta, Output, Renderer, both_feeds
from badge_passport.pages.viewmodels import Link, Period, Words
from badge_passport.registry.entities import BadgeClass, Issuer
from badge_passport.source import markdown


def pages(renderer: Renderer) -> Iterator[Output]:
    """The lists, and the pages of issuers."""
    yield badges(renderer)
    yield issuers(renderer)
    for promoter in renderer.registry.issuers.values():
        yield issuer(renderer, promoter)


def badge_pages(renderer: Renderer, ref: str) -> Iterator[Output]:
    """The page of a badge class."""
    yield badge(renderer, renderer.registry.badges[ref])


def badges(renderer: Renderer) -> Output:
    """The catalogue."""
    _ = renderer.language.gettext
    registry, views = renderer.registry, renderer.views
    meta = Meta(
        "badges/",
        _("Badges"),
        _("All badges that can be earned, with what they ask for."),
        feeds=both_feeds(renderer.urls, ""),
        styles=("assets/discovery.css",),
        scripts=("assets/filter.js",),
    )
    groups = [
        BadgeGroup(
            views.issuer_link(registry.issuers[slug]),
            [replace(views.badge_card(b), facets=facets.of_badge(views, b)) for b in given],
        )
        for slug, given in registry.badges_by_issuer.items()
    ]
    page = BadgesPage(groups, facets.filters(views, registry.badges.values()))
    return renderer.page("badges.html", meta, page)


def badge(renderer: Renderer, badge: BadgeClass) -> Output:
    """A badge class."""
    registry, urls, views = renderer.registry, renderer.urls, renderer.views
    record = badge.record
    language = renderer.language
    card = cards.of_badge(registry, urls, language, badge)
    meta = Meta(
        urls.badge(badge.ref),
        language.text(record.name),
        markdown.to_text(language.text(record.description)),
        urls.badge_image(badge.ref, None),
        urls.badge_document(badge.ref, None, edition(registry, badge, language.tag)),
        styles=(sharing.STYLE,),
        scripts=(sharing.SCRIPT,),
        card=card,
        oembed=sharing.oembed(registry, urls, urls.badge(badge.ref)),
        structured=structured.script(structured.of_badge(urls, language, badge)),
        feeds=both_feeds(urls, urls.badge(badge.ref)),
    )
    valid = record.valid_for
    drawn = badge.picture is None or badge.picture.kind == "svg"
    page = BadgePage(
        card=views.badge_card(badge),
        issuer=views.issuer_link(badge.issuer),
        description=views.prose(record.description),
        criteria=views.prose(record.criteria),
        earned=sum(1 for a in registry.awards_by_badge.get(badge.ref, ()) if a.in_force),
        ended=language.date(record.ended) if record.ended else "",
        milestone=views.milestone(badge),
        requires=list(record.requires),
        valid_for=Period(valid.years, valid.months, valid.days) if valid else None,
        alignments=views.alignments(badge),
        earners=views.earners(badge),
        endorsements=views.endorsements(badge),
        version=badge.version,
        versions=[
            Link(
                Words(one.version), urls.badge_document(one.ref, one.version, edition(registry, one, default))
            )
            for default in (registry.default_language,)
            for one in registry.versions[badge.ref]
        ],
        image_svg=urls.badge_image(badge.ref, None, "svg") if drawn else "",
        share=renderer.share_panel(
            sharing.of_badge(registry, urls, language, badge, card.path if card else "")
        ),
        tags=list(record.tags),
    )
    return renderer.page("badge.html", meta, page)


def issuers(renderer: Renderer) -> Output:
    """All promoters."""
    _ = renderer.language.gettext
    where = _map(renderer)
    meta = Meta(
        "issuers/",
        _("Issuers"),
        _("The organisations that issue these badges."),
        styles=("assets/discovery.css",) if where else (),
    )
    page = IssuersPage([_item(renderer, one) for one in renderer.registry.issuers.values()], where)
    return renderer.page("issuers.html", meta, page)


def _map(renderer: Renderer) -> IssuersMap | None:
    """Where promoters are; None for less than two that say so."""
    _, views = renderer.language.gettext, renderer.views
    located = [
        (one, location)
        for one in renderer.registry.issuers.values()
        if (location := one.record.location) is not None
    ]
    if len(located) < 2:
        return None
    picture, numbers = maps.draw(
        _("Where the issuers are"),
        _("A map with a numbered dot for each place. The list beside it says the same."),
        [(location.longitude, location.latitude) for _one, location in located],
        renderer.language.number,
    )
    places = []
    for number in range(1, max(numbers) + 1):
        here = [pair for pair, at in zip(located, numbers, strict=True) if at == number]
        names = {place.text: place for _one, location in here for place in (views.words(location.place),)}
        links = [views.issuer_link(one) for one, _location in here]
        places.append(MapPlace(renderer.language.number(number), list(names.values()), links))
    return IssuersMap(picture, places)


def issuer(renderer: Renderer, issuer: Issuer) -> Output:
    """A promoter and its badges."""
    urls, views, language = renderer.urls, renderer.views, renderer.language
    meta = Meta(
        urls.issuer(issuer.slug),
        language.text(issuer.record.name),
        markdown.to_text(language.text(issuer.record.description)),
        urls.issuer_image(issuer.slug) if issuer.picture else "",
        urls.issuer_document(issuer.slug),
        both_feeds(urls, urls.issuer(issuer.slug)),
    )
    page = IssuerPage(
        issuer=_item(renderer, issuer),
        url=issuer.record.url,
        cards=[views.badge_card(b) for b in renderer.registry.badges_by_issuer.get(issuer.slug, ())],
        endorsements=views.endorsements(issuer),
        revocations=urls.revocations(issuer.slug),
        did_document=urls.did_document(issuer.slug) if issuer.slug in renderer.signers else "",
        statistics=views.page(urls.statistics(issuer.slug)),
    )
    return renderer.page("issuer.html", meta, page)


def _item(renderer: Renderer, issuer: Issuer) -> IssuerItem:
    views, record = renderer.views, issuer.record
    return IssuerItem(
        link=views.issuer_link(issuer),
        description=views.prose(record.description),
        image=renderer.urls.issuer_image(issuer.slug) if issuer.picture else "",
        caption=views.words(record.image_caption),
        tint=views.tint(issuer),
        badges=len(renderer.registry.badges_by_issuer.get(issuer.slug, ())),
    )
