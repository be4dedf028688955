"""Renders a data page: a fragment by its template, and its head, poured into the shell of the host."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final, Literal

from jinja2 import Template
from markupsafe import Markup

from badge_passport.credentials.sealing import Seals
from badge_passport.pages.hosts import Shell
from badge_passport.pages.languages import Language
from badge_passport.pages.patterns import Pattern
from badge_passport.pages.shapes import Function, Shaped
from badge_passport.pages.templates import environment
from badge_passport.pages.viewmodels import NONE, Html, Share, view
from badge_passport.pages.views import Views
from badge_passport.registry import Registry, progress
from badge_passport.resources import Theme
from badge_passport.urls import Urls, output, relative

Output = tuple[str, bytes]
"""The path of a file from the root of the site, and what is in it."""
MOST_WORDS: Final = 300
"""Characters of the description of a page."""


@view
class CardPicture:
    """A picture for a link to a page, by its path and sizes in pixels, and what it shows in words."""

    path: str
    alt: str
    width: int
    height: int


@view
class FeedLink:
    """A feed by its path, and whether it is Atom or JSON Feed."""

    path: str
    kind: Literal["atom", "json"] = "atom"


def both_feeds(urls: Urls, path: str) -> tuple[FeedLink, ...]:
    """The feeds of the page at a path."""
    return FeedLink(urls.feed(path)), FeedLink(urls.feed(path, "json"), "json")


@view
class Meta:
    """What the head of a page says; ``path`` is in the default language.

    ``document`` is the same as JSON; ``feeds`` are those a reader of this page may follow; ``styles`` and
    ``scripts`` are assets that this page needs beside those of every page; ``moved`` is where the page went:
    browsers follow. Links to the page are shown with its ``card``, else with its small ``image``; ``oembed``
    says how to show it in a frame; ``structured`` is JSON-LD for search engines.
    """

    path: str
    title: str
    description: str
    image: str = ""
    document: str = ""
    feeds: tuple[FeedLink, ...] = ()
    listed: bool = True
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    moved: str = ""
    card: CardPicture | None = None
    oembed: str = ""
    structured: Html = NONE

    def __post_init__(self) -> None:
        if len(self.description) > MOST_WORDS:
            object.__setattr__(self, "description", self.description[: MOST_WORDS - 1] + "…")


@view
class Site:
    """What every template knows of the site."""

    name: str
    url: str
    languages: tuple[str, ...]


class Renderer:
    """The data pages of one language; what kinds there are is in `kinds`."""

    def __init__(
        self,
        registry: Registry,
        urls: Urls,
        language: Language,
        shell: Shell,
        theme: Theme,
        signers: Collection[str] = (),
        kept: Sequence[str] = (),
        seals: Seals | None = None,
    ) -> None:
        self.registry, self.urls, self.language, self.shell = registry, urls, language, shell
        self.signers, self.kept, self.seals = signers, kept, seals
        self.milestones = progress.milestones(registry)
        self.views = Views(registry, urls, language)
        self.site = Site(language.text(registry.site.name), urls.base, tuple(registry.site.languages))
        self._environment = environment(theme.folders("templates"), language)
        self._templates: dict[str, Template] = {}
        self._shaped: dict[str, Shaped] = {}
        self._absolute = Function(urls.absolute)
        self._head = Shaped(self._made_head)
        self._patterns: dict[object, Pattern] = {}
        self._share_panel = Shaped(lambda share: self.part("share.html", share=share).decode())

    def page(self, template: str, meta: Meta, page: object, *, alike: bool = False) -> Output:
        """A page by its template, which gets ``page`` (its model), ``meta``, ``site`` and the links.

        ``alike`` says that there are many such pages, so that it pays to render one for all of its shape.
        """
        here = self.urls.page(meta.path, self.language.tag)
        arguments = (
            meta.path.count("/"),
            meta,
            page,
            self._href(here),
            self._absolute,
            self.urls.absolute(meta.moved or here),
            [(tag, self.urls.absolute(self.urls.page(meta.path, tag))) for tag in self.site.languages],
        )
        if not alike:
            return output(here), self._page(template, *arguments).encode("utf-8")
        if template not in self._shaped:
            self._shaped[template] = Shaped(partial(self._page, template))
        return output(here), self._shaped[template].encoded(*arguments)

    def _page(
        self,
        template: str,
        depth: int,
        meta: Meta,
        page: object,
        href: Function,
        absolute: Function,
        here: str,
        alternates: Sequence[tuple[str, str]],
    ) -> str:
        shared = {**self._shared(meta, href), "absolute": absolute}
        content = self._template(template).render(shared, page=page)
        head = self._head(meta, href, absolute, here, alternates)
        title = Markup("{} - {}").format(meta.title, self.site.name)
        return self.shell.pour(depth, meta.path, str(title), head, content)

    def _made_head(
        self,
        meta: Meta,
        href: Function,
        absolute: Function,
        here: str,
        alternates: Sequence[tuple[str, str]],
    ) -> str:
        shared = {**self._shared(meta, href), "absolute": absolute}
        return self._template("head.html").render(shared, here=here, alternates=alternates)

    def share_panel(self, share: Share | None) -> Markup:
        """The share panel of a page; nothing for what is not shared."""
        return NONE if share is None else self._share_panel(share)

    def pattern(self, key: object, make: Callable[..., str]) -> Pattern:
        """The pattern of what is made alike for all with a key."""
        if key not in self._patterns:
            self._patterns[key] = Pattern(make)
        return self._patterns[key]

    def fragment(self, template: str, meta: Meta, page: object, inside: Mapping[str, str]) -> str:
        """What stands in the middle of a page; links to paths in ``inside`` are the addresses there."""
        href = self._href(self.urls.page(meta.path, self.language.tag), inside)
        return self._template(template).render(self._shared(meta, href), page=page)

    def _href(self, here: str, inside: Mapping[str, str] | None = None) -> Function:
        """Links from a page: to a path from the root, or to an address elsewhere."""

        def href(path: str) -> str:
            if "://" in path or path.startswith("#"):
                return path
            return (inside and inside.get(path)) or relative(path, here)

        # Each page with addresses of its own is a shape of its own.
        return Function(href, object() if inside else here.count("/"))

    def _shared(self, meta: Meta, href: Function) -> dict[str, object]:
        return {
            "href": href,
            "absolute": self._absolute,
            "language": self.language,
            "site": self.site,
            "meta": meta,
        }

    def part(self, template: str, **values: object) -> bytes:
        """A piece of HTML that pages fetch; it stands alone, without shell and without links."""
        return self._template(template).render(language=self.language, site=self.site, **values).encode()

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]
