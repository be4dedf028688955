"""The plan of a site: every output as ``(path, bytes)``, documents before the pages that link to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest

from badge_passport.credentials import baking, ob2, published
from badge_passport.credentials.collections import presentation
from badge_passport.credentials.documents import Document, to_bytes, to_json
from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.sealing import Seals
from badge_passport.credentials.signed import Signing
from badge_passport.pages import app, brand, cards, kinds, names
from badge_passport.pages.embeds import Embeds
from badge_passport.pages.feeds import Feeds
from badge_passport.pages.hosts import Exhibit, Host, Request, Section
from badge_passport.pages.images import class_image, images
from badge_passport.pages.kinds import statistics
from badge_passport.pages.languages import Language, language
from badge_passport.pages.rendering import Renderer
from badge_passport.pages.search import search_entries
from badge_passport.pages.verify import is_kept, script
from badge_passport.publish import sitefiles
from badge_passport.publish.archives import archive
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Page, Participant
from badge_passport.registry.privacy import has_passport, in_passport, is_sealed
from badge_passport.resources import WEB_FONTS, Theme, bundled
from badge_passport.urls import Urls

Outputs = Iterator[tuple[str, bytes]]


def plan(
    registry: Registry,
    host: Host,
    theme: Theme,
    keys: Mapping[str, IssuerKeys],
    seals: Seals | None = None,
) -> Outputs:
    """Every file of the site but the last, in the order it should be written; no path comes twice.

    ``keys`` has the key of every issuer that signs; the others have Open Badges 2.0 alone. ``seals`` encrypts
    private passports, which are left out without it.
    """
    urls = Urls.of(registry.site.url, registry.default_language)
    yield from images(registry, urls)
    yield from published.hosted(registry, urls)
    yield from published.frameworks(registry, urls)
    signing = Signing(registry, urls, keys)
    kept: list[str] = []  # what the verify page reads when it is opened
    for path, data in signing.documents():
        if is_kept(path):
            kept.append(path)
        yield path, data
    kept += [urls.issuer_document(slug) for slug in registry.issuers]
    moved = former_addresses(registry, urls)
    yield from wherever(moved, awards(registry, urls, signing, seals))
    for person in registry.participants.values():
        yield from wherever(moved, published.passports(registry, urls, person))
    yield "index.json", published.index(registry, urls)
    readers = {tag: language(tag, registry.default_language, theme) for tag in registry.site.languages}
    for reader in readers.values():
        yield from cards.badge_cards(registry, urls, reader)
    yield from wherever(moved, cards.personal_cards(registry, urls, readers.__getitem__))
    yield from wherever(moved, Embeds(registry, urls, list(readers.values()), theme).files())
    yield from wherever(moved, found_by(registry, urls, readers[registry.default_language]))
    for reader in readers.values():
        yield from pages(registry, urls, reader, host, theme, keys, kept, seals)
        yield urls.page(urls.manifest(), reader.tag), app.manifest(registry, urls, reader)
    yield from app.icons(registry, urls)
    yield "assets/verify.js", script()
    for font in WEB_FONTS:
        yield f"assets/fonts/{font}", bundled(f"fonts/{font}")
    for name, asset in theme.files("assets").items():
        more = brand.style(registry.site.brand) if name == "passport.css" else b""
        yield f"assets/{name}", asset.read_bytes() + more
    yield from sitefiles.site_files(registry, urls)


def last(theme: Theme, digest: str) -> Outputs:
    """What knows the ``digest`` of all other files."""
    yield app.WORKER, app.worker(theme, digest)


def found_by(registry: Registry, urls: Urls, reader: Language) -> Outputs:
    """What programs find news, people and numbers by: feeds, the parts of the index of names, tables."""
    feeds = Feeds(registry, urls, reader)
    yield from feeds.listed()
    for person in registry.participants.values():
        yield from feeds.of_person(person)
    yield from names.files(registry, urls)
    yield from statistics.files(registry, urls)


def awards(registry: Registry, urls: Urls, signing: Signing, seals: Seals | None = None) -> Outputs:
    """What is published of every award, and the register that lists them all; person by person."""
    digests: dict[str, str] = {}
    bake = Bakery(registry)
    for given in registry.awards_by_participant.values():
        shown: dict[str, list[tuple[Award, Document]]] = {}
        kept: list[tuple[str, bytes]] = []  # what goes into the person's archive
        person = given[0].participant
        readable = has_passport(person) or seals is not None
        for award in given:
            held = readable and in_passport(award) and award.in_force
            mine = held and registry.site.output.zip
            document = ob2.assertion(registry, urls, award)
            data = to_bytes(document)
            digests[award.id] = published.digest(data)
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
                for kind, picture in bake(award.badge, document, credential):
                    yield urls.baked(award.id, kind), picture
                    if mine and kind == "png":
                        kept.append((f"{folder}/badge.png", picture))
        together = collected(urls, signing, person, shown)
        if is_sealed(person):
            if kept and seals is not None:
                here = urls.passport(person.slug)
                kept += [(path.removeprefix(here), data) for path, data in together]
                yield from sealed(registry, urls, seals, person, kept)
            continue
        yield from together
        if kept:
            yield urls.archive(person.slug), archive(kept)
    yield "register.json", published.register(registry, urls, digests)


def sealed(
    registry: Registry, urls: Urls, seals: Seals, person: Participant, kept: Sequence[tuple[str, bytes]]
) -> Outputs:
    """All there is of a private passport in one archive, encrypted: nothing of it lies open beside it."""
    here = urls.passport(person.slug)
    document = to_bytes(published.passport(registry, urls, person))
    own = [(path.removeprefix(here), data) for path, data in published.copies(urls, person)]
    path = urls.sealed_archive(person.slug)
    everything = archive([("passport.json", document), *own, *kept])
    yield path, seals.of(person.key).seal(path, everything)


def former_addresses(registry: Registry, urls: Urls) -> Mapping[str, Sequence[str]]:
    """The folder of a passport to those it had before. A private one is encrypted for its address alone."""
    return {
        urls.passport(person.slug): [urls.passport(old.slug) for old in person.record.former]
        for person in registry.participants.values()
        if person.record.former and has_passport(person)
    }


def wherever(moved: Mapping[str, Sequence[str]], files: Outputs) -> Outputs:
    """Some files, and those of passports also at the addresses these had before."""
    for path, data in files:
        yield path, data
        here = "/".join(path.split("/", 2)[:2]) + "/"
        for there in moved.get(here, ()):
            yield there + path.removeprefix(here), data


def collected(
    urls: Urls, signing: Signing, person: Participant, shown: Mapping[str, Sequence[tuple[Award, Document]]]
) -> Outputs:
    """The signed credentials on a passport, together: one presentation, and one record of each issuer."""
    for issuer, pairs in shown.items():
        record = signing.learner_record([a for a, _ in pairs], [c for _, c in pairs])
        yield urls.learner_record(person.slug, issuer), to_bytes(record)
    credentials = [credential for pairs in shown.values() for _, credential in pairs]
    if credentials:
        yield urls.presentation(person.slug), to_bytes(presentation(urls, person, credentials))


class Bakery:
    """Bakes awards into the images of their badges, which are taken apart once for a badge."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._split: dict[str, tuple[tuple[bytes, bytes], tuple[bytes, bytes] | None]] = {}

    def __call__(
        self, badge: BadgeClass, assertion: Document, credential: Document | None
    ) -> Iterator[tuple[str, bytes]]:
        """The kinds of images that the badge has, with both versions inside."""
        key = f"{badge.ref} {badge.version}"
        if key not in self._split:
            image = class_image(self.registry, badge)
            self._split[key] = (
                baking.split_png(image.png),
                baking.split_svg(image.svg) if image.svg is not None else None,
            )
        png, svg = self._split[key]
        texts: dict[str, str] = {"openbadges": to_json(assertion)}
        if credential is not None:
            texts["openbadgecredential"] = to_json(credential)
        yield "png", baking.png_chunks(texts).join(png)
        if svg is not None:
            yield "svg", baking.svg_elements(texts, verify=str(assertion["id"])).join(svg)


