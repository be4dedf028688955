"""Feeds: what is new, for feed readers and other programs, as Atom (RFC 4287) and JSON Feed 1.1.

One of the site, of each issuer and of each badge, with what lists may show, and one of each passport. What
an entry says and when comes from the records alone; its id is the address of the award, for ever. A revoked
award is the same entry, said anew.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from xml.sax.saxutils import escape

from badge_passport.credentials.documents import ascii_json
from badge_passport.model.texts import Text
from badge_passport.pages.languages import Language
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Issuer, Participant
from badge_passport.registry.facts import last_day
from badge_passport.registry.history import Edition, editions
from badge_passport.registry.privacy import award_name, has_passport, is_public, on_passport, shown_name
from badge_passport.source import markdown
from badge_passport.urls import Urls

SITE = "."
MOST = 50
"""Entries of a feed."""
ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime.date(1970, 1, 1)  # when a feed without entries changed: Atom must say something
Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed; ``link`` is the address of its page, which is its id too unless ``id`` is set."""

    link: str
    title: str
    summary: str
    updated: datetime.date
    published: datetime.date
    id: str = ""
    image: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed without its forms; ``path`` is that of the page that it follows."""

    path: str
    title: str
    subtitle: str
    entries: tuple[Entry, ...]


class Feeds:
    """Makes the feeds of a site, in the site's first language."""

    def __init__(self, registry: Registry, urls: Urls, language: Language) -> None:
        self.registry, self.urls, self.language = registry, urls, language
        self.name = language.text(registry.site.name)
        self._plain: dict[int, str] = {}

    def listed(self) -> list[str]:
        """What there are feeds of that everybody is told of: the site (``.``), issuers and badges."""
        return [SITE, *self.registry.issuers, *self.registry.badges]

    def of(self, what: str) -> Files:
        """The feed of one of these."""
        registry = self.registry
        if what in registry.badges:
            badge = registry.badges[what]
            yield from self.files(self._of(badge, self._entries([badge])))
        elif what in registry.issuers:
            given = registry.badges_by_issuer.get(what, ())
            yield from self.files(self._of(registry.issuers[what], self._entries(given)))
        else:
            text = self._text(registry.site.description)
            yield from self.files(Feed("", self.name, text, self._entries(registry.badges.values())))

    def _entries(self, badges: Iterable[BadgeClass]) -> tuple[Entry, ...]:
        """The newest of what happened to some badges."""
        refs = [badge.ref for badge in badges]
        made = [self.of_award(award) for award in self._newest(refs)]
        began = (e for ref in refs for e in self._editions.get(ref, ()))
        made += [self.of_edition(e) for e in heapq.nlargest(MOST, began, key=self._began)]
        made.sort(key=lambda e: (e.updated, e.published, e.link, e.id), reverse=True)
        return tuple(made[:MOST])

    def _newest(self, refs: Iterable[str]) -> list[Award]:
        """The newest awards of some badges; badges where all is older are not looked at."""
        day = {ref: facts.newest for ref in refs if (facts := self.registry.facts[ref]).newest}
        newest: list[Award] = []
        for ref in sorted(day, key=day.__getitem__, reverse=True):
            if len(newest) == MOST and day[ref] < last_day(newest[-1]).toordinal():
                break
            given = filter(is_public, self.registry.awards_by_badge[ref])
            newest = heapq.nlargest(MOST, [*newest, *given], key=_newest)
        return newest

    @cached_property
    def _editions(self) -> Mapping[str, list[Edition]]:
        found: dict[str, list[Edition]] = {}
        for edition in editions(self.registry):
            found.setdefault(edition.badge.ref, []).append(edition)
        return found

    def _began(self, edition: Edition) -> tuple[datetime.date, str, str]:
        """The order of entries of editions."""
        return edition.on, self.urls.badge(edition.badge.ref), self._edition_id(edition.badge)

    def _edition_id(self, badge: BadgeClass) -> str:
        folder = self.urls.absolute(self.urls.badge_folder(badge.ref, badge.version))
        return f"{folder}badge.{self.language.default}.json"

    def _of(self, thing: Issuer | BadgeClass, entries: tuple[Entry, ...]) -> Feed:
        path = self.urls.issuer(thing.slug) if isinstance(thing, Issuer) else self.urls.badge(thing.ref)
        name = self.language.text(thing.record.name)
        return Feed(path, f"{name} - {self.name}", self._text(thing.record.description), entries)

    def of_person(self, person: Participant) -> Files:
        """The feed of a passport, at its address; none of a private one.

        It is Atom alone: passports are many, and programs have the ``passport.json`` of each.
        """
        if not has_passport(person):
            return
        shown = filter(on_passport, self.registry.awards_by_participant.get(person.slug, ()))
        entries = tuple(self.of_award(a) for a in heapq.nlargest(MOST, shown, key=_newest))
        _ = self.language.gettext
        title = _("Passport of %(name)s") % {"name": shown_name(person) or _("A participant")}
        text = _("Badges earned, and the competences they stand for.")
        feed = Feed(self.urls.passport(person.slug), f"{title} - {self.name}", text, entries)
        yield self.urls.feed(feed.path), self.atom(feed)

    def of_award(self, award: Award) -> Entry:
        """What a feed says of an award."""
        _ = self.language.gettext
        record = award.badge.record
        names = {"badge": self.language.text(record.name), "name": award_name(award) or _("A participant")}
        if award.revoked is not None:
            title = _("Revoked: %(badge)s, %(name)s") % names
            summary = self._text(award.revoked.reason)
        else:
            title = _("%(name)s earned “%(badge)s”") % names
            summary = self._text(record.description)
        return Entry(
            self.urls.absolute(self.urls.award(award.id)),
            title,
            summary,
            last_day(award),
            award.issued_on,
            image=self.urls.absolute(self.urls.badge_image(award.badge.ref, award.badge.version)),
            tags=(names["badge"], self.language.text(award.badge.issuer.record.name)),
        )

    def of_edition(self, edition: Edition) -> Entry:
        """What a feed says of a badge that can be earned now."""
        _ = self.language.gettext
        badge = edition.badge
        names = {"badge": self.language.text(badge.record.name), "version": badge.version}
        title = _("New badge: “%(badge)s”") if edition.first else _("“%(badge)s”, version %(version)s")
        return Entry(
            self.urls.absolute(self.urls.badge(badge.ref)),
            title % names,
            markdown.to_text(self.language.text(badge.record.description)),
            edition.on,
            edition.on,
            id=self._edition_id(badge),
            image=self.urls.absolute(self.urls.badge_image(badge.ref, badge.version)),
            tags=(names["badge"], self.language.text(badge.issuer.record.name)),
        )

    def _text(self, text: Text) -> str:
        """The plain text of Markdown; the same text is asked for with every award of a badge."""
        if id(text) not in self._plain:
            self._plain[id(text)] = markdown.to_text(self.language.text(text))
        return self._plain[id(text)]

    def files(self, feed: Feed) -> Files:
        """Both forms of a feed."""
        yield self.urls.feed(feed.path, "xml"), self.atom(feed)
        yield self.urls.feed(feed.path, "json"), self.json(feed)

    def atom(self, feed: Feed) -> bytes:
        """RFC 4287. Every text is plain; the author of all is the site."""
        here, page = self.urls.absolute(self.urls.feed(feed.path)), self.urls.absolute(feed.path)
        pieces = [
            f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{ATOM}" xml:lang="{self.language.tag}">',
            _element("id", page),
            _element("title", feed.title),
            _element("subtitle", feed.subtitle),
            _element("updated", _time(_updated(feed))),
            _empty("link", rel="self", type="application/atom+xml", href=here),
            _empty("link", rel="alternate", type="text/html", href=page),
            f"<author>{_element('name', self.name)}</author>",
        ]
        for entry in feed.entries:
            pieces += (
                "<entry>",
                _element("id", entry.id or entry.link),
                _element("title", entry.title),
                _element("updated", _time(entry.updated)),
                _element("published", _time(entry.published)),
                _empty("link", rel="alternate", type="text/html", href=entry.link),
                _element("summary", entry.summary),
                *(_empty("category", term=tag) for tag in entry.tags),
                "</entry>",
            )
        pieces.append("</feed>\n")
        return "".join(pieces).encode()

    def json(self, feed: Feed) -> bytes:
        """JSON Feed 1.1."""
        value = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": self.urls.absolute(feed.path),
            "feed_url": self.urls.absolute(self.urls.feed(feed.path, "json")),
            "description": feed.subtitle,
            "language": self.language.tag,
            "authors": [{"name": self.name, "url": self.urls.base}],
            "items": [
                {
                    "id": entry.id or entry.link,
                    "url": entry.link,
                    "title": entry.title,
                    "content_text": entry.summary or entry.title,
                    "image": entry.image,
                    "date_published": _time(entry.published),
                    "date_modified": _time(entry.updated),
                    "tags": list(entry.tags),
                }
                for entry in feed.entries
            ],
        }
        return ascii_json(value).encode("ascii") + b"\n"


def _newest(award: Award) -> tuple[datetime.date, datetime.date, str]:
    return last_day(award), award.issued_on, award.id


def _updated(feed: Feed) -> datetime.date:
    return max((entry.updated for entry in feed.entries), default=_NEVER)


def _time(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


# Written as ElementTree would, which takes five times as long.
_IN_ATTRIBUTES: Final = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"}


@lru_cache(1024)  # those of badges come again and again
def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"


@lru_cache(1024)
def _empty(name: str, **attributes: str) -> str:
    written = "".join(f' {key}="{escape(value, _IN_ATTRIBUTES)}"' for key, value in attributes.items())
    return f"<{name}{written} />"
