"""New participants: slugs that nobody guesses, salts, and files that say nothing."""

from __future__ import annotations

from itertools import cycle, pairwise

import pytest

from badge_passport.credentials.identity import is_recipient
from badge_passport.desk.people.identities import with_addresses
from badge_passport.desk.people.newcomers import new_person, new_salt, new_slug
from badge_passport.model import records as r
from badge_passport.model.values import is_slug
from badge_passport.source import yaml


def test_slugs_are_drawn_evenly_and_never_twice() -> None:
    seen: set[str] = set()
    for _ in range(500):
        seen.add(new_slug(seen))
    assert len(seen) == 500
    assert all(is_slug(slug) and len(slug) == 14 for slug in seen)
    letters = [c for slug in seen for c in slug if c != "-"]
    assert min(letters.count(c) for c in set(letters)) > 100  # 200 of each are expected
    assert not set(letters) & set("01ilou")


def test_a_slug_that_is_taken_is_drawn_again() -> None:
    bytes_of = cycle(range(250))
    first = new_slug((), lambda n: bytes([next(bytes_of) for _ in range(n)]))
    bytes_of = cycle(range(250))
    assert new_slug({first}, lambda n: bytes([next(bytes_of) for _ in range(n)])) != first


def test_salts_differ() -> None:
    salts = sorted(new_salt() for _ in range(100))
    assert all(a != b and len(a) == 32 for a, b in pairwise(salts))


def test_the_file_of_a_new_person_has_hashes_alone() -> None:
    data = new_person("amira@example.org", "fr", label="home", further=[("a.k@example.org", "school")])
    assert b"@" not in data
    value, problems = yaml.load(data.decode(), "p.yml")
    assert problems == []
    person = r.ParticipantRecord.model_validate(value)
    assert (person.name, person.display, person.visibility, person.language) == (
        None,
        "none",
        "unlisted",
        "fr",
    )
    for identity, address, label in zip(
        person.identities, ("amira@example.org", "a.k@example.org"), ("home", "school"), strict=True
    ):
        assert is_recipient(address, identity.salt, identity.identity)
        assert identity.label == label
    assert person.identities[0].salt != person.identities[1].salt


@pytest.mark.parametrize("label", ["home", "address-2", "true", "null", "1", "1e3", "0x1"])
def test_a_label_is_read_as_the_text_it_is(label: str) -> None:
    value, problems = yaml.load(new_person("a@example.org", label=label).decode(), "p.yml")
    assert problems == []
    assert value["identities"][0]["label"] == label


ENDS = {
    "ours": b"identities:\n  - identity: x\n    salt: y\n",
    "flow": b"# mine\nidentities: [{identity: x, salt: y}] # here\nname: A\n",
    "middle": b"identities:\n- identity: x   # one\n  salt: y\nname: A\n",
    "no line end": b"identities:\n  - identity: x\n    salt: y",
}


@pytest.mark.parametrize("data", ENDS.values(), ids=ENDS)
def test_another_address_is_added_wherever_identities_stand(data: bytes) -> None:
    before, _ = yaml.load(data.decode(), "p.yml")
    made = with_addresses(data, [("b@example.org", "work")])
    after, problems = yaml.load(made.decode(), "p.yml")
    assert problems == []
    *old, new = after.pop("identities")
    assert old == before.pop("identities") and after == before
    assert is_recipient("b@example.org", new["salt"], new["identity"]) and new["label"] == "work"
    assert made.count(b"#") == data.count(b"#")


def test_a_salt_is_never_a_number_to_yaml() -> None:
    drawn = iter(map(bytes.fromhex, ("1234567890" * 3 + "12", "12e4" * 8, "12a4" * 8)))
    assert new_salt(lambda _: next(drawn)) == "12a4" * 8
