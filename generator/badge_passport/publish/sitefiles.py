"""Files that hosts and crawlers look for: sitemap, robots, headers, and the marker that keeps Jekyll away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final
from xml.sax.saxutils import escape

from badge_passport.pages.kinds.directory import parts
from badge_passport.registry import Registry
from badge_passport.registry.history import years
from badge_passport.registry.privacy import is_listed
from badge_passport.urls import Urls, page_path

MOST: Final = 50_000
"""Addresses in a sitemap."""
HEADERS = """\
# Read by Netlify and Cloudflare Pages; docs/hosting.md has the same for nginx and object stores.
# Everything may be read from other pages; once, as some hosts join what two rules say of one file.
/*
  Access-Control-Allow-Origin: *
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/sw.js
  Cache-Control: no-cache
/*.svg
  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:
"""


def site_files(registry: Registry, urls: Urls) -> Iterator[tuple[str, bytes]]:
    """``.nojekyll`` (without it GitHub Pages drops folders with a dot), ``_headers``, robots and sitemap."""
    yield ".nojekyll", b""
    yield "_headers", HEADERS.encode()
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {urls.absolute('sitemap.xml')}\n".encode()
    every = product(listed_paths(registry), registry.site.languages)
    yield from sitemaps([urls.absolute(urls.page(path, tag)) for path, tag in every], urls)


def listed_paths(registry: Registry) -> Iterator[str]:
    """Paths, in the default language, of every page that search engines may find."""
    urls = Urls.of(registry.site.url, registry.default_language)
    yield from sorted({"", *(page_path(page.path) for page in registry.pages)})
    yield from ("badges/", "issuers/", "competences/", urls.verify(), urls.changes(), urls.statistics())
    yield from (urls.changes(year) for year in years(registry))
    yield from (urls.people(number) for number in range(1, parts(registry) + 1))
    yield from (urls.statistics(slug) for slug in registry.issuers)
    yield from (urls.badge(ref) for ref in registry.badges)
    yield from (urls.issuer(slug) for slug in registry.issuers)
    yield from (urls.framework(slug) for slug in registry.frameworks)
    yield from (urls.competence(c.ref) for c in registry.competences.values() if c.parent is None)
    yield from (urls.passport(p.slug) for p in registry.participants.values() if is_listed(p))
    yield from (urls.award(one) for ref in registry.badges for one in registry.facts[ref].public)


def sitemaps(addresses: Sequence[str], urls: Urls, most: int = MOST) -> Iterator[tuple[str, bytes]]:
    """``sitemap.xml`` with these addresses, or an index of several where they are too many for one.

    Source: https://www.sitemaps.org/protocol.html, which allows 50,000 in each.
    """
    if len(addresses) <= most:
        yield "sitemap.xml", _list("urlset", "url", addresses)
        return
    starts = range(0, len(addresses), most)
    paths = [f"sitemaps/{number}.xml" for number, _ in enumerate(starts, 1)]
    for path, start in zip(paths, starts, strict=True):
        yield path, _list("urlset", "url", addresses[start : start + most])
    yield "sitemap.xml", _list("sitemapindex", "sitemap", map(urls.absolute, paths))


def _list(root: str, entry: str, addresses: Iterable[str]) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<{entry}><loc>{escape(address)}</loc></{entry}>" for address in addresses),
        f"</{root}>",
        "",
    ]
    return "\n".join(lines).encode()
