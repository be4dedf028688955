"""Languages of the built demo: alternates lead to each other, and no name runs into another script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from badge_passport.pages.languages import direction
from badge_passport.registry.privacy import shown_name
from demo import Demo

_VOID = "area base br col embed hr img input link meta source track wbr"
VOID = frozenset(_VOID.split())
SILENT = frozenset({"script", "style", "title", "option", "svg", "textarea", "template"})
"""Elements whose text is not laid out in a line of the page, or cannot hold others."""


class Seen(HTMLParser):
    """What a page says: its links, and every text with the elements around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, list[tuple[str, dict[str, str]]]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.around.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for number in range(len(self.around) - 1, -1, -1):
            if self.around[number][0] == tag:
                del self.around[number:]
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT & {tag for tag, _ in self.around}:
            self.texts.append((data, list(self.around)))

    def alternates(self) -> dict[str, str]:
        return {
            a["hreflang"]: a["href"]
            for tag, a in self.elements
            if tag == "link" and a.get("rel", "").strip() == "alternate" and "hreflang" in a
        }


def isolated(around: list[tuple[str, dict[str, str]]]) -> bool:
    """Whether an element of its own, below the frame of the page, says in which direction it runs.

    That of code is in `passport.css`.
    """
    return any(tag in ("bdi", "code") or ("dir" in a and tag not in ("html", "body")) for tag, a in around)


def pages(demo: Demo) -> Iterator[tuple[str, Seen]]:
    """Every page but frames for other sites and the page for what is not there; with its path."""
    for file in demo.files("*.html"):
        path = file.relative_to(demo.public).as_posix()
        if path == "404.html" or "/embed/" in path or "claim/" in path or path.endswith("claim.html"):
            continue
        html = file.read_text(encoding="utf-8")
        if "<html" in html:
            yield path, Seen(html)


@pytest.fixture(scope="module")
def seen(demo: Demo) -> dict[str, Seen]:
    return dict(pages(demo))


def test_every_page_names_itself_in_every_language_and_they_name_it_back(
    demo: Demo, seen: dict[str, Seen]
) -> None:
    tags = demo.registry.site.languages
    assert len(seen) > 300
    for path, page in seen.items():
        named = page.alternates()
        assert list(named) == [*tags, "x-default"], path
        assert named["x-default"] == named[tags[0]], path
        here = demo.base + path.removesuffix("index.html")
        assert here in named.values(), path
        for address in named.values():
            other = demo.path_of(address).relative_to(demo.public).as_posix()
            assert seen[other].alternates() == named, f"{path} -> {other}"


def test_every_page_says_its_language_and_direction(demo: Demo, seen: dict[str, Seen]) -> None:
    for path, page in seen.items():
        first = path.split("/")[0]
        tag = first if first in demo.registry.site.languages[1:] else demo.registry.default_language
        html = next(a for name, a in page.elements if name == "html")
        assert html["lang"] == tag, path
        shown = next(a["dir"] for _, a in page.elements if "dir" in a)
        assert shown == direction(tag), path


def test_the_switch_stays_on_the_page(demo: Demo, seen: dict[str, Seen]) -> None:
    for path, page in seen.items():
        here = demo.base + path.removesuffix("index.html")
        links = {
            a["hreflang"]: urljoin(here, a["href"])
            for tag, a in page.elements
            if tag == "a" and "hreflang" in a
        }
        named = page.alternates()
        del named["x-default"]
        assert links == named, path
        current = [a for tag, a in page.elements if tag == "a" and "hreflang" in a and "aria-current" in a]
        assert [urljoin(here, a["href"]) for a in current] == [here], path


def test_names_of_people_do_not_run_into_the_text_around_them(demo: Demo, seen: dict[str, Seen]) -> None:
    names = {name for p in demo.registry.participants.values() if (name := shown_name(p))}
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    found = 0
    loose = set()
    for path, page in seen.items():
        if path.startswith("ar/"):
            for text, around in page.texts:
                if pattern.search(text):
                    found += 1
                    if not isolated(around):
                        loose.add(f"{path}: {text.strip()[:60]}")
    assert found > 100
    assert not loose, sorted(loose)[:20]


def test_codes_and_addresses_run_from_left_to_right(demo: Demo, seen: dict[str, Seen]) -> None:
    pattern = re.compile("|".join(demo.registry.awards) + r"|https?://\S|[\w.]+@[\w.]+\w")
    found = 0
    loose = set()
    for path, page in seen.items():
        if path.startswith("ar/"):
            for text, around in page.texts:
                if pattern.search(text):
                    found += 1
                    if not isolated(around):
                        loose.add(f"{path}: {text.strip()[:90]}")
    assert found > 100
    assert not loose, sorted(loose)[:20]


def test_the_page_for_what_is_not_there_is_nowhere_else(demo: Demo) -> None:
    assert Seen(Path(demo.public / "404.html").read_text(encoding="utf-8")).alternates() == {}
