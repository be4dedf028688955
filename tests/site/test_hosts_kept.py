"""What a host rendered is remembered: the same for the same question, and asked again for any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from badge_passport.pages.hosts import Hosted, Request
from badge_passport.pages.hosts.asking import request
from badge_passport.pages.hosts.kept import Remembering
from badge_passport.pages.hosts.plain import host
from badge_passport.pipeline import check, planned
from minimal import MINIMAL


class Counted:
    """The plain host, and how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, request: Request) -> Hosted:
        self.times += 1
        return host(request)


@pytest.fixture(scope="module")
def asked() -> Request:
    plan = planned(check(MINIMAL))
    return request(plan.registry, plan.urls, plan.readers, "en", plan.theme)


def same(one: Hosted, other: Hosted) -> bool:
    return one.shell.html == other.shell.html and dict(one.files) == dict(other.files)


def test_asked_again_it_is_not_made_again(tmp_path: Path, asked: Request) -> None:
    counted = Counted()
    first = Remembering(counted, tmp_path)(asked)
    again = Remembering(counted, tmp_path)(asked)
    assert counted.times == 1
    assert same(first, host(asked)) and same(again, first)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another"},
        {"notice": "Preview"},
        {"many_people": True},
        {"options": {"nav": []}},
        {"search": [{"location": "x/", "title": "X", "text": ""}]},
        {"assets": {"logo.svg": b"<svg/>"}},
    ],
)
def test_any_other_question_is_asked(tmp_path: Path, asked: Request, change: dict[str, object]) -> None:
    counted = Counted()
    Remembering(counted, tmp_path)(asked)
    other = replace(asked, **change)
    assert same(Remembering(counted, tmp_path)(other), host(other))
    assert counted.times == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_what_is_damaged_is_not_used(tmp_path: Path, asked: Request, damage: str) -> None:
    counted = Counted()
    Remembering(counted, tmp_path)(asked)
    [file] = tmp_path.glob("host-*.bin")
    data = file.read_bytes()
    file.write_bytes(
        {
            "cut": data[:-10],
            "flipped": data[:300] + bytes([data[300] ^ 1]) + data[301:],
            "empty": b"",
            "foreign": data.replace(b"host 1", b"host 0", 1),
        }[damage]
    )
    assert same(Remembering(counted, tmp_path)(asked), host(asked))
    assert counted.times == 2
