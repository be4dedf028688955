"""Nothing issued is ever lost: what `check --since` refuses, and what it tells of the rest."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import repositories
from badge_passport.credentials.places import places
from badge_passport.credentials.status import SIZE, allocate
from badge_passport.desk.publishing.review import ALLOWED, review
from badge_passport.desk.publishing.summary import markdown
from badge_passport.pipeline import check
from badge_passport.registry.narrow import whole
from minimal import MakeSite
from reviewed import AWARDS, BADGE, KEY, OTHER_KEY, SITE, TODAY, codes, edit, site, told

__all__ = ["site"]


def test_without_a_change_nothing_is_said(site: Path) -> None:
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    assert told(seen) == []
    assert not seen.changes


def test_new_awards_people_and_badges_are_told(site: Path) -> None:
    edit(
        site,
        AWARDS,
        "  - participant: jonas\n",
        "  - participant: jonas\n  - {participant: lea, issuedOn: 2026-05-01}\n",
    )
    text = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    lea = (
        text.replace("80905d63", "90905d63").replace("salt-of-jonas", "salt-of-lea-x").replace("Jonas", "Lea")
    )
    (site / "content/participants/lea.yml").write_text(lea, encoding="utf-8")
    new = (
        (site / BADGE)
        .read_text(encoding="utf-8")
        .replace("Listener", "Speaker @all [x](https://evil.example)")
    )
    (site / "badges/harbour/speaker.yml").write_text(new, encoding="utf-8")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    assert told(seen) == [
        "1 new award of “Listener” (Harbour)",
        "new badge: “Speaker @all [x](https://evil.example)” (Harbour)",
        "1 new passport",
        "1 passport becomes public",
    ]
    assert seen.checked.registry is not None
    comment = markdown(seen.changes, seen.checked.registry, 0)
    assert "\\@all \\[x\\]" in comment
    assert "lea" not in comment.lower()


def test_a_revocation_is_told_and_an_award_that_is_gone_refused(site: Path) -> None:
    edit(
        site, AWARDS, "- participant: jonas", "- {participant: jonas, revoked: {on: 2026-05-01, reason: No}}"
    )
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == ([], ["1 award revoked of “Listener” (Harbour)"])
    repositories.commit(site)
    edit(site, AWARDS, "  - {participant: jonas, revoked: {on: 2026-05-01, reason: No}}\n", "")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == ["award-removed"]
    assert "“jonas” on 2024-06-18" in seen.checked.diagnostics[0].message


def test_an_award_may_move_to_another_file(site: Path) -> None:
    edit(site, AWARDS, "  - participant: jonas\n", "")
    (site / "content/awards/harbour/other.csv").write_text(
        "participant,badge,issuedOn\njonas,listener,2024-06-18\n", encoding="utf-8"
    )
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == ([], [])


def test_changing_the_day_of_an_award_is_another_award(site: Path) -> None:
    edit(site, AWARDS, "2024-06-18", "2024-06-19")
    assert codes(review(site, "HEAD", today=TODAY)) == ["award-removed", "award-removed"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Listened in **three**", "Listened in **two**", "badge-changed"),
        ("level: A}]", "level: A}, {competence: skills/listening}]", "badge-changed"),
        ("level: A\n", "", "badge-changed"),
        ("type: participant", "type: participant\nvalidFor: P1Y", "badge-changed"),
        ("level: A\n", 'level: A\nversion: "2"\n', "badge-removed"),
        ("criteria: Listened in", "criteria:   Listened  in", None),
        ("name: Listener", "name: Good Listener", None),
        ("criteria: Listened in **three** conversations.", "criteria: {en: Listened in **three** conversations.}", None),  # noqa: E501
    ],
)  # fmt: skip
def test_what_a_badge_asks_for_changes_only_with_its_version(
    site: Path, old: str, new: str, code: str | None
) -> None:
    edit(site, BADGE, old, new)
    seen = review(site, "HEAD", today=TODAY)
    assert set(codes(seen)) - {"missing-translation"} == ({code} if code else set())
    if code in ALLOWED:
        allowed = review(site, "HEAD", today=TODAY, allow=[code])
        assert allowed.checked.good
        assert codes(allowed) == []


def test_a_new_version_beside_the_old_one_is_what_is_wanted(site: Path) -> None:
    text = (site / BADGE).read_text(encoding="utf-8")
    (site / "badges/harbour/listener.v1.yml").write_text(text + "until: 2024-07-01\n", encoding="utf-8")
    edit(site, BADGE, "**three**", "**four**")
    edit(site, BADGE, "level: A\n", 'level: A\nversion: "2"\n')
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == ([], ["new version: harbour/listener 2"])
    edit(site, "badges/harbour/listener.v1.yml", "2024-07-01", "2024-06-01")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == ["version-changed"]


def test_a_badge_that_nobody_has_may_change(site: Path) -> None:
    text = (site / BADGE).read_text(encoding="utf-8")
    (site / "badges/harbour/speaker.yml").write_text(text, encoding="utf-8")
    repositories.commit(site)
    edit(site, "badges/harbour/speaker.yml", "three", "two")
    assert codes(review(site, "HEAD", today=TODAY)) == []
    (site / "badges/harbour/speaker.yml").unlink()
    assert codes(review(site, "HEAD", today=TODAY)) == []


def test_the_address_and_the_namespace_stay(site: Path) -> None:
    edit(site, SITE, "https://badges.example.org/", "https://badges.example.org")
    assert codes(review(site, "HEAD", today=TODAY)) == []
    edit(site, SITE, "https://badges.example.org", "https://elsewhere.example.org")
    assert codes(review(site, "HEAD", today=TODAY)) == ["site-moved"]
    edit(site, SITE, "idNamespace: minimal", "idNamespace: other")
    assert codes(review(site, "HEAD", today=TODAY)) == ["site-moved", "site-moved"]


def test_a_key_stays_and_a_compromised_one_stays_so(site: Path) -> None:
    issuer = "badges/harbour/issuer.yml"
    keys = f"keys:\n  - publicKeyMultibase: {KEY}\n    created: 2024-01-01\n"
    with (site / issuer).open("a", encoding="utf-8") as file:
        file.write(keys)
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == ([], ["key: harbour: a new key signs"])
    repositories.commit(site)
    edit(site, issuer, KEY, OTHER_KEY)
    assert codes(review(site, "HEAD", today=TODAY)) == ["key-removed"]
    edit(
        site,
        issuer,
        OTHER_KEY,
        f"{OTHER_KEY}\n    created: 2025-01-01\n  - publicKeyMultibase: {KEY}\n    compromised: 2025-01-01",
    )
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == (
        [],
        ["key: harbour: a new key signs", "key: harbour: a key is compromised"],
    )
    repositories.commit(site)
    edit(site, issuer, "compromised", "retired")
    assert codes(review(site, "HEAD", today=TODAY)) == ["key-removed"]


def test_a_passport_that_was_renamed_leads_on(site: Path) -> None:
    old, new = site / "content/participants/jonas.yml", site / "content/participants/jonas-b.yml"
    old.rename(new)
    edit(site, AWARDS, "participant: jonas", "participant: jonas-b")
    assert sorted(codes(review(site, "HEAD", today=TODAY))) == ["award-removed", "passport-gone"]
    with new.open("a", encoding="utf-8") as file:
        file.write("key: jonas\n")
    assert codes(review(site, "HEAD", today=TODAY)) == ["passport-gone"]
    with new.open("a", encoding="utf-8") as file:
        file.write("former: [{slug: jonas}]\n")
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == (
        [],
        [
            "1 new passport",
            "1 passport becomes public",
            "1 passport is listed no more",
            "passport moved: jonas",
        ],
    )


def test_merged_passports_keep_awards_and_recipients(site: Path) -> None:
    before = check(site).registry
    assert before is not None
    jonas = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    identities = jonas[jonas.index("  - identity") : jonas.index("consent")]
    (site / "content/participants/jonas.yml").unlink()
    with (site / "content/participants/amira.yml").open("a", encoding="utf-8") as file:
        file.write(
            "former:\n  - slug: jonas\n    identities:\n"
            + "".join(f"    {x}\n" for x in identities.splitlines())
        )
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    after = seen.checked.registry
    assert after is not None
    assert set(after.awards) == set(before.awards)
    for award_id, award in after.awards.items():
        assert award.participant.slug == "amira"
        assert award.identity == before.awards[award_id].identity


def test_an_unknown_name_is_refused_with_the_nearest(site: Path) -> None:
    edit(site, AWARDS, "participant: jonas", "participant: jonass")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == ["unknown-participant"]
    assert "did you mean “jonas”" in seen.checked.diagnostics[0].help


def test_an_identity_that_another_person_has_is_found_in_files_that_did_not_change(site: Path) -> None:
    text = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    (site / "content/participants/zoe.yml").write_text(text, encoding="utf-8")
    assert set(codes(review(site, "HEAD", today=TODAY))) == {"duplicate-participant"}


def test_an_award_that_stands_in_a_file_that_did_not_change_is_found(site: Path) -> None:
    (site / "content/awards/harbour/again.yml").write_text(
        "badge: listener\nissuedOn: 2024-06-18\nparticipant: jonas\n", encoding="utf-8"
    )
    assert codes(review(site, "HEAD", today=TODAY)) == ["duplicate-award"]


def late_award(site: Path) -> str:
    """The name of somebody whose late award takes the place of an award that is there, and their file."""
    registry = check(site).registry
    assert registry is not None
    taken = {index for _, index in places(registry, "harbour").values()}
    from badge_passport.registry.ids import award_id

    for number in range(1_000_000):
        slug = f"late-{number}"
        own = award_id("minimal", "harbour", "listener", slug, datetime.date(2023, 1, 1), None)
        if allocate([own])[own][1] in taken:
            return slug
    raise AssertionError("no such name")


def test_a_late_award_that_would_move_another_is_told_its_place(site: Path) -> None:
    with (site / "badges/harbour/issuer.yml").open("a", encoding="utf-8") as file:
        file.write(f"keys:\n  - publicKeyMultibase: {KEY}\n    created: 2024-01-01\n")
    repositories.commit(site)
    before = check(site).registry
    slug = late_award(site)
    person = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    person = person.replace("80905d63", "90905d63").replace("salt-of-jonas", "salt-of-lea-x")
    (site / f"content/participants/{slug}.yml").write_text(person, encoding="utf-8")
    late = site / "content/awards/harbour/late.yml"
    late.write_text(f"badge: listener\nissuedOn: 2023-01-01\nparticipant: {slug}\n", encoding="utf-8")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == ["status-moved"]
    fix = seen.checked.diagnostics[0].help
    with late.open("a", encoding="utf-8") as file:
        file.write(fix[fix.index("status:") : fix.index("”.")] + "\n")
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    after = check(site).registry
    assert before is not None
    assert after is not None
    assert places(before, "harbour").items() <= places(after, "harbour").items()


@given(
    ids=st.lists(st.integers(0, 10**6), unique=True, min_size=1, max_size=60),
    data=st.data(),
)
def test_a_place_by_hand_that_is_free_moves_nobody(ids: list[int], data: st.DataObject) -> None:
    names = [str(n) for n in ids]
    places_before = allocate(names, size=64)
    free = sorted(
        {(n, i) for n in range(len(names) // 32 + 1) for i in range(64)} - set(places_before.values())
    )
    own = data.draw(st.sampled_from(free))
    assert places_before.items() <= allocate(names, size=64, fixed={"late": own}).items()
    assert SIZE == 131_072


LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
PAGE = {
    "content/pages/index.md": "[He](passports/jonas/) [it](badges/harbour/listener/) ![](images/logo.svg)\n",
    "content/pages/images/logo.svg": LOGO,
}


def test_pictures_and_links_of_pages_that_did_not_change_are_there(make_site: MakeSite) -> None:
    site = make_site(PAGE)
    edit(site, SITE, "languages:", "brand: {logo: images/logo.svg}\nlanguages:")
    repositories.start(site)
    edit(site, "content/participants/amira.yml", "visibility: public", "visibility: unlisted")
    assert codes(review(site, "HEAD", today=TODAY)) == []


def test_a_change_that_takes_away_what_a_page_links_to_is_told(make_site: MakeSite) -> None:
    site = make_site(PAGE)
    repositories.start(site)
    edit(site, AWARDS, "  - participant: jonas\n", "")
    (site / "content/participants/jonas.yml").unlink()
    seen = review(site, "HEAD", allow=["award-removed", "passport-gone"], today=TODAY)
    assert codes(seen) == ["dead-link"]
    assert seen.checked.good


CHANGES = st.lists(
    st.sampled_from(
        [
            (AWARDS, "  - participant: jonas\n", ""),
            (AWARDS, "participant: jonas", "{participant: jonas, level: A}"),
            (AWARDS, "participant: amira", "{participant: amira, revoked: {on: 2025-01-01, reason: x}}"),
            (AWARDS, "participant: jonas", "participant: nobody"),
            (BADGE, "three", "two"),
            (BADGE, "Listens well.", "Listens <b>well</b>."),
            ("content/participants/amira.yml", "display: full", "display: initials"),
            ("content/participants/amira.yml", "visibility: public", "visibility: unlisted"),
            ("content/participants/jonas.yml", "80905d63", "d357a0b8"),
            ("content/awards/harbour/autumn.yml", "participant: amira", "participant: jonas"),
            ("content/awards/harbour/autumn.yml", "issuedOn: 2024-10-01", "issuedOn: 2024-06-18"),
            (SITE, "idNamespace: minimal", "idNamespace: maximal"),
            ("content/pages/index.md", "passports/jonas/", "passports/jonass/"),
            ("content/pages/index.md", "badges/harbour/listener/", "badges/harbour/lisener/"),
            ("content/pages/images/logo.svg", "M0 0h9v9z", "M0 0h8v8z"),
        ]
    ),
    max_size=4,
    unique=True,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=CHANGES)
def test_the_part_that_changed_tells_the_same_as_the_whole(
    edits: list[tuple[str, str, str]], make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(
        {
            "content/awards/harbour/autumn.yml": (
                "badge: listener\nissuedOn: 2024-10-01\nparticipant: amira\n"
            ),
            **PAGE,
        }
    )
    if not (site / ".git").exists():
        edit(site, SITE, "languages:", "brand: {logo: images/logo.svg}\nlanguages:")
        repositories.start(site)
    repositories.git(site, "checkout", "-q", "HEAD", "--", ".")
    for file, old, new in edits:
        text = (site / file).read_text(encoding="utf-8")
        (site / file).write_text(text.replace(old, new), encoding="utf-8")
    narrow = review(site, "HEAD", today=TODAY)
    with monkeypatch.context() as patch:
        patch.setattr("badge_passport.registry.narrow.part", lambda before, after, _: whole(before, after))
        full = review(site, "HEAD", today=TODAY)
    assert narrow.checked.diagnostics == full.checked.diagnostics
    assert narrow.changes == full.changes


def test_a_badge_may_end_but_not_before_what_was_given(site: Path) -> None:
    friend = (site / BADGE).read_text(encoding="utf-8").replace("Listener", "Friend")
    milestone = f"{friend}milestone: {{count: 1, of: [listener]}}\n"
    (site / "badges/harbour/friend.yml").write_text(milestone, encoding="utf-8")
    repositories.commit(site)
    for day, found in (("2024-06-18", []), ("2024-06-17", ["award-removed", "award-removed"])):
        (site / "badges/harbour/friend.yml").write_text(f"{milestone}ended: {day}\n", encoding="utf-8")
        assert codes(review(site, "HEAD", today=TODAY)) == found
