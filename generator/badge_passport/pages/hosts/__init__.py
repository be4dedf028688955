"""Hosts render written pages, and a shell: a page with holes that every data page is poured into.

`Host` is all that the rest of the generator knows of MkDocs; the `plain` host needs neither MkDocs nor
Material.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from badge_passport.pages.languages import Language
from badge_passport.pages.templates import TemplateFault
from badge_passport.registry.entities import Page
from badge_passport.resources import Theme
from badge_passport.urls import Urls

SHELL = "passport-shell-page/"  # the path a host renders the shell at: one folder below the language's root
HOLES = ("title", "head", "content")
_HOLE = re.compile(rf"@@passport:({'|'.join(HOLES)})@@|(passport-shell-page/)|(@@passport:root@@)")


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the main navigation; ``path`` is relative to the language's root."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A badge on the start page; ``path`` is relative to the language's root, ``image`` to the site's."""

    name: str
    path: str
    image: str


@dataclass(frozen=True, slots=True)
class Lost:
    """What a page that is not there says in one language; ``home`` is an address of the start page."""

    tag: str
    dir: str
    title: str
    text: str
    link: str
    home: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a host is asked to render, for one language.

    ``footer`` goes to the foot of pages alone; with ``many_people``, their names are found by a script.
    ``lost`` is for ``404.html``, of which a site has one: in every language, this one first.
    """

    language: Language
    languages: Sequence[str]
    urls: Urls
    name: str
    description: str
    notice: str
    sections: Sequence[Section]
    pages: Sequence[Page]
    assets: Mapping[str, bytes]
    search: Sequence[Mapping[str, str]]
    theme: Theme
    showcase: Sequence[Exhibit] = ()
    logo: str = ""
    footer: Sequence[Section] = ()
    lost: Sequence[Lost] = ()
    many_people: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Folder of the language: empty for the default."""
        return self.urls.page("", self.language.tag)


@dataclass(frozen=True, slots=True)
class Hosted:
    """The rendered site of one language: its shell, and files by their path from the site's root."""

    shell: Shell
    files: Mapping[str, bytes]


class HostError(Exception):
    """A host cannot render what it was asked for; the message is its own reason."""


class Host(Protocol):
    """Renders the written pages and the shell of one language."""

    def __call__(self, request: Request) -> Hosted:
        """Pure but for temporary files: the same request gives the same bytes."""
        ...


class Shell:
    """A page with holes for title, head and content, cut once and joined for every page.

    The host renders it as page `SHELL`, whose links to the site's root are marked ``@@passport:root@@``
    and whose own path stands wherever a page's path belongs (canonical link, language switch).
    """

    def __init__(self, html: str) -> None:
        self.html = html
        self._pieces = _HOLE.split(html)
        self._by_root: dict[int | str, list[str]] = {}

    def whole(self, template: str) -> Shell:
        """The same, if no hole is missing; ``template`` is the file it was made of.

        Raises:
            TemplateFault: all pages would be without what belongs there.
        """
        for name in HOLES:
            if name not in self._pieces[1::4]:
                raise TemplateFault(template, 1, f"it must have the hole @@passport:{name}@@")
        return self

    def pour(self, root: int | str, path: str, title: str, head: str, content: str) -> str:
        """The page at ``path`` (relative to the root of its site).

        ``root`` is how many folders deep it lies, or the address of the root for a page that is shown at
        any address. Title, head and content are safe HTML.
        """
        holes = {"title": title, "head": head, "content": content}
        parts = self._by_root.get(root)
        if parts is None:
            address = root if isinstance(root, str) else "../" * root or "./"
            parts = self._by_root[root] = self._cut(address)
        return "".join([holes.get(p[1:], path) if p[:1] == "\0" else p for p in parts])

    def _cut(self, root: str) -> list[str]:
        """Literals and holes (marked by a NUL); links to the root are filled in."""
        parts: list[str] = []
        for number in range(0, len(self._pieces), 4):
            parts.append(self._pieces[number])
            if number + 1 < len(self._pieces):
                hole, path, _root = self._pieces[number + 1 : number + 4]
                parts.append(f"\0{hole}" if hole else "\0path" if path else root)
        joined: list[str] = []
        for part in parts:
            if joined and part[:1] != "\0" and joined[-1][:1] != "\0":
                joined[-1] += part
            else:
                joined.append(part)
        return joined
