"""Sitemaps: one, or an index of several that nobody refuses for their length."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from badge_passport.publish.sitefiles import MOST, sitemaps
from badge_passport.urls import Urls

BASE = "https://badges.example.org/site/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(data: bytes, root: str, entry: str) -> list[str]:
    """The addresses in a list of this kind."""
    tree = ElementTree.fromstring(data)
    assert tree.tag == SPACE + root
    assert all(one.tag == SPACE + entry for one in tree)
    return [one.findtext(f"{SPACE}loc") or "" for one in tree]


@pytest.mark.parametrize("number", [0, 1, 9, 10])
def test_few_are_in_one(number: int) -> None:
    addresses = [f"{BASE}a&b/{one}/" for one in range(number)]
    ((path, data),) = sitemaps(addresses, Urls.of(BASE, "en"), most=10)
    assert path == "sitemap.xml"
    assert read(data, "urlset", "url") == addresses


@pytest.mark.parametrize("number", [11, 20, 21, 95])
def test_many_are_in_several_that_the_first_names(number: int) -> None:
    addresses = [f"{BASE}{one}/" for one in range(number)]
    made = dict(sitemaps(addresses, Urls.of(BASE, "en"), most=10))
    named = read(made.pop("sitemap.xml"), "sitemapindex", "sitemap")
    assert named == [BASE + path for path in made]
    parts = [read(data, "urlset", "url") for data in made.values()]
    assert [one for part in parts for one in part] == addresses
    assert all(0 < len(part) <= 10 for part in parts)


def test_the_most_is_what_the_protocol_allows() -> None:
    made = dict(sitemaps([f"{BASE}{one}/" for one in range(MOST + 1)], Urls.of(BASE, "en")))
    assert [len(read(made[f"sitemaps/{one}.xml"], "urlset", "url")) for one in (1, 2)] == [50_000, 1]
