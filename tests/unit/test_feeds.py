"""Feeds: what programs read of them, what the standards demand, and whom they may show."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from badge_passport.pages.feeds import ATOM, MOST, Entry, Feed, Feeds
from badge_passport.pages.languages import language
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.registry.privacy import has_passport, is_public, on_passport
from badge_passport.resources import packaged_theme
from badge_passport.urls import Urls
from demo import ROOT
from minimal import MakeSite

THEME = packaged_theme()


def feeds(registry: Registry) -> dict[str, bytes]:
    """Every feed of a site, by path."""
    urls = Urls.of(registry.site.url, registry.default_language)
    made = Feeds(registry, urls, language(registry.default_language, registry.default_language, THEME))
    people = [f for p in registry.participants.values() for f in made.of_person(p)]
    listed = [file for what in made.listed() for file in made.of(what)]
    return dict([*listed, *people])


@pytest.fixture(scope="module")
def registry() -> Registry:
    found = check(ROOT).registry
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made(registry: Registry) -> dict[str, bytes]:
    return feeds(registry)


def test_there_is_one_for_everything(registry: Registry, made: dict[str, bytes]) -> None:
    pages = ["", *(f"issuers/{i}/" for i in registry.issuers), *(f"badges/{b}/" for b in registry.badges)]
    people = [f"passports/{p.slug}/" for p in registry.participants.values() if has_passport(p)]
    assert set(made) == {f"{p}feed.{k}" for p in pages for k in ("xml", "json")} | {
        f"{p}feed.xml" for p in people
    }


def test_atom_is_what_the_standard_demands(registry: Registry, made: dict[str, bytes]) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what must be there once, and what may be there."""
    base = registry.site.url.rstrip("/") + "/"
    for path, data in made.items():
        if not path.endswith(".xml"):
            continue
        root = ElementTree.fromstring(data)
        assert root.tag == f"{{{ATOM}}}feed"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
        entries = root.findall(f"{{{ATOM}}}entry")
        for element in (root, *entries):
            names = [child.tag.removeprefix(f"{{{ATOM}}}") for child in element]
            for once in ("id", "title", "updated"):
                assert names.count(once) == 1, (path, once)
            rels = [c.get("rel") for c in element if c.tag.endswith("}link")]
            assert rels == (["self", "alternate"] if element is root else ["alternate"])
            updated = element.findtext(f"{{{ATOM}}}updated")
            assert updated is not None and updated.endswith("T00:00:00Z")
        names = [child.tag.removeprefix(f"{{{ATOM}}}") for child in root]
        assert names.count("author") == 1 and names.index("author") < len(names) - len(entries)
        assert names[len(names) - len(entries) :] == ["entry"] * len(entries), "entries come last"
        links = [e.find(f"{{{ATOM}}}link").get("href", "") for e in entries]  # type: ignore[union-attr]
        assert all(link.startswith(base) for link in links)
        ids = [e.findtext(f"{{{ATOM}}}id") for e in entries]
        assert len(set(ids)) == len(ids) <= MOST
        assert root.find(f"{{{ATOM}}}link").get("href") == base + path  # type: ignore[union-attr]


def test_a_reader_understands_them(made: dict[str, bytes]) -> None:
    for path, data in made.items():
        if path.endswith(".xml"):
            found = feedparser.parse(data)
            assert not found.bozo, path
            assert found.version == "atom10" and found.feed.title and found.feed.language == "en"
            days = [e.updated for e in found.entries]
            assert days == sorted(days, reverse=True)
            assert all(e.title and e.link and e.id and e.published <= e.updated for e in found.entries)
    assert len(feedparser.parse(made["feed.xml"]).entries) > 20


def test_json_feed_is_what_the_standard_demands(made: dict[str, bytes]) -> None:
    for path, data in made.items():
        if path.endswith(".json"):
            feed = json.loads(data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
            assert feed["feed_url"].endswith(path)
            for item in feed["items"]:
                assert item["id"] and item["content_text"] and item["url"].startswith("https://")
            other = feedparser.parse(made[path.removesuffix("json") + "xml"])
            assert [i["id"] for i in feed["items"]] == [e.id for e in other.entries]


def ids(data: bytes) -> set[str]:
    found: Any = feedparser.parse(data)
    return {e.link.rstrip("/").rpartition("/")[2] for e in found.entries if "/awards/" in e.link}


def test_only_what_lists_may_show_is_in_them(registry: Registry, made: dict[str, bytes]) -> None:
    public = {a.id for a in registry.awards.values() if is_public(a)}
    hidden = set(registry.awards) - public
    assert public and hidden
    listed = {p: d for p, d in made.items() if not p.startswith("passports/")}
    for path, data in listed.items():
        for award in hidden:
            assert award.encode() not in data, path
    for person in registry.participants.values():
        own = registry.awards_by_participant.get(person.slug, ())
        shown = {a.id for a in own if on_passport(a)}
        if has_passport(person):
            assert ids(made[f"passports/{person.slug}/feed.xml"]) == shown
        if not shown & public:
            assert all(person.slug.encode() not in data for data in listed.values())


def test_a_revocation_is_the_same_entry_said_anew(make_site: MakeSite) -> None:
    def entry(more: str) -> Any:
        text = f"participant: amira\nbadge: listener\nissuedOn: 2025-06-18\n{more}"
        found = check(make_site({"content/awards/harbour/x.yml": text})).registry
        assert found is not None
        [feed] = [d for p, d in feeds(found).items() if p == "passports/amira/feed.xml"]
        return feedparser.parse(feed).entries[0]

    given = entry("")
    revoked = entry("revoked: {on: 2025-09-01, reason: By mistake <b>&}\n")
    assert revoked.id == given.id and revoked.published == given.published
    assert revoked.updated.startswith("2025-09-01") and revoked.title.startswith("Revoked")
    assert revoked.summary != given.summary


@pytest.mark.parametrize("text", ['<b>&amp; "x" \' ]]>', "a\r\n\tb", "é \U0001f600 \x85\u2028", ""])
def test_any_text_is_read_as_it_is(registry: Registry, text: str) -> None:
    feeds = Feeds(registry, Urls.of(registry.site.url, "en"), language("en", "en", packaged_theme()))
    entry = Entry("https://a.org/?b&c", text, text, date(2026, 3, 14), date(2026, 3, 13), tags=(text,))
    feed = ElementTree.fromstring(feeds.atom(Feed("", text, text, (entry,))))
    at = f"{{{ATOM}}}"
    # What reads XML makes line feeds of all ends of lines that stand in elements.
    assert (
        feed.findtext(f"{at}title") == feed.findtext(f"{at}entry/{at}summary") == text.replace("\r\n", "\n")
    )
    assert [found.get("term") for found in feed.findall(f"{at}entry/{at}category")][:1] == [text]
    assert [found.get("href") for found in feed.findall(f"{at}entry/{at}link")][:1] == [entry.link]
