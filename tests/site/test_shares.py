"""What travels to other machines: they make the same files, and know of nobody else than of whom they are."""

from __future__ import annotations

import os
import pickle
import shutil
from functools import partial
from pathlib import Path

import pytest

from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.sealing import Seals
from badge_passport.desk.keys import load_keys
from badge_passport.pages.hosts.plain import host
from badge_passport.pipeline import check, learn
from badge_passport.publish.plan import Plan
from badge_passport.registry import Registry
from badge_passport.registry.known import Known
from badge_passport.registry.standins import PersonStandIn
from demo import SEALS, Demo


def lend(registry: Registry, folder: Path) -> tuple[dict[str, IssuerKeys], Seals | None]:
    keys, problems = load_keys(registry, folder, {})
    assert not problems
    return keys, SEALS


@pytest.fixture(scope="module")
def plans(signed_demo: Demo) -> tuple[Plan, Plan]:
    """A plan of the signed demonstration, and what another machine makes of it."""
    assert signed_demo.source is not None
    keys = partial(lend, folder=signed_demo.source / "private/keys")
    checked = check(signed_demo.source)
    assert checked.registry is not None and checked.theme is not None
    plan = Plan(checked.registry, host, checked.theme, *keys(checked.registry), keys)
    for unit in plan.first():
        plan.prepared(unit, plan.prepare(unit))
    travelled = pickle.loads(pickle.dumps(plan))
    assert isinstance(travelled, Plan)
    return plan, travelled


def test_other_machines_make_the_same_files(plans: tuple[Plan, Plan]) -> None:
    plan, travelled = plans
    assert any(given.award for given in plan.registry.endorsements)
    assert any(award.because for award in plan.registry.awards.values())
    for turn in range(2):  # once more, as shapes are known by then
        for slug in plan.people.slugs:
            travelled.arrive(plan.share(("people", slug)))
            for (path, made), (expected, here) in zip(
                travelled.people.files(slug), plan.people.files(slug), strict=True
            ):
                assert path == expected
                assert made == here, (path, turn)


def test_they_know_of_nobody_else(plans: tuple[Plan, Plan]) -> None:
    plan, travelled = plans
    endorsed = {given.award.participant.slug for given in plan.registry.endorsements if given.award}
    sent = pickle.dumps(plan)
    one, other, *_ = (slug for slug in plan.people.slugs if slug not in endorsed)
    for slug, person in plan.registry.participants.items():
        if slug not in endorsed:
            assert not any(i.identity.encode() in sent for i in person.record.identities), slug
    travelled.arrive(plan.share(("people", one)))
    assert [*travelled.registry.awards_by_participant] == [one]
    travelled.arrive(plan.share(("people", other)))
    assert [*travelled.registry.awards_by_participant] == [other]
    assert one not in travelled.registry.participants
    ids = {award.id for award in plan.registry.awards_by_participant[other]}
    assert set(travelled.places) == ids & set(plan.places)


def test_what_is_there_from_the_beginning_is_the_same_afterwards(plans: tuple[Plan, Plan]) -> None:
    """Pages ask whether a badge is the newest of its versions by asking whether it is the same."""
    plan, travelled = plans
    here = {badge for versions in travelled.registry.versions.values() for badge in versions}
    for slug in plan.people.slugs:
        travelled.arrive(plan.share(("people", slug)))
        for award in travelled.registry.awards_by_participant[slug]:
            assert award.badge in here
            assert award.badge.issuer is travelled.registry.issuers[award.badge.issuer.slug]


def test_people_travel_whom_others_stand_for(signed_demo: Demo, tmp_path: Path) -> None:
    """Of a site that was built before, most people have not been read when their share is asked for."""
    assert signed_demo.source is not None
    site = shutil.copytree(signed_demo.source, tmp_path / "site")
    for path in site.rglob("*"):  # as nobody edits them
        os.utime(path, (1_600_000_000, 1_600_000_000))
    known = Known()
    learn(check(site, known=known), known)
    file = site / "content/participants/amira-k.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("Amira", "Amina"), encoding="utf-8")
    keys = partial(lend, folder=site / "private/keys")
    plan, fresh = (
        Plan(checked.registry, host, checked.theme, *keys(checked.registry), keys)
        for checked in (check(site, known=known), check(site))
        if checked.registry is not None and checked.theme is not None
    )
    assert any(isinstance(one, PersonStandIn) for one in plan.registry.participants.values())
    for one in (plan, fresh):
        for unit in one.first():
            one.prepared(unit, one.prepare(unit))
    sent = pickle.dumps(plan)
    assert len(sent) < 1.1 * len(pickle.dumps(fresh))
    travelled = pickle.loads(sent)
    assert isinstance(travelled, Plan)
    for slug in plan.people.slugs:
        travelled.arrive(plan.share(("people", slug)))
        assert [*travelled.people.files(slug)] == [*fresh.people.files(slug)], slug


def test_only_a_plan_that_travelled_takes_people(plans: tuple[Plan, Plan]) -> None:
    with pytest.raises(ValueError, match="did not travel"):
        plans[0].arrive(plans[0].share(("people",)))
