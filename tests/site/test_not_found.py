"""The page for what is not there: shown at any address, to readers of any language of the site."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from badge_passport.pages.hosts import plain
from badge_passport.pages.hosts.asking import request
from badge_passport.pages.languages import language
from badge_passport.resources import packaged_theme
from badge_passport.urls import Urls
from demo import Demo

_LINK = re.compile(r"""(?:href|src)=["']?([^"'\s>]+)""")


@pytest.fixture(scope="module", params=["mkdocs", "plain"])
def page(request_of: dict[str, str], request: pytest.FixtureRequest) -> str:
    return request_of[request.param]


@pytest.fixture(scope="module")
def request_of(demo: Demo) -> dict[str, str]:
    """The page as each host makes it."""
    site, theme = demo.registry.site, packaged_theme()
    readers = {tag: language(tag, site.languages[0], theme) for tag in site.languages}
    asked = request(demo.registry, Urls.of(site.url, site.languages[0]), readers, site.languages[0], theme)
    made = plain.host(replace(asked, options={})).files["404.html"]
    return {
        "mkdocs": (demo.public / "404.html").read_text(encoding="utf-8"),
        "plain": made.decode("utf-8"),
    }


def test_it_says_so_in_every_language(demo: Demo, page: str) -> None:
    site, theme = demo.registry.site, packaged_theme()
    for tag in site.languages:
        reader = language(tag, site.languages[0], theme)
        section = re.search(rf'<section lang="{tag}" dir="{reader.dir}">(.*?)</section>', page, re.DOTALL)
        assert section, tag
        assert reader.gettext("This page is not here") in unescape(section[1])
        assert f'href="{demo.base}{"" if tag == site.languages[0] else f"{tag}/"}"' in section[1]
    assert page.count("<h1") == 1


def test_nothing_it_links_to_depends_on_where_it_is_shown(demo: Demo, page: str) -> None:
    """At two addresses, one of them deep, every link leads to the same place, which is there."""
    links = [link for link in _LINK.findall(page) if not link.startswith("#")]
    assert len(links) > 10
    for link in links:
        places = {urljoin(demo.base + shown, unescape(link)) for shown in ("nowhere", "ar/nowhere/at/all/")}
        assert len(places) == 1, link
        (place,) = places
        if place.startswith(demo.base):
            assert demo.path_of(urlsplit(place)._replace(fragment="", query="").geturl()).is_file(), link
