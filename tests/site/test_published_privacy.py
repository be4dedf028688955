"""A hunt, byte by byte, for what must never be published: addresses, withheld names, unlisted pages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import urllib.parse

import pytest

from badge_passport.registry.privacy import has_passport, is_listed, is_public, on_passport, shown_name
from demo import ROOT, Demo
from hunting import contents, forms

ADDRESSES = json.loads((ROOT / "tests" / "data" / "demo-addresses.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def published(demo: Demo) -> dict[str, bytes]:
    return {p.relative_to(demo.public).as_posix(): contents(p) for p in demo.files()}


def test_the_hunter_finds_what_it_hunts_for() -> None:
    secret = "amira@example.org"
    hidden = [
        b"x" + base64.b64encode(b"ab" + secret.encode() + b"cd"),
        b"&#97;" + "".join(f"&#{ord(c)};" for c in secret).encode(),
        urllib.parse.quote(secret, safe="").encode(),
    ]
    for data in hidden:
        assert any(form in data for form in forms(secret)), data


def test_no_address_of_a_participant_in_any_encoding(published: dict[str, bytes]) -> None:
    addresses = {a["address"] for people in ADDRESSES.values() for a in people}
    assert len(addresses) >= 14
    for address in addresses:
        bare_hashes = {
            hashlib.new(kind, address.encode()).hexdigest().encode() for kind in ("md5", "sha1", "sha256")
        }
        for path, data in published.items():
            for form in forms(address) | bare_hashes:
                assert form not in data, f"{address} as {form!r} in {path}"


def test_no_address_at_all_but_the_issuers_contacts(demo: Demo, published: dict[str, bytes]) -> None:
    contacts = {i.record.email for i in demo.registry.issuers.values()}
    for path, data in published.items():
        if path.endswith((".js", ".css", ".map", ".png")):
            continue
        for found in re.findall(rb"[\w.+-]+(?:@|%40|&#64;)[\w-]+\.[a-z]{2,}", data):
            assert found.decode() in contacts, f"{found!r} in {path}"
            # Open Badges 2.0 wants it in the profile; the page of an award says where its holder may write.
            answered = re.fullmatch(r"(?:\w+/)?awards/\w+/index\.html|assets/claim/[\w.-]+\.html", path)
            assert path.endswith("issuer.json") or answered, path


def test_no_name_without_consent(demo: Demo, published: dict[str, bytes]) -> None:
    hidden = {
        p.record.name
        for p in demo.registry.participants.values()
        if p.record.name and (shown_name(p) != p.record.name or not has_passport(p))
    }
    assert hidden, "the demo shows nobody whose name is withheld"
    for name in hidden:
        for path, data in published.items():
            for form in forms(name):
                assert form not in data, f"{name} in {path}"


def test_an_award_page_names_its_holder_only_if_accepted(demo: Demo) -> None:
    checked = 0
    for award in demo.registry.awards.values():
        if on_passport(award) and award.in_force:
            continue
        html = (demo.public / "awards" / award.id / "index.html").read_text("utf-8")
        for name in filter(None, (award.participant.record.name, award.participant.record.pseudonym)):
            if not on_passport(award):
                assert name not in html
                checked += 1
        if not on_passport(award):
            assert f"passports/{award.participant.slug}/" not in html
    assert checked >= 3


def test_unlisted_people_are_in_no_list(demo: Demo, published: dict[str, bytes]) -> None:
    """Neither their slug nor the ids of their awards stand anywhere but on their own pages."""
    unlisted = [p for p in demo.registry.participants.values() if not is_listed(p)]
    assert len(unlisted) >= 2
    for person in unlisted:
        own = [a.id for a in demo.registry.awards_by_participant.get(person.slug, ())]
        folders = {f"passports/{person.slug}/", *(f"awards/{i}/" for i in own)}
        for path, data in published.items():
            if any(folder in path for folder in folders):
                continue
            assert person.slug.encode() not in data, f"{person.slug} in {path}"
            for award_id in own:
                withdrawn = not demo.registry.awards[award_id].in_force
                if withdrawn and path.endswith("revocations.json"):
                    continue  # a verifier must be able to find it, and the page names nobody
                endorsed = any(e.award and e.award.id == award_id for e in demo.registry.endorsements)
                assert award_id.encode() not in data or endorsed, f"{award_id} in {path}"


def test_unlisted_pages_ask_not_to_be_indexed(demo: Demo) -> None:
    sitemap = (demo.public / "sitemap.xml").read_text()
    for award in demo.registry.awards.values():
        html = (demo.public / "awards" / award.id / "index.html").read_text("utf-8")
        assert ('<meta name="robots" content="noindex">' in html) is not is_public(award)
        assert (f"awards/{award.id}/" in sitemap) is is_public(award)
    for person in demo.registry.participants.values():
        page = demo.public / "passports" / person.slug / "index.html"
        assert ('content="noindex"' in page.read_text("utf-8")) is not is_listed(person)


def test_hidden_evidence_is_nowhere(demo: Demo, published: dict[str, bytes]) -> None:
    hidden = [
        (award, item)
        for award in demo.registry.awards.values()
        for item in award.record.evidence
        if item.hidden
    ]
    assert hidden
    for _, item in hidden:
        secrets = [item.url] if item.url else []
        for text in (item.name, item.description, item.narrative):
            secrets += text.root.values() if text else []
        assert secrets
        for path, data in published.items():
            for secret in secrets:
                if len(secret) > 20 or "://" in secret:
                    assert secret.encode() not in data, f"{secret} in {path}"


def test_lists_hold_digests(demo: Demo) -> None:
    register = demo.json("register.json")
    entries = {e["award"]: e for e in register["awards"]}
    assert len(entries) == len(demo.registry.awards)
    for award in demo.registry.awards.values():
        entry = entries["sha256$" + hashlib.sha256(award.id.encode()).hexdigest()]
        data = (demo.public / "awards" / award.id / "assertion.json").read_bytes()
        assert entry["assertion"] == "sha256$" + hashlib.sha256(data).hexdigest()
        assert ("id" in entry) is is_public(award)
    manifest = demo.json("manifest.json")["files"]
    for file in demo.files():
        path = file.relative_to(demo.public).as_posix()
        if path != "manifest.json":
            named = hashlib.sha256(path.encode()).hexdigest()
            assert manifest.pop(named) == hashlib.sha256(file.read_bytes()).hexdigest()
    assert manifest == {}
