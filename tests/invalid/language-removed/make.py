"""A language is taken out of the site in which somebody holds a badge."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    settings, badge = site / "site.yml", site / "badges/harbour/listener.yml"
    person = site / "content/participants/jonas.yml"
    alone = settings.read_text(encoding="utf-8")
    settings.write_text(alone.replace("languages: [en]", "languages: [en, fr]"), encoding="utf-8")
    text = badge.read_text(encoding="utf-8")
    badge.write_text(text.replace("name: Listener", "name: {en: Listener, fr: À l’écoute}"), encoding="utf-8")
    own = person.read_text(encoding="utf-8")
    person.write_text(own + "language: fr\n", encoding="utf-8")
    start(site)
    settings.write_text(alone, encoding="utf-8")
    badge.write_text(text, encoding="utf-8")
    person.write_text(own, encoding="utf-8")
