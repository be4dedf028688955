"""The plan of a site: every output as ``(path, bytes)``, documents before the pages that link to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from badge_passport.credentials import baking, ob2, published
from badge_passport.credentials.documents import to_bytes, to_json
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.signed import Signing
from badge_passport.pages.fragments import Renderer, search_entries
from badge_passport.pages.hosts import Exhibit, Host, Request, Section
from badge_passport.pages.images import class_image, images
from badge_passport.pages.languages import Language, language
from badge_passport.pages.verify import is_kept
from badge_passport.publish import sitefiles
from badge_passport.registry import Registry
from badge_passport.registry.entities import Page
from badge_passport.resources import bundled
from badge_passport.urls import Urls

Outputs = Iterator[tuple[str, bytes]]


def plan(registry: Registry, host: Host, theme: Path, keys: Mapping[str, SigningKey]) -> Outputs:
    """Every file of the site, in the order it should be written; no path comes twice.

    ``keys`` has the key of every issuer that signs; the others have Open Badges 2.0 alone.
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
    yield from awards(registry, urls, signing)
    yield from published.passports(registry, urls)
    yield "index.json", published.index(registry, urls)
    for tag in registry.site.languages:
        reader = language(tag, registry.default_language, theme)
        yield from pages(registry, urls, reader, host, theme, keys, kept)
    yield "assets/verify.js", bundled("verify.js")
    for asset in sorted((theme / "assets").iterdir()):
        yield f"assets/{asset.name}", asset.read_bytes()
    yield from sitefiles.site_files(registry, urls)


def awards(registry: Registry, urls: Urls, signing: Signing) -> Outputs:
    """Assertions, signed credentials and images baked with both, and the register that lists them all."""
    digests: dict[str, str] = {}
    # Everything of a baked image but the spliced text is the same for a badge class.
    split: dict[tuple[str, str], tuple[tuple[bytes, bytes], tuple[bytes, bytes] | None]] = {}
    for award in registry.awards.values():
        document = ob2.assertion(registry, urls, award)
        data = to_bytes(document)
        digests[award.id] = published.assertion_digest(data)
        yield urls.assertion(award.id), data
        credential = signing.credential(award)
        if credential is not None:
            yield urls.credential(award.id), to_bytes(credential)
        if not award.in_force:
            continue
        key = (award.badge.ref, award.badge.version)
        if key not in split:
            image = class_image(registry, award.badge)
            split[key] = (
                baking.split_png(image.png),
                baking.split_svg(image.svg) if image.svg is not None else None,
            )
        png, svg = split[key]
        text = to_json(document)
        texts = {"openbadges": text}
        if credential is not None:
            texts["openbadgecredential"] = to_json(credential)
        yield urls.baked(award.id, "png"), baking.png_chunks(texts).join(png)
        if svg is not None:
            element = baking.svg_element(verify=str(document["id"]), document=text)
            yield urls.baked(award.id, "svg"), element.join(svg)
    yield "register.json", published.register(registry, urls, digests)


def pages(
    registry: Registry,
    urls: Urls,
    reader: Language,
    host: Host,
    theme: Path,
    signers: Collection[str],
    kept: Sequence[str],
) -> Outputs:
    """Written pages by the host, and data pages poured into its shell, in one language."""
    hosted = host(request(registry, urls, reader, theme))
    yield from hosted.files.items()
    yield from Renderer(registry, urls, reader, hosted.shell, theme, signers, kept).pages()


def request(registry: Registry, urls: Urls, reader: Language, theme: Path) -> Request:
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
        pages=written_pages(registry, reader.tag),
        assets=registry.page_assets,
        search=search_entries(registry, urls, reader),
        theme=theme,
        showcase=showcase(registry, urls, reader),
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
