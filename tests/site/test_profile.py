"""Which competences somebody's awards are evidence of: what the page of a passport says, as data."""

from __future__ import annotations

from badge_passport.credentials import published
from badge_passport.pages.languages import language
from badge_passport.pages.views import Views
from badge_passport.registry.privacy import in_passport
from badge_passport.registry.profile import reached
from badge_passport.resources import packaged_theme
from badge_passport.urls import Urls
from demo import Demo


def test_it_is_what_the_passport_shows(demo: Demo) -> None:
    registry = demo.registry
    urls = Urls.of(registry.site.url, registry.default_language)
    views = Views(registry, urls, language("en", "en", packaged_theme()))
    seen = 0
    for person in registry.participants.values():
        awards = registry.awards_by_participant.get(person.slug, ())
        holding = [a for a in awards if in_passport(a) and a.in_force]
        shown = {
            row.competence.href: [cell.level for cell in row.cells if cell.awards]
            for profile in views.profile(holding)
            for row in profile.rows
        }
        found = {urls.competence(c.ref): levels for c, levels in reached(registry, holding)}
        assert {ref: [level for level in levels if level] for ref, levels in found.items()} == shown
        document = published.passport(registry, urls, person)
        said = {one["id"]: one.get("levels", []) for one in document.get("competences", [])}
        assert said == {urls.absolute(path): levels for path, levels in shown.items()}
        seen += len(shown)
    assert seen > 10
