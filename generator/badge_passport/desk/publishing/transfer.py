"""Publishing to a place that holds files: what changed is sent in phases, each whole before the next begins.

At any moment every page that is there finds what it points to, and the manifest that is there claims
nothing that is not so: before the first file is sent, those that will be on their way lose their digests
in it (`uncertain`), so that another build, or another machine, takes nothing for granted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

from badge_passport.desk.publishing.changed import (
    ORDER,
    Built,
    Change,
    File,
    Seen,
    changes,
    kind_of,
    listed,
    read_manifest,
    uncertain,
)
from badge_passport.desk.publishing.journal import Journal
from badge_passport.desk.publishing.notes import coming
from badge_passport.desk.publishing.stores import Refused, Store
from badge_passport.desk.publishing.targets import Target
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.manifest import MANIFEST, is_manifest, texts

INDEX = "index.json"
T = TypeVar("T")
Report = Callable[[int, int], None]
"""Hears how many steps are done, of how many."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: files sent and their bytes, files deleted, and files that were there as they are."""

    sent: int
    size: int
    deleted: int
    kept: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a target holds of ours, and what leads from there to a build."""

    change: Change
    known: dict[str, str]
    manifest: dict[str, bytes]
    """The files of the manifest that is there, by path."""


def compare(built: Built, target: Target, store: Store, journal: Journal) -> Found:
    """Look at a target and find what has to be changed there; nothing is changed yet.

    Raises:
        Refused: it holds something that is not a site of ours (``publish-not-ours``), or gives no answer.
    """
    there = store.listing()
    manifest = {path: store.read(path) or b"" for path in sorted(there) if is_manifest(path)}
    known = read_manifest(manifest) if MANIFEST in manifest else {}
    if known is None or (MANIFEST not in manifest and there):
        raise Refused(not_ours(target))
    other = another_site(built, target, store.read(INDEX) if INDEX in there else None)
    if other is not None:
        raise Refused(other)

    def arrived(file: File, seen: Seen) -> bool:
        return journal.has(file, seen) or store.holds(built.folder, file, seen)

    known = {**known, **coming(there, store.read)}
    return Found(changes(built, known, there, arrived), known, manifest)


def carry_out(built: Built, found: Found, store: Store, journal: Journal, report: Report) -> Published:
    """Send and delete what has to be.

    Raises:
        Refused: something failed; what arrived until then stays, and is not sent again.
    """
    change = found.change
    store.tidy()
    done, steps = 0, len(change.send) + len(change.delete)
    now = dict(found.manifest)

    def stepped() -> None:
        nonlocal done
        done += 1
        report(done, steps)

    if change.send:
        claimed = uncertain(built, found.known, change)
        if claimed != found.known or MANIFEST not in now:
            for path, data in texts(claimed).items():
                if now.get(path) != data:
                    store.write(path, data)
                    now[path] = data

    def send(file: File) -> None:
        journal.note(file, store.send(built.folder, file))

    for kind in ORDER:
        all_of(store.at_once, [file for file in change.send if file.kind == kind], send, stepped)
    for kind in reversed(ORDER):
        all_of(
            store.at_once, [path for path in change.delete if kind_of(path) == kind], store.delete, stepped
        )
    differing, left = listed(built, now)
    for path, data in differing.items():
        store.write(path, data)
    for path in left:
        store.delete(path)
    journal.done()
    return Published(
        len(change.send),
        sum(file.size for file in change.send),
        len(change.delete),
        len(built.files) - len(change.send),
    )


def all_of(
    at_once: int, items: Sequence[T], work: Callable[[T], None], stepped: Callable[[], None] = lambda: None
) -> None:
    """Do the same with all items, some at a time; the first failure ends it."""
    if not items:
        return
    with ThreadPoolExecutor(at_once) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in as_completed(futures):
                future.result()
                stepped()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def another_site(built: Built, target: Target, index: bytes | None) -> Diagnostic | None:
    """``publish-not-ours``: the site there has another address than the one that was built."""
    return other_site(target, address_of(index), address_of(_read(built)))


def other_site(target: Target, there: str, here: str) -> Diagnostic | None:
    """``publish-not-ours``: two addresses that are not the same; one that is not known is no problem."""
    if not here or not there or here == there:
        return None
    return Diagnostic(
        "publish-not-ours",
        f"{target.name} holds the site {there}, and this one is {here}",
        None,
        f"name another target; if “url” was changed on purpose, delete {INDEX} there, and publish again.",
    )


def _read(built: Built) -> bytes | None:
    there = any(file.path == INDEX for file in built.files)
    return (built.folder / INDEX).read_bytes() if there else None


def address_of(index: bytes | None) -> str:
    """The address of a site, from its index of open data."""
    try:
        found = json.loads(index or b"{}")
    except ValueError:
        return ""
    address = found.get("url") if isinstance(found, dict) else ""
    return address if isinstance(address, str) else ""


def not_ours(target: Target) -> Diagnostic:
    """``publish-not-ours``: there is something that was not published from here."""
    return Diagnostic(
        "publish-not-ours",
        f"{target.name} is not empty, and holds no site that `passport publish` put there",
        None,
        "name another target, best a prefix or folder of its own; or empty this one if all of it may go.",
    )
