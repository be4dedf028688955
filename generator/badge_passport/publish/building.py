"""Building a plan: what has changed is made anew by all processes, and put in its place.

Where nothing is remembered of the folder the site is written whole, and takes the place of what was there;
else files are changed one by one. Both give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from badge_passport.publish import changing
from badge_passport.publish.engines import Engine, Processes
from badge_passport.publish.fingerprints import Parts
from badge_passport.publish.locks import locked
from badge_passport.publish.manifest import Damaged, Listing, digest_of_path, record
from badge_passport.publish.memory import File, Memory, Part, load, save
from badge_passport.publish.plan import REGISTER, Plan, Unit, is_of_people, person
from badge_passport.publish.spool import Spool
from badge_passport.publish.standing import Standing
from badge_passport.publish.write import lock, replacing, write
from badge_passport.source import kept
from badge_passport.source.processors import cores

MANY = 150_000
"""Awards of a large site."""
FEW = 30
"""Units of a change that one process makes sooner than it starts others, which would do some of it twice."""
LAST = "last"
"""The part that knows digests of all others."""

V = TypeVar("V")
Report = Callable[[str, int, int, int], None]
"""Hears of a build now and then: the stage, how many of its parts are done, of how many, files so far."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: files and bytes of the site without its manifest, and of these what is of people and
    their awards alone; how many files are new and how many gone.
    """

    files: int
    size: int
    new: int
    gone: int
    people_files: int = 0
    people_size: int = 0


def build(
    plan: Plan,
    target: Path,
    engine: Engine,
    report: Report,
    memory_file: Path | None = None,
    fingerprints: Callable[[Plan, Memory], Parts] | None = None,
) -> Built:
    """Bring the site in ``target`` to what is planned.

    ``memory_file`` is where is, and will be, remembered what lies in ``target``. ``fingerprints`` gives,
    when the plan is ready, the fingerprint of every part that has one, by its key.

    Raises:
        Busy: another build writes the same target.
        WorkerLost: one of the processes died; the target is as it was.
        OSError: the target cannot be written; it is as it was, or the next build goes on from there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(lock(target)):
        changing.complete(target)
        prepare(plan, plan.first(), engine, report)
        plan.ready()
        before = load(memory_file, target) if memory_file else Memory()
        make = partial(_bring, plan, target, engine, report, fingerprints)
        try:
            after = make(before)
        except kept.Damaged:  # what is remembered, or what lies there, is not what it should be
            before = Memory()
            after = make(before)
        if memory_file:
            with suppress(OSError, kept.Damaged):  # the site is there; the next build will take longer
                save(memory_file, Memory(after.said, after.parts, after.standing, before.pieces))
    return after.built


def _bring(
    plan: Plan,
    target: Path,
    engine: Engine,
    report: Report,
    fingerprints: Callable[[Plan, Memory], Parts] | None,
    before: Memory,
) -> _Site:
    """Bring the site in ``target``, of which it is known what was ``before``, to what is planned.

    Raises:
        kept.Damaged: something that was there is not known any more; the target is as it was.
    """
    with (_changing if before.parts else _replacing)(target) as place:
        after = _Site(before, target)
        _make(after, plan, place.folder, engine, report, fingerprints(plan, before) if fingerprints else None)
        listing, after.gone = after.listing(), after.lost()
        listed = write(place.folder, after.manifest(listing), listing.before)
        place.new, place.gone = [*after.new, *listed.new], [*after.gone, *listing.gone(after.files)]
    return after


