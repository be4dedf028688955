"""What is published to find things: nobody who is not listed is in any of it, and all of it is there."""

from __future__ import annotations

import csv
import io
import re
import sys
from xml.etree import ElementTree

import pytest

from badge_passport.pages.kinds.changes import BUSY
from badge_passport.pages.kinds.directory import PART
from badge_passport.pipeline import build, check
from badge_passport.registry import Registry
from badge_passport.registry.privacy import has_passport, is_listed, is_public
from demo import ROOT, Demo

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

LISTS = re.compile(
    r"(?:(?:fr|ar)/)?(?:(?:changes|statistics|badges|competences|issuers|search)/.*|feed\.(?:xml|json)|"
    r"passports/(?:-/\d+/)?index\.html|index\.html)\Z|sitemap\.xml\Z"
)


@pytest.fixture(scope="module")
def lists(demo: Demo) -> dict[str, bytes]:
    files = {p.relative_to(demo.public).as_posix(): p.read_bytes() for p in demo.files()}
    documents = re.compile(r"issuers/[^/]+/(?:revocations\.json|endorsements/.*)\Z")  # for verifiers
    return {p: d for p, d in files.items() if LISTS.match(p) and not documents.match(p)}


def test_everything_is_there(lists: dict[str, bytes]) -> None:
    for path in (
        "changes/index.html",
        "changes/2019/index.html",
        "ar/changes/2019/index.html",
        "statistics/index.html",
        "statistics/statistics.csv",
        "issuers/dialogue-harbour/statistics/index.html",
        "feed.xml",
        "badges/dialogue-harbour/connect-participant/feed.json",
    ):
        assert path in lists, path


def test_no_list_knows_who_is_not_listed(demo: Demo, lists: dict[str, bytes]) -> None:
    hidden = [a.id for a in demo.registry.awards.values() if not is_public(a)]
    people = [p.slug for p in demo.registry.participants.values() if not is_listed(p)]
    assert len(hidden) > 5 and people
    for path, data in lists.items():
        for secret in (*hidden, *people):
            assert secret.encode() not in data, (path, secret)


def test_a_badge_that_ended_says_so_wherever_it_is_listed(demo: Demo, lists: dict[str, bytes]) -> None:
    ended = {ref for ref, badge in demo.registry.badges.items() if badge.record.ended}
    assert ended
    for path in ("badges/index.html", "issuers/dialogue-harbour/index.html"):
        page = lists[path].decode()
        cards = re.findall(r'<li class="pp-card".*?</li>', page, re.DOTALL)
        marked = [card for card in cards if "No longer awarded" in card]
        assert len(marked) == len(ended), path
        assert all(any(f"{ref}/" in card for ref in ended) for card in marked)
    (own,) = ended
    page = lists[f"badges/{own}/index.html"].decode()
    assert "How it was earned" in page and "It is awarded no more" in page


def test_the_passport_alone_leads_to_its_feed(demo: Demo) -> None:
    unlisted = [p for p in demo.registry.participants.values() if has_passport(p) and not is_listed(p)]
    assert unlisted
    for person in unlisted:
        feed = f"passports/{person.slug}/feed.xml"
        assert (demo.public / feed).is_file()
        page = (demo.public / f"passports/{person.slug}/index.html").read_text(encoding="utf-8")
        assert feed in page
    for person in demo.registry.participants.values():
        assert has_passport(person) == (demo.public / f"passports/{person.slug}/feed.xml").is_file()


def test_the_sitemap_has_the_new_pages(demo: Demo) -> None:
    text = (demo.public / "sitemap.xml").read_bytes()
    found = {str(e.text).removeprefix(demo.base) for e in ElementTree.fromstring(text).iter() if e.text}
    for path in ("changes/", "changes/2019/", "statistics/", "issuers/dialogue-harbour/statistics/"):
        assert {path, f"fr/{path}", f"ar/{path}"} <= found
    for path in found:
        assert (demo.public / path / "index.html").is_file() or not path.strip(), path


def test_the_table_has_the_numbers_of_the_page(demo: Demo) -> None:
    text = (demo.public / "statistics/statistics.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    [total] = [r for r in rows if r["what"] == "total" and r["key"] == "awards"]
    assert int(total["atLeast"]) == len(demo.registry.awards)
    assert sum(int(r["atLeast"]) for r in rows if r["what"] == "badge") == len(demo.registry.awards)
    assert all(r["more"] in ("", "yes") for r in rows)
    assert not any(re.match("[=+@-]", cell) for r in rows for cell in r.values())


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, dict[str, bytes]]:
    """A site with more awards in one year than fit on a page, and more people than fit on one."""
    folder = tmp_path_factory.mktemp("busy")
    generate(folder / "site", 1600, 1800, host="plain")
    checked = check(folder / "site")
    assert checked.registry is not None
    build(checked, folder / "public")
    files = (p for p in (folder / "public").rglob("*.html") if p.is_file())
    return checked.registry, {p.relative_to(folder / "public").as_posix(): p.read_bytes() for p in files}


def test_a_busy_year_has_a_page_for_each_month(busy: tuple[Registry, dict[str, bytes]]) -> None:
    registry, pages = busy
    public = {a.id for a in registry.awards.values() if is_public(a)}
    assert len(public) > BUSY
    year = pages["changes/2018/index.html"]
    months = sorted(p for p in pages if re.fullmatch(r"changes/2018/\d\d/index.html", p))
    assert len(months) >= 2
    found: set[str] = set()
    for path in months:
        assert f'href="../../{path.removesuffix("index.html")}"'.encode() in year
        found |= {i for i in public if f"awards/{i}/".encode() in pages[path]}
    assert found == {a.id for a in registry.awards.values() if a.id in public and a.issued_on.year == 2018}
    assert not any(f"awards/{i}/".encode() in year for i in public)
    for path, data in pages.items():
        if path.startswith("changes/"):
            assert len(data) < 200_000, path
            assert not [i for i in registry.awards if i not in public and i.encode() in data], path


def test_a_long_list_of_people_comes_in_parts(busy: tuple[Registry, dict[str, bytes]]) -> None:
    registry, pages = busy
    listed = [p.slug for p in registry.participants.values() if is_listed(p)]
    parts = [p for p in pages if re.fullmatch(r"passports/(-/\d+/)?index.html", p)]
    assert len(parts) == -(-len(listed) // PART) > 1
    there = [{s for s in listed if f"/{s}/".encode() in pages[p]} for p in parts]
    assert all(len(some) <= PART for some in there)
    assert sum(map(len, there)) == len(listed) == len(set().union(*there))
    for some in parts:
        assert not [s for s in registry.participants if s not in listed and s.encode() in pages[some]]
