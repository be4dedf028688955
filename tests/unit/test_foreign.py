"""What documents of strangers say of people, and how a badge of another issuer is read."""

from __future__ import annotations

import base64
import datetime
import json
import random

import pytest

from badge_passport.credentials.fetching import FetchError
from badge_passport.desk.importing.adopting import adopt
from badge_passport.desk.importing.foreign import Refused, foreign
from badge_passport.pipeline import check
from badge_passport.registry.strangers import document_of, names_in, opened, plain_addresses_of
from foreign_fixtures import DEMO_PERSON, EMAIL, ROOT, as_token, credential, demo_credential, signed
from minimal import CheckSite, MakeSite

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def silent(url: str) -> bytes:
    raise FetchError(f"{url} does not answer.")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"issuer": {"email": "us@example.org"}}, []),
        ({"issuer": {"name": "us@example.org"}}, ["us@example.org"]),
        ({"type": "Issuer", "email": "us@example.org"}, []),
        ({"type": ["Profile", "Other"], "email": "us@example.org"}, []),
        ({"type": "Assertion", "email": "me@example.org"}, ["me@example.org"]),
        ({"credentialSubject": {"type": "Profile", "email": "me@example.org"}}, ["me@example.org"]),
        ({"recipient": {"identity": "me@example.org"}}, ["me@example.org"]),
        ({"a": [[{"b": "write to me%40example.org now"}]]}, ["me%40example.org"]),
        ({"me@example.org": 1}, ["me@example.org"]),
        ({"id": "mailto:me@example.org"}, ["me@example.org"]),
        ({"id": f"data:application/vc+jwt,{part({'alg': 'x'})}.{part({'sub': 'me@x.org'})}.s"}, ["me@x.org"]),
        ({"proof": {"jwt": f"{part({})}.{part({'vc': {'issuer': {'email': 'us@x.org'}}})}.s"}}, []),
        ({"name": "nobody at example.org"}, []),
    ],
)
def test_addresses_of_people_are_found(document: dict[str, object], found: list[str]) -> None:
    assert list(plain_addresses_of(document)) == found


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"credentialSubject": {"name": "Ada"}}, ["Ada"]),
        ({"credentialSubject": [{"givenName": "Ada", "familyName": "L"}]}, ["Ada", "L"]),
        ({"credentialSubject": {"identifier": {"identityType": "name", "identityHash": "Ada"}}}, ["Ada"]),
        (
            {"credentialSubject": {"identifier": [{"identityType": "emailAddress", "identityHash": "sha"}]}},
            [],
        ),
        ({"recipient": {"name": "Ada"}}, ["Ada"]),
        ({"extensions:recipientProfile": {"name": "Ada"}}, ["Ada"]),
        ({"credentialSubject": {"achievement": {"name": "Ada"}}}, []),
        (
            {"id": f"data:application/vc+jwt,{part({})}.{part({'credentialSubject': {'name': 'Ada'}})}.s"},
            ["Ada"],
        ),
        ({"credentialSubject": "Ada", "recipient": ["Ada"], "name": "Ada"}, []),
    ],
)
def test_names_of_people_are_found(document: dict[str, object], found: list[str]) -> None:
    assert sorted(names_in(document)) == sorted(found)


def test_only_objects_are_documents() -> None:
    assert document_of(b"[]") is None
    assert document_of(b"\xff") is None
    assert document_of(b"[" * 100_000) is None
    deep = document_of(b'{"a":' * 500 + b'"x@example.org"' + b"}" * 500)
    assert deep is not None and list(plain_addresses_of(deep)) == ["x@example.org"]
    assert opened({"id": "data:application/vc+jwt,x"}) == {"id": "data:application/vc+jwt,x"}


def test_the_same_badge_gives_the_same_change(checked: CheckSite) -> None:
    site = checked()
    person = site.registry.participants["amira"]
    made = []
    for _ in range(2):
        badge = foreign(signed(credential()), silent, site.registry, [EMAIL], NOW)
        adopted, problems = adopt(site.tree, person, badge, [], NOW.date())
        assert problems == []
        made.append(adopted.files)
    assert made[0] == made[1]
    assert len(made[0]) == 3