class _Site:
    """What becomes of a site: its parts, the paths that are new, and what they add up to."""

    def __init__(self, before: Memory, target: Path) -> None:
        self.before = before.parts
        self.parts: dict[str, Part] = {}
        self.new: list[str] = []
        self.gone: list[str] = []
        self._noted = Spool()  # under one name
        self.files = self.size = self.people_files = self.people_size = 0
        self.said = b""  # the manifest, once it is written
        self.standing: Mapping[str, Standing] = {}
        self._target = target
        self._listing = Listing.of(before.manifest, partial(_there, target)) if before.parts else Listing()

    def keep(self, key: str, part: Part) -> None:
        """One more part, as it was or just made."""
        self.parts[key] = part
        self.files += part.number
        self.size += part.size
        if key.startswith("person "):
            self.people_files += part.number
            self.people_size += part.size

    def add(self, made: _Made) -> None:
        """One more part, which was made."""
        self.keep(made.key, made.part)
        self._noted.add("", made.noted)
        self.new += made.new
        self._listing.add(made.records)

    @property
    def built(self) -> Built:
        """What was done."""
        new = len(self.new) if self.before else self.files
        return Built(self.files, self.size, new, len(self.gone), self.people_files, self.people_size)

    def register(self, plan: Plan) -> list[bytes]:
        """What stands in the register of all parts but the last, when these are there.

        Raises:
            kept.Damaged: the one that was there is not what it was.
        """
        last = self.before.get(LAST)
        if last is None:
            return [self._noted.get("")]
        there = self._good(last, REGISTER)
        if there is None:
            raise kept.Damaged(REGISTER)
        changed = [file for part in self._changed(LAST) for file in part.files()]
        return [*plan.still(there, changed), self._noted.get("")]

    def everything(self) -> str:
        """The digest of all files, when all parts but the last are there."""
        last = self.before.get(LAST)
        old = [path for path, _, _ in last.files()] if last else []
        self._change([*old, *self.lost(but=LAST)])
        return self._listing.everything()

    def listing(self) -> Listing:
        """The manifest, when all parts are there."""
        self._listing.add(records(self.parts[LAST].files()))
        self._change([])
        try:
            self._listing.read(self.files)
        except Damaged:
            self._anew()
        return self._listing

    def manifest(self, listing: Listing) -> Iterator[tuple[str, bytes]]:
        """What may be new of the manifest, piece by piece; itself is the last."""
        for path, data in listing.outputs(self.files):
            self.said = data
            yield path, data

    def file(self, key: str, path: str) -> bytes | None:
        """A file of a part that stays what it was, if it lies there as it was written."""
        return self._good(self.parts[key], path) if key in self.parts else None

    def _good(self, part: Part, path: str) -> bytes | None:
        data = _there(self._target, path)
        right = data is not None and part.digests().get(path) == hashlib.sha256(data).hexdigest()
        return data if right else None

    def lost(self, but: str = "") -> list[str]:
        """The files that were there and are no more, but those of one part."""
        old = {path for part in self._changed(but) for path, _, _ in part.files()}
        if not old:
            return []
        made = [part for key, part in self.parts.items() if self.before.get(key) is not part]
        return sorted(old - {path for part in made for path, _, _ in part.files()})

    def _changed(self, but: str) -> list[Part]:
        """The parts that were there and are no more what they were, but one."""
        return [part for key, part in self.before.items() if self.parts.get(key) is not part and key != but]

    def _change(self, gone: list[str]) -> None:
        try:
            self._listing.change(map(digest_of_path, gone))
        except Damaged:
            self._anew()

    def _anew(self) -> Listing:
        """The manifest from what is remembered, where that in the folder is damaged."""
        self._listing = self._listing.anew(b"".join(records(part.files()) for part in self.parts.values()))
        return self._listing


@dataclass(frozen=True, slots=True)
class _Made:
    """A part by its key, the paths that are new in it, and their records for the manifest.

    ``noted`` is what `Plan.noted` says of its files.
    """

    key: str
    part: Part
    noted: bytes
    new: list[str]
    records: bytes


@dataclass(slots=True)
class _Place:
    """Where files are written, and what of them is to become of the target."""

    folder: Path
    new: Iterable[str] = ()
    gone: Iterable[str] = ()


@contextmanager
def _replacing(target: Path) -> Iterator[_Place]:
    with replacing(target) as folder:
        yield _Place(folder)


@contextmanager
def _changing(target: Path) -> Iterator[_Place]:
    place = _Place(changing.staging(target))
    try:
        yield place
    except BaseException:
        changing.drop(target)
        raise
    changing.change(target, place.new, place.gone)


