"""Private passports: nobody reads anything of them without the key, and with it everything is there."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.registry.entities import Participant
from closed_fixtures import BEFORE, KEY, PERSON, build_with, close_passport
from demo import PASSPORTS_KEY, SEALS, Demo
from hunting import contents, forms

LANGUAGES = ("en", "fr", "ar")
PAGES = [
    ("" if tag == "en" else f"{tag}/") + f"passports/{slug}/"
    for tag in LANGUAGES
    for slug in (PERSON, BEFORE)
]
ARCHIVE = f"passports/{PERSON}/badges.enc"


@dataclass(frozen=True)
class Closed:
    """The built site, its source, and all its files with what is compressed in them laid open."""

    source: Path
    public: Path
    registry: Registry
    files: Mapping[str, bytes]

    @property
    def person(self) -> Participant:
        return self.registry.participants[PERSON]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    folder = tmp_path_factory.mktemp("closed")
    source = close_passport(folder / "source")
    build_with(source, folder / "public")
    registry = check(source).registry
    assert registry is not None
    public = folder / "public"
    files = {p.relative_to(public).as_posix(): contents(p) for p in public.rglob("*") if p.is_file()}
    return Closed(source, public, registry, files)


def sealed(page: bytes) -> bytes:
    found = re.search(rb"data-sealed>([A-Za-z0-9+/=]+)</script>", page)
    assert found
    return base64.b64decode(found[1])


def unsealed(data: bytes, path: str, fragment: str = KEY) -> bytes:
    key = base64.urlsafe_b64decode(fragment.removeprefix("#key=") + "=")
    return AESGCM(key).decrypt(data[:12], data[12:], path.encode())


def opened(closed: Closed, path: str) -> Any:
    return json.loads(zlib.decompress(unsealed(sealed(closed.files[path + "index.html"]), path)))


def texts(person: Participant) -> Iterator[str]:
    """Everything a person said of themselves, in every language."""
    record = person.record
    assert record.name and record.bio
    yield record.name
    yield from record.bio.root.values()
    for link in record.links:
        yield link.url
        yield from link.name.root.values()
    for collection in record.collections:
        yield from collection.name.root.values()
        assert collection.description is not None
        yield from collection.description.root.values()
    for other in record.other_badges:
        yield from other.name.root.values()
        yield from other.issuer_name.root.values()
    for page in person.pages:
        yield from (line for line in re.findall(r"[^\n*{}“”\"]{30,}", page.text) if "{" not in line)


def test_nothing_of_the_person_is_readable(closed: Closed) -> None:
    people = closed.source / "content/participants"
    theirs = [p for p in people.iterdir() if p.is_file() and PERSON not in p.name]
    others = "".join(p.read_text(encoding="utf-8") for p in theirs)
    # One sentence of hers is somebody else's as well, who shows it.
    secrets = {t for text in texts(closed.person) if (t := html.unescape(text).strip()) not in others}
    assert len(secrets) > 30
    for secret in secrets:
        wanted = forms(secret)
        for path, data in closed.files.items():
            for form in wanted:
                assert form not in data, f"{secret} in {path}"


def test_no_picture_and_no_file_of_the_person_is_readable(closed: Closed) -> None:
    """Neither as it was given nor as an open passport would publish it, whole or in part."""
    from badge_passport.credentials.published import copies
    from badge_passport.urls import Urls

    kept = dict(copies(Urls.of(closed.registry.site.url, "en"), closed.person))
    assert len(kept) >= 4
    for data in [*kept.values(), *closed.person.kept.values()]:
        middle = len(data) // 2
        for piece in (data[middle : middle + 48], data[-60:-12]):
            for form in (piece, base64.b64encode(piece)[4:-4], piece.hex().encode()):
                for path, published in closed.files.items():
                    assert form not in published, path


def test_nothing_leads_to_the_passport_or_gathers_its_badges(closed: Closed) -> None:
    awards = [award.id for award in closed.registry.awards_by_participant[PERSON]]
    assert len(awards) == 9
    folders = [f"passports/{PERSON}/", f"passports/{BEFORE}/"]
    for path, data in closed.files.items():
        own = next((a for a in awards if f"awards/{a}/" in path), None)
        for award in awards:
            assert award == own or award.encode() not in data, f"{award} in {path}"
        if not any(folder in path for folder in folders):
            assert PERSON.encode() not in data and BEFORE.encode() not in data, path
    there = {p for p in closed.files if any(folder in p for folder in folders)}
    assert there == {p + "index.html" for p in PAGES} | {ARCHIVE}


def test_the_page_around_it_says_nothing(closed: Closed) -> None:
    for path in PAGES:
        page = closed.files[path + "index.html"]
        assert b'<meta name="robots" content="noindex">' in page
        assert b"ld+json" not in page and b"oembed" not in page and b"og:image" not in page
        assert b"<title>A private passport - " in page or not path.startswith("passports/")
    around = {re.sub(rb"data-sealed>[^<]+", b"", closed.files[p + "index.html"]) for p in PAGES[:2]}
    assert len({page.replace(BEFORE.encode(), PERSON.encode()) for page in around}) == 1
    assert PERSON not in (closed.public / "sitemap.xml").read_text()


def test_with_the_key_everything_is_there(closed: Closed) -> None:
    for path in PAGES:
        said = opened(closed, path)
        record = closed.person.record
        assert record.name in said["title"] and record.name in said["html"]
        assert said["html"].count("data:image/jpeg;base64,") >= 1
        assert (
            "data:application/pdf;base64," in said["html"] and "data:application/json;base64," in said["html"]
        )
        for award in closed.registry.awards_by_participant[PERSON]:
            assert f"awards/{award.id}/" in said["html"]
        for link in re.findall(r'(?:href|src)="([^"]+)"', said["html"]):
            assert "passport.json" not in link and "photo.jpg" not in link and "feed" not in link
    assert "My toolbox" in opened(closed, PAGES[0])["html"]


def test_every_link_of_an_opened_passport_leads_somewhere(closed: Closed) -> None:
    for path in PAGES:
        for link in re.findall(r'(?:href|src)="(\.\./[^"#?]+)', opened(closed, path)["html"]):
            target = Path(path, link)
            parts: list[str] = []
            for part in target.parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            file = "/".join(parts) + ("/index.html" if link.endswith("/") else "")
            assert file in closed.files, f"{link} on {path}"


def test_the_archive_has_what_an_open_passport_has_beside_it(closed: Closed, signed_demo: Demo) -> None:
    with zipfile.ZipFile(io.BytesIO(unsealed(closed.files[ARCHIVE], ARCHIVE))) as archive:
        names = set(archive.namelist())
        about = json.loads(archive.read("passport.json"))
    here = signed_demo.public / "passports" / PERSON
    with zipfile.ZipFile(here / "badges.zip") as plain:
        wanted = set(plain.namelist())
    wanted |= {p.relative_to(here).as_posix() for p in here.rglob("*.*") if p.is_file()}
    left_out = {"badges.zip", "card.png", "feed.xml", "oembed.json", "index.html"}
    wanted = {w for w in wanted if not w.endswith("index.html") and w not in left_out}
    assert names == wanted
    assert about["name"] == closed.person.record.name and len(about["awards"]) == 9


def test_each_page_opens_only_where_it_belongs(closed: Closed, demo: Demo) -> None:
    seen = {path: sealed(closed.files[path + "index.html"]) for path in PAGES}
    assert len({data[:12] for data in seen.values()}) == len(seen)
    assert len(set(seen.values())) == len(seen)
    with pytest.raises(InvalidTag):
        unsealed(seen[PAGES[0]], PAGES[1])
    with pytest.raises(InvalidTag):
        unsealed(seen[PAGES[0]], PAGES[0], SEALS.of("k4tz-8wnr-m2ha").fragment)
    other = "passports/k4tz-8wnr-m2ha/"
    data = sealed((demo.public / other / "index.html").read_bytes())
    assert b"Lune" in zlib.decompress(unsealed(data, other, SEALS.of("k4tz-8wnr-m2ha").fragment))


def test_award_pages_name_nobody(closed: Closed) -> None:
    for award in closed.registry.awards_by_participant[PERSON]:
        page = closed.files[f"awards/{award.id}/index.html"].decode()
        assert "a participant" in page and 'content="noindex"' in page


def test_two_builds_are_the_same_and_another_secret_is_another_site(closed: Closed, tmp_path: Path) -> None:
    for secret, same in ((PASSPORTS_KEY, True), ("38" * 32, False)):
        public = tmp_path / secret[:2]
        build_with(closed.source, public, secret)
        differing = {
            p.relative_to(public).as_posix()
            for p in public.rglob("*")
            if p.is_file() and p.read_bytes() != (closed.public / p.relative_to(public)).read_bytes()
        }
        own = {p + "index.html" for p in PAGES} | {ARCHIVE}
        if same:
            assert differing == set()
        else:
            others = {p for p in differing if "k4tz-8wnr-m2ha" in p}
            assert differing == own | others | {"manifest.json", "sw.js"}


def test_without_the_secret_there_is_no_page_and_the_build_says_so(closed: Closed, tmp_path: Path) -> None:
    said = build_with(closed.source, tmp_path / "public", "")
    assert "2 private passports are left out" in said and "`passport people link`" in said
    assert not (tmp_path / "public" / "passports" / PERSON).exists()
    assert list((tmp_path / "public").rglob("*.enc")) == []


def test_the_secret_may_lie_beside_the_keys(closed: Closed, tmp_path: Path) -> None:
    import shutil

    from badge_passport.cli.building import build_site

    shutil.copytree(closed.source, tmp_path / "site")
    (tmp_path / "site/private").rename(tmp_path / "server")
    (tmp_path / "server/passports.key").write_text(PASSPORTS_KEY + "\n", encoding="ascii")
    assert build_site(tmp_path / "site", tmp_path / "public", "json", tmp_path / "server/keys")
    here = tmp_path / "public" / PAGES[0] / "index.html"
    assert here.read_bytes() == closed.files[PAGES[0] + "index.html"]
