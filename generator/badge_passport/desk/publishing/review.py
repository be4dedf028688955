"""Checking a change: what it would publish, and whether it keeps what was published before."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from badge_passport.credentials import places
from badge_passport.credentials.published import digest
from badge_passport.desk.publishing import strays
from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.model import records as r
from badge_passport.pipeline import Checked, check_tree
from badge_passport.registry import Registry, assemble, narrow
from badge_passport.registry.addresses import plain_addresses
from badge_passport.registry.changes import Changes, compare
from badge_passport.registry.key_material import private_keys
from badge_passport.registry.load import load
from badge_passport.registry.since import lost
from badge_passport.source import commits
from badge_passport.source.files import Tree, read_some, refuse

ALLOWED = ("badge-changed", "version-changed", "passport-gone")
"""What a reviewer may allow: everything else would break what people hold."""


@dataclass(frozen=True, slots=True)
class Review:
    """The site after a change, as far as the change goes, with everything that is wrong with it."""

    checked: Checked
    changes: Changes = field(default_factory=Changes)


def review(
    root: Path,
    reference: str | None,
    until: str | None = None,
    today: datetime.date | None = None,
    allow: Collection[str] = (),
    prefix: str = "",
) -> Review:
    """Compare the site in ``root`` (or at the commit ``until``) with that at the commit ``reference``.

    Of a change of people and awards only what it touches is read, unless an award was entered late: whether
    it would move others in a status list only all of them can tell. Without a ``reference`` (the first
    push of a site) everything is new.

    What any commit on the way would put into the history counts as published: see `leaks`.

    Raises:
        GitError: the folder is in no repository, or there is no such commit.
    """
    end = commits.commit(root, until, prefix) if until else None
    if reference is None:
        return _first(end or commits.commit(root, "HEAD", prefix), today)
    start = commits.commit(root, reference, prefix)
    touched = commits.changed(start, end)
    changed = {p for p in touched if p == "site.yml" or p.startswith(_BELOW)}
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
    lying = _read_strays(root, touched) if end is None else {}
    problems += leaks(start, end or commits.commit(root, "HEAD", prefix), lying)
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


def _first(end: commits.Commit, today: datetime.date | None) -> Review:
    """The review of a site that nothing was before."""
    snapshot = commits.Snapshot(end, commits.listing(end), {})
    found = commits.entries(end, snapshot.under(*_BELOW))
    refused = [refuse(path, size, link=link) for path, (link, size) in found.items()]
    problems = [problem for problem in refused if problem is not None] + list(leaks(None, end))
    checked = check_tree(narrow.whole(snapshot, snapshot).after, problems, today)
    if checked.registry is None:
        return Review(checked)
    return Review(checked, compare(Registry(checked.registry.site), checked.registry))


def leaks(
    start: commits.Commit | None, end: commits.Commit, lying: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[Diagnostic]:
    """What the commits after ``start`` would put into the history, even if a later one takes it away again.

    ``private-tracked`` for anything below ``private/``, ``plain-email`` and ``private-key`` for files that
    are no more as they were then, ``plain-email`` for tables of people that lie anywhere: in a commit, or
    (``lying``) on disk, where the next commit would take them.
    """
    added = commits.added(start, end)
    for path in sorted({path for path, _ in added if path.startswith("private/")}):
        yield Diagnostic(
            "private-tracked",
            "this file is in the public repository",
            Span(path),
            "take it out of every commit of this push: `git rm --cached`, then `git commit --amend` or "
            "`git rebase`; what was already pushed counts as published.",
        )
    kept = commits.listing(end)
    past = {path: blob for path, blob in added if path.startswith(_BELOW) and kept.get(path) != blob}
    tree = Tree(end.folder, commits.read(end, past))
    records = load(tree.with_changes(commits.read(end, {p: b for p, b in kept.items() if p == "site.yml"})))[
        0
    ]
    if records.site is None or records.site.privacy.plain_email != "allow":
        yield from _strays(end, kept, added, lying)
    for found in [*plain_addresses(tree, records), *private_keys(tree)]:
        where = found.where.file if isinstance(found.where, Span) else ""
        yield replace(
            found,
            message=f"{found.message}, in an earlier commit of this change",
            where=Span(where),
            help="the history keeps it: join the commits (`git rebase`), so that it is in none of them.",
        )


def _strays(
    end: commits.Commit, kept: Mapping[str, str], added: list[tuple[str, str]], lying: Mapping[str, bytes]
) -> Iterator[Diagnostic]:
    """``plain-email`` for tables of people beside the records of the site."""
    issuers = commits.read(end, {path: blob for path, blob in kept.items() if strays.is_issuer(path)})
    allowed = strays.contacts(issuers.values())
    told: set[str] = set()
    for path, blob in added:
        if path not in told and strays.is_stray(path):
            for found in strays.with_addresses(commits.read(end, {path: blob}), allowed):
                told.add(found)
                yield strays.in_a_table(
                    found,
                    "take it out of every commit of this push: `git rm --cached`, then `git commit --amend` "
                    "or `git rebase`; what was already pushed counts as published.",
                )
    for found in strays.with_addresses(lying, allowed):
        if found not in told:
            yield strays.in_a_table(found, "move it into private/, which git ignores, before you commit.")


def _read_strays(root: Path, touched: Iterable[str]) -> dict[str, bytes]:
    """The tables on disk that git does not have as they are."""
    files = {path: root / path for path in touched if strays.is_stray(path)}
    return {path: file.read_bytes() for path, file in files.items() if file.is_file()}


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


def _register(site: r.SiteRecord) -> str:
    return f"{str(site.url).rstrip('/')}/register.json"


def against_register(checked: Checked, data: bytes) -> list[Diagnostic]:
    """What of a published ``register.json`` the site has lost: for when there is no history to compare with.

    Problems: ``since-unknown`` for what is no register, ``site-moved``, ``award-removed``.
    """
    try:
        said = json.loads(data)
        place, entries = said.get("id"), [(str(e["award"]), str(e.get("id", ""))) for e in said["awards"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        fix = "it is register.json at the root of a published site."
        return [Diagnostic("since-unknown", "this is no register of a published site", None, fix)]
    awards = checked.registry.awards if checked.registry else {}
    known = {digest(award_id.encode()) for award_id in awards}
    moved = []
    if checked.registry and entries and place != _register(checked.registry.site):
        moved.append(
            Diagnostic(
                "site-moved",
                f"the published site is at {str(place).removesuffix('register.json')}, and “url” is another",
                Place("site.yml", ("url",)),
                "write the address of the published site again: every badge names it.",
            )
        )
    return moved + [
        Diagnostic(
            "award-removed",
            f"a published award is gone: {address or award}",
            None,
            "bring its record back, and revoke it if it does not hold.",
        )
        for award, address in entries
        if award not in known
    ]
