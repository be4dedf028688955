"""What a host is asked for, from the records of a site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from badge_passport.model.texts import Text
from badge_passport.pages import names
from badge_passport.pages.hosts import Exhibit, Lost, Request, Section
from badge_passport.pages.languages import Language
from badge_passport.pages.search import search_entries
from badge_passport.registry import Registry
from badge_passport.registry.entities import Page
from badge_passport.resources import Theme
from badge_passport.urls import HOME, Urls

_MARKS = re.compile(r"[\\`*_{}\[\]()#+.!>-]")


def request(
    registry: Registry, urls: Urls, readers: Mapping[str, Language], tag: str, theme: Theme
) -> Request:
    """What a host is asked for in one language of ``readers``."""
    reader, site = readers[tag], registry.site
    _ = reader.gettext
    others = [other for other in readers.values() if other is not reader]
    sections = [
        Section(_("Badges"), "badges/"),
        Section(_("Issuers"), "issuers/"),
        Section(_("Competences"), "competences/"),
        Section(_("People"), "passports/"),
        Section(_("Verify a badge"), urls.verify()),
    ]
    written = written_pages(registry, tag)
    if not any(page.path == HOME for page in written):
        written = [home(registry, reader, sections), *written]
    return Request(
        language=reader,
        languages=site.languages,
        urls=urls,
        name=reader.text(site.name),
        description=reader.text(site.description),
        notice=reader.text(site.notice),
        sections=sections,
        footer=[
            Section(_("Changes"), urls.changes()),
            Section(_("Statistics"), urls.statistics()),
            Section(_("Compare two passports"), urls.compare()),
        ],
        lost=[lost(urls, each) for each in (reader, *others)],
        pages=written,
        assets=registry.page_assets,
        search=search_entries(registry, urls, reader),
        theme=theme,
        showcase=showcase(registry, urls, reader),
        logo=site.brand.logo or "",
        many_people=names.is_sharded(registry),
        options=site.mkdocs.model_dump(exclude_none=True),
    )


def home(registry: Registry, reader: Language, sections: Sequence[Section]) -> Page:
    """The start page of a site that has written none: its name, what it is, and the way to everything."""
    site = registry.site
    lists = "".join(f"* [{_literally(section.title)}]({section.path})\n" for section in sections)
    name, description = (_isolated(reader, one) for one in (site.name, site.description))
    text = f"---\ntitle: {json.dumps(reader.gettext('Home'))}\n---\n# {name}\n\n{description}\n\n{lists}"
    return Page(HOME, reader.tag, text, f"content/pages/{HOME}.md")


def _isolated(reader: Language, text: Text) -> str:
    """A text of the site; one in another language than the page keeps its direction (U+2068 to U+2069)."""
    words = _literally(reader.text(text))
    return f"\u2068{words}\u2069" if reader.mark(text) else words


def _literally(text: str) -> str:
    """A plain text on one line of Markdown, in which it means nothing but itself."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def lost(urls: Urls, reader: Language) -> Lost:
    """What the page for what is not there says in one language."""
    _ = reader.gettext
    return Lost(
        reader.tag,
        reader.dir,
        title=_("This page is not here"),
        text=_("The address may be mistyped, or the page was never published."),
        link=_("Go to the start page"),
        home=urls.absolute(urls.page("", reader.tag)),
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