def test_a_picture_that_is_not_there_is_said(checked: CheckSite) -> None:
    site = checked()
    document = credential()
    document["credentialSubject"]["achievement"]["image"] = {
        "id": "https://example.org/x.png",
        "type": "Image",
    }
    badge = foreign(signed(document), silent, site.registry, [EMAIL], NOW)
    assert badge.picture is None
    adopted, _ = adopt(site.tree, site.registry.participants["amira"], badge, [], NOW.date())
    assert "https://example.org/x.png does not answer" in adopted.notes[0]


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_to_a_badge_is_a_fault_of_ours(seed: int, checked: CheckSite) -> None:
    chance, site = random.Random(seed), checked()
    good = [signed(credential()), as_token()]
    refused = 0
    for _ in range(40):
        data = bytearray(chance.choice(good))
        at = chance.randrange(len(data))
        data[at : at + chance.randint(1, 9)] = chance.choice([b"", b"[]", b'"', b"null", b"\xff", b"{", b"@"])
        try:
            foreign(bytes(data), silent, site.registry, [EMAIL], NOW, unverified=True)
        except Refused as found:
            refused += 1
            assert all(problem.code.startswith("foreign-") and problem.help for problem in found.problems)
    assert refused > 30


def entry(**more: str) -> str:
    values = {"name": "N", "issuerName": "I", "issuedOn": "2020-01-01", **more}
    return "otherBadges: [{" + ", ".join(f"{k}: {v}" for k, v in values.items()) + "}]\n"


@pytest.mark.parametrize(
    ("written", "files", "codes"),
    [
        (entry(url="https://example.org/"), {}, []),
        (entry(), {}, ["missing-key"]),
        (entry(file="x.json"), {"x.json": "{}"}, []),
        (entry(file="x.json"), {}, ["foreign-file"]),
        (entry(file="x.json"), {"x.json": "[1]"}, ["foreign-file"]),
        (
            entry(file="x.json"),
            {"x.json": "{}", "x.badge.json": "{}", "x.issuer.json": "no"},
            ["foreign-file"],
        ),
        (entry(file="x.json"), {"x.json": "{}", "y.json": "{}"}, ["misplaced-file"]),
        (entry(file="x.json"), {"x.json": "{}", "x.svg": "<svg/>"}, ["misplaced-file"]),
        (entry(file="x.json", image="x.png"), {"x.json": "{}"}, ["image-not-found"]),
        (entry(file="x.json", image="x.png"), {"x.json": "{}", "x.png": "no"}, ["image-type"]),
        (
            entry(file="x.json", image="x.png"),
            {"x.json": "{}", "x.png": '<svg xmlns="http://www.w3.org/2000/svg"/>'},
            ["image-type"],
        ),
        (entry(file="../x.json"), {}, ["bad-slug"]),
        (entry(file="x.badge.json"), {"x.badge.json": "{}"}, ["bad-slug"]),
        (entry(file="x.json"), {"x.json": " " * 1_100_000}, ["file-too-large", "foreign-file"]),
    ],
)
def test_what_stands_beside_a_person(
    make_site: MakeSite, written: str, files: dict[str, str], codes: list[str]
) -> None:
    site = make_site({f"content/participants/amira/{name}": text for name, text in files.items()})
    with (site / "content/participants/amira.yml").open("a") as person:
        person.write(written)
    found = [d.code for d in check(site).diagnostics]
    assert found == codes or sorted(found) == sorted(codes)


def test_files_of_nobody_are_misplaced(checked: CheckSite) -> None:
    site = checked({"content/participants/nobody/x.json": "{}"})
    assert [d.code for d in site.diagnostics] == ["misplaced-file"]


def test_the_badge_of_the_demonstration_is_the_one_of_its_maker() -> None:
    [kept] = (ROOT / "content/participants" / DEMO_PERSON).glob("*.json")
    assert kept.read_bytes() == demo_credential()
