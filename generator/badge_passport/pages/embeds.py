"""Embed pages: what other sites show of a badge, an award or a passport in a frame, and oEmbed answers.

One file holds all languages of the site, and the fragment of its address chooses one (``embed/#fr``): two
files an award are enough. The page has no script, and says of an award whether it still holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from jinja2 import Template

from badge_passport.credentials.documents import ascii_json, to_bytes
from badge_passport.pages import cards, sharing
from badge_passport.pages.images import class_image
from badge_passport.pages.languages import Language
from badge_passport.pages.pagemodels import EmbedPage
from badge_passport.pages.rendering import Output, Site
from badge_passport.pages.shapes import Function, Shaped
from badge_passport.pages.templates import environment
from badge_passport.pages.viewmodels import EmbedFace, EmbedItem
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import award_name, has_passport, holding, shown_name
from badge_passport.resources import Theme
from badge_passport.urls import Urls, output, relative

MOST_BADGES = 8
# Where the frame will stand in an answer.
_FRAME: Final = "\0frame\0"
_WRITTEN_FRAME: Final = ascii_json(_FRAME).encode("ascii")


class Embeds:
    """Makes embed pages and oEmbed answers; what awards of one badge have in common is kept."""

    def __init__(self, registry: Registry, urls: Urls, languages: Sequence[Language], theme: Theme) -> None:
        self.registry, self.urls, self.languages = registry, urls, languages
        self._template: Template = environment(theme.folders("templates"), languages[0]).get_template(
            "embed.html"
        )
        self._page = Shaped(lambda page, href: self._template.render(page=page, href=href, site=self._site))
        self._site = Site(languages[0].text(registry.site.name), urls.base, tuple(registry.site.languages))
        self._thumbnails: dict[tuple[str, str], dict[str, object]] = {}
        self._answers: dict[tuple[str, str, int], tuple[bytes, bytes]] = {}

    def of_badges(self) -> Iterator[Output]:
        """The embed pages and oEmbed answers of all badges; none if the site wants none."""
        if not self.registry.site.share.embeds:
            return
        for badge in self.registry.badges.values():
            page = self.urls.badge(badge.ref)
            faces = [self.badge(badge, language) for language in self.languages]
            yield from self._pair(page, faces, sharing.FRAME, self._thumbnail(badge))

    def of_person(self, person: Participant | None, awards: Iterable[Award]) -> Iterator[Output]:
        """The same of a person's awards and passport."""
        if not self.registry.site.share.embeds:
            return
        for award in awards:
            page = self.urls.award(award.id)
            faces = [self.award(award, language) for language in self.languages]
            yield from self._pair(page, faces, sharing.FRAME, self._thumbnail(award.badge))
        if person is not None and has_passport(person):
            page = self.urls.passport(person.slug)
            faces = [self.passport(person, language) for language in self.languages]
            yield from self._pair(page, faces, sharing.PASSPORT_FRAME, {})

    def badge(self, badge: BadgeClass, language: Language) -> EmbedFace:
        """A badge that can be earned."""
        return self._face(badge, language, self.urls.badge(badge.ref))

    def award(self, award: Award, language: Language) -> EmbedFace:
        """A badge that somebody earned; whether it has expired only the reader's day can tell."""
        _ = language.gettext
        name = award_name(award) if award.in_force else None
        lines = [_("awarded to %(name)s") % {"name": name}] if name else []
        lines.append(language.date(award.issued_on))
        state = ""
        if award.revoked is not None:
            state = _("Revoked")
        elif award.acceptance == "declined":
            state = _("Declined")
        elif award.expires:
            lines.append(_("Valid until %(date)s") % {"date": language.date(award.expires)})
        return self._face(award.badge, language, self.urls.award(award.id), lines, state)

    def _face(
        self, badge: BadgeClass, language: Language, page: str, lines: Sequence[str] = (), state: str = ""
    ) -> EmbedFace:
        current = self.registry.badges[badge.ref] is badge
        return EmbedFace(
            tag=language.tag,
            dir=language.dir,
            href=self.urls.page(page, language.tag),
            site=language.text(self.registry.site.name),
            title=language.text(badge.record.name),
            above=language.text(badge.issuer.record.name),
            lines=list(lines),
            state=state,
            image=self.urls.badge_image(badge.ref, None if current else badge.version),
            caption=language.text(badge.record.image_caption),
        )

    def passport(self, person: Participant, language: Language) -> EmbedFace:
        """A person's latest badges."""
        awards = holding(self.registry, person)
        many = language.ngettext("One badge", "%(num)d badges", len(awards)) % {"num": len(awards)}
        return EmbedFace(
            tag=language.tag,
            dir=language.dir,
            href=self.urls.page(self.urls.passport(person.slug), language.tag),
            site=language.text(self.registry.site.name),
            title=shown_name(person) or language.gettext("A participant"),
            above=language.gettext("Badge passport"),
            lines=[many if awards else language.gettext("No badges yet")],
            items=[
                EmbedItem(
                    language.text(a.badge.record.name),
                    self.urls.page(self.urls.award(a.id), language.tag),
                    self.urls.badge_image(a.badge.ref, a.badge.version),
                )
                for a in awards[: -MOST_BADGES - 1 : -1]
            ],
            more=max(0, len(awards) - MOST_BADGES),
        )

    def _pair(
        self, page: str, faces: list[EmbedFace], size: tuple[int, int], thumbnail: dict[str, object]
    ) -> Iterator[Output]:
        """The embed page and the oEmbed answer of a page."""
        here = self.urls.embed(page)

        def href(path: str) -> str:
            return relative(path, here)

        yield output(here), self._page(EmbedPage(faces), Function(href, here.count("/"))).encode("utf-8")
        html = sharing.frame(self.urls, page, faces[0].title, size)
        yield self.urls.oembed(page), self._answered(faces[0], html, size, thumbnail)

    def _answered(
        self, face: EmbedFace, html: str, size: tuple[int, int], thumbnail: dict[str, object]
    ) -> bytes:
        """The oEmbed answer; those of one badge, which share a thumbnail, differ in ``html`` alone."""
        if not thumbnail:
            return to_bytes(self._answer(face, html, size, thumbnail))
        key = (face.title, face.above, id(thumbnail))
        around = self._answers.get(key)
        if around is None:
            written = to_bytes(self._answer(face, _FRAME, size, thumbnail))
            # The last one: what people wrote comes before it.
            before, _, after = written.rpartition(_WRITTEN_FRAME)
            around = self._answers[key] = (before, after)
        return ascii_json(html).encode("ascii").join(around)

    def _answer(
        self, face: EmbedFace, html: str, size: tuple[int, int], thumbnail: dict[str, object]
    ) -> dict[str, object]:
        """What oEmbed answers."""
        answer = {
            "version": "1.0",
            "type": "rich",
            "title": face.title,
            "author_name": face.above,
            "provider_name": self._site.name,
            "provider_url": self.urls.base,
            "html": html,
            "width": size[0],
            "height": size[1],
            **thumbnail,
        }
        if face.items or not face.image:  # nobody gives a passport to anybody
            del answer["author_name"]
        return answer

    def _thumbnail(self, badge: BadgeClass) -> dict[str, object]:
        """The picture for a list of links: the card of the badge, else its image."""
        key = (badge.ref, badge.version)
        if key not in self._thumbnails:
            card = cards.of_badge(self.registry, self.urls, self.languages[0], badge)
            if card is not None:
                path, width, height = card.path, card.width, card.height
            else:
                png = class_image(self.registry, badge).png
                path = self.urls.badge_image(badge.ref, badge.version)
                width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))  # IHDR
            self._thumbnails[key] = {
                "thumbnail_url": self.urls.absolute(path),
                "thumbnail_width": width,
                "thumbnail_height": height,
            }
        return self._thumbnails[key]
