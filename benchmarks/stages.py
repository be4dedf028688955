"""Time of every stage of a build, and what a data page costs: `make bench`.

    python benchmarks/stages.py [--participants 1000] [--awards 3000] [--grow 4]

Prints CPU milliseconds a stage, microseconds a record, and how the cost of a record changes when the site
is ``--grow`` times larger (1.0 is linear). Times are of one process; compare rows, do not quote them.
"""

from __future__ import annotations

import argparse
import gc
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from badge_passport.credentials import published
from badge_passport.pages import kinds
from badge_passport.pipeline import HOSTS, check
from badge_passport.publish.building import build
from badge_passport.publish.engines import Processes
from badge_passport.publish.plan import Plan, Unit
from badge_passport.registry.load import load
from badge_passport.registry.resolve import resolve
from badge_passport.registry.rules import RULES
from badge_passport.source.files import read_tree
from generate import generate


@dataclass
class Clock:
    """CPU seconds by stage, with the number of things the stage made."""

    stages: dict[str, tuple[float, int]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, number: Callable[[], int]) -> Iterator[None]:
        start = time.process_time()
        yield
        cpu, made = self.stages.get(name, (0.0, 0))
        self.stages[name] = (cpu + time.process_time() - start, made + number())


def measure(participants: int, awards: int) -> tuple[Clock, dict[str, float]]:
    """Every stage once, as the pipeline runs them, and the whole as the command runs it."""
    clock = Clock()
    gc.disable()  # as `check` does
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root = Path(name) / "site"
        generate(root, participants, awards)
        with clock.stage("read files", lambda: len(tree.files)):
            tree, _ = read_tree(root)
        with clock.stage("load records", lambda: awards):
            records, _ = load(tree)
        with clock.stage("resolve", lambda: awards):
            registry, _ = resolve(tree, records)
        assert registry is not None
        with clock.stage("rules", lambda: awards):
            assert not [d for rule in RULES for d in rule(registry) if d.severity == "error"]
        gc.enable()
        theme = check(root).theme
        assert theme is not None
        made = 0
        plan = Plan(registry, HOSTS["mkdocs"], theme, {})
        with clock.stage("MkDocs, class images", lambda: len(plan.first())):
            for unit in plan.first():
                plan.prepared(unit, plan.prepare(unit))
            plan.ready()
        people, given = plan.people, registry.awards_by_participant
        everybody = registry.participants.values()
        with clock.stage("documents of awards", lambda: awards):
            for person in everybody:
                _count(people.documents(person, given.get(person.slug, ())))
        with clock.stage("passport.json", lambda: participants):
            for person in everybody:
                _count(published.passports(registry, plan.urls, person))
        with clock.stage("data pages", lambda: made):
            for renderer in people.renderers:
                for person in everybody:
                    made += _count(kinds.personal_pages(renderer, person))
                for one in registry.awards.values():
                    kinds.award_page(renderer, one)
                    made += 1
        for unit in plan.units():
            if unit[0] != "people":
                _timed(clock, plan, unit)
        wall = time.perf_counter()
        built = build(plan, Path(name) / "public", Processes(1), lambda *_: None)
        whole = time.perf_counter() - wall
        wall = time.perf_counter()
        checked = check(root)
        seconds = {"check": time.perf_counter() - wall, "build": whole, "megabytes": built.size / 1e6}
    assert checked.good
    return clock, seconds


_NAMED = {"kinds": 3, "cards": 2}  # how many words of a unit say what it is; others, of what


def _timed(clock: Clock, plan: Plan, unit: Unit) -> None:
    made = 0
    with clock.stage(" ".join(unit[: _NAMED.get(unit[0], 1)]), lambda: made):
        made = sum(_count(outputs) for _, outputs in plan.parts(unit))


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Time of every stage of a build.")
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--awards", type=int, default=3000)
    parser.add_argument("--grow", type=int, default=4)
    options = parser.parse_args()
    measure(20, 60)  # imports, compiled templates and drawn badges are not what is measured
    small, seconds = measure(options.participants, options.awards)
    large, _ = measure(options.participants * options.grow, options.awards * options.grow)
    print(f"{options.participants} participants, {options.awards} awards; CPU of one process\n")
    print(f"{'stage':<26}{'ms':>9}{'made':>9}{'µs each':>10}{f'x{options.grow}: each':>12}")
    total = 0.0
    for name, (cpu, number) in small.stages.items():
        total += cpu
        each = cpu / max(1, number)
        grown, more = large.stages[name]
        growth = (grown / max(1, more)) / each if each else 0.0
        print(f"{name:<26}{cpu * 1e3:>9.0f}{number:>9}{each * 1e6:>10.1f}{growth:>12.2f}")
    print(f"{'total':<26}{total * 1e3:>9.0f}\n")
    pages, made = small.stages["data pages"]
    per_page = pages / made * 1e6
    growth = (large.stages["data pages"][0] / large.stages["data pages"][1]) / (pages / made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"site of {seconds['megabytes']:.0f} MB, `passport check` {seconds['check']:.2f} s, "
        f"all of it by one process {seconds['build']:.2f} s, "
        f"peak memory {peak:.0f} MB"
    )
    print(f"bar data-page-us {per_page:.0f} 1000 {'ok' if per_page < 1000 else 'short'}")
    print(f"bar data-page-growth {growth:.2f} 1.3 {'ok' if growth < 1.3 else 'short'}")


if __name__ == "__main__":
    main()
