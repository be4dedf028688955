"""The conformance check-list for published files, one test a line; the numbers are those of the list."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from badge_passport.credentials import baking
from demo import Demo

ADDRESSES = json.loads((Path(__file__).parents[1] / "data" / "demo-addresses.json").read_text("utf-8"))
OWN_JSON = "search/search_index.json"  # MkDocs' own file: no document, but a list of texts


@pytest.fixture(scope="module")
def documents(demo: Demo) -> dict[str, Any]:
    """Path to value of every JSON document of the site."""
    found = {}
    for file in demo.files("*.json"):
        if file.name == "oembed.json":  # speaks of a page, and is no document of ours
            continue
        path = file.relative_to(demo.public).as_posix()
        if "/other/" not in path and not path.endswith(OWN_JSON):  # what others issued is theirs
            found[path] = json.loads(file.read_bytes())
    assert len(found) > 150
    return found


@pytest.fixture(scope="module")
def assertions(documents: dict[str, Any]) -> dict[str, Any]:
    return {p: d for p, d in documents.items() if p.endswith("/assertion.json")}


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def ids(value: Any) -> Iterator[str]:
    """Every value that names a thing: ids, and the properties that are ids by type."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"id", "@id", "badge", "issuer", "image", "criteria", "revocationList", "endorsement"}:
                yield from (i for i in (item if isinstance(item, list) else [item]) if isinstance(i, str))
            yield from ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids(item)


def test_c1_bytes(demo: Demo) -> None:
    for file in demo.files("*.json"):
        data = file.read_bytes()
        json.loads(data)
        if not file.as_posix().endswith(OWN_JSON):
            assert not re.search(rb"[^\x00-\x7f]|[&<>]", data), file


def test_c2_no_null_and_no_empty_list(documents: dict[str, Any]) -> None:
    for path, document in documents.items():
        text = json.dumps(document)
        assert "null" not in re.findall(r"[:\[,] ?(null)", text), path
        assert "[]" not in re.sub(r'"(\\.|[^"\\])*"', '""', text), path


def test_c3_ids_are_absolute_and_resolve(demo: Demo, documents: dict[str, Any]) -> None:
    seen = 0
    for path, document in documents.items():
        for name in ids(document):
            assert re.match(r"(https?://|urn:uuid:)", name), f"{path}: {name}"
            if name.startswith(demo.base):
                assert demo.path_of(name).is_file(), f"{path} names {name}"
                seen += 1
    assert seen > 500


def test_c4_the_id_of_a_document_is_its_address(demo: Demo, documents: dict[str, Any]) -> None:
    checked = [p for p, d in documents.items() if isinstance(d, dict) and "id" in d]
    for path in checked:
        assert documents[path]["id"] == demo.base + path
    # Feeds and answers of oEmbed have forms of their own, which have no id.
    others = [p for p in documents if p not in checked and not p.endswith(("feed.json", "oembed.json"))]
    assert others == ["manifest.json"]


def test_c5_nojekyll(demo: Demo) -> None:
    assert (demo.public / ".nojekyll").is_file()


def test_c6_no_private_key_material(demo: Demo) -> None:
    for file in demo.files():
        data = file.read_bytes()
        assert b"PRIVATE KEY" not in data, file
        if file.suffix == ".json":
            assert not re.search(rb'"d" ?:', data), file


def test_c9_nothing_is_from_the_future(documents: dict[str, Any]) -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    stamps = [d["issuedOn"] for d in documents.values() if "issuedOn" in d]
    assert len(stamps) > 50
    for stamp in stamps:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)
        assert stamp <= now


def test_c10a_no_control_character_but_line_feed(documents: dict[str, Any]) -> None:
    for path, document in documents.items():
        for leaf in leaves(document):
            if isinstance(leaf, str):
                assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", leaf), path


def test_c12_hosts_are_told_to_share_documents(demo: Demo) -> None:
    headers = (demo.public / "_headers").read_text()
    assert re.search(r"^/\*\n  Access-Control-Allow-Origin: \*$", headers, re.M)
    assert headers.count("Access-Control-Allow-Origin") == 1


def test_c23_issuers(demo: Demo, documents: dict[str, Any], assertions: dict[str, Any]) -> None:
    issuers = {p: d for p, d in documents.items() if p.endswith("/issuer.json")}
    assert len(issuers) == 4
    for issuer in issuers.values():
        assert issuer["type"] == "Issuer"
        assert "publicKey" not in issuer
        assert re.fullmatch(r"[^@\s]+@[^@\s]+", issuer["email"])
        start = issuer["verification"]["startsWith"]
        assert isinstance(start, str)
        assert all(a["id"].startswith(start) for a in assertions.values())
        assert issuer["verification"]["allowedOrigins"] == "badge-passport.github.io"


