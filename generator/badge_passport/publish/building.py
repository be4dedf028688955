"""Building a plan: what has changed is made anew by all processes, and put in its place.

Where nothing is remembered of the folder the site is written whole, and takes the place of what was there;
else files are changed one by one. Both give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from badge_passport.publish import changing
from badge_passport.publish.engines import Engine, Processes, cores
from badge_passport.publish.locks import locked
from badge_passport.publish.memory import File, Memory, Part, load, save
from badge_passport.publish.plan import Plan, Unit
from badge_passport.publish.write import MANIFEST, digest_of_path, lock, manifest, replacing, write

Report = Callable[[str, int, int, int], None]
"""Hears of a build now and then: the stage, how many of its parts are done, of how many, files so far."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: files and bytes of the site, and of these what is of people and their awards alone;
    how many files are new and how many gone.
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
    fingerprints: Callable[[Plan], Callable[[str], str]] | None = None,
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
        _prepare(plan, plan.first(), engine, report)
        plan.ready()
        before = load(memory_file, target, MANIFEST) if memory_file else Memory()
        fingerprint = fingerprints(plan) if fingerprints else lambda _: ""
        with (_changing if before.parts else _replacing)(target) as place:
            after = _Site({}, [], bytearray(), {})
            _make(after, plan, place.folder, engine, report, before, fingerprint)
            text, _ = manifest(bytes(after.digests))
            write(place.folder, [(MANIFEST, text)])
            place.new, place.gone = [*after.new, MANIFEST], _gone(before.parts, after.parts)
        if memory_file:
            with suppress(OSError):  # the site is there; the next build will take longer
                save(memory_file, Memory(hashlib.sha256(text).hexdigest(), after.parts))
    files = after.files + 1
    new = len(place.new) if before.parts else files
    size = after.size + len(text)
    return Built(files, size, new, len(place.gone), after.people_files, after.people_size)


@dataclass(slots=True)
class _Site:
    """What becomes of a site: parts, paths that are new, digests of all files, those that are noted."""

    parts: dict[str, Part]
    new: list[str]
    digests: bytearray
    noted: dict[str, str]
    files: int = 0
    size: int = 0
    people_files: int = 0
    people_size: int = 0

    def add(self, made: _Made) -> None:
        """One more part."""
        self.parts[made.key] = made.part
        self.new += made.new
        self.digests += made.digests
        self.noted.update(made.noted)
        self.files += made.files
        self.size += made.size
        if made.key.startswith("person "):
            self.people_files += made.files
            self.people_size += made.size


@dataclass(frozen=True, slots=True)
class _Made:
    """A part by its key, the paths that are new in it, the digests of all its files and of those noted."""

    key: str
    part: Part
    new: list[str]
    digests: bytes
    noted: dict[str, str]
    files: int
    size: int

    @classmethod
    def of(cls, plan: Plan, key: str, part: Part, files: list[File], new: list[str]) -> _Made:
        """The part with these files."""
        return cls(
            key,
            part,
            new,
            b"".join(digest_of_path(path) + bytes.fromhex(digest) for path, digest, _ in files),
            {path: digest for path, digest, _ in files if plan.is_noted(path)},
            len(files),
            sum(size for _, _, size in files),
        )


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

    ``again`` lets a unit be made once more where it was made before, by a process that was lost.
    """

    plan: Plan
    folder: Path
    before: Mapping[str, Part]
    current: Mapping[str, str]
    again: bool

    def __call__(self, unit: Unit) -> list[_Made]:
        """The parts of a unit."""
        return [self.part(key, outputs) for key, outputs in self.plan.parts(unit)]

    def part(self, key: str, outputs: Iterable[tuple[str, bytes]]) -> _Made:
        """A part, written."""
        old = self.before.get(key)
        written = write(self.folder, outputs, digests_of(old) if old else {}, again=self.again)
        part = Part.of(self.current.get(key, ""), written.files)
        return _Made.of(self.plan, key, part, written.files, written.new if self.before else [])


def _prepare(plan: Plan, units: Sequence[Unit], engine: Engine, report: Report) -> None:
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
    before: Memory,
    fingerprint: Callable[[str], str],
) -> None:
    """Make all of the site that is not as it was before."""
    current = {key: fingerprint(key) for key in plan.lasting()}
    for key, now in current.items():
        part = before.parts.get(key)
        if part is not None and now and part.fingerprint == now:
            site.add(_Made.of(plan, key, part, part.files(), []))
    units = plan.units(site.parts)
    _prepare(plan, plan.second(units), engine, report)
    work = Work(plan, folder, before.parts, current, engine.again)
    for number, (_, made) in enumerate(engine.run(work, units), 1):
        for part_made in made:
            site.add(part_made)
        report("writing", number, len(units), site.files)
    site.add(work.part("last", plan.last(site.noted, manifest(bytes(site.digests))[1])))


def digests_of(part: Part) -> dict[str, str]:
    """The digests of the files of a part, by path."""
    return {path: digest for path, digest, _ in part.files()}


def _gone(before: Mapping[str, Part], after: Mapping[str, Part]) -> list[str]:
    """The files that were there and are no more."""
    changed = [key for key, part in before.items() if after.get(key) is not part]
    old = {path for key in changed for path, _, _ in before[key].files()}
    if not old:
        return []
    made = [part for key, part in after.items() if before.get(key) is not part]
    return sorted(old - {path for part in made for path, _, _ in part.files()})
