"""Taking awards back, and giving them again: always with a reason, never by removing them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from badge_passport.desk.files.rewriting import rewritten
from badge_passport.desk.files.yamlfiles import EditError
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.entities import Award
from badge_passport.source.files import Tree


@dataclass(frozen=True, slots=True)
class Revoking:
    """What a command would do: the files after it, the awards it is about, and those that are so already."""

    files: dict[str, bytes | None]
    awards: tuple[Award, ...] = ()
    already: tuple[Award, ...] = ()


def revoke(
    tree: Tree, awards: Iterable[Award], reason: Mapping[str, str], on: datetime.date
) -> tuple[Revoking, list[Diagnostic]]:
    """Revoke awards; ``reason`` has one text for each language, or one under the empty one.

    Problems: ``not-revocable``.
    """
    awards = list(awards)
    problems = [_not_revocable(a, "it follows from others: revoke those") for a in awards if a.because]
    problems += [_not_revocable(a, "it was erased") for a in awards if a.identity is None]
    already = tuple(a for a in awards if a.record.revoked is not None)
    todo = [a for a in awards if a.record.revoked is None]
    said: Any = reason[""] if set(reason) == {""} else dict(reason)
    # Each award has a text of its own: a YAML writer makes anchors of what stands twice.
    return _done(tree, todo, already, lambda row: row.__setitem__("revoked", _revocation(on, said)), problems)


def _revocation(on: datetime.date, reason: Any) -> dict[str, Any]:
    return {"on": on, "reason": dict(reason) if isinstance(reason, dict) else reason}


def reinstate(
    tree: Tree, awards: Iterable[Award], on: datetime.date, reason: str | None = None
) -> tuple[Revoking, list[Diagnostic]]:
    """Let awards hold again, since the day ``on``; the record keeps when they did not.

    Problems: ``not-revocable``.
    """
    awards = list(awards)
    problems = [_not_revocable(a, "it was erased") for a in awards if a.identity is None]
    problems += [
        _not_revocable(a, "all awards of its file are revoked at the top of it: take that out by hand")
        for a in awards
        if "revoked" in a.origin.shared
    ]
    already = tuple(a for a in awards if a.record.revoked is None)
    todo = [a for a in awards if a.record.revoked is not None]
    return _done(tree, todo, already, lambda row: _reinstated(row, on, reason), problems)


def _reinstated(row: dict[str, Any], on: datetime.date, reason: str | None) -> None:
    """Turn ``revoked`` into ``reinstated``: what was published stays in the history."""
    since = row.pop("revoked")["on"]
    # A day that YAML read as text or a table's cell is written as a day again.
    since = since if isinstance(since, datetime.date) else datetime.date.fromisoformat(str(since))
    row["reinstated"] = {"revokedOn": since, "on": max(on, since), **({"reason": reason} if reason else {})}


def _done(
    tree: Tree, todo: list[Award], already: tuple[Award, ...], change: Any, problems: list[Diagnostic]
) -> tuple[Revoking, list[Diagnostic]]:
    if problems:
        return Revoking({}), problems
    try:
        files = rewritten(tree, ((award, change) for award in todo))
    except EditError as error:
        return Revoking({}), [_not_revocable(todo[0], str(error))]
    return Revoking(files, tuple(todo), already), []


def _not_revocable(award: Award, why: str) -> Diagnostic:
    return Diagnostic(
        "not-revocable",
        f"the award {award.id} cannot be changed here: {why}",
        award.origin.at("participant"),
        "look at the file; nothing was changed.",
    )
