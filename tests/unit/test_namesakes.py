"""Names of one person, and of two."""

from __future__ import annotations

import pytest

from badge_passport.desk.people.namesakes import alike, another


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ole Hansen", "HANSEN, Ole"),
        ("Ole Hansen", "Ole Bjørn Hansen"),
        ("O. Hansen", "Ole Hansen"),
        ("Mohamed Alaoui", "Mohammed Alaoui"),
        ("Zoë", "Zoe Martin"),
        ("أَميرة خليل", "اميره خليل"),
        ("أميرة خليل", "Amira Khalil"),
        ("", "Amira"),
    ],
)
def test_names_of_one_person(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Henrik Berg", "Sara Berg"), ("Anna Berg", "Anne Berg"), ("Ola", "Kari")]
)
def test_names_of_two(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_any_of_the_known_names_will_do() -> None:
    assert another("Sara Berg", ["", "Henrik Berg", "Sara"]) == ""
    assert another("Sara Berg", ["", "Henrik Berg"]) == "Henrik Berg"
    assert another("", ["Henrik Berg"]) == another("Sara", [""]) == ""
