"""Award ids: what every published badge is known by, for ever."""

from __future__ import annotations

import datetime
import itertools
import re

import pytest

from badge_passport.registry.ids import CROCKFORD, award_id
from minimal import CheckSite

DAY = datetime.date(2019, 6, 18)


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (("demo", "harbour", "listener", "amira", DAY, None), "5CR7K5M1Y5JADXXN"),
        (("demo", "harbour", "listener", "amira", DAY, 2), "XX6XHMNV9QP9K0CF"),
        (("demo", "harbour", "listener", "amira", None, None), "12KH1V8EP2TZ3PRF"),
        (("مرفأ", "harbour", "listener", "amira", DAY, None), "MGGVY0J1C32HEMS4"),
    ],
)
def test_known_answers(
    arguments: tuple[str, str, str, str, datetime.date | None, int | None], known: str
) -> None:
    # These must never change: published badges have such addresses.
    assert award_id(*arguments) == known


def test_form() -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{32}", CROCKFORD)
    for number in range(1, 1000):
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", award_id("n", "i", "b", "p", DAY, number))


def test_every_part_counts() -> None:
    base = ("n", "i", "b", "p", DAY, None)
    others = [
        ("m", "i", "b", "p", DAY, None),
        ("n", "j", "b", "p", DAY, None),
        ("n", "i", "c", "p", DAY, None),
        ("n", "i", "b", "q", DAY, None),
        ("n", "i", "b", "p", datetime.date(2019, 6, 19), None),
        ("n", "i", "b", "p", None, None),
        ("n", "i", "b", "p", DAY, 2),
        ("n", "b", "i", "p", DAY, None),
        ("n", "i", "bp", "p", DAY, None),
        ("n", "ib", "b", "p", DAY, None),
    ]
    assert len({award_id(*a) for a in [base, *others]}) == len(others) + 1


def test_the_first_of_several_is_number_one() -> None:
    assert award_id("n", "i", "b", "p", DAY, None) == award_id("n", "i", "b", "p", DAY, 1)


def test_no_collisions() -> None:
    people, days = [f"p{n}" for n in range(1000)], [DAY + datetime.timedelta(n) for n in range(100)]
    ids = {award_id("n", "i", "b", person, day, None) for person, day in itertools.product(people, days)}
    assert len(ids) == 100_000
    # Every character turns up at every place, about as often as any other.
    for place in range(16):
        counts = [sum(i[place] == c for i in ids) for c in "0Z"]
        assert all(2700 < count < 3550 for count in counts)


def test_a_rename_keeps_the_ids(checked: CheckSite) -> None:
    before = checked()
    assert before.registry is not None
    wanted = {a.id for a in before.registry.awards.values() if a.participant.slug == "amira"}
    person = before.tree.files["content/participants/amira.yml"] + b"key: amira\n"
    awards = before.tree.files["content/awards/harbour/spring.yml"].replace(b"amira", b"amira-khalil")
    (before.tree.root / "content/participants/amira.yml").unlink()
    after = checked(
        {"content/participants/amira-khalil.yml": person, "content/awards/harbour/spring.yml": awards}
    )
    assert after.good
    assert after.registry is not None
    assert {a.id for a in after.registry.awards.values() if a.participant.slug == "amira-khalil"} == wanted
