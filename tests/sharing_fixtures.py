"""A small site whose people are listed, unlisted and hidden, in two directions of writing."""

from __future__ import annotations

from badge_passport.registry.entities import Registry
from badge_passport.urls import Urls
from minimal import CheckSite

IDENTITY = "identities: [{identity: sha256$" + "0" * 64 + ", salt: 0123456789abcdef}]\n"
SITE = """\
name: {en: Minimal Badges, ar: شارات صغيرة}
description: The smallest site that can be built.
url: https://badges.example.org/in/a folder/
idNamespace: minimal
languages: [en, ar]
host: plain
"""
LISTED = (
    "name: Amira Khalil\ndisplay: full\nvisibility: public\n"
    f"consent: {{on: 2024-06-20, scope: [name, listing, awards]}}\n{IDENTITY}"
)
UNLISTED = f"name: Jonas Berg\ndisplay: full\nconsent: {{on: 2024-06-20, scope: [name, awards]}}\n{IDENTITY}"


def small_site(
    checked: CheckSite, badge: str = "Listener", site: str = "", issuer: str = "", more: str = ""
) -> tuple[Registry, Urls]:
    """The registry and the addresses; ``badge`` is a name in YAML's double quotes, the rest more keys."""
    found = checked(
        {
            "site.yml": SITE.replace("a folder", "a-folder") + site,
            "content/participants/amira.yml": LISTED,
            "content/participants/jonas.yml": UNLISTED,
            "badges/harbour/issuer.yml": "name: {en: Harbour, ar: الميناء}\ndescription: An organisation.\n"
            f"url: https://harbour.example.org\nemail: badges@harbour.example.org\n{issuer}",
            "badges/harbour/listener.yml": f'name: "{badge}"\ndescription: Listens & <hears> well.\n'
            "criteria: Listened.\nimageCaption: A blue star\ntype: participant\nlevel: A\n"
            f"alignment: [{{competence: skills/listening, level: A}}]\n{more}",
        }
    )
    assert found.registry is not None, found.diagnostics
    return found.registry, Urls.of(found.registry.site.url, found.registry.default_language)
