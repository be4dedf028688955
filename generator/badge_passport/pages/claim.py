"""What the claim panel of an award's page is told; who brings the code of the award sees it.

The panel is the same for everybody: it says nothing of what the holder chose before.
"""

from __future__ import annotations

from dataclasses import dataclass

from badge_passport.pages.languages import Language
from badge_passport.pages.sharing import linkedin
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from badge_passport.urls import Urls, page_path

GUIDE = "take-your-badge"
"""The written page that says where badges can be taken, if the site has it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Where the badge and the answer can go; ``issues`` and ``guide`` are empty for a site without."""

    linkedin: str
    guide: str
    contact: str
    issues: str
    forge: str
    languages: tuple[tuple[str, str], ...]


def panel(registry: Registry, urls: Urls, language: Language, award: Award) -> Panel | None:
    """The panel of an award; none for one that was revoked or erased."""
    if award.revoked is not None or award.identity is None:
        return None
    requests = registry.site.requests
    guide = urls.page(page_path(GUIDE), language.tag) if any(p.path == GUIDE for p in registry.pages) else ""
    return Panel(
        linkedin=linkedin(urls, language, award),
        guide=guide,
        contact=award.badge.issuer.record.email,
        issues=requests.issues if requests else "",
        forge=requests.forge if requests else "",
        languages=tuple((tag, language.name_of(tag)) for tag in registry.site.languages),
    )
