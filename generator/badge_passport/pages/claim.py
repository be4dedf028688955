"""What the claim panel of an award's page is told; who brings the code of the award sees it.

The panel is the same for everybody: it says nothing of what the holder chose before.
"""

from __future__ import annotations

from badge_passport.pages.languages import Language
from badge_passport.pages.pagemodels import ClaimPanel
from badge_passport.pages.sharing import linkedin
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from badge_passport.urls import Urls, page_path

GUIDE = "take-your-badge"
"""The written page that says where badges can be taken, if the site has it."""


def panel(registry: Registry, urls: Urls, language: Language, award: Award) -> ClaimPanel | None:
    """The panel of an award; none for one that was revoked or erased."""
    if award.revoked is not None or award.erased:
        return None
    requests = registry.site.requests
    guide = urls.page(page_path(GUIDE), language.tag) if any(p.path == GUIDE for p in registry.pages) else ""
    return ClaimPanel(
        linkedin=linkedin(urls, language, award),
        guide=guide,
        contact=award.badge.issuer.record.email,
        issues=requests.issues if requests else "",
        forge=requests.forge if requests else "",
        languages=[(tag, language.name_of(tag)) for tag in registry.site.languages],
        form=urls.claim_form(award.badge.issuer.slug, language.tag),
    )
