"""What happened: the newest year, every year, and in busy years every month, on pages of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from badge_passport.model.texts import Text
from badge_passport.pages.discoverymodels import (
    ChangesPage,
    Happened,
    MonthChanges,
    NewBadge,
    Uncounted,
)
from badge_passport.pages.rendering import Meta, Output, Renderer, both_feeds
from badge_passport.pages.viewmodels import Link, Words
from badge_passport.registry import Registry, history
from badge_passport.registry.history import KINDS, Edition, Event, Month
from badge_passport.registry.privacy import award_name

BUSY = 500
"""Events of a year that fit on one page; a year with more has a page for each month."""


NEWEST = "newest"
"""The page that has the newest year, whichever it is."""


def years(registry: Registry) -> list[str]:
    """What there are pages of: every year, and the newest."""
    return [*map(str, history.years(registry)), NEWEST]


def pages(renderer: Renderer, which: str) -> Iterator[Output]:
    """The page of a year, and those of its months if it was busy; or the page of the newest year."""
    _ = renderer.language.gettext
    registry, urls = renderer.registry, renderer.urls
    every = history.years(registry)
    links = tuple(Link(Words(str(y)), renderer.views.page(urls.changes(y))) for y in every)

    def page(path: str, heading: str, year: str, months: Sequence[MonthChanges], back: Link | None) -> Output:
        meta = Meta(
            path,
            heading,
            _("Badges given, taken back and given again, and badges that are new."),
            feeds=both_feeds(urls, ""),
            styles=("assets/discovery.css",),
        )
        made = ChangesPage(heading, tuple(months), links, year, back, "register.json")
        return renderer.page("changes.html", meta, made)

    newest = every[0] if every else 0
    year = newest if which == NEWEST else int(which)
    months = history.months(registry, year) if year else ()
    busy = sum(len(m.events) for m in months) > BUSY
    shown = [_month(renderer, m, own_page=busy) for m in months]
    if which == NEWEST:
        yield page(urls.changes(), _("Changes"), str(year or ""), shown, None)
        return
    heading = _("Changes of %(year)s") % {"year": which}
    yield page(urls.changes(year), heading, which, shown, None)
    here = Link(Words(heading), renderer.views.page(urls.changes(year)))
    for month in months if busy else ():
        whole = _month(renderer, month, own_page=False)
        yield page(urls.changes(year, int(month.month[5:])), whole.title, which, [whole], here)


def _month(renderer: Renderer, month: Month, *, own_page: bool) -> MonthChanges:
    year, number = int(month.month[:4]), int(month.month[5:])
    title = renderer.language.month(year, number)
    if own_page:
        href = renderer.views.page(renderer.urls.changes(year, number))
        return MonthChanges(month.month, title, len(month.events), href)
    badges = {b.ref: b for b in renderer.registry.badges.values()}

    def badge(ref: str) -> Link:
        return Link(
            renderer.views.words(badges[ref].record.name), renderer.views.page(renderer.urls.badge(ref))
        )

    return MonthChanges(
        month.month,
        title,
        len(month.events),
        badges=tuple(_new(renderer, e, badge(e.badge.ref)) for e in month.editions),
        happened=tuple(
            _happened(renderer, list(events), badge(ref))
            for (_on, _kind, ref), events in groupby(
                sorted(month.events, key=_together), lambda e: (e.on, e.kind, e.award.badge.ref)
            )
        ),
        others=tuple(
            Uncounted(o.kind, badge(o.badge), o.number.least, not o.number.least) for o in month.others
        ),
    )


def _together(event: Event) -> tuple[int, int, str, str]:
    """Newest first; what is said together stands together."""
    return -event.on.toordinal(), -KINDS.index(event.kind), event.award.badge.ref, event.award.id


def _new(renderer: Renderer, edition: Edition, badge: Link) -> NewBadge:
    on = renderer.language.date(edition.on) if edition.exact else ""
    return NewBadge(badge, edition.badge.version, edition.first, on)


def _happened(renderer: Renderer, events: Sequence[Event], badge: Link) -> Happened:
    _ = renderer.language.gettext
    first = events[0]
    reasons = {id(r): r for e in events if (r := _reason(e)) is not None}
    return Happened(
        renderer.language.date(first.on),
        first.kind,
        badge,
        tuple(
            Link(
                Words(award_name(e.award) or _("A participant")),
                renderer.views.page(renderer.urls.award(e.award.id)),
            )
            for e in events
        ),
        renderer.views.words(next(iter(reasons.values()))) if len(events) == len(reasons) == 1 else Words(""),
    )


def _reason(event: Event) -> Text | None:
    if event.kind == "reinstated":
        again = event.award.reinstated
        return again.reason if again else None
    revoked = event.award.revoked
    return revoked.reason if event.kind == "revoked" and revoked and revoked.on == event.on else None
