"""In which languages a badge is published, and in which of them an award names it."""

from __future__ import annotations

from badge_passport.registry.entities import BadgeClass, Registry


def editions(registry: Registry, badge: BadgeClass) -> list[str]:
    """The languages a badge is published in: those of the site in which it has a name, else the default."""
    written = set(badge.record.name.languages())
    return [tag for tag in registry.site.languages if tag in written] or [registry.default_language]


def edition(registry: Registry, badge: BadgeClass, *wishes: str | None) -> str:
    """The first wished language that the badge is published in, else its first."""
    there = editions(registry, badge)
    return next((tag for tag in wishes if tag in there), there[0])
