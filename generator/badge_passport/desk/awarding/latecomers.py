"""Awards that are entered late get a place of their own in the status list, so that no other moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badge_passport.credentials.places import late
from badge_passport.desk.files.rewriting import Change, rewritten
from badge_passport.pipeline import Checked
from badge_passport.registry import Registry


def placed(before: Registry, after: Checked, files: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """The change ``files``, which makes the site ``after``, with places for the awards that need one.

    Raises:
        EditError: a file cannot be changed without changing more.
    """
    if after.registry is None:
        return dict(files)
    awards = after.registry.awards
    changes = ((awards[award_id], _at(*place)) for award_id, place in late(before, after.registry).items())
    return {**files, **rewritten(after.tree, changes)}


def _at(number: int, index: int) -> Change:
    def change(row: dict[str, Any]) -> None:
        row["status"] = {"list": number + 1, "index": index}

    return change
