"""Counting and the history: the numbers add up, and nobody who is not listed can be read from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.registry.counting import STATES, Number, tallies
from badge_passport.registry.history import Month, Others, editions, months, years
from badge_passport.registry.privacy import is_public
from demo import ROOT
from minimal import MakeSite

Make = Callable[..., Registry]


@pytest.fixture
def make(make_site: MakeSite) -> Make:
    def made(files: dict[str, str]) -> Registry:
        registry = check(make_site(files)).registry
        assert registry is not None
        return registry

    return made


@pytest.fixture(scope="module")
def demo_registry() -> Registry:
    registry = check(ROOT).registry
    assert registry is not None
    return registry


@pytest.mark.parametrize(
    ("listed", "unlisted", "number"),
    [
        (0, 0, Number(0)),
        (0, 1, Number(0, True)),
        (0, 4, Number(0, True)),
        (0, 5, Number(5)),
        (2, 3, Number(2, True)),
        (2, 9, Number(7, True)),
    ],
)
def test_who_is_not_listed_is_counted_in_fives(listed: int, unlisted: int, number: Number) -> None:
    assert Number.veiled(listed, unlisted) == number


def test_the_numbers_of_the_demo_add_up(demo_registry: Registry) -> None:
    made = tallies(demo_registry)
    awards = demo_registry.awards.values()
    assert made.site.awards == len(demo_registry.awards) == sum(made.site.badges.values())
    assert sum(t.awards for t in made.issuers.values()) == made.site.awards
    for slug, tally in made.issuers.items():
        own = [a for a in awards if a.badge.issuer.slug == slug]
        assert tally.awards == len(own)
        for numbers in (tally.months, tally.levels, tally.languages, tally.states):
            least = sum(n.least for n in numbers.values())
            most = sum(n.least + 4 * n.more for n in numbers.values())
            assert least <= len(own) <= most
        for name, number in tally.states.items():
            assert number.least >= sum(1 for a in own if is_public(a) and not a.revoked) * (
                name == "accepted"
            )
    months = list(made.site.months)
    assert months == sorted(months) and len(months) > 12
    assert list(made.site.answers) == sorted({m[:4] for m in months})
    assert all(set(by) == set(STATES) for by in made.site.answers.values())


def history(registry: Registry) -> list[Month]:
    """All months, newest first."""
    return [month for year in years(registry) for month in months(registry, year)]


def test_the_history_of_the_demo_names_nobody_who_is_not_listed(demo_registry: Registry) -> None:
    every = history(demo_registry)
    assert [m.month for m in every] == sorted({m.month for m in every}, reverse=True)
    named = {e.award.id for m in every for e in m.events}
    assert named == {a.id for a in demo_registry.awards.values() if is_public(a)}
    assert any(o.number.more for m in every for o in m.others), "the demo has people who are not listed"
    for month in every:
        assert all(f"{e.on:%Y-%m}" == month.month for e in [*month.events, *month.editions])
        days = [e.on for e in month.events]
        assert days == sorted(days, reverse=True)


AWARD = "content/awards/harbour/x.yml"


def test_an_award_that_was_taken_back_and_given_again_says_so(make: Make) -> None:
    text = (
        "participant: amira\nbadge: listener\nissuedOn: 2025-06-18\n"
        "reinstated: {revokedOn: 2025-07-01, on: 2025-08-01, reason: Found}\n"
        "revoked: {on: 2025-09-01, reason: Lost}\n"
    )
    seen = [e for m in reversed(history(make({AWARD: text}))) for e in m.events if e.on.year == 2025]
    assert [(e.kind, e.on.month) for e in seen] == [
        ("issued", 6),
        ("revoked", 7),
        ("reinstated", 8),
        ("revoked", 9),
    ]


def test_a_few_are_not_counted(make: Make) -> None:
    def found(number: int) -> list[Others]:
        people = [f"quiet-{n}" for n in range(number)]
        identity = "identities: [{{identity: 'sha256${:064x}', salt: salt-for-test-{:04}}}]\n"
        files = {f"content/participants/{p}.yml": identity.format(n, n) for n, p in enumerate(people)}
        lines = "".join(f"  - participant: {p}\n" for p in people)
        files[AWARD] = f"badge: listener\nissuedOn: 2030-01-02\nawards:\n{lines}"
        [month] = [m for m in history(make(files)) if m.month == "2030-01"]
        assert month.events == ()
        return list(month.others)

    assert found(3) == [Others("issued", "harbour/listener", Number(0, True))]
    assert found(7) == [Others("issued", "harbour/listener", Number(5, True))]


def test_when_badges_began(demo_registry: Registry) -> None:
    found = {(e.badge.ref, e.badge.version): e for e in editions(demo_registry)}
    first, second = (found["dialogue-harbour/connect-participant", v] for v in ("1", "2"))
    assert first.first and not second.first
    assert second.on == first.badge.record.until and second.exact
    assert all(e.on.day == 1 for e in found.values() if not e.exact)


def test_impossible_days(make_site: MakeSite) -> None:
    for days, said in (
        ("revokedOn: 2025-01-01, on: 2025-08-01", "before it was issued"),
        ("revokedOn: 2025-09-01, on: 2025-08-01", "before it was revoked"),
    ):
        text = f"participant: amira\nbadge: listener\nissuedOn: 2025-06-18\nreinstated: {{{days}}}\n"
        site: Path = make_site({AWARD: text})
        problems = check(site).diagnostics
        assert [p.code for p in problems if p.severity == "error"] == ["revoked-before-issued"]
        assert said in "".join(p.message for p in problems)
