"""Building straight into an object store: who makes a part of the site sends it, and no disk holds it all.

What all pages share is sent first, by this machine; then workers make and send everything of people,
documents before pages; then come lists, from this machine again. At last what is gone is deleted, and the
manifest tells what is there. Until then the manifest vouches for nothing. A worker says beforehand in a
*note* which files are coming (by digests of their paths), so that after any interruption the next build, or
`passport publish`, knows them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from badge_passport.desk.publishing.changed import ORDER, Seen, kind_of, name_of, read_manifest
from badge_passport.desk.publishing.notes import NOTES, coming, note
from badge_passport.desk.publishing.objectstores import ObjectStore
from badge_passport.desk.publishing.stores import Refused
from badge_passport.desk.publishing.targets import Target
from badge_passport.desk.publishing.transfer import INDEX, address_of, all_of, not_ours, other_site
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.building import Built, Report, prepare
from badge_passport.publish.engines import Engine
from badge_passport.publish.manifest import MANIFEST, Listing, is_manifest, record, texts
from badge_passport.publish.memory import File
from badge_passport.publish.plan import Plan, Unit, is_of_people

PATIENCE: Final = 120.0
"""Seconds for which an overloaded store is asked again."""
_RECORD: Final = 64
_LISTS: Final = ("embeds", "kinds")
"""Units whose pages point to what is of people, and come after it. Others come first, written pages last."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a unit: records of all its files for the manifest, what `Plan.noted` says of them, their
    number and bytes, and how many of them had to be sent.
    """

    records: bytes
    noted: bytes
    files: int
    size: int
    sent: int


class Known:
    """The files whose bytes are at a target for certain, as `files` of a manifest says; packed, to travel."""

    def __init__(self, files: Mapping[str, str]) -> None:
        sure = sorted(files.items())
        self._records = b"".join(bytes.fromhex(name + digest) for name, digest in sure if digest)

    def has(self, one: bytes) -> bool:
        """Whether this file is there, by its record."""
        at = bisect_left(range(len(self._records) // _RECORD), one[:32], key=lambda i: self._at(i)[:32])
        return self._at(at) == one

    def _at(self, number: int) -> bytes:
        return self._records[number * _RECORD : (number + 1) * _RECORD]


@dataclass(frozen=True, slots=True)
class Sending:
    """Makes units of a plan and sends what is not there, on any machine."""

    plan: Plan
    target: Target
    patience: float
    known: Known

    def __call__(self, unit: Unit) -> Sent | Diagnostic:
        """Make and send a unit; a problem is a value, because it is not to be tried again."""
        files = [file for _, outputs in self.plan.parts(unit) for file in outputs]
        try:
            return self.send(" ".join(unit), files)
        except Refused as refused:
            return refused.problem

    def send(self, name: str, outputs: Sequence[tuple[str, bytes]]) -> Sent:
        """Send files, documents before pages.

        Raises:
            Refused: the store did not take them all.
        """
        files: list[File] = [(path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in outputs]
        records = [record(path, digest) for path, digest, _ in files]
        new = [file for file, one in zip(outputs, records, strict=True) if not self.known.has(one)]
        if new:
            store = _connected(self.target, self.patience)
            store.write(*note(name, (path for path, _ in new)))
            for kind in ORDER:
                those = [file for file in new if kind_of(file[0]) == kind]
                all_of(store.at_once, those, lambda file: store.write(*file))
        size = sum(size for _, _, size in files)
        return Sent(b"".join(records), self.plan.noted(files), len(files), size, len(new))


@dataclass(frozen=True, slots=True)
class _Away:
    """Sending from another machine, which knows of people what comes with a unit."""

    sending: Sending

    def __call__(self, parcel: tuple[Unit, bytes]) -> Sent | Diagnostic:
        unit, people = parcel
        self.sending.plan.arrive(people)
        return self.sending(unit)


@dataclass(slots=True)
class _Done:
    """What was made and sent until now."""

    files: dict[str, str] = field(default_factory=dict)
    noted: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0
    sent: int = 0
    people: tuple[int, int] = (0, 0)

    def add(self, name: str, sent: Sent) -> None:
        at = range(0, len(sent.records), _RECORD)
        self.files.update((sent.records[i : i + 32].hex(), sent.records[i + 32 : i + 64].hex()) for i in at)
        self.noted.append(sent.noted)
        self.size += sent.size
        self.sent += sent.sent
        if sent.sent:
            self.notes.append(note(name, ())[0])
        if name.startswith("people "):
            self.people = self.people[0] + sent.files, self.people[1] + sent.size


def build_straight(plan: Plan, target: Target, patience: float, engine: Engine, report: Report) -> Built:
    """Bring the site at a target to what is planned.

    ``patience`` is for how many seconds an overloaded store is asked again.

    Raises:
        Refused: there is something else, or the store does not do what it is asked for; what arrived stays,
            and the next build goes on from there.
        WorkerLost: no worker was left.
    """
    prepare(plan, plan.first(), engine, report)
    plan.ready()
    units = plan.units()
    prepare(plan, plan.second(units), engine, report)
    store = _connected(target, patience)  # after processes were copied: it has threads
    there = store.listing()
    before = _before(plan, target, there, store)
    work = Sending(plan, target, patience, Known(before))
    done = _Done()
    try:
        claimed = _claim(store, dict.fromkeys(before, ""))
        people = [unit for unit in units if is_of_people(unit)]
        lists = [unit for unit in units if unit[0] in _LISTS]
        for unit in sorted(units, key=lambda unit: unit[0] == "written"):
            if unit not in lists and not is_of_people(unit):
                _add(done, unit, work(unit))
        parcels = ((unit, plan.share(unit)) for unit in people)
        for number, ((unit, _), sent) in enumerate(engine.run(_Away(work), parcels), 1):
            _add(done, unit, sent)
            report("sending", number, len(people) + len(lists), len(done.files))
        work.send("last", [*plan.last(done.noted, "")][:1])  # the register, which lists point to
        for number, unit in enumerate(lists, len(people) + 1):
            _add(done, unit, work(unit))
            report("sending", number, len(people) + len(lists), len(done.files))
        last = [*plan.last(done.noted, _digest(done.files))]
        done.add("last", work.send("last", last))
    except BaseException:
        with suppress(Refused):
            _claim(store, {**before, **coming(store.listing(), store.read), **done.files})
            all_of(store.at_once, done.notes, store.delete)
        raise
    gone = sorted(
        (path for path in there if name_of(path) in before and name_of(path) not in done.files),
        key=lambda path: (-ORDER.index(kind_of(path)), path),
    )
    for kind in reversed(ORDER):
        all_of(store.at_once, [path for path in gone if kind_of(path) == kind], store.delete)
    listed = _claim(store, done.files)
    left = [path for path in {*there, *claimed} if is_manifest(path) and path not in listed]
    all_of(store.at_once, [*left, *done.notes], store.delete)
    removed = sum(not path.startswith(NOTES) for path in gone)
    return Built(len(done.files), done.size, done.sent, removed, *done.people)


def _before(plan: Plan, target: Target, there: Mapping[str, Seen], store: ObjectStore) -> dict[str, str]:
    """Files that are ours at a target, path digest to digest; empty for what is in doubt.

    Raises:
        Refused: there is something else (``publish-not-ours``).
    """
    files = {path: store.read(path) or b"" for path in sorted(there) if is_manifest(path)}
    known = read_manifest(files) if MANIFEST in files else {}
    if known is None or (MANIFEST not in files and there):
        raise Refused(not_ours(target))
    index = store.read(INDEX) if INDEX in there else None
    problem = other_site(target, address_of(index), plan.urls.base)
    if problem is not None:
        raise Refused(problem)
    return {**known, **coming(there, store.read)}


def _add(done: _Done, unit: Unit, sent: Sent | Diagnostic) -> None:
    if isinstance(sent, Diagnostic):
        raise Refused(sent)
    done.add(" ".join(unit), sent)


def _claim(store: ObjectStore, files: Mapping[str, str]) -> Mapping[str, bytes]:
    """Write the manifest of these files; pieces of an earlier one that was larger are left."""
    made = texts(files)
    for path, data in made.items():
        if store.read(path) != data:
            store.write(path, data)
    return made


def _digest(files: Mapping[str, str]) -> str:
    """That of everything, as a build into a folder has it."""
    return Listing(b"".join(bytes.fromhex(name + digest) for name, digest in files.items())).everything()


@lru_cache(maxsize=1)
def _connected(target: Target, patience: float) -> ObjectStore:
    """The store, which every process opens once for itself."""
    return ObjectStore(target, patience)