def pages(
    registry: Registry,
    urls: Urls,
    reader: Language,
    host: Host,
    theme: Theme,
    signers: Collection[str],
    kept: Sequence[str],
    seals: Seals | None,
) -> Outputs:
    """Written pages by the host, and data pages poured into its shell, in one language."""
    hosted = host(request(registry, urls, reader, theme))
    yield from hosted.files.items()
    renderer = Renderer(registry, urls, reader, hosted.shell, theme, signers, kept, seals)
    yield from kinds.pages(renderer)


def request(registry: Registry, urls: Urls, reader: Language, theme: Theme) -> Request:
    """What a host is asked for in one language."""
    _ = reader.gettext
    site = registry.site
    return Request(
        language=reader,
        languages=site.languages,
        urls=urls,
        name=reader.text(site.name),
        description=reader.text(site.description),
        notice=reader.text(site.notice),
        sections=[
            Section(_("Badges"), "badges/"),
            Section(_("Issuers"), "issuers/"),
            Section(_("Competences"), "competences/"),
            Section(_("People"), "passports/"),
            Section(_("Verify a badge"), urls.verify()),
        ],
        footer=[
            Section(_("Changes"), urls.changes()),
            Section(_("Statistics"), urls.statistics()),
            Section(_("Compare two passports"), urls.compare()),
        ],
        pages=written_pages(registry, reader.tag),
        assets=registry.page_assets,
        search=search_entries(registry, urls, reader),
        theme=theme,
        showcase=showcase(registry, urls, reader),
        logo=site.brand.logo or "",
        many_people=names.is_sharded(registry),
        options=site.mkdocs.model_dump(exclude_none=True),
    )


def showcase(registry: Registry, urls: Urls, reader: Language, most: int = 9) -> list[Exhibit]:
    """A few badges for the start page, the issuers taking turns."""
    rounds = zip_longest(*registry.badges_by_issuer.values())
    badges = [badge for turn in rounds for badge in turn if badge is not None][:most]
    return [
        Exhibit(reader.text(b.record.name), urls.badge(b.ref), urls.badge_image(b.ref, None)) for b in badges
    ]


def written_pages(registry: Registry, tag: str) -> list[Page]:
    """The Markdown pages for a language: its own, else the default language's."""
    found: dict[str, Page] = {}
    for page in registry.pages:
        speaks = page.language or registry.default_language
        if speaks == tag or (speaks == registry.default_language and page.path not in found):
            found[page.path] = page
    return [found[path] for path in sorted(found)]
