"""Badges that follow from others: what counts, when it was earned, and what takes it away."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from badge_passport.pipeline import Checked
from badge_passport.registry.entities import Award
from minimal import CheckSite

TYPES = """
name: Skills
description: What people learn.
types: {participant: {name: P}, trainer: {name: T}}
levels: {A: {name: A}}
competences: {}
"""


def badge(kind: str = "participant", more: str = "") -> str:
    return f"name: x\ndescription: x\ncriteria: x\nimageCaption: x\ntype: {kind}\n{more}"


def milestone(count: int, of: str = "", distinct: str = "", more: str = "") -> str:
    rule = (
        f"count: {count}" + (f", of: [{of}]" if of else "") + (f", distinct: {distinct}" if distinct else "")
    )
    return badge(more=f"milestone: {{{rule}}}\n{more}")


def awards(*records: str) -> str:
    """One record each: ``badge day [more]``, all for Jonas unless they say otherwise."""
    text = "awards:\n"
    for record in records:
        name, day, *more = record.split(" ", 2)
        whom = "" if more and "participant:" in more[0] else ", participant: jonas"
        text += f"  - {{badge: {name}, issuedOn: {day}{whom}{', ' + more[0] if more else ''}}}\n"
    return text


BASE = {
    "badges/frameworks/skills.yml": TYPES,
    "badges/harbour/listener.yml": badge(),
    "badges/harbour/speaker.yml": badge(),
    "badges/harbour/trainer.yml": badge("trainer"),
    "badges/harbour/champion.yml": milestone(2, "listener, speaker, trainer"),
}
LAGOON = "name: L\ndescription: L\nurl: https://lagoon.example.org\nemail: info@lagoon.example.org\n"


def derived(result: Checked) -> list[Award]:
    assert result.diagnostics == []
    assert result.registry is not None
    return [a for a in result.registry.awards.values() if a.because]


def grounds(award: Award) -> list[str]:
    return [a.badge.slug for a in award.because]


def codes(result: Checked) -> list[str]:
    return [d.code for d in result.diagnostics]


def test_too_few(checked: CheckSite) -> None:
    assert derived(checked(BASE | {"content/awards/harbour/spring.yml": awards("listener 2024-01-01")})) == []


def test_as_soon_as_there_are_enough(checked: CheckSite) -> None:
    text = awards("trainer 2024-03-01", "listener 2024-01-01", "speaker 2024-02-01")
    (award,) = derived(checked(BASE | {"content/awards/harbour/spring.yml": text}))
    assert award.badge.slug == "champion"
    assert award.participant.slug == "jonas"
    assert grounds(award) == ["listener", "speaker"]
    assert str(award.issued_on) == "2024-02-01"
    assert award.acceptance == "accepted"
    assert award.revoked is None


def test_the_same_badge_twice_is_one(checked: CheckSite) -> None:
    text = awards("listener 2024-01-01", "listener 2024-02-01")
    assert derived(checked(BASE | {"content/awards/harbour/spring.yml": text})) == []


def test_awards_of_others_do_not_count(checked: CheckSite) -> None:
    text = awards("listener 2024-01-01", "speaker 2024-02-01 participant: amira")
    assert derived(checked(BASE | {"content/awards/harbour/spring.yml": text})) == []


def test_distinct_types(checked: CheckSite) -> None:
    files = BASE | {"badges/harbour/champion.yml": milestone(2, "listener, speaker, trainer", "type")}
    same = files | {"content/awards/harbour/spring.yml": awards("listener 2024-01-01", "speaker 2024-02-01")}
    assert derived(checked(same)) == []
    both = files | {
        "content/awards/harbour/spring.yml": awards(
            "listener 2024-01-01", "speaker 2024-02-01", "trainer 2024-03-01"
        )
    }
    (award,) = derived(checked(both))
    assert grounds(award) == ["listener", "trainer"]


def test_distinct_issuers(checked: CheckSite) -> None:
    files = BASE | {
        "badges/lagoon/issuer.yml": LAGOON,
        "badges/lagoon/diver.yml": badge(),
        "badges/harbour/champion.yml": milestone(2, "listener, speaker, lagoon/diver", "issuer"),
        "content/awards/harbour/spring.yml": awards("listener 2024-01-01", "speaker 2024-02-01"),
    }
    assert derived(checked(files)) == []
    (award,) = derived(checked(files | {"content/awards/lagoon/x.yml": awards("diver 2024-03-01")}))
    assert grounds(award) == ["listener", "diver"]


def test_without_a_list_everything_counts_but_milestones(checked: CheckSite) -> None:
    files = BASE | {
        "badges/harbour/champion.yml": milestone(1, "listener"),
        "badges/harbour/master.yml": milestone(2),
        "content/awards/harbour/spring.yml": awards("listener 2024-01-01"),
    }
    assert [a.badge.slug for a in derived(checked(files))] == ["champion"]


def test_milestones_of_milestones(checked: CheckSite) -> None:
    files = BASE | {
        # The name stands before the others in every order that is not that of the graph.
        "badges/harbour/a-master.yml": milestone(2, "champion, trainer"),
        "badges/harbour/z-legend.yml": milestone(1, "a-master"),
        "content/awards/harbour/spring.yml": awards(
            "listener 2024-01-01", "speaker 2024-02-01", "trainer 2024-03-01"
        ),
    }
    found = {a.badge.slug: a for a in derived(checked(files))}
    assert {slug: grounds(a) for slug, a in found.items()} == {
        "champion": ["listener", "speaker"],
        "a-master": ["champion", "trainer"],
        "z-legend": ["a-master"],
    }
    assert str(found["z-legend"].issued_on) == "2024-03-01"


def test_revoked_grounds_revoke_it(checked: CheckSite) -> None:
    text = awards("listener 2024-01-01", "speaker 2024-02-01 revoked: {on: 2024-05-01, reason: Mistake}")
    (award,) = derived(checked(BASE | {"content/awards/harbour/spring.yml": text}))
    assert str(award.issued_on) == "2024-02-01"
    assert award.revoked is not None
    assert str(award.revoked.on) == "2024-05-01"
    assert {"en", "fr", "ar"} <= set(award.revoked.reason.languages())
    assert not award.in_force


def test_revoked_milestones_revoke_what_they_count_for(checked: CheckSite) -> None:
    files = BASE | {
        "badges/harbour/master.yml": milestone(1, "champion"),
        "content/awards/harbour/spring.yml": awards(
            "listener 2024-01-01", "speaker 2024-02-01 revoked: {on: 2024-05-01, reason: Mistake}"
        ),
    }
    assert [(a.badge.slug, str(a.revoked.on)) for a in derived(checked(files)) if a.revoked] == [
        ("champion", "2024-05-01"),
        ("master", "2024-05-01"),
    ]


def test_other_awards_can_hold_it_up(checked: CheckSite) -> None:
    text = awards(
        "listener 2024-01-01",
        "speaker 2024-02-01 revoked: {on: 2024-05-01, reason: Mistake}",
        "trainer 2024-03-01",
    )
    (award,) = derived(checked(BASE | {"content/awards/harbour/spring.yml": text}))
    assert award.revoked is None
    assert grounds(award) == ["listener", "trainer"]


def test_what_was_never_held_together_earned_nothing(checked: CheckSite) -> None:
    text = awards("listener 2024-01-01 revoked: {on: 2024-01-15, reason: Mistake}", "speaker 2024-02-01")
    assert derived(checked(BASE | {"content/awards/harbour/spring.yml": text})) == []


def test_its_id_stays_when_its_day_moves(checked: CheckSite) -> None:
    later = awards("listener 2024-01-01", "trainer 2024-03-01")
    (before,) = derived(checked(BASE | {"content/awards/harbour/spring.yml": later}))
    earlier = awards("listener 2024-01-01", "trainer 2024-03-01", "speaker 2024-02-01")
    (after,) = derived(checked(BASE | {"content/awards/harbour/spring.yml": earlier}))
    assert before.issued_on != after.issued_on
    assert before.id == after.id


JONAS = """
identities: [{{identity: sha256${zeros}, salt: 0123456789abcdef}}]
consent: {{on: 2024-06-20, scope: [{scope}]}}
responses: [{responses}]
"""


def jonas(scope: str, *responses: str) -> dict[str, str]:
    text = ", ".join(
        f"{{badge: harbour/{r.split()[0]}, answer: {r.split()[1]}, on: 2024-07-01}}" for r in responses
    )
    return {"content/participants/jonas.yml": JONAS.format(zeros="0" * 64, scope=scope, responses=text)}


@pytest.mark.parametrize(
    ("scope", "responses", "expected"),
    [
        ("awards", [], "accepted"),
        ("name", [], "pending"),
        ("name", ["listener accepted"], "pending"),
        ("name", ["listener accepted", "speaker accepted"], "accepted"),
        ("awards", ["listener hidden"], "pending"),
        ("awards", ["champion hidden"], "hidden"),
        ("awards", ["champion declined"], "declined"),
    ],
)
def test_answers(checked: CheckSite, scope: str, responses: list[str], expected: str) -> None:
    text = awards("listener 2024-01-01", "speaker 2024-02-01")
    found = derived(checked(BASE | jonas(scope, *responses) | {"content/awards/harbour/spring.yml": text}))
    assert [a.acceptance for a in found] == [expected]
    assert [a.revoked for a in found] == [None]


def test_who_declines_a_ground_gives_the_milestone_back(checked: CheckSite) -> None:
    """It was published when both were there: it does not disappear, it holds no more."""
    text = awards("listener 2024-01-01", "speaker 2024-02-01")
    before = derived(checked(BASE | jonas("awards") | {"content/awards/harbour/spring.yml": text}))
    after = derived(checked(BASE | jonas("awards", "listener declined")))
    assert [a.id for a in after] == [a.id for a in before]
    assert [a.revoked.on.isoformat() for a in after if a.revoked] == ["2024-07-01"]
    later = {"content/awards/harbour/spring.yml": awards("listener 2024-01-01", "speaker 2024-08-01")}
    assert derived(checked(later)) == []  # declined before the second was given


def test_a_milestone_may_be_written_down_when_it_is_reached(checked: CheckSite) -> None:
    text = awards("listener 2024-01-01", "speaker 2024-02-01", "champion 2024-02-03")
    result = checked(BASE | {"content/awards/harbour/spring.yml": text})
    assert derived(result) == []
    assert result.registry is not None
    assert len(result.registry.awards) == 3


@pytest.mark.parametrize(
    "others",
    [
        [],
        ["listener 2024-01-01"],
        ["listener 2024-01-01", "listener 2024-02-01"],
        ["listener 2024-01-01", "speaker 2024-02-01 participant: amira"],
    ],
)
def test_but_not_when_it_is_not(checked: CheckSite, others: list[str]) -> None:
    text = awards(*others, "champion 2024-02-03")
    result = checked(BASE | {"content/awards/harbour/spring.yml": text})
    assert codes(result) == ["milestone-not-reached"]


def test_it_expires_like_any_badge(checked: CheckSite) -> None:
    files = BASE | {
        "badges/harbour/champion.yml": milestone(1, "listener", more="validFor: P1Y\n"),
        "content/awards/harbour/spring.yml": awards("listener 2024-02-29"),
    }
    (award,) = derived(checked(files))
    assert str(award.expires) == "2025-02-28"


@pytest.mark.parametrize(
    ("badges", "code"),
    [
        ({"a": "b", "b": "a"}, "milestone-cycle"),
        ({"a": "a"}, "milestone-cycle"),
        ({"a": "b", "b": "c", "c": "a"}, "milestone-cycle"),
        ({"a": "nothing"}, "unknown-badge"),
        ({"a": "lagoon/listener"}, "unknown-badge"),
    ],
)
def test_refused(checked: CheckSite, badges: dict[str, str], code: str) -> None:
    files = {f"badges/harbour/{name}.yml": milestone(1, of) for name, of in badges.items()}
    assert set(codes(checked(files))) == {code}


@pytest.mark.parametrize(
    ("count", "distinct", "good"),
    [(3, "badge", True), (4, "badge", False), (2, "type", True), (3, "type", False), (2, "issuer", False)],
)
def test_what_can_be_earned_at_all(checked: CheckSite, count: int, distinct: str, good: bool) -> None:
    rule = milestone(count, "listener, speaker, trainer", distinct)
    result = checked(
        BASE
        | {
            "badges/harbour/champion.yml": rule,
            "content/awards/harbour/spring.yml": awards("listener 2024-01-01"),
        }
    )
    assert codes(result) == ([] if good else ["milestone-impossible"])


def summary(found: Iterable[Award]) -> list[tuple[str, str, str, list[str], str]]:
    return sorted(
        (a.id, a.badge.slug, str(a.issued_on), grounds(a), str(a.revoked and a.revoked.on)) for a in found
    )


def test_the_order_of_records_is_of_no_account(checked: CheckSite) -> None:
    records = [
        "listener 2024-01-01",
        "listener 2024-01-02",
        "speaker 2024-01-01 revoked: {on: 2024-05-01, reason: Mistake}",
        "trainer 2024-01-01",
        "speaker 2024-01-01 participant: amira",
        "trainer 2024-01-01 participant: amira",
    ]
    files = BASE | {"badges/harbour/master.yml": milestone(1, "champion")}
    wanted = summary(derived(checked(files | {"content/awards/harbour/spring.yml": awards(*records)})))
    assert len(wanted) == 4
    shuffle = random.Random(7)
    for _ in range(8):
        shuffle.shuffle(records)
        half = len(records) // 2
        split = {
            "content/awards/harbour/spring.yml": awards(*records[:half]),
            "content/awards/harbour/a-summer.yml": awards(*records[half:]),
        }
        assert summary(derived(checked(files | split))) == wanted
