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
from badge_passport.registry.entities import Page
from badge_passport.resources import Theme
from badge_passport.urls import Urls

SHELL = "passport-shell-page/"  # the path a host renders the shell at: one folder below the language's root
_HOLE = re.compile(r"@@passport:(title|head|content)@@|(passport-shell-page/)|(@@passport:root@@)")


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
class Request:
    """What a host is asked to render, for one language.

    ``footer`` goes to the foot of pages alone; with ``many_people``, their names are found by a script.
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
        self._by_depth: dict[int, list[str]] = {}

    def pour(self, depth: int, path: str, title: str, head: str, content: str) -> str:
        """The page at ``path`` (relative to the root of its site), that many folders deep.

        Title, head and content are safe HTML.
        """
        holes = {"title": title, "head": head, "content": content}
        parts = self._by_depth.get(depth)
        if parts is None:
            parts = self._by_depth[depth] = self._cut(depth)
        return "".join([holes.get(p[1:], path) if p[:1] == "\0" else p for p in parts])

    def _cut(self, depth: int) -> list[str]:
        """Literals and holes (marked by a NUL) for pages at a depth; links to the root are filled in."""
        root = "../" * depth or "./"
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
