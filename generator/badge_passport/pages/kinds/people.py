"""Everybody's passport."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from badge_passport.pages import cards, facets, portfolio, sharing, structured
from badge_passport.pages.avatars import avatar
from badge_passport.pages.pagemodels import (
    MovedPage,
    PassportPage,
    PortfolioPageView,
)
from badge_passport.pages.rendering import FeedLink, Meta, Output, Renderer
from badge_passport.pages.viewmodels import (
    NONE,
    BlockView,
    Card,
    Link,
    MilestoneView,
    ProgressView,
    Published,
    Words,
)
from badge_passport.registry import progress
from badge_passport.registry.entities import Award, Participant
from badge_passport.registry.privacy import has_passport, in_passport, is_listed, is_sealed

FEW = 6
"""Badges that nobody needs a filter for."""
MOST_MISSING = 6
"""Badges that are named as the next step towards a milestone."""


def pages(renderer: Renderer, person: Participant) -> Iterator[Output]:
    """Those of a person; a passport that was renamed or merged keeps a page at its former address."""
    if has_passport(person):
        meta, page = passport(renderer, person)
        yield renderer.page("passport.html", meta, page, alike=True)
        yield from portfolio_pages(renderer, person)
        for old in person.record.former:
            yield moved(renderer, old.slug, person)


def passport(renderer: Renderer, person: Participant) -> tuple[Meta, PassportPage]:
    """A participant's passport.

    A private one has nothing that would lie beside it where others can read it, and nothing to share it by:
    pages of the portfolio follow on the passport itself.
    """
    private = is_sealed(person)
    _ = renderer.language.gettext
    urls, views, record = renderer.urls, renderer.views, person.record
    title = views.person_title(person)
    awards = _shown(renderer, person)
    holding = [a for a in awards if a.in_force]
    signers = dict.fromkeys(a.badge.issuer for a in holding if a.badge.issuer.slug in renderer.signers)
    narrowed = len(holding) > FEW
    picked = len(holding) > 1 and not private
    card = cards.of_passport(renderer.registry, urls, renderer.language, person)
    filters = facets.filters(views, dict.fromkeys(a.badge for a in holding)) if narrowed else []
    meta = Meta(
        urls.passport(person.slug),
        _("Passport of %(name)s") % {"name": title},
        _("Badges earned, and the competences they stand for."),
        urls.badge_image(holding[-1].badge.ref, None) if holding else "",
        "" if private else urls.passport_document(person.slug),
        feeds=() if private else (FeedLink(urls.feed(urls.passport(person.slug))),),
        listed=is_listed(person),
        styles=("assets/passport-page.css", sharing.STYLE, *(["assets/discovery.css"] if narrowed else [])),
        scripts=(
            sharing.SCRIPT,
            "assets/keep.js",
            *(["assets/filter.js"] if narrowed else []),
            *(["assets/pick.js"] if picked else []),
        ),
        card=card,
        oembed=sharing.oembed(renderer.registry, urls, urls.passport(person.slug)),
        structured=structured.script(
            structured.of_passport(renderer.registry, urls, renderer.language, person)
        ),
    )
    archive = urls.sealed_archive(person.slug) if private else urls.archive(person.slug)
    archive = archive if holding and renderer.registry.site.output.zip else ""
    # What a private passport has of these is in its archive.
    signers = {} if private else signers
    presentation = urls.presentation(person.slug) if signers else ""
    records = [Link(views.words(s.record.name), urls.learner_record(person.slug, s.slug)) for s in signers]
    page = PassportPage(
        slug=person.slug,
        name=Words(title),
        photo=urls.photo(person.slug) if record.photo else "",
        avatar=avatar(person.key),
        bio=views.prose(record.bio),
        languages=[renderer.language.name_in(tag) for tag in record.languages],
        links=[Link(views.words(link.name), link.url) for link in record.links],
        since=views.day(holding[0].issued_on) if holding else None,
        issuers=len({a.badge.issuer.slug for a in holding}),
        holding=_by_time(renderer, holding, narrowed=narrowed),
        filters=filters,
        narrowed=narrowed,
        lapsed=[views.award_card(a) for a in awards if not a.in_force],
        collections=portfolio.collections(views, person, holding),
        milestones=[
            MilestoneView(views.award_card(a), [views.award_card(b) for b in a.because if in_passport(b)])
            for a in holding
            if a.because
        ],
        under_way=[
            ProgressView(
                views.badge_card(p.badge),
                p.count,
                [views.award_card(a) for a in p.have],
                [views.badge_card(b) for b in p.missing[:MOST_MISSING]],
            )
            for p in progress.under_way(renderer.registry, renderer.milestones, holding)
        ],
        profile=views.profile(holding),
        others=views.others(person),
        blocks=list(_blocks(renderer, person, holding, everything=private)),
        pages=[] if private else _pages(renderer, person),
        archive=archive,
        presentation=presentation,
        records=records,
        said=list(_said(renderer, person)),
        published=list(_published(renderer, person, awards, [archive, presentation])),
        share=NONE
        if private
        else renderer.share_panel(
            sharing.of_passport(
                renderer.registry, urls, renderer.language, person, title, card.path if card else ""
            )
        ),
        private=private,
        picked=picked,
        compare=f"{views.page(urls.compare())}?a={person.slug}" if is_listed(person) else "",
    )
    return meta, page


def _by_time(renderer: Renderer, holding: list[Award], *, narrowed: bool) -> list[Card]:
    """The cards of awards, newest first, of which the first of a year says so."""
    made, seen = [], ""
    for award in reversed(holding):
        year = str(award.issued_on.year)
        known = facets.of_badge(renderer.views, award.badge) if narrowed else {}
        made.append(renderer.views.award_card(award, known, "" if year == seen else year))
        seen = year
    return made


def _blocks(
    renderer: Renderer, person: Participant, holding: list[Award], *, everything: bool
) -> Iterator[BlockView]:
    """What a person wrote on the passport itself, and (``everything``) on further pages, in turn."""
    for written in person.pages:
        if written.slug and not everything:
            continue
        blocks = list(portfolio.blocks(renderer.views, person, written, holding))
        if written.slug and not (blocks and blocks[0].html.startswith("<h2")):
            yield BlockView(
                "text",
                Markup("<h2>{}</h2>").format(written.title),
                attributes=renderer.language.mark_tag(person.language),
            )
        yield from blocks


def portfolio_pages(renderer: Renderer, person: Participant) -> Iterator[Output]:
    """The further pages that a participant wrote."""
    views = renderer.views
    holding = [a for a in _shown(renderer, person) if a.in_force]
    for written in person.pages:
        if written.slug:
            meta = Meta(
                renderer.urls.portfolio(person.slug, written.slug),
                f"{written.title} · {views.person_title(person)}",
                written.title,
                listed=is_listed(person),
                styles=("assets/passport-page.css",),
            )
            page = PortfolioPageView(
                person=_link(renderer, person),
                title=views.own_words(written.title, person),
                blocks=list(portfolio.blocks(views, person, written, holding, heading=1)),
                pages=_pages(renderer, person),
            )
            yield renderer.page("portfolio.html", meta, page)


def _pages(renderer: Renderer, person: Participant) -> list[Link]:
    return [
        Link(
            renderer.views.own_words(p.title, person),
            renderer.views.page(renderer.urls.portfolio(person.slug, p.slug)),
        )
        for p in person.pages
        if p.slug
    ]


def _said(renderer: Renderer, person: Participant) -> Iterator[tuple[str, str]]:
    """What a person chose to have published, in words."""
    _, record = renderer.language.gettext, person.record
    shown = {
        "full": _("full name"),
        "initials": _("initials"),
        "pseudonym": _("a pseudonym"),
        "none": _("no name"),
    }
    found = {
        "public": _("everybody, in lists and search"),
        "unlisted": _("only who has the address"),
        "private": _("only who has the key"),
    }
    yield _("Name"), shown[record.display]
    yield _("Who finds this page"), found[record.visibility]
    if record.consent:
        yield _("Agreed on"), renderer.language.date(record.consent.on)


def _published(
    renderer: Renderer, person: Participant, awards: list[Award], more: list[str]
) -> Iterator[Published]:
    """Every file about a person that the site holds."""
    urls, signers = renderer.urls, renderer.signers
    if not is_sealed(person):
        yield Published("JSON", urls.passport_document(person.slug))
    if person.record.photo and not is_sealed(person):
        yield Published("JPEG", urls.photo(person.slug))
    yield from (Published(path.rpartition(".")[2].upper(), path) for path in more if path)
    for award in awards:
        yield Published("HTML", renderer.views.page(urls.award(award.id)))
        yield Published("Open Badges 2.0", urls.assertion(award.id))
        if award.badge.issuer.slug in signers:
            yield Published("Open Badges 3.0", urls.credential(award.id))
        if award.in_force and "png" in renderer.registry.site.output.baked:
            yield Published("PNG", urls.baked(award.id, "png"))
    for other in person.record.other_badges:
        if other.file and not is_sealed(person):
            yield Published("JSON", urls.other_badge(person.slug, other.file))


def moved(renderer: Renderer, slug: str, person: Participant) -> Output:
    """The address of a passport that was renamed or merged into another."""
    text = renderer.language.gettext("This passport has moved")
    link = _link(renderer, person)
    meta = Meta(renderer.urls.passport(slug), text, text, listed=False, moved=link.href)
    return renderer.page("moved.html", meta, MovedPage(link))


def _shown(renderer: Renderer, person: Participant) -> list[Award]:
    """The awards that stand on a person's passport, oldest first."""
    return [a for a in renderer.registry.awards_by_participant.get(person.slug, ()) if in_passport(a)]


def _link(renderer: Renderer, person: Participant) -> Link:
    title = Words(renderer.views.person_title(person))
    return Link(title, renderer.views.page(renderer.urls.passport(person.slug)))
