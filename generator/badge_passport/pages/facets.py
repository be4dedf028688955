"""By what a list of badges can be narrowed: the attributes of each item, and the choices that there are.

``assets/filter.js`` compares them. A value is one word that stays the same in every language of the site,
because it stands in addresses that people share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from badge_passport.credentials.ob2 import editions
from badge_passport.pages.discoverymodels import Choice, Filter
from badge_passport.pages.names import fold, word
from badge_passport.pages.views import Views
from badge_passport.registry.entities import BadgeClass

MILESTONE = "milestone"


def of_badge(views: Views, badge: BadgeClass) -> dict[str, str]:
    """Name to values, separated by spaces, of a badge in a list."""
    registry, record = views.registry, badge.record
    tops = (c.parent or c for a in badge.alignments if (c := a.competence) is not None)
    found = {
        "issuer": badge.issuer.slug,
        "activity": word(registry.text(record.activity, registry.default_language))
        if record.activity
        else "",
        "type": record.type,
        "level": word(record.level or ""),
        "competence": " ".join(dict.fromkeys(top.ref for top in tops)),
        "language": " ".join(editions(registry, badge)),
        "tag": " ".join(word(tag) for tag in record.tags),
        "kind": MILESTONE if record.milestone else "badge",
    }
    return {name: value for name, value in found.items() if value}


def filters(views: Views, badges: Iterable[BadgeClass]) -> list[Filter]:
    """The filters by which these badges differ; one with a single choice narrows nothing."""
    listed = list(badges)
    _ = views.language.gettext
    text = views.language.text
    registry = views.registry
    issuers = {b.issuer.slug: text(b.issuer.record.name) for b in listed}
    default = registry.default_language
    activities = {
        word(registry.text(b.record.activity, default)): text(b.record.activity)
        for b in listed
        if b.record.activity
    }
    given = {b.record.type for b in listed}
    types = {slug: views.type_name(slug).text for slug in [*views.types, *sorted(given)] if slug in given}
    used = {b.record.level for b in listed if b.record.level}
    levels = {
        word(level): f"{level} · {name}" if (name := views.level_name(level).text) != level else level
        for level in [*views.levels, *sorted(used)]
        if level in used
    }
    tops = {c.parent or c for b in listed for a in b.alignments if (c := a.competence) is not None}
    competences = {c.ref: text(c.record.name) for c in registry.competences.values() if c in tops}
    spoken = {tag for b in listed for tag in editions(registry, b)}
    languages = {tag: views.language.name_of(tag) for tag in registry.site.languages if tag in spoken}
    tags = {word(tag): tag for b in listed for tag in b.record.tags}
    kinds = {
        name: said
        for name, said in (("badge", _("Badges")), (MILESTONE, _("Milestones")))
        if any((b.record.milestone is not None) == (name == MILESTONE) for b in listed)
    }
    found: list[tuple[str, str, Mapping[str, str]]] = [
        ("activity", _("Activity"), _sorted(activities)),
        ("type", _("Type"), types),
        ("level", _("Level"), levels),
        ("competence", _("Competence"), competences),
        ("issuer", _("Issuer"), issuers),
        ("language", _("Language"), languages),
        ("tag", _("Tag"), _sorted(tags)),
        ("kind", _("Kind"), kinds),
    ]
    return [
        Filter(name, label, [Choice(value, said) for value, said in choices.items()])
        for name, label, choices in found
        if len(choices) > 1
    ]


def _sorted(choices: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(choices.items(), key=lambda item: (fold(item[1]), item[0])))
