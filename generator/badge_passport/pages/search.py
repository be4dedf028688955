"""What the search box finds: badges, issuers, competences and listed people, never an award.

Of many people it finds nobody here, but in the files of `names`.
"""

from __future__ import annotations

from markupsafe import Markup

from badge_passport.pages.languages import Language
from badge_passport.pages.names import is_sharded
from badge_passport.pages.views import Views
from badge_passport.registry import Registry
from badge_passport.registry.privacy import is_listed
from badge_passport.source import markdown
from badge_passport.urls import Urls


def search_entries(registry: Registry, urls: Urls, language: Language) -> list[dict[str, str]]:
    """Entries of the search index in a language; ``location`` is relative to the language's root."""
    views = Views(registry, urls, language)
    entries = []

    def add(path: str, title: str, text: str) -> None:
        entries.append({"location": path, "title": title, "text": text})

    for badge in registry.badges.values():
        record = badge.record
        words = [language.text(record.description), language.text(record.criteria), *record.tags]
        add(urls.badge(badge.ref), language.text(record.name), markdown.to_text("\n\n".join(words)))
    for issuer in registry.issuers.values():
        text = markdown.to_text(language.text(issuer.record.description))
        add(urls.issuer(issuer.slug), language.text(issuer.record.name), text)
    for competence in registry.competences.values():
        text = markdown.to_text(language.text(competence.record.description))
        add(urls.competence(competence.ref), language.text(competence.record.name), text)
    few = not is_sharded(registry)
    for person in registry.participants.values():
        if few and is_listed(person):
            add(
                urls.passport(person.slug),
                views.person_title(person),
                markdown.to_text(language.text(person.record.bio)),
            )
    # Material reads titles and texts of its index as HTML.
    return [{k: str(Markup.escape(v)) if k != "location" else v for k, v in e.items()} for e in entries]
