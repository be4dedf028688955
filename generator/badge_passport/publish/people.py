"""Everything that is published of one person and their awards, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from badge_passport.credentials import baking, ob2, published
from badge_passport.credentials.collections import presentation
from badge_passport.credentials.documents import Finished, to_bytes
from badge_passport.credentials.sealing import Seals
from badge_passport.credentials.signed import Signing
from badge_passport.pages import cards
from badge_passport.pages import kinds as pages
from badge_passport.pages.embeds import Embeds
from badge_passport.pages.feeds import Feeds
from badge_passport.pages.images import baked_kinds, class_image
from badge_passport.pages.languages import Language
from badge_passport.pages.rendering import Renderer
from badge_passport.publish.archives import archive
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import has_passport, in_passport, is_sealed
from badge_passport.urls import Urls

Outputs = Iterator[tuple[str, bytes]]
_Halves = tuple[bytes, bytes]


class People:
    """Makes the files of people; what they have in common is made once."""

    def __init__(
        self,
        registry: Registry,
        urls: Urls,
        signing: Signing,
        seals: Seals | None,
        readers: Mapping[str, Language],
        renderers: Sequence[Renderer],
        embeds: Embeds,
        feeds: Feeds,
    ) -> None:
        self.registry, self.urls, self.signing, self.seals = registry, urls, signing, seals
        self.readers, self.renderers, self.embeds, self.feeds = readers, renderers, embeds, feeds
        self.slugs = tuple(dict.fromkeys((*registry.participants, *registry.awards_by_participant)))
        """Everybody, with those whose erased awards nobody holds any more."""
        self._bake = Bakery(registry)

    def files(self, slug: str) -> Outputs:
        """Every file of a person: documents before the pages that link to them."""
        given = self.registry.awards_by_participant.get(slug, ())
        person = self.registry.participants.get(slug)
        former = [] if person is None or is_sealed(person) else [old.slug for old in person.record.former]
        here = self.urls.passport(slug)
        for path, data in self._files(person, given):
            yield path, data
            if path.startswith(here):
                for old in former:
                    yield self.urls.passport(old) + path.removeprefix(here), data
        for renderer in self.renderers:
            if person is not None:
                yield from pages.personal_pages(renderer, person)
            for award in given:
                yield pages.award_page(renderer, award)

    def _files(self, person: Participant | None, given: Sequence[Award]) -> Outputs:
        registry, urls = self.registry, self.urls
        yield from self.documents(person or given[0].participant, given)
        if person is not None:
            yield from published.passports(registry, urls, person)
            yield from cards.personal_cards(registry, urls, person, self.readers.__getitem__)
        yield from self.embeds.of_person(person, given)
        if person is not None:
            yield from self.feeds.of_person(person)

    def documents(self, person: Participant, given: Sequence[Award]) -> Outputs:
        """What there is to be verified of a person's awards: alone, together, and as a ZIP."""
        registry, urls, signing = self.registry, self.urls, self.signing
        shown: dict[str, list[tuple[Award, Finished]]] = {}
        kept: list[tuple[str, bytes]] = []  # what goes into the person's archive
        readable = has_passport(person) or self.seals is not None
        for award in given:
            held = readable and in_passport(award) and award.in_force
            mine = held and registry.site.output.zip
            assertion = ob2.assertion(registry, urls, award)
            data = to_bytes(assertion)
            yield urls.assertion(award.id), data
            folder = f"{award.badge.slug}-{award.id}"
            if mine:
                kept.append((f"{folder}/assertion.json", data))
            credential = signing.credential(award)
            if credential is not None:
                signed = to_bytes(credential)
                yield urls.credential(award.id), signed
                if mine:
                    kept.append((f"{folder}/credential.json", signed))
                if (token := signing.token(award, credential)) is not None:
                    yield urls.token(award.id), token
                if held:
                    shown.setdefault(award.badge.issuer.slug, []).append((award, credential))
            if award.in_force:
                baked: dict[baking.Form, bytes] = {"openbadges": data[:-1]}  # without the end of the line
                if credential is not None:
                    baked["openbadgecredential"] = signed[:-1]
                for kind, picture in self._bake(award.badge, baked, assertion["id"]):
                    yield urls.baked(award.id, kind), picture
                    if mine and kind == "png":
                        kept.append((f"{folder}/badge.png", picture))
        together = self._together(person, shown)
        if is_sealed(person):
            if kept:
                here = urls.passport(person.slug)
                kept += [(path.removeprefix(here), data) for path, data in together]
                yield self._sealed(person, kept)
            return
        yield from together
        if kept:
            yield urls.archive(person.slug), archive(kept)

    def _sealed(self, person: Participant, kept: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
        """All there is of a private passport in one archive, encrypted: nothing of it lies open beside it."""
        if self.seals is None:
            raise ValueError("a private passport is published encrypted or not at all")
        here = self.urls.passport(person.slug)
        document = to_bytes(published.passport(self.registry, self.urls, person))
        own = [(path.removeprefix(here), data) for path, data in published.copies(self.urls, person)]
        path = self.urls.sealed_archive(person.slug)
        everything = archive([("passport.json", document), *own, *kept])
        return path, self.seals.of(person.key).seal(path, everything)

    def _together(
        self, person: Participant, shown: Mapping[str, Sequence[tuple[Award, Finished]]]
    ) -> Outputs:
        """The signed credentials on a passport: one presentation, and one record of each issuer."""
        for issuer, pairs in shown.items():
            record = self.signing.learner_record([a for a, _ in pairs], [c for _, c in pairs])
            yield self.urls.learner_record(person.slug, issuer), to_bytes(record)
        credentials = [credential for pairs in shown.values() for _, credential in pairs]
        if credentials:
            document = presentation(self.urls, person, credentials)
            yield self.urls.presentation(person.slug), to_bytes(document)


class Bakery:
    """Bakes awards into the images of their badges, which are taken apart once for a badge."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._split: dict[BadgeClass, tuple[_Halves | None, _Halves | None]] = {}

    def __call__(
        self, badge: BadgeClass, documents: Mapping[baking.Form, bytes], verify: str
    ) -> list[tuple[str, bytes]]:
        """The images of a badge that the site wants, with these documents inside, by keyword.

        ``documents`` are JSON of ours, of older versions before newer ones; ``verify`` is the address of the
        assertion.
        """
        split = self._split.get(badge)
        if split is None:
            split = self._split[badge] = self._halves(badge)
        png, svg = split
        made = []
        if png is not None:
            made.append(("png", b"".join((png[0], *baking.png_pieces(documents), png[1]))))
        if svg is not None:
            made.append(("svg", b"".join((svg[0], *baking.svg_pieces(documents, verify=verify), svg[1]))))
        return made

    def _halves(self, badge: BadgeClass) -> tuple[_Halves | None, _Halves | None]:
        """What comes before and after the documents in the PNG and the SVG, where these are wanted."""
        kinds = baked_kinds(self.registry, badge)
        image = class_image(self.registry, badge) if kinds else None
        png = baking.split_png(image.png) if image is not None and "png" in kinds else None
        svg = baking.split_svg(image.svg) if image is not None and image.svg and "svg" in kinds else None
        return png, svg
