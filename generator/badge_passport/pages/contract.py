"""What a theme may rely on: which templates there are, and what each gets as ``page`` and ``meta``.

``python -m badge_passport.pages.contract FILE`` writes it as JSON Schema.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.type_adapter import TypeAdapter

from badge_passport.pages import discoverymodels as d
from badge_passport.pages import pagemodels as p
from badge_passport.pages.rendering import Meta, Site

__all__ = ["PAGES", "schema"]

PAGES: dict[str, type] = {
    "award.html": p.AwardPage,
    "badge.html": p.BadgePage,
    "badges.html": p.BadgesPage,
    "changes.html": d.ChangesPage,
    "claim_form.html": p.ClaimForm,
    "compare.html": d.ComparePage,
    "competence.html": p.CompetencePage,
    "competences.html": p.CompetencesPage,
    "embed.html": p.EmbedPage,
    "framework.html": p.FrameworkPage,
    "issuer.html": p.IssuerPage,
    "issuers.html": p.IssuersPage,
    "moved.html": p.MovedPage,
    "offline.html": p.OfflinePage,
    "passport.html": p.PassportPage,
    "passports.html": d.DirectoryPage,
    "portfolio.html": p.PortfolioPageView,
    "private.html": p.PrivatePage,
    "statistics.html": d.StatisticsPage,
    "verify.html": p.VerifyPage,
}
"""The template of each kind of page, and the class of its ``page``."""


def schema() -> dict[str, Any]:
    """One JSON Schema: a property for each template, and ``meta`` and ``site``, which all of them get."""
    types: dict[str, type] = {**PAGES, "meta": Meta, "site": Site}
    places, definitions = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(kind)) for name, kind in types.items()],
        title="What the templates of a theme get",
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definitions["title"],
        "type": "object",
        "properties": {name: places[name, "serialization"] for name in types},
        "$defs": definitions["$defs"],
    }


def text() -> str:
    """The schema as it is kept in ``themes/passport/contract.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