def test_c24_badge_classes(documents: dict[str, Any]) -> None:
    classes = {d["id"]: d for d in documents.values() if d.get("type") == "BadgeClass"}
    assert len(classes) == (17 * 2 + 1) * 3  # current and versioned, one with two versions, three languages
    for badge in classes.values():
        assert badge["image"]["id"].endswith("/image.png")
        assert badge["image"]["caption"]
        assert badge["criteria"]["id"] or badge["criteria"]["narrative"]
        assert badge["@language"] in {"en", "fr", "ar"}
        assert isinstance(badge["issuer"], str)
        for other in badge["related"]:
            back = classes[other["id"]]
            assert back["@language"] == other["@language"] != badge["@language"]
            assert badge["id"] in {r["id"] for r in back["related"]}
        for aligned in badge.get("alignment", []):
            assert aligned["targetUrl"].startswith(("http://", "https://"))
            assert aligned["targetName"]
            assert "targetType" not in aligned


def test_c25_revoked_assertions_are_stubs_and_listed(demo: Demo, assertions: dict[str, Any]) -> None:
    stubs = {d["id"] for d in assertions.values() if d.get("revoked")}
    assert len(stubs) >= 3
    listed: set[str] = set()
    for file in demo.files("revocations.json"):
        entries = json.loads(file.read_bytes())["revokedAssertions"]
        listed |= {e["id"] for e in entries if isinstance(e, dict)}
        assert len(entries) != 1 or isinstance(entries[0], str)
    assert listed == stubs
    for document in assertions.values():
        if document.get("revoked"):
            assert set(document) <= {"@context", "type", "id", "revoked", "revocationReason"}
            folder = demo.path_of(document["id"]).parent
            assert not list(folder.glob("badge.*")), "a withdrawn badge must not be there to download"


def test_c26_identities(demo: Demo, assertions: dict[str, Any]) -> None:
    known = {
        "sha256$" + hashlib.sha256((a["address"].strip().lower() + a["salt"]).encode()).hexdigest(): a["salt"]
        for addresses in ADDRESSES.values()
        for a in addresses
    }
    salts: Counter[str] = Counter()
    for document in assertions.values():
        if "recipient" in document:
            recipient = document["recipient"]
            assert set(recipient) == {"type", "hashed", "salt", "identity"}
            assert recipient["hashed"] is True
            assert known[recipient["identity"]] == recipient["salt"]
            assert len(recipient["salt"]) >= 16
            salts[recipient["salt"]] += 1
    assert len(set(known.values())) == len(known), "every identity has a salt of its own"
    assert len(salts) >= 12


def test_c28_expiry_follows_issue(assertions: dict[str, Any]) -> None:
    expiring = [d for d in assertions.values() if "expires" in d]
    assert len(expiring) >= 5
    for document in expiring:
        assert document["expires"] > document["issuedOn"]


def test_c70_c71_baked_images_hold_the_assertion(demo: Demo, assertions: dict[str, Any]) -> None:
    kinds: Counter[str] = Counter()
    for path, document in assertions.items():
        folder = (demo.public / path).parent
        for file in folder.glob("badge.*"):
            data = file.read_bytes()
            if file.suffix == ".png":
                assert data.count(b"iTXtopenbadges\0\0\0\0\0") == 1
                baked = baking.unbake_png(data)
                assert len(data) < 40_000, "class images are palette PNGs of at most 512 px"
            else:
                baked = baking.unbake_svg(data)
                assert data.index(b"<svg") < 256
            assert set(baked) == {"openbadges"}
            assert json.loads(baked["openbadges"]) == document
            kinds[file.suffix] += 1
    assert kinds[".png"] > 50 and kinds[".svg"] > 50, kinds


def test_c83_award_pages_have_a_card_and_no_identifier(demo: Demo, assertions: dict[str, Any]) -> None:
    for path, document in assertions.items():
        html = (demo.public / path).with_name("index.html").read_text("utf-8")
        for name in ("og:title", "og:description", "og:image", "og:url"):
            assert f'<meta property="{name}" content="' in html
        if "recipient" in document:
            assert document["recipient"]["identity"] not in html
            assert document["recipient"]["salt"] not in html


def test_every_internal_link_of_every_page_resolves(demo: Demo) -> None:
    from html.parser import HTMLParser
    from urllib.parse import unquote, urljoin

    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.links: list[str] = []
            self.ids: set[str] = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name in ("href", "src") and value:
                    self.links.append(value)
                if name == "id" and value:
                    self.ids.add(value)

    pages: dict[str, Links] = {}
    for file in demo.files("*.html"):
        parser = Links()
        parser.feed(file.read_text("utf-8"))
        pages[file.relative_to(demo.public).as_posix()] = parser
    count = 0
    for path, parser in pages.items():
        if path.startswith("assets/"):
            continue  # a piece of a page, which is put into others
        if path == "404.html":
            continue  # its links are absolute, for it is served at any depth
        for link in parser.links:
            target = urljoin(demo.base + path, link)
            if not target.startswith(demo.base):
                continue
            # What follows a question mark is for the script of the page.
            file = demo.path_of(unquote(re.sub(r"\?[^#]*", "", target)))
            assert file.is_file(), f"{path} links to {link}"
            fragment = target.partition("#")[2]
            name = file.relative_to(demo.public).as_posix()
            # Material's own, and what the verify page is to verify.
            if fragment and name in pages and not fragment.startswith(("__", "url=")):
                assert fragment in pages[name].ids, f"{path} links to {link}"
            count += 1
    assert count > 10_000
