"""The page that promises a published badge in fifteen minutes keeps it: everything on it is done for real."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import check
from quickstart import PAGE, followed


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="a web server listens on 443, which is root's")
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    with followed(tmp_path) as done:
        registry = check(done.site).registry
    assert registry is not None
    given = [a for a in registry.awards.values() if a.badge.ref == "riverside-youth/bridge-walk"]
    assert len(given) == 4
    assert {e.address for e in read_roster(done.site)[0].entries} == {
        "sam@example.org",
        "lina.haddad@example.org",
        "juergen@example.org",
        "zoe@example.org",
    }
    assert "tom at example.org" in (done.site / "private/rejected-walk.csv").read_text(encoding="utf-8")
    said = "\n".join(done.said)
    assert "4 new awards of “Bridge Walk” (Riverside Youth)" in said
    assert "passport: published as" in said
    assert "all as they were built" in said
    for award in given:
        assert (done.live / "awards" / award.id / "credential.json").is_file()
    assert (done.site / "preview/index.html").is_file()
    assert len(list((done.site / "mail-outbox").glob("*.eml"))) == 4
    for path in tracked(done.site):
        assert b"lina.haddad@" not in (done.site / path).read_bytes(), path
    for name in ("private", "mail-preview", "mail-outbox", "preview", "public"):
        assert not any(path.startswith(f"{name}/") for path in tracked(done.site)), name


def tracked(site: Path) -> list[str]:
    import repositories

    return repositories.git(site, "ls-files").splitlines()


def test_its_pictures_are_there_and_small() -> None:
    names = [
        line.split("](")[1].rstrip(")\n") for line in PAGE.open(encoding="utf-8") if line.startswith("![")
    ]
    assert len(names) >= 4
    for name in names:
        picture = PAGE.parent / name
        assert picture.is_file(), f"{name} is missing: make pictures"
        assert picture.stat().st_size < 150_000, name
