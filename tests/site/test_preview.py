"""`passport preview`: one page that leads to everything a change would bring about."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from minimal import MINIMAL, MakeSite


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def preview(site: Path, *more: str | Path, code: int = 0) -> str:
    return run("preview", "--site", site, "--format", "concise", *more, code=code).output


def links(site: Path) -> list[str]:
    """What the page leads to; all of it is there."""
    page = (site / "preview/index.html").read_text("utf-8")
    found = [unquote(link) for link in re.findall(r'href="([^"#]+)"', page)]
    for link in found:
        assert (site / "preview" / link).is_file(), link
    return found


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    site = make_site({".gitignore": "private/\npublic/\npreview/\n"})
    repositories.start(site)
    return site


def test_everything_there_is(site: Path) -> None:
    said = preview(site)
    assert "3 messages, and none sent" in said
    found = links(site)
    assert "site/index.html" in found and "mail/index.html" in found
    assert sum(link.startswith("site/awards/") for link in found) == 2
    assert "site/badges/harbour/listener/index.html" in found
    assert "site/passports/amira/index.html" in found
    award = next((site / "preview/site/awards").glob("*/index.html")).read_text("utf-8")
    assert "Preview: nothing on these pages is published" in award
    assert "noindex" in (site / "preview/index.html").read_text("utf-8")


def test_what_has_changed(site: Path) -> None:
    (site / "content/awards/harbour/summer.yml").write_text(
        "badge: listener\nissuedOn: 2024-07-01\nparticipant: jonas\n", "utf-8"
    )
    said = preview(site, "--since", "HEAD")
    assert "1 message, and none sent" in said
    found = links(site)
    assert sum(link.startswith("site/awards/") for link in found) == 1
    assert [x for x in found if x.startswith("site/passports/")] == ["site/passports/jonas/index.html"]
    assert sum(link.startswith("mail/0") for link in found) == 1
    page = (site / "preview/index.html").read_text("utf-8")
    assert "1 new award of “Listener”" in page
    # Again, with another state: nothing of the first is left.
    (site / "content/awards/harbour/summer.yml").unlink()
    assert "0 messages" in preview(site, "--since", "HEAD")
    assert "Nothing on the site changes" in (site / "preview/index.html").read_text("utf-8")
    assert not list((site / "preview/mail").glob("0*"))


def test_messages_are_those_that_would_be_sent(site: Path) -> None:
    roster = site / "private/roster.csv"
    roster.parent.mkdir()
    roster.write_text("participant,address,name\namira,amira@example.net,Amira\n", "utf-8")
    preview(site)
    pages = list((site / "preview/mail").glob("0*.html"))
    assert len(pages) == 4  # three examples, and the one that is due
    (site / "content/awards/harbour/summer.yml").write_text(
        "badge: listener\nissuedOn: 2024-07-01\nparticipant: amira\n", "utf-8"
    )
    preview(site, "--since", "HEAD")
    everything = "".join(f.read_text("utf-8") for f in (site / "preview").rglob("*.html"))
    assert "amira@example.net" not in everything
    assert not (site / "private/sent.jsonl").exists() and not (site / "private/claims.key").exists()


def test_a_name_is_a_name(site: Path) -> None:
    file = site / "badges/harbour/listener.yml"
    text = (MINIMAL / "badges/harbour/listener.yml").read_text("utf-8")
    file.write_text(re.sub("(?m)^name:.*$", "name: '*x* & [y](z) \"'", text), "utf-8")
    (site / "content/awards/harbour/summer.yml").write_text(
        "badge: listener\nissuedOn: 2024-07-01\nparticipant: jonas\n", "utf-8"
    )
    preview(site, "--since", "HEAD", "--site", site)
    page = (site / "preview/index.html").read_text("utf-8")
    assert "*x* &amp; [y](z)" in page and "<em>x</em>" not in page


def test_what_is_not_ours_stays(site: Path, tmp_path: Path) -> None:
    (site / "preview").mkdir()
    (site / "preview/mine.txt").write_text("mine")
    assert "error[output-not-ours]" in preview(site, code=1)
    assert [p.name for p in (site / "preview").iterdir()] == ["mine.txt"]
    assert "error[output-inside-source]" in preview(site, "-o", site / "content/new", code=1)
    assert "error[since-unknown]" in preview(site, "-o", tmp_path / "p", "--since", "nowhere", code=1)
    assert not (tmp_path / "p").exists()


def test_a_site_with_errors_has_no_preview(site: Path) -> None:
    (site / "content/awards/harbour/summer.yml").write_text("badge: nothing\n", "utf-8")
    assert "error[missing-key]" in preview(site, code=1)
    assert not (site / "preview").exists()


def test_a_change_that_loses_something_is_shown(site: Path) -> None:
    (site / "content/awards/harbour/spring.yml").write_text(
        "badge: listener\nissuedOn: 2024-06-18\nparticipant: amira\n", "utf-8"
    )
    assert "error[award-removed]" in preview(site, "--since", "HEAD")
    assert "1 problem must be mended first" in (site / "preview/index.html").read_text("utf-8")
