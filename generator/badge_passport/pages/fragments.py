"""Data pages: a Jinja fragment for each kind, autoescaped and strict, with its title and head.

`Renderer.pages` yields every data page of one language as ``(path from the root, bytes)``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from badge_passport.credentials.ob2 import edition
from badge_passport.pages.claim import panel
from badge_passport.pages.hosts import Shell
from badge_passport.pages.languages import Language
from badge_passport.pages.templates import environment
from badge_passport.pages.verify import page_data
from badge_passport.pages.views import Views
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Competence, Framework, Issuer, Participant
from badge_passport.registry.privacy import has_passport, is_listed, is_public, on_passport
from badge_passport.source import markdown
from badge_passport.urls import Urls, output, relative

Output = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head of a page says; ``path`` is in the default language."""

    path: str
    title: str
    description: str
    image: str = ""
    document: str = ""
    listed: bool = True
    stylesheet: str = ""
    moved: str = ""  # where the page went: browsers follow


class Renderer:
    """The data pages of one language."""

    def __init__(
        self,
        registry: Registry,
        urls: Urls,
        language: Language,
        shell: Shell,
        theme: Path,
        signers: Collection[str] = (),
        kept: Sequence[str] = (),
    ) -> None:
        self.registry, self.urls, self.language, self.shell = registry, urls, language, shell
        self.signers, self.kept = signers, kept
        self.views = Views(registry, urls, language)
        self.site_name = language.text(registry.site.name)
        self._environment = environment(theme / "templates", language)
        self._templates: dict[str, Template] = {}

    def pages(self) -> Iterator[Output]:
        """Every data page, catalogue first."""
        registry = self.registry
        yield self.badges()
        for badge in registry.badges.values():
            yield self.badge(badge)
        yield self.issuers()
        for issuer in registry.issuers.values():
            yield self.issuer(issuer)
            if (form := self.claim_form(issuer)) is not None:
                yield form
        yield self.competences()
        for framework in registry.frameworks.values():
            yield self.framework(framework)
        for competence in registry.competences.values():
            if competence.parent is None:
                yield self.competence(competence)
        yield self.people()
        for person in registry.participants.values():
            if has_passport(person):
                yield self.passport(person)
        for old, person in registry.former:
            if has_passport(person):
                yield self.moved(old.slug, person)
        for award in registry.awards.values():
            yield self.award(award)
        yield self.verify()

    def badges(self) -> Output:
        """The catalogue."""
        _ = self.language.gettext
        groups: dict[str, list[Any]] = {}
        for badge in self.registry.badges.values():
            groups.setdefault(badge.issuer.slug, []).append(self.views.badge_card(badge))
        meta = Meta("badges/", _("Badges"), _("All badges that can be earned, with what they ask for."))
        sections = [
            (self.views.issuer_link(self.registry.issuers[slug]), cards) for slug, cards in groups.items()
        ]
        return self._page("badges.html", meta, sections=sections)

    def badge(self, badge: BadgeClass) -> Output:
        """A badge class."""
        record = badge.record
        meta = Meta(
            self.urls.badge(badge.ref),
            self.language.text(record.name),
            markdown.to_text(self.language.text(record.description)),
            self.urls.badge_image(badge.ref, None),
            self.urls.badge_document(badge.ref, None, self._edition(badge)),
        )
        awards = self.registry.awards_by_badge.get(badge.ref, ())
        return self._page(
            "badge.html",
            meta,
            badge=badge,
            card=self.views.badge_card(badge),
            image_svg=self.urls.badge_image(badge.ref, None, "svg"),
            issuer=self.views.issuer_link(badge.issuer),
            alignments=self.views.alignments(badge),
            endorsements=self.views.endorsements(badge),
            earners=self.views.earners(badge),
            earned=sum(1 for a in awards if a.in_force),
            counts=self.views.milestone_badges(badge),
            versions=self.registry.versions[badge.ref],
        )

    def issuers(self) -> Output:
        """All promoters."""
        _ = self.language.gettext
        meta = Meta("issuers/", _("Issuers"), _("The organisations that issue these badges."))
        return self._page("issuers.html", meta, issuers=list(self.registry.issuers.values()))

    def issuer(self, issuer: Issuer) -> Output:
        """A promoter and its badges."""
        meta = Meta(
            self.urls.issuer(issuer.slug),
            self.language.text(issuer.record.name),
            markdown.to_text(self.language.text(issuer.record.description)),
            self.urls.issuer_image(issuer.slug) if issuer.picture else "",
            self.urls.issuer_document(issuer.slug),
        )
        badges = self.registry.badges_by_issuer.get(issuer.slug, ())
        return self._page(
            "issuer.html",
            meta,
            issuer=issuer,
            did_document=self.urls.did_document(issuer.slug) if issuer.slug in self.signers else "",
            cards=[self.views.badge_card(b) for b in badges],
            endorsements=self.views.endorsements(issuer),
        )

    def competences(self) -> Output:
        """All frameworks."""
        _ = self.language.gettext
        meta = Meta("competences/", _("Competences"), _("What the badges stand for, by framework."))
        return self._page("competences.html", meta, frameworks=self._frameworks())

    def _frameworks(self) -> list[tuple[Framework, list[Competence]]]:
        return [
            (f, [c for c in self.registry.competences.values() if c.framework is f and c.parent is None])
            for f in self.registry.frameworks.values()
        ]

    def framework(self, framework: Framework) -> Output:
        """A framework: competences, levels and types."""
        meta = Meta(
            self.urls.framework(framework.slug),
            self.language.text(framework.record.name),
            markdown.to_text(self.language.text(framework.record.description)),
            document=self.urls.framework_document(framework.slug),
        )
        competences = next(cs for f, cs in self._frameworks() if f is framework)
        return self._page("framework.html", meta, framework=framework, competences=competences)

    def competence(self, competence: Competence) -> Output:
        """A competence: its micro-competences, and the badges that develop it at each level."""
        name = self.language.text(competence.record.name)
        description = markdown.to_text(self.language.text(competence.record.description)) or name
        micros = [c for c in self.registry.competences.values() if c.parent is competence]
        return self._page(
            "competence.html",
            Meta(self.urls.competence(competence.ref), name, description),
            competence=competence,
            by_level=self.views.competence_badges(competence),
            micros=[(m, self.views.competence_badges(m)) for m in micros],
        )

    def people(self) -> Output:
        """The people who chose to be listed."""
        _ = self.language.gettext
        meta = Meta("passports/", _("People"), _("Participants who chose to be found here."))
        people = [
            (
                p,
                [
                    a
                    for a in self.registry.awards_by_participant.get(p.slug, ())
                    if on_passport(a) and a.in_force
                ],
            )
            for p in self.registry.participants.values()
            if is_listed(p)
        ]
        return self._page("passports.html", meta, people=people)

    def passport(self, person: Participant) -> Output:
        """A participant's passport."""
        _ = self.language.gettext
        title = self.views.person_title(person)
        awards = [a for a in self.registry.awards_by_participant.get(person.slug, ()) if on_passport(a)]
        holding = [a for a in awards if a.in_force]
        signers = dict.fromkeys(a.badge.issuer for a in holding if a.badge.issuer.slug in self.signers)
        meta = Meta(
            self.urls.passport(person.slug),
            _("Passport of %(name)s") % {"name": title},
            _("Badges earned, and the competences they stand for."),
            self.urls.badge_image(holding[-1].badge.ref, None) if holding else "",
            self.urls.passport_document(person.slug),
            listed=is_listed(person),
        )
        return self._page(
            "passport.html",
            meta,
            person=person,
            name=title,
            holding=[self.views.award_card(a) for a in reversed(holding)],
            lapsed=[self.views.award_card(a) for a in awards if not a.in_force],
            milestones=[(self.views.award_card(a), self.views.because(a)) for a in holding if a.because],
            profile=self.views.profile(holding),
            levels=self.views.levels,
            others=self.views.others(person),
            presentation=self.urls.presentation(person.slug) if signers else "",
            records=[(issuer, self.urls.learner_record(person.slug, issuer.slug)) for issuer in signers],
            portfolio=Markup(markdown.to_html(person.portfolio, 2)),  # noqa: S704 (sanitised by nh3)
        )

    def moved(self, slug: str, person: Participant) -> Output:
        """The address of a passport that was renamed or merged into another."""
        _ = self.language.gettext
        target = self.urls.page(self.urls.passport(person.slug), self.language.tag)
        text = _("This passport has moved")
        meta = Meta(self.urls.passport(slug), text, text, listed=False, moved=target)
        return self._page("moved.html", meta, name=self.views.person_title(person))

    def award(self, award: Award) -> Output:
        """The page people share: this person earned this badge."""
        badge, record = award.badge, award.record
        holder = self.views.holder(award)
        name = self.language.text(badge.record.name)
        title = f"{name} · {holder.name}" if holder else name
        claim = panel(self.registry, self.urls, self.language, award)
        meta = Meta(
            self.urls.award(award.id),
            title,
            markdown.to_text(self.language.text(badge.record.description)),
            self.urls.badge_image(badge.ref, badge.version),
            self.urls.assertion(award.id),
            listed=is_public(award),
            stylesheet="assets/claim.css" if claim else "",
        )
        return self._page(
            "award.html",
            meta,
            panel=claim,
            form=self.urls.claim_form(badge.issuer.slug, self.language.tag),
            award=award,
            badge=badge,
            card=self.views.award_card(award),
            holder=holder,
            issuer=self.views.issuer_link(badge.issuer),
            badge_href=self.views.page(self.urls.badge(badge.ref)),
            narrative=self.views.prose(record.narrative),
            evidence=self.views.evidence(record.evidence),
            results=self.views.results(award),
            alignments=self.views.alignments(badge, record.level),
            because=self.views.because(award),
            endorsements=self.views.endorsements(award),
            baked=[(kind.upper(), self.urls.baked(award.id, kind)) for kind in ("png", "svg")]
            if award.in_force
            else [],
            assertion=self.urls.assertion(award.id),
            credential=self.urls.credential(award.id) if badge.issuer.slug in self.signers else "",
            token=self.urls.token(award.id) if badge.issuer.token_key else "",
        )

    def claim_form(self, issuer: Issuer) -> Output | None:
        """The part of the claim panel that all awards of an issuer share; None if it has none to claim."""
        given = (a for b in self.registry.badges_by_issuer.get(issuer.slug, ()) for a in self._awards(b))
        claim = next((p for a in given if (p := panel(self.registry, self.urls, self.language, a))), None)
        if claim is None:
            return None
        name = self.views.words(issuer.record.name)
        made = self._template("claim_form.html").render(panel=claim, issuer=name)
        return self.urls.claim_form(issuer.slug, self.language.tag), made.encode("utf-8")

    def _awards(self, badge: BadgeClass) -> Sequence[Award]:
        return self.registry.awards_by_badge.get(badge.ref, ())

    def verify(self) -> Output:
        """The page that verifies any badge."""
        _ = self.language.gettext
        meta = Meta(
            self.urls.verify(),
            _("Verify a badge"),
            _("Check any Open Badge in your browser: who gave it, what for, and whether it still holds."),
            stylesheet="assets/verify.css",
        )
        here = self.urls.page(meta.path, self.language.tag)
        data = page_data(self.urls, self.language, self.kept, here)
        text = htmlsafe_json_dumps(data, ensure_ascii=False, sort_keys=True)
        return self._page("verify.html", meta, data=text)

    def _edition(self, badge: BadgeClass) -> str:
        return edition(self.registry, badge, self.language.tag)

    def _page(self, template: str, meta: Meta, **values: Any) -> Output:
        """Render a fragment and its head, and pour both into the shell."""
        here = self.urls.page(meta.path, self.language.tag)

        def href(path: str) -> str:
            return path if "://" in path else relative(path, here)

        shared = {
            "href": href,
            "views": self.views,
            "urls": self.urls,
            "language": self.language,
            "site": self.registry.site,
            "meta": meta,
            "registry": self.registry,
        }
        content = self._template(template).render(**shared, **values)
        head = self._template("head.html").render(
            **shared,
            here=self.urls.absolute(meta.moved or here),
            site_name=self.site_name,
            alternates=[
                (tag, self.urls.absolute(self.urls.page(meta.path, tag)))
                for tag in self.registry.site.languages
            ],
        )
        title = Markup("{} - {}").format(meta.title, self.site_name)
        data = self.shell.pour(meta.path, str(title), head, content)
        return output(here), data

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]


def search_entries(registry: Registry, urls: Urls, language: Language) -> list[dict[str, str]]:
    """Entries for the site's search: badges, issuers, competences and listed people, never an award."""
    views = Views(registry, urls, language)
    entries = []

    def add(path: str, title: str, text: str) -> None:
        entries.append({"location": path, "title": title, "text": text})

    for badge in registry.badges.values():
        record = badge.record
        words = [language.text(record.description), language.text(record.criteria), *record.tags]
        add(urls.badge(badge.ref), language.text(record.name), markdown.to_text("\n\n".join(words)))
    for issuer in registry.issuers.values():
        text = markdown.to_text(language.text(issuer.record.description))
        add(urls.issuer(issuer.slug), language.text(issuer.record.name), text)
    for competence in registry.competences.values():
        text = markdown.to_text(language.text(competence.record.description))
        add(urls.competence(competence.ref), language.text(competence.record.name), text)
    for person in registry.participants.values():
        if is_listed(person):
            add(
                urls.passport(person.slug),
                views.person_title(person),
                markdown.to_text(language.text(person.record.bio)),
            )
    # Material reads titles and texts of its index as HTML.
    return [{k: str(Markup.escape(v)) if k != "location" else v for k, v in e.items()} for e in entries]
