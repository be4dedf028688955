"""Everybody's passport."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.pages.pagemodels import MilestoneView, MovedPage, PassportPage
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.viewmodels import Html, Link, Words
from badge_passport.registry.entities import Award, Participant
from badge_passport.registry.privacy import has_passport, is_listed, on_passport
from badge_passport.source import markdown


def pages(renderer: Renderer) -> Iterator[Output]:
    """All of them; a passport that was renamed or merged keeps a page at its former address."""
    for person in renderer.registry.participants.values():
        if has_passport(person):
            yield passport(renderer, person)
    for old, person in renderer.registry.former:
        if has_passport(person):
            yield moved(renderer, old.slug, person)


def passport(renderer: Renderer, person: Participant) -> Output:
    """A participant's passport."""
    _ = renderer.language.gettext
    urls, views, record = renderer.urls, renderer.views, person.record
    title = views.person_title(person)
    awards = _shown(renderer, person)
    holding = [a for a in awards if a.in_force]
    signers = dict.fromkeys(a.badge.issuer for a in holding if a.badge.issuer.slug in renderer.signers)
    meta = Meta(
        urls.passport(person.slug),
        _("Passport of %(name)s") % {"name": title},
        _("Badges earned, and the competences they stand for."),
        urls.badge_image(holding[-1].badge.ref, None) if holding else "",
        urls.passport_document(person.slug),
        (urls.feed(urls.passport(person.slug)),),
        listed=is_listed(person),
    )
    page = PassportPage(
        slug=person.slug,
        name=title,
        bio=views.prose(record.bio),
        links=[Link(views.words(link.name), link.url) for link in record.links],
        holding=[views.award_card(a) for a in reversed(holding)],
        lapsed=[views.award_card(a) for a in awards if not a.in_force],
        milestones=[MilestoneView(views.award_card(a), views.because(a)) for a in holding if a.because],
        profile=views.profile(holding),
        others=views.others(person),
        portfolio=_safe(person.portfolio),
        presentation=urls.presentation(person.slug) if signers else "",
        records=[Link(views.words(s.record.name), urls.learner_record(person.slug, s.slug)) for s in signers],
    )
    return renderer.page("passport.html", meta, page)


def moved(renderer: Renderer, slug: str, person: Participant) -> Output:
    """The address of a passport that was renamed or merged into another."""
    text = renderer.language.gettext("This passport has moved")
    link = _link(renderer, person)
    meta = Meta(renderer.urls.passport(slug), text, text, listed=False, moved=link.href)
    return renderer.page("moved.html", meta, MovedPage(link))


def _shown(renderer: Renderer, person: Participant) -> list[Award]:
    """The awards that stand on a person's passport, oldest first."""
    return [a for a in renderer.registry.awards_by_participant.get(person.slug, ()) if on_passport(a)]


def _link(renderer: Renderer, person: Participant) -> Link:
    title = Words(renderer.views.person_title(person))
    return Link(title, renderer.views.page(renderer.urls.passport(person.slug)))


def _safe(text: str) -> Html:
    return Html(markdown.to_html(text, 2))
