"""Answers of participants, as the page of an award makes them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from badge_passport.desk.claims.codes import claim_code
from badge_passport.desk.claims.requests import canonical, proof
from badge_passport.registry.ids import award_id
from notify_fixtures import KEY, lay_two

SECRET = bytes.fromhex(KEY.strip())
JONAS = award_id("minimal", "harbour", "listener", "jonas", datetime.date(2024, 6, 18), None)
AMIRA = award_id("minimal", "harbour", "listener", "amira", datetime.date(2024, 6, 18), None)
NOW = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.UTC)


def stamp(time: datetime.datetime) -> str:
    """A time as browsers write it."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answer(
    award: str = JONAS,
    address: str = "jonas@example.org",
    made: datetime.datetime | str = NOW,
    **choices: Any,
) -> dict[str, Any]:
    """A request of whoever reads mail at ``address``; a choice of None leaves the key out."""
    value = {
        "type": "BadgePassportRequest",
        "version": 1,
        "site": "https://badges.example.org/",
        "award": award,
        "answer": "accepted",
        "acceptAll": False,
        "erase": False,
        "made": made if isinstance(made, str) else stamp(made),
        **choices,
    }
    value = {key: inner for key, inner in value.items() if inner is not None}
    return {**value, "proof": proof(claim_code(SECRET, award, address), canonical(value))}


def handed_over(*requests: dict[str, Any]) -> str:
    """The text in which requests are handed over."""
    return "\n".join(
        f"This is my answer.\n\n```json\n{json.dumps(one, indent=2, ensure_ascii=False)}\n```\n"
        for one in requests
    )


def lay_answer(site: Path, *requests: dict[str, Any]) -> None:
    """A site whose two people have addresses, and a file with their answers."""
    lay_two(site)
    (site / "answer.txt").write_text(handed_over(*requests), encoding="utf-8")