@dataclass(frozen=True, slots=True)
class Work:
    """Makes units of a plan, in any process: writes what is not as it was, and says what there is.

    ``first``: there was no site before. ``again`` lets a unit be made once more where it was made before, by
    a process that was lost.
    """

    plan: Plan
    folder: Path
    before: Mapping[str, Part]
    current: Mapping[str, str]
    first: bool
    again: bool

    def __call__(self, unit: Unit) -> list[_Made]:
        """The parts of a unit."""
        return [self.part(key, outputs) for key, outputs in self.plan.parts(unit)]

    def part(self, key: str, outputs: Iterable[tuple[str, bytes]]) -> _Made:
        """A part, written."""
        old = self.before.get(key)
        known = old.digests() if old else {}
        written = write(self.folder, outputs, known, again=self.again)
        part = Part.of(self.current.get(key, ""), written.files)
        new = set[str]() if self.first else set(written.new)
        return _Made(
            key,
            part,
            self.plan.noted(written.files),
            sorted(new),
            records(file for file in written.files if self.first or file[0] in new),
        )


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A unit of people for another machine, with all that is to be known of them."""

    unit: Unit
    people: bytes
    before: Mapping[str, Part]
    current: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Away:
    """Work on another machine, which knows of people what comes in a parcel."""

    work: Work

    def __call__(self, parcel: _Parcel) -> list[_Made]:
        self.work.plan.arrive(parcel.people)
        return replace(self.work, before=parcel.before, current=parcel.current)(parcel.unit)


def _spread(work: Work, units: Sequence[Unit], engine: Engine) -> Iterator[list[_Made]]:
    """The parts of units as they are made: lists, then what is of people, by other machines if there are.

    Who makes lists looks at all records, and a process has a copy of what it looks at: on a large site only
    one does.
    """
    lists = [unit for unit in units if not is_of_people(unit)]
    people = [unit for unit in units if is_of_people(unit)]
    if not work.first and len(units) <= FEW and len(people) < 2 and not engine.again:
        engine = Processes()
    here: Engine = Processes(cores()) if engine.again else engine
    many = len(work.plan.registry.awards) > MANY
    yield from (made for _, made in (Processes() if many else here).run(work, lists))
    if engine.again:
        parcels = (
            _Parcel(
                unit,
                work.plan.share(unit),
                {key: part.alone() for key, part in _of(unit, work.before).items()},
                _of(unit, work.current),
            )
            for unit in people
        )
        yield from (made for _, made in engine.run(_Away(replace(work, before={}, current={})), parcels))
    else:
        yield from (made for _, made in engine.run(work, people))


def _of(unit: Unit, known: Mapping[str, V]) -> dict[str, V]:
    """What is known of the people of a unit."""
    return {key: known[key] for key in map(person, unit[1:]) if key in known}


def prepare(plan: Plan, units: Sequence[Unit], engine: Engine, report: Report) -> None:
    """Make what many units need, on this machine: it travels with the plan."""
    here = Processes(cores()) if engine.again else engine
    for number, (unit, made) in enumerate(here.run(plan.prepare, units), 1):
        plan.prepared(unit, made)
        report("preparing", number, len(units), 0)


def _make(
    site: _Site,
    plan: Plan,
    folder: Path,
    engine: Engine,
    report: Report,
    prints: Parts | None,
) -> None:
    """Make all of the site that is not as it was before."""
    current: dict[str, str] = {}
    if prints is None:
        plan.site_places.find()  # before there are several processes, each of which would
    else:
        current = {key: prints.of(key) for key in plan.lasting()}
        site.standing = prints.standing
        for key, now in current.items():
            part = site.before.get(key)
            if part is not None and now and part.fingerprint == now and key not in prints.moved:
                site.keep(key, part)
    units = plan.units(site.parts)
    plan.recall(units, site.file)
    prepare(plan, plan.second(units), engine, report)
    work = Work(plan, folder, site.before, current, not site.before, engine.again)
    for number, made in enumerate(_spread(work, units, engine), 1):
        for part_made in made:
            site.add(part_made)
        report("writing", number, len(units), site.files)
    site.add(work.part(LAST, plan.last(site.register(plan), site.everything())))


def records(files: Iterable[File]) -> bytes:
    """Files as the manifest is made of them."""
    return b"".join([record(path, digest) for path, digest, _ in files])


def _there(target: Path, path: str) -> bytes | None:
    try:
        return (target / path).read_bytes()
    except OSError:
        return None
