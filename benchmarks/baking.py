"""Where the price of baking goes: each kind of file, made and written, with baked pictures and without.

    python benchmarks/baking.py [--passports 200] [--rounds 10]

Builds the files of the same people both ways in one process, in turn, into memory. A file's time is what lay
between the one before it and itself (making it) and what its hash and its writing took; of all files of a
kind the fourth tenth counts, which other work on the machine hardly moves. The last line is the CPU of all
of it, of each twenty people the least of all rounds.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from badge_passport.desk.keys import load_keys
from badge_passport.pipeline import HOSTS, check
from badge_passport.publish.building import Work
from badge_passport.publish.plan import Plan
from generate import generate
from peers.sites import MEMORY, UNBAKED

FEW = 20
"""People whose files are made at a time."""


class Measured:
    """A plan whose files are timed, by kind: seconds to make and to write each."""

    def __init__(self, site: Path) -> None:
        checked = check(site)
        assert checked.registry is not None and checked.theme is not None
        keys, _ = load_keys(checked.registry, site / "private" / "keys", {})
        self.plan = Plan(checked.registry, HOSTS["plain"], checked.theme, keys)
        for unit in self.plan.first():
            self.plan.prepared(unit, self.plan.prepare(unit))
        for unit in self.plan.second(self.plan.units()):
            self.plan.prepared(unit, self.plan.prepare(unit))
        self.making: dict[str, list[float]] = defaultdict(list)
        self.writing: dict[str, list[float]] = defaultdict(list)
        self.least: dict[str, float] = {}

    def build(self, slugs: Iterable[str], work: Path) -> None:
        """The files of some people, once more."""
        folder = work / "out"
        folder.mkdir()
        write = Work(self.plan, folder, {}, {}, first=True, again=False)
        files = {slug: self.plan.people.files(slug) for slug in slugs}
        start = time.process_time()
        for slug, outputs in files.items():
            write.part(f"person {slug}", self._timed(outputs))
        took = time.process_time() - start
        self.least[slug] = min(took, self.least.get(slug, took))
        shutil.rmtree(folder)

    def forget(self) -> None:
        """Begin to measure now."""
        for times in (self.making, self.writing, self.least):
            times.clear()

    def _timed(self, outputs: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        before = time.perf_counter()
        for path, data in outputs:
            place, _, name = path.split("/", 2)
            kind = f"{place}: {'learner records' if name.startswith('clr.') else name}"
            made = time.perf_counter()
            self.making[kind].append(made - before)
            yield path, data
            before = time.perf_counter()
            self.writing[kind].append(before - made)


def typical(times: list[float]) -> float:
    """Microseconds."""
    return statistics.quantiles(times, n=10)[3] * 1e6 if len(times) > 1 else 0.0


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Where the price of baking goes.")
    parser.add_argument("--passports", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        work, sites = Path(name), []
        for number, settings in enumerate(("", UNBAKED)):
            generate(
                work / str(number), options.passports, 3 * options.passports, signed=True, settings=settings
            )
            sites.append(Measured(work / str(number)))
        gc.freeze()
        slugs = sites[0].plan.people.slugs
        for turn in range(options.rounds + 1):
            for start in range(0, len(slugs), FEW):
                for site in sites:
                    site.build(slugs[start : start + FEW], work)
            if not turn:  # what is made once is made now
                for site in sites:
                    site.forget()
    awards = len(sites[0].plan.registry.awards)
    print(f"{'µs':<34}{'baked: made':>14}{'written':>10}{'without: made':>16}{'written':>10}")
    for kind in sorted(sites[0].making):
        columns = [typical(times[kind]) for site in sites for times in (site.making, site.writing)]
        print(f"{kind:<34}{columns[0]:>14.1f}{columns[1]:>10.1f}{columns[2]:>16.1f}{columns[3]:>10.1f}")
    each = [sum(site.least.values()) / awards * 1e6 for site in sites]
    more = each[0] - each[1]
    print(f"\nan award, µs CPU: {each[0]:.0f} baked, {each[1]:.0f} without")
    print(f"bar baking-in-one-process-us {more:.0f} 60 {'ok' if more <= 60 else 'short'}")


if __name__ == "__main__":
    main()
