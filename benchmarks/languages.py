"""A page for each language, or one page that switches: what either costs, on pages of awards: `make bench`.

    python benchmarks/languages.py [--awards 300] [--languages 3,25]

Makes the pages of awards as the site has them, in every language, and beside them the pages that would hold
all languages at once: one frame, and the text of each language in it, of which a style or a script shows
one. Prints what is on the disk, what a reader loads (gzip, as hosts send it), and the CPU time of a page.
"""

from __future__ import annotations

import argparse
import gzip
import re
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from badge_passport.pages.hosts import SHELL, Shell
from badge_passport.pages.hosts.asking import request
from badge_passport.pages.kinds import awards
from badge_passport.pages.languages import Language, language
from badge_passport.pages.rendering import Renderer
from badge_passport.pipeline import HOSTS, check
from badge_passport.registry.entities import Award, Registry
from badge_passport.resources import Theme
from badge_passport.urls import Urls
from generate import generate

# The official languages of the European Union, and Arabic.
_ALL = "en fr ar de es it pt nl pl ro el sv da fi cs hu bg sk hr sl lt lv et mt ga"
TAGS = _ALL.split()


@dataclass(frozen=True, slots=True)
class Cost:
    """What the pages of all awards come to: files, bytes on the disk, bytes loaded for one, seconds."""

    files: int
    disk: int
    loaded: int
    seconds: float


def _registry(folder: Path, number: int, tags: list[str]) -> tuple[Registry, Theme]:
    generate(folder, max(10, number // 3), number)
    checked = check(folder)
    assert checked.registry is not None and checked.theme is not None
    site = checked.registry.site.model_copy(update={"languages": tags})
    return replace(checked.registry, site=site), checked.theme


def separate(registry: Registry, theme: Theme, shells: dict[str, Shell], given: list[Award]) -> Cost:
    """A page for each language, as the site has them."""
    files = disk = loaded = 0
    seconds = 0.0
    for tag, shell in shells.items():
        renderer = _renderer(registry, theme, tag, shell)
        awards.award(renderer, given[0])  # templates are compiled once
        start = time.process_time()
        made = [awards.award(renderer, one)[1] for one in given]
        seconds += time.process_time() - start
        files += len(made)
        disk += sum(map(len, made))
        loaded += sum(len(gzip.compress(data, 6, mtime=0)) for data in made)
    return Cost(files, disk, loaded // files, seconds)


def together(registry: Registry, theme: Theme, shells: dict[str, Shell], given: list[Award]) -> Cost:
    """One page with the text of every language; the frame is that of the first language."""
    bare = Shell("@@passport:content@@")
    renderers = [_renderer(registry, theme, tag, bare) for tag in shells]
    first = next(iter(shells.values()))
    for renderer in renderers:
        awards.award(renderer, given[0])
    disk = loaded = 0
    start = time.process_time()
    made = []
    for one in given:
        texts = [(r.language, awards.award(r, one)[1].decode()) for r in renderers]
        made.append(first.pour(2, f"awards/{one.id}/", "", "", _all(texts)).encode())
    seconds = time.process_time() - start
    for data in made:
        disk += len(data)
        loaded += len(gzip.compress(data, 6, mtime=0))
    return Cost(len(made), disk, loaded // len(made), seconds)


def _all(texts: list[tuple[Language, str]]) -> str:
    """The texts after each other, with ids of their own, as a page may have each id once."""
    parts = []
    for speaks, text in texts:
        own = re.sub(r'\b(id|aria-labelledby|for)="', rf'\1="{speaks.tag}-', text)
        parts.append(f'<div lang="{speaks.tag}" dir="{speaks.dir}" id="{speaks.tag}" hidden>{own}</div>')
    return "".join(parts)


def _renderer(registry: Registry, theme: Theme, tag: str, shell: Shell) -> Renderer:
    urls = Urls.of(registry.site.url, registry.default_language)
    return Renderer(registry, urls, language(tag, registry.default_language, theme), shell, theme)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description="A page for each language, or one that switches.")
    parser.add_argument("--awards", type=int, default=300)
    parser.add_argument("--languages", default="3,25", help="how many, several with commas")
    options = parser.parse_args()
    rows = {}
    for number in map(int, options.languages.split(",")):
        tags = TAGS[:number]
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            registry, theme = _registry(Path(name) / "site", options.awards, tags)
            urls = Urls.of(registry.site.url, registry.default_language)
            host = HOSTS["mkdocs"]
            start = time.process_time()
            readers = {tag: language(tag, tags[0], theme) for tag in tags}
            shells = {tag: host(request(registry, urls, readers, tag, theme)).shell for tag in tags}
            framed = (time.process_time() - start) / len(tags)
            given = list(islice(registry.awards.values(), options.awards))
            rows[number] = (
                separate(registry, theme, shells, given),
                together(registry, theme, shells, given),
                framed,
            )
    print(f"{options.awards} awards; the frame is poured around what {SHELL} was rendered to\n")
    print(f"{'':<28}{'files':>7}{'MB on disk':>12}{'kB loaded':>11}{'µs an award':>13}")
    for number, (apart, whole, framed) in rows.items():
        for name, cost in (
            (f"{number} languages, a page each", apart),
            (f"{number} languages, one page", whole),
        ):
            each = cost.seconds / options.awards * 1e6
            print(f"{name:<28}{cost.files:>7}{cost.disk / 1e6:>12.1f}{cost.loaded / 1e3:>11.1f}{each:>13.0f}")
        print(f"  MkDocs renders the frame of a language in {framed:.2f} s")
    apart = rows[max(rows)][0]
    per_page = apart.seconds / apart.files * 1e6
    print(f"bar award-page-kB {apart.loaded / 1e3:.1f} 20 {'ok' if apart.loaded < 20_000 else 'short'}")
    print(f"bar award-page-us {per_page:.0f} 1500 {'ok' if per_page < 1500 else 'short'}")


if __name__ == "__main__":
    main()
