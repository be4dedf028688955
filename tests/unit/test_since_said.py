"""A change of words, names and pictures is published too, and the people who review it are told."""

from __future__ import annotations

from pathlib import Path

import pytest

import repositories
from badge_passport.desk.publishing.review import review
from badge_passport.desk.publishing.summary import markdown
from key_fixtures import add_token_key
from reviewed import BADGE, KEY, OTHER_KEY, SITE, TODAY, codes, edit, site, told

__all__ = ["site"]

AMIRA = "content/participants/amira.yml"
ISSUER = "badges/harbour/issuer.yml"
FRAMEWORK = "badges/frameworks/skills.yml"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (AMIRA, "name: Amira Khalil", "name: Lina Haddad, who lives in Mill Lane 4", "1 passport changes"),
        (AMIRA, "visibility: public", "visibility: public\nbio: I was ill last year.", "1 passport changes"),
        (AMIRA, "display: full", "display: initials", "1 passport changes"),
        (AMIRA, "visibility: public", "visibility: unlisted", "1 passport is listed no more"),
        (BADGE, "imageCaption: A blue star", "imageCaption: A star", "badge changed: “Listener” (Harbour)"),
        (ISSUER, "that issues badges", "that gives badges", "organisation changed: harbour"),
        (FRAMEWORK, "What people learn.", "What they learn.", "framework changed: skills"),
        (SITE, "The smallest site", "The least site", "site.yml changed"),
    ],
)
def test_what_is_shown_differently(site: Path, file: str, old: str, new: str, said: str) -> None:
    edit(site, file, old, new)
    seen = review(site, "HEAD", today=TODAY)
    assert (codes(seen), told(seen)) == ([], [said])
    assert seen.changes and seen.checked.registry is not None
    comment = markdown(seen.changes, seen.checked.registry, 0)
    assert "Mill" not in comment and "Nothing on the site" not in comment
    repositories.commit(site)
    assert told(review(site, "HEAD", today=TODAY)) == []


def test_a_picture_and_a_page_of_a_person(site: Path) -> None:
    edit(site, AMIRA, "visibility: public", "visibility: public\nphoto: me.png")
    edit(site, AMIRA, "scope: [name, listing, awards]", "scope: [name, listing, awards, photo]")
    picture = Path(__file__).parents[2] / "content/participants/amira-k/portrait.png"
    (site / "content/participants/amira").mkdir()
    (site / "content/participants/amira/me.png").write_bytes(picture.read_bytes())
    assert told(review(site, "HEAD", today=TODAY)) == ["1 passport changes"]
    repositories.commit(site)
    (site / "content/participants/amira.md").write_text("---\ntitle: Me\n---\n\nHello.\n", encoding="utf-8")
    assert told(review(site, "HEAD", today=TODAY)) == ["1 passport changes"]


def test_an_endorsement_and_another_address(site: Path) -> None:
    folder = site / "badges/harbour/endorsements"
    folder.mkdir()
    (folder / "listener.yml").write_text(
        "badge: harbour/listener\nissuedOn: 2026-05-01\ncomment: We ask for it.\n", encoding="utf-8"
    )
    assert told(review(site, "HEAD", today=TODAY)) == ["1 new endorsement"]
    repositories.commit(site)
    more = f"{{label: school, identity: sha256${'ab' * 32}, salt: another-salt-00000}}"
    edit(site, AMIRA, "salt-of-amira-000000\n", f"salt-of-amira-000000\n  - {more}\n")
    assert told(review(site, "HEAD", today=TODAY)) == []  # nothing of it is published


def test_of_new_keys_one_signs(site: Path) -> None:
    """A key that is made and rotated within one change never signs; that of tokens signs those."""
    key = "  - publicKeyMultibase: {}\n    created: 2018-01-01\n"
    with (site / ISSUER).open("a", encoding="utf-8") as file:
        file.write(f"keys:\n{key.format(OTHER_KEY)}    retired: 2018-02-01\n{key.format(KEY)}")
    (site / "private/keys").mkdir(parents=True)
    add_token_key(site, "harbour", 3)
    seen = review(site, "HEAD", today=TODAY)
    assert codes(seen) == []
    assert told(seen) == [
        "key: harbour: a new key is retired already",
        "key: harbour: a new key signs",
        "key: harbour: a new key signs tokens",
    ]
