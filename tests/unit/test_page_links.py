"""Links in written pages: those that lead nowhere are told, and no others."""

from __future__ import annotations

import pytest

from badge_passport.source import markdown
from minimal import CheckSite

FILES = {
    "site.yml": "name: Links\ndescription: A site.\nurl: https://badges.example.org/base/\n"
    "idNamespace: minimal\nlanguages: [en, fr]\nhost: plain\n",
    "content/pages/more.md": "# More\n",
    "content/pages/guide/index.md": "# Guide\n",
    "content/pages/guide/first-step.fr.md": "# Un\n",
    "content/pages/images/hall.png": b"",
}


def dead(checked: CheckSite, page: str, text: str) -> list[str]:
    """What is said of the links of a page."""
    problems = checked({**FILES, f"content/pages/{page}": text}).diagnostics
    return [d.message for d in problems if d.code == "dead-link"]


THERE = [
    ("about.md", "../passports/jonas/"),
    ("about.md", "../passports/jonas"),
    ("about.md", "../passports/jonas/badges.zip"),
    ("about.md", "../passports/"),
    ("about.md", "../passports/-/2/"),
    ("about.md", "../badges/harbour/listener/?from=about#criteria"),
    ("about.md", "../issuers/harbour/"),
    ("about.md", "../competences/skills/listening/"),
    ("about.md", "../competences/skills/framework.json"),
    ("about.md", "../awards/ANYTHING/"),
    ("about.md", "../fr/passports/jonas/"),
    ("about.md", "../fr/"),
    ("about.md", ".."),
    ("about.md", "../verify/#url=x"),
    ("about.md", "../register.json"),
    ("about.md", "/base/passports/jonas/"),
    ("about.md", "/another-site/"),
    ("about.md", "https://badges.example.org/base/passports/jonas/"),
    ("about.md", "https://badges.example.org/"),
    ("about.md", "https://elsewhere.example/base/passports/nobody/"),
    ("about.md", "//elsewhere.example/"),
    ("about.md", "https://[:a]/"),  # no address at all
    ("about.md", "mailto:team@harbour.example.org"),
    ("about.md", "#here"),
    ("about.md", "?"),
    ("about.md", "more.md"),
    ("about.md", "more.md#anchor"),
    ("about.md", "./guide/index.md"),
    ("about.md", "../guide/"),
    ("about.md", "guide/first-step.md"),
    ("about.md", "images/hall.png"),
    ("about.md", "../images/hall.png"),
    ("about.fr.md", "../passports/jonas/"),
    ("about.fr.md", "../../passports/jonas/"),
    ("about.fr.md", "more.md"),
    ("index.md", "passports/jonas/"),
    ("guide/second.md", "../../passports/jonas/"),
    ("guide/second.md", "../more.md"),
    ("guide/second.md", "../images/hall.png"),
]


@pytest.mark.parametrize(("page", "target"), THERE)
def test_what_is_there_or_elsewhere_is_no_problem(checked: CheckSite, page: str, target: str) -> None:
    assert dead(checked, page, f"[words]({target})\n") == []


NOWHERE = [
    ("about.md", "../passports/jonass/", "passports/jonass/"),
    ("about.md", "passports/jonas/", "about/passports/jonas/"),
    ("index.md", "../passports/jonass/", None),  # above the site
    ("about.md", "../badges/harbour/lisener/", "badges/harbour/lisener/"),
    ("about.md", "../issuers/habour/", "issuers/habour/"),
    ("about.md", "../competences/skill/", "competences/skill/"),
    ("about.md", "../competences/skills/talking/", "competences/skills/talking/"),
    ("about.md", "../fr/passports/jonass/", "fr/passports/jonass/"),
    ("about.md", "../de/passports/jonas/", "de/passports/jonas/"),
    ("about.md", "/base/nothing/", "nothing/"),
    ("about.md", "https://badges.example.org/base/nothing/?x=1", "nothing/"),
    ("about.md", "more.fr.md", "more.fr.md"),
    ("about.md", "mroe.md", "mroe.md"),
    ("about.md", "images/hole.png", "about/images/hole.png"),
    ("index.md", "hole.png", "hole.png"),
    ("about.fr.md", "../passports/jonass/", "fr/passports/jonass/"),
    ("guide/second.md", "../passports/jonas/", "guide/passports/jonas/"),
    ("guide/second.md", "more.md", "guide/more.md"),
]


@pytest.mark.parametrize(("page", "target", "where"), NOWHERE)
def test_what_leads_nowhere_is_told(checked: CheckSite, page: str, target: str, where: str | None) -> None:
    said = [] if where is None else [f"there is nothing at “{where}” on this site"]
    assert dead(checked, page, f"[words]({target})\n") == said
    assert dead(checked, page, f"![words]({target})\n") == said


def test_passports_that_were_renamed_are_there(checked: CheckSite) -> None:
    jonas = checked().tree.files["content/participants/jonas.yml"].decode()
    renamed = f"{jonas}former:\n  - {{slug: jonas-before}}\n"
    found = checked(
        {
            **FILES,
            "content/participants/jonas.yml": renamed,
            "content/pages/about.md": "[words](../passports/jonas-before/)\n",
        }
    )
    assert [d.code for d in found.diagnostics if d.severity == "error"] == []
    assert [d for d in found.diagnostics if d.code == "dead-link"] == []


def test_links_have_their_places() -> None:
    text = "# A\n\nOne [b](c/) and\n[b](c/), `[x](y/)`.\n\n"
    text += "[é](été/) <https://e.example/> ![p](q.png)\n\n[r]: s/\n[r]\n"
    found = [(link.target, link.line, link.column, link.length) for link in markdown.links(text)]
    assert found == [
        ("c/", 3, 9, 2),
        ("%C3%A9t%C3%A9/", 6, 5, 4),
        ("https://e.example/", 6, 12, 18),
        ("q.png", 6, 37, 5),
        ("s/", 9, 1, 1),
    ]
