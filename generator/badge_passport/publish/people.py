"""Everything that is published of one person and their awards, and of nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

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
            data = to_bytes(ob2.assertion(registry, urls, award))
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
            if award.in_force and (kinds := baked_kinds(registry, award.badge)):
                baked: dict[baking.Form, bytes] = {"openbadges": data[:-1]}  # without the end of the line
                if credential is not None:
                    baked["openbadgecredential"] = signed[:-1]
                verify = urls.absolute(urls.assertion(award.id))
                for kind, picture in self._bake(award.badge, kinds, baked, verify):
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
        self._split: dict[str, tuple[tuple[bytes, bytes], tuple[bytes, bytes] | None]] = {}

    def __call__(
        self, badge: BadgeClass, kinds: Collection[str], documents: Mapping[baking.Form, bytes], verify: str
    ) -> Iterator[tuple[str, bytes]]:
        """Images of these kinds, with these documents inside, by keyword.

        ``documents`` are JSON of ours, of older versions before newer ones; ``verify`` is the address of the
        assertion.
        """
        key = f"{badge.ref} {badge.version}"
        if key not in self._split:
            image = class_image(self.registry, badge)
            self._split[key] = (
                baking.split_png(image.png),
                baking.split_svg(image.svg) if image.svg is not None else None,
            )
        (head, tail), svg = self._split[key]
        if "png" in kinds:
            yield "png", b"".join((head, *baking.png_pieces(documents), tail))
        if svg is not None and "svg" in kinds:
            start, end = svg
            yield "svg", b"".join((start, *baking.svg_pieces(documents, verify=verify), end))
