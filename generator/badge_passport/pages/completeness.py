"""How complete each language of a site is: the interface, by the theme's catalogues, and the records.

What a theme can say is listed in its ``locales/passport.pot``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from badge_passport.diagnostics import Diagnostic, Place
from badge_passport.pages.languages import catalogues, is_source, language, read, template
from badge_passport.registry import Registry
from badge_passport.registry.rules import translatable
from badge_passport.resources import Theme


@dataclass(frozen=True, slots=True)
class Completeness:
    """A language, and how many of all interface texts and of all texts of records are in it."""

    tag: str
    draft: bool
    interface: int
    interface_texts: int
    records: int
    record_texts: int

    @property
    def whole(self) -> bool:
        """Whether the interface is translated, and was read by somebody who speaks the language."""
        return self.interface == self.interface_texts and not self.draft

    def __str__(self) -> str:
        kind = "draft" if self.draft else "complete" if self.whole else "incomplete"
        return (
            f"{self.tag}: {self.interface} of {self.interface_texts} interface texts ({kind}), "
            f"{self.records} of {self.record_texts} texts of records"
        )


def completeness(registry: Registry, theme: Theme) -> list[Completeness]:
    """Every language of the site, in its order."""
    written = [text for _, _, text in translatable(registry)]
    wanted = {_key(m.id) for file in template(theme) for m in read(file) if m.id}
    found = []
    for tag in registry.site.languages:
        have = wanted if is_source(tag) else wanted & _translated(tag, theme)
        records = sum(tag in text.root for text in written)
        draft = language(tag, registry.default_language, theme).draft
        found.append(Completeness(tag, draft, len(have), len(wanted), records, len(written)))
    return found


def problems(found: Sequence[Completeness]) -> list[Diagnostic]:
    """``language-incomplete`` (a warning) for each language in which readers meet English, or mistakes."""
    return [
        Diagnostic(
            "language-incomplete",
            _said(one),
            Place("site.yml", ("languages", number)),
            "what is not translated is in English. docs/translating.md says how to add to a translation.",
            "warning",
        )
        for number, one in enumerate(found)
        if not one.whole
    ]


def _said(one: Completeness) -> str:
    if not one.interface:
        return f"there is no translation of the interface into {one.tag}"
    number = f"{one.interface} of {one.interface_texts} texts"
    return f"the interface in {one.tag} is {'a draft' if one.draft else 'incomplete'}: {number}"


def _translated(tag: str, theme: Theme) -> set[str]:
    return {
        _key(m.id)
        for file in catalogues(theme, tag)
        for m in read(file)
        if m.id and m.string and all(m.string)
    }


def _key(message: object) -> str:
    """A text, the first of one that depends on a number."""
    return message[0] if isinstance(message, (tuple, list)) else str(message)
