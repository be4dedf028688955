"""On the way to a milestone: what counts, what is missing, and silence about what was reached."""

from __future__ import annotations

import pytest

from badge_passport.registry.entities import Award
from badge_passport.registry.progress import milestones, under_way
from demo import Demo


def test_what_counts_is_what_the_milestone_names(demo: Demo) -> None:
    counting = milestones(demo.registry)
    assert set(counting) == {ref for ref, b in demo.registry.badges.items() if b.record.milestone}
    for ref, refs in counting.items():
        rule = demo.registry.badges[ref].record.milestone
        assert rule is not None and len(refs) >= rule.count
        assert ref not in refs or rule.of


@pytest.mark.parametrize("most", range(4))
def test_the_way_to_each_milestone(demo: Demo, most: int) -> None:
    """The more badges of it somebody has, the nearer; at its count it is no longer on the way."""
    registry = demo.registry
    counting = milestones(registry)
    for ref, refs in counting.items():
        rule = registry.badges[ref].record.milestone
        assert rule is not None
        kinds: dict[str, Award] = {}
        for one in refs:
            badge = registry.badges[one]
            kind = {"badge": one, "type": badge.record.type, "issuer": badge.issuer.slug}[rule.distinct]
            awards = registry.awards_by_badge.get(one, ())
            if awards:
                kinds.setdefault(kind, awards[0])
        held = list(kinds.values())[:most]
        found = list(under_way(registry, {ref: refs}, held))
        if 0 < len(held) < rule.count:
            assert len(found) == 1 and set(found[0].have) == set(held)
            assert found[0].count == rule.count
            assert not {b.ref for b in found[0].missing} & {a.badge.ref for a in found[0].have}
        else:
            assert found == []


def test_a_passport_says_how_far_it_is(demo: Demo) -> None:
    pages = [p.read_text(encoding="utf-8") for p in (demo.public / "passports").glob("*/index.html")]
    assert any("<progress max=" in page and "What would count next" in page for page in pages)
