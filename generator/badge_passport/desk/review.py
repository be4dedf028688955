"""Checking a change: what it would publish, and whether it keeps what was published before."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from badge_passport.credentials import places
from badge_passport.diagnostics import Diagnostic
from badge_passport.pipeline import Checked, check_tree
from badge_passport.registry import Registry, assemble, narrow
from badge_passport.registry.changes import Changes, compare
from badge_passport.registry.since import lost
from badge_passport.source import commits
from badge_passport.source.files import read_some, refuse

ALLOWED = ("badge-changed", "version-changed", "passport-gone")
"""What a reviewer may allow: everything else would break what people hold."""


@dataclass(frozen=True, slots=True)
class Review:
    """The site after a change, as far as the change goes, with everything that is wrong with it."""

    checked: Checked
    changes: Changes = field(default_factory=Changes)


def review(
    root: Path,
    reference: str,
    until: str | None = None,
    today: datetime.date | None = None,
    allow: Collection[str] = (),
    prefix: str = "",
) -> Review:
    """Compare the site in ``root`` (or at the commit ``until``) with that at the commit ``reference``.

    Of a change of people and awards only what it touches is read, unless an award was entered late: whether
    it would move others in a status list only all of them can tell.

    Raises:
        GitError: the folder is in no repository, or there is no such commit.
    """
    start = commits.commit(root, reference, prefix)
    end = commits.commit(root, until, prefix) if until else None
    changed = {p for p in commits.changed(start, end) if p == "site.yml" or p.startswith(_BELOW)}
    overlays, _ = read_some(root, _overlays(root)) if end is None else ({}, [])
    before = commits.Snapshot(start, commits.listing(start), overlays)
    if end is None:
        files, problems = read_some(root, changed)
        kept = {path: blob for path, blob in before.blobs.items() if path not in changed}
        after = commits.Snapshot(start, kept, overlays | files)
    else:
        found = commits.entries(end, changed)
        refused = (refuse(path, size, link=link) for path, (link, size) in found.items())
        problems = [problem for problem in refused if problem is not None]
        after = commits.Snapshot(end, commits.listing(end), {})
    # A badge or the site itself is about every award.
    everything = any(not path.startswith("content/") for path in changed)
    part = narrow.whole(before, after) if everything else narrow.part(before, after, changed)
    old, checked = _sides(part, problems, today)
    late = old and checked.registry and _late(old, checked.registry, before, changed)
    if late and not everything:
        old, checked = _sides(narrow.whole(before, after), problems, today)
    if checked.registry is None:
        return Review(checked)
    if old is None:  # the site is new
        return Review(checked, compare(Registry(checked.registry.site), checked.registry))
    if not checked.good:
        return Review(checked, compare(old, checked.registry))
    found_lost = [*lost(old, checked.registry), *places.moved(old, checked.registry)]
    with_lost = checked.with_problems([p for p in found_lost if p.code not in allow])
    return Review(with_lost, compare(old, checked.registry))


_BELOW = ("badges/", "content/")


def _overlays(root: Path) -> list[str]:
    folder = root / "private" / "participants"
    return [f"private/participants/{file.name}" for file in folder.glob("*.yml")]


def _sides(
    part: narrow.Part, problems: list[Diagnostic], today: datetime.date | None
) -> tuple[Registry | None, Checked]:
    """The registry before, as far as it can be read, and the check after."""
    before = assemble(part.before, part.keep)[0] if "site.yml" in part.before.files else None
    return before, check_tree(part.after, list(problems), today, part.keep)


def _late(before: Registry, after: Registry, snapshot: commits.Snapshot, changed: set[str]) -> bool:
    """Whether an award of an issuer that signs is new, and not the last."""
    added: dict[str, datetime.date] = {}
    for award_id, award in after.awards.items():
        issuer = award.badge.issuer
        if award_id not in before.awards and issuer.signing_key and award.record.status is None:
            added[issuer.slug] = min(added.get(issuer.slug, award.issued_on), award.issued_on)
    if not added:
        return False
    first = min(added.values())
    if any(a.badge.issuer.slug in added and a.issued_on >= first for a in before.awards.values()):
        return True
    # The day of a milestone is that of an award of any issuer.
    derived = any(b.record.milestone for b in after.badges.values() if b.issuer.slug in added)
    folders = [narrow.AWARDS] if derived else [f"{narrow.AWARDS}{slug}/" for slug in added]
    return narrow.latest_day(snapshot, folders, without=changed) >= first.isoformat()
