"""Makes the view models: what records say, for one reader. Privacy is decided in `registry.privacy`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from markupsafe import Markup

from badge_passport.credentials import ob2
from badge_passport.model import records as r
from badge_passport.model.texts import Text
from badge_passport.pages.colors import readable
from badge_passport.pages.languages import Language
from badge_passport.pages.names import word
from badge_passport.pages.shapes import keep
from badge_passport.pages.viewmodels import (
    NONE,
    SILENT,
    AlignmentView,
    Card,
    Day,
    EndorsementView,
    EvidenceView,
    LevelCards,
    Link,
    MilestoneRule,
    OtherView,
    Profile,
    ProfileCell,
    ProfileRow,
    Prose,
    Term,
    Words,
)
from badge_passport.registry import Registry
from badge_passport.registry.entities import (
    Award,
    BadgeClass,
    Competence,
    Endorsement,
    Framework,
    Issuer,
    Participant,
)
from badge_passport.registry.milestones import named
from badge_passport.registry.privacy import award_name, is_public, on_passport, shown_name
from badge_passport.registry.profile import highest
from badge_passport.source import markdown
from badge_passport.urls import Urls, quoted

_PAPER, _NIGHT = "#fffefb", "#1a222e"
"""The surfaces that coloured text stands on, in the light and in the dark."""


NO_FACETS: Mapping[str, str] = {}


@lru_cache(maxsize=1024)
def tint(color: str) -> Markup:
    """A colour as custom properties, shifted until text in it can be read."""
    return Markup(' style="--pp-issuer:{};--pp-issuer-dark:{}"').format(
        readable(color, _PAPER), readable(color, _NIGHT)
    )


class Views:
    """Makes views for one language; holds nothing but what it was given."""

    def __init__(self, registry: Registry, urls: Urls, language: Language) -> None:
        self.registry, self.urls, self.language = registry, urls, language
        self.types = registry.types()
        self.levels = registry.levels()
        self._cards: dict[tuple[BadgeClass, str | None], Card] = {}
        self._alignments: dict[tuple[BadgeClass, str | None], list[AlignmentView]] = {}
        self._issuers: dict[Issuer, Link] = {}
        self._criteria: dict[BadgeClass, Prose] = {}
        self._levels: dict[Framework, list[Term]] = {}
        self._competences: dict[Competence, Link] = {}

    def words(self, text: Text | None) -> Words:
        """A portable text for this reader."""
        return Words(self.language.text(text), self.language.mark(text))

    def own_words(self, text: str, person: Participant) -> Words:
        """What somebody wrote, in their language."""
        return Words(text, self.language.mark_tag(person.language))

    def prose(self, text: Text | None, heading: int = 3) -> Prose:
        """A portable Markdown text for this reader."""
        if text is None:
            return SILENT
        html = markdown.to_html(self.language.text(text), heading)
        return Prose(
            Markup(html),  # noqa: S704 (sanitised by nh3)
            self.language.mark(text),
            self.language.only_in(text),
        )

    def day(self, day: datetime.date) -> Day:
        """A day, in words as well."""
        return Day(day.isoformat(), self.language.date(day))

    def page(self, path: str) -> str:
        """The path of a page in this language."""
        return self.urls.page(path, self.language.tag)

    def type_name(self, slug: str) -> Words:
        """A badge type in words."""
        named = self.types.get(slug)
        return self.words(named.name) if named else Words(slug)

    def level_name(self, level: str | None) -> Words:
        """A level in words."""
        named = self.levels.get(level or "")
        return self.words(named.name) if named else Words(level or "")

    def issuer_link(self, issuer: Issuer) -> Link:
        """An issuer and its page."""
        if issuer not in self._issuers:
            name = self.words(issuer.record.name)
            self._issuers[issuer] = keep(Link(name, self.page(self.urls.issuer(issuer.slug))))
        return self._issuers[issuer]

    def criteria(self, badge: BadgeClass) -> Prose:
        """What it takes to earn a badge."""
        if badge not in self._criteria:
            self._criteria[badge] = keep(self.prose(badge.record.criteria))
        return self._criteria[badge]

    def tint(self, issuer: Issuer) -> Markup:
        """The colours of an issuer as ``style`` attribute, for light and dark; empty for one without."""
        color = issuer.record.color
        return tint(color) if color else NONE

    def badge_card(self, badge: BadgeClass) -> Card:
        """A badge class in a list."""
        card = self._card(badge, None)
        return replace(card, state="ended") if badge.record.ended else card

    def _card(self, badge: BadgeClass, version: str | None) -> Card:
        """What the cards of a badge, and of all awards of it, have in common."""
        known = self._cards.get((badge, version))
        if known is None:
            record = badge.record
            known = self._cards[badge, version] = Card(
                name=keep(self.words(record.name)),
                href=self.page(self.urls.badge(badge.ref)),
                image=self.urls.badge_image(badge.ref, version),
                caption=keep(self.words(record.image_caption)),
                issuer=keep(self.words(badge.issuer.record.name)),
                type=keep(self.type_name(record.type)),
                type_slug=record.type,
                level=record.level or "",
                level_name=keep(self.level_name(record.level)),
                activity=keep(self.words(record.activity)),
                tint=self.tint(badge.issuer),
            )
        return known

    def award_card(self, award: Award, facets: Mapping[str, str] = NO_FACETS, year: str = "") -> Card:
        """Somebody's badge in a list."""
        of, expires = self._card(award.badge, award.badge.version), award.expires
        own = award.record.level
        return Card(
            of.name,
            self.page(self.urls.award(award.id)),
            of.image,
            of.caption,
            of.issuer,
            of.type,
            of.type_slug,
            own or of.level,
            self.level_name(own) if own else of.level_name,
            of.activity,
            of.tint,
            issued_on=self.language.date(award.issued_on),
            issued=award.issued_on.isoformat(),
            expires=ob2.timestamp(expires) if expires else "",
            expires_on=self.language.date(expires) if expires else "",
            state="revoked" if award.revoked else award.acceptance,
            facets=facets,
            year=year,
        )

    def alignments(self, badge: BadgeClass, level: str | None = None) -> list[AlignmentView]:
        """The competences of a badge; ``level`` (of an award) may exceed the badge's own."""
        if (badge, level) not in self._alignments:
            self._alignments[badge, level] = keep(self._aligned(badge, level))
        return self._alignments[badge, level]

    def _aligned(self, badge: BadgeClass, level: str | None) -> list[AlignmentView]:
        views = []
        for aligned in badge.alignments:
            if aligned.elsewhere is not None:
                there = aligned.elsewhere
                views.append(
                    AlignmentView(
                        self.words(there.target_name),
                        there.target_url,
                        self.words(there.target_framework),
                        self.words(there.target_description),
                    )
                )
            elif aligned.competence is not None:
                competence = aligned.competence
                reached = self.highest(aligned.level, level)
                views.append(
                    AlignmentView(
                        self.words(competence.record.name),
                        self.page(self.urls.competence(competence.ref)),
                        self.words(competence.framework.record.name),
                        self.words(competence.record.description),
                        reached or "",
                        self.level_name(reached),
                    )
                )
        return views

    def highest(self, *levels: str | None) -> str | None:
        """The highest of some levels, in the order the frameworks list them."""
        return highest(self.registry, *levels)

    def evidence(self, items: Iterable[r.Evidence]) -> list[EvidenceView]:
        """Evidence that is not hidden."""
        return [
            EvidenceView(
                self.words(item.name),
                self.words(item.description),
                self.prose(item.narrative, 4),
                item.url or "",
                item.added_by == "earner",
            )
            for item in items
            if not item.hidden
        ]

    def endorsements(self, of: BadgeClass | Issuer | Award) -> list[EndorsementView]:
        """What other issuers say of this."""
        return [
            self._endorsement(e) for e in self.registry.endorsements if of in (e.badge, e.issuer, e.award)
        ]

    def _endorsement(self, given: Endorsement) -> EndorsementView:
        return EndorsementView(
            self.issuer_link(given.endorser),
            self.language.date(given.record.issued_on),
            self.prose(given.record.comment),
            self.urls.endorsement(given.endorser.slug, given.slug),
        )

    def results(self, award: Award) -> list[tuple[Words, str]]:
        """Name and value of each result of an award."""
        described = {d.id: d for d in award.badge.record.result_description}
        return [(self.words(described[x.result_description].name), x.value) for x in award.record.result]

    def holder(self, award: Award) -> Link | None:
        """Who holds an award, if they show it; linked to their passport."""
        name = award_name(award)
        if name is None:
            return None
        return Link(Words(name), self.page(self.urls.passport(award.participant.slug)))

    def because(self, award: Award) -> list[Card]:
        """The awards a milestone followed from."""
        return [self.award_card(reason) for reason in award.because if on_passport(reason)]

    def milestone(self, badge: BadgeClass) -> MilestoneRule | None:
        """What a milestone asks for; None for a badge that is none."""
        rule = badge.record.milestone
        if rule is None:
            return None
        cards = [self.badge_card(self.registry.badges[ref]) for ref in named(badge)]
        return MilestoneRule(rule.count, rule.distinct, cards)

    def earners(self, badge: BadgeClass) -> list[Link]:
        """People who are listed and show this badge."""
        found: dict[str, Link] = {}
        for award in self.registry.awards_by_badge.get(badge.ref, ()):
            name = shown_name(award.participant)
            if is_public(award) and award.in_force and name is not None:
                href = self.page(self.urls.passport(award.participant.slug))
                found[award.participant.slug] = Link(Words(name), href)
        return list(found.values())

    def terms(self, named: Mapping[str, r.Named]) -> list[Term]:
        """Levels, types or micro-competences with what they mean."""
        return [Term(code, self.words(x.name), self.prose(x.description)) for code, x in named.items()]

    def competence_badges(self, competence: Competence) -> list[LevelCards]:
        """The badges that develop a competence, lowest level first."""
        by_level: dict[str, list[Card]] = {}
        for badge in self.registry.badges_by_competence.get(competence.ref, ()):
            levels = [
                a.level
                for a in badge.alignments
                if a.competence is not None and competence in (a.competence, a.competence.parent)
            ]
            by_level.setdefault(self.highest(*levels) or "", []).append(self.badge_card(badge))
        order = {level: number for number, level in enumerate(["", *self.levels])}
        found = sorted(by_level.items(), key=lambda item: order.get(item[0], 0))
        return [
            LevelCards(level, self.level_name(level), cards, word(level) or "any") for level, cards in found
        ]

    def profile(self, awards: Sequence[Award]) -> list[Profile]:
        """For every framework the competences that some awards evidence, and at which level."""
        cells: dict[str, dict[str, list[Link]]] = {}
        for award in awards:
            link = Link(
                self._card(award.badge, award.badge.version).name, self.page(self.urls.award(award.id))
            )
            for aligned in award.badge.alignments:
                if aligned.competence is None:
                    continue
                top = aligned.competence.parent or aligned.competence
                level = self.highest(aligned.level, award.record.level) or ""
                cell = cells.setdefault(top.ref, {}).setdefault(level, [])
                if link not in cell:
                    cell.append(link)
        found = []
        for framework in self.registry.frameworks.values():
            rows = [
                self._profile_row(framework, c, cells[c.ref])
                for c in self.registry.competences.values()
                if c.framework is framework and c.ref in cells
            ]
            if rows:
                if framework not in self._levels:
                    self._levels[framework] = keep(self.terms(framework.record.levels))
                found.append(Profile(self.framework_link(framework), self._levels[framework], rows))
        return found

    def _profile_row(
        self, framework: Framework, competence: Competence, cells: Mapping[str, list[Link]]
    ) -> ProfileRow:
        levels = list(framework.record.levels)
        return ProfileRow(
            self.competence_link(competence),
            [ProfileCell(level, cells.get(level, [])) for level in levels],
            max((number for number, level in enumerate(levels, 1) if cells.get(level)), default=0),
        )

    def framework_link(self, framework: Framework) -> Link:
        """A framework and its page."""
        return Link(self.words(framework.record.name), self.page(self.urls.framework(framework.slug)))

    def competence_link(self, competence: Competence) -> Link:
        """A competence (or a micro-competence) and its place."""
        if competence not in self._competences:
            name = self.words(competence.record.name)
            path = self.page(self.urls.competence(competence.ref))
            self._competences[competence] = keep(Link(name, path))
        return self._competences[competence]

    def verify(self, document: str) -> str:
        """The verify page, told to verify a document of this site."""
        return f"{self.page(self.urls.verify())}#url={quoted(self.urls.absolute(document))}"

    def others(self, person: Participant) -> list[OtherView]:
        """Badges of other issuers that a person lists."""

        def kept(name: str | None) -> str:
            return self.urls.other_badge(person.slug, name) if name else ""

        return [
            OtherView(
                self.words(other.name),
                self.words(other.issuer_name),
                other.issuer_url or "",
                self.language.date(other.issued_on),
                other.url or "",
                kept(other.file),
                kept(other.image),
                self.verify(kept(other.file)) if other.file else "",
                self.language.date(other.verified.on) if other.verified else "",
            )
            for other in person.record.other_badges
        ]

    def person_title(self, person: Participant) -> str:
        """What a passport is headed with: the name as shown, or a neutral word."""
        return shown_name(person) or self.language.gettext("A participant")
