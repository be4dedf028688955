"""A full build against its peers, as ratios in one run: `make bench`, and `make bench-full` for large sites.

    python benchmarks/building.py [--quick] [--passports 1000] [--rounds 3] [--work FOLDER] [--only peers]

Builds the same site (three awards for each passport) with this project, Hugo, Eleventy, and a small one with
MkDocs and Material; in turn, several times each, and compares medians. Then: the same on one core, what
baking costs, how cost and memory grow, what a check costs, and building again after no change and after one
award.

The peers make the same pages and documents, unsigned; docs/performance.md says what they leave out.
"""

from __future__ import annotations

import argparse
import io
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from badge_passport.pipeline import check
from peers import comparing, sites, tools
from peers.data import prepare
from peers.processes import Cost, run

PARTS = ("peers", "mkdocs", "baking", "checking", "again", "growth")
LOOKED_INTO = 200
"""Files of each kind whose contents are compared."""
NAMED = 10
"""Files that are named of those that differ."""
_bars: list[str] = []


def bar(name: str, measured: float, target: float, *, least: bool = True) -> None:
    """A line at the end: the target is the least or the most that is good."""
    good = measured >= target if least else measured <= target
    _bars.append(f"bar {name} {measured:.3g} {target:g} {'ok' if good else 'short'}")


def middle(costs: list[Cost]) -> Cost:
    """The median of each."""
    return Cost(
        statistics.median(c.wall for c in costs),
        statistics.median(c.cpu for c in costs),
        statistics.median(c.memory for c in costs),
    )


def least(costs: list[Cost]) -> Cost:
    """The least of each: what others do on the machine only adds to it."""
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), min(c.memory for c in costs))


def in_turn(
    rounds: int, runs: dict[str, Callable[[], Cost]], of: Callable[[list[Cost]], Cost] = middle
) -> dict[str, Cost]:
    """Each of them, and again, so that a busy minute of the machine is everybody's; medians, or ``of``."""
    found: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, one in runs.items():
            found[name].append(one())
    return {name: of(costs) for name, costs in found.items()}


def table(title: str, rows: dict[str, Cost], outputs: dict[str, Path]) -> None:
    print(f"\n{title}\n{'':<22}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'files':>9}{'MB':>9}")
    for name, cost in rows.items():
        files, size = sites.size(outputs[name])
        print(f"{name:<22}{cost.wall:>9.2f}{cost.cpu:>9.2f}{cost.memory:>9.0f}{files:>9}{size / 1e6:>9.1f}")


def against_peers(work: Path, passports: int, rounds: int, *, disk: bool) -> None:
    """The comparison: all cores in memory and (``disk``) on the disk, and one core."""
    if not sites.can_leave_out_baking():
        print("This version bakes pictures in any case: they are in the times of ours.")
    of = sites.compared(work, passports)
    out = sites.room(work, of.awards)
    peers = projects(of, work, out)
    outputs = {"ours": out / "ours", **{tool.name: out / tool.name for tool in peers}}

    def runs(core: int | None, place: dict[str, Path]) -> dict[str, Callable[[], Cost]]:
        def ours() -> Cost:
            return sites.build(of, place["ours"], core=core)

        def theirs(tool: tools.Tool) -> Cost:
            shutil.rmtree(place[tool.name], ignore_errors=True)
            alone = tool.single if core is not None else {}
            environment = {**tool.environment, **alone}
            return run(tool.command(place[tool.name]), tool.project, environment=environment, core=core)

        return {"ours": ours, **{tool.name: partial(theirs, tool) for tool in peers}}

    what = f"{passports} passports, {of.awards} awards, ours signed"
    found = in_turn(rounds, runs(None, outputs))
    table(
        f"{what}; all cores, into {'memory' if out.is_relative_to(sites.MEMORY) else 'a folder'}",
        found,
        outputs,
    )
    bar("full-build-vs-hugo", found["hugo"].wall / found["ours"].wall, 3)
    volume = inventory(outputs)
    if disk:
        there = {name: work / "disk" / name for name in outputs}
        (work / "disk").mkdir(exist_ok=True)
        table(f"{what}; all cores, onto the disk, once", in_turn(1, runs(None, there)), there)
        shutil.rmtree(work / "disk")
    alone = in_turn(rounds, runs(0, outputs))
    table(f"{what}; one core", alone, outputs)
    bar("one-core-vs-hugo", alone["hugo"].wall / alone["ours"].wall, 2)
    shutil.rmtree(out)
    print(f"\n{volume}")


def projects(of: sites.Site, work: Path, out: Path) -> list[tools.Tool]:
    """The projects of the peers, made new from what ours builds."""
    built = out / "ours"
    sites.build(of, built)
    registry = check(of.folder).registry
    assert registry is not None
    data = prepare(registry, built)
    folder = work / f"projects-{of.awards}"
    shutil.rmtree(folder, ignore_errors=True)
    return [tools.hugo(data, built, folder / "hugo"), tools.eleventy(data, built, folder / "eleventy")]


def inventory(outputs: dict[str, Path]) -> str:
    """Files and bytes by kind, and whether what is in them is the same; returns the sums in a line."""
    counted = {name: comparing.inventory(folder) for name, folder in outputs.items()}
    size = counted["ours"][1]
    print(f"\n{'files, MB':<22}" + "".join(f"{name:>20}" for name in outputs))
    for kind in sorted(size, key=lambda k: (k not in comparing.SHARED, -size[k])):
        cells = (
            f"{f[kind]:>11}{s[kind] / 1e6:>9.2f}" if f[kind] else f"{'–':>20}" for f, s in counted.values()
        )
        print(f"{kind:<22}" + "".join(cells))
    for name, folder in outputs.items():
        if name != "ours":
            seen = comparing.likeness(outputs["ours"], folder, most=LOOKED_INTO)
            print(
                f"{name}: {len(seen.missing)} files missing, {len(seen.more)} more; of at most {LOOKED_INTO} "
                f"of each kind {len(seen.other_data)} of {seen.documents} documents differ as data, "
                f"{len(seen.other_words)} of {seen.pages} pages and feeds in tags or words"
            )
            for path in (seen.missing + seen.more + seen.other_data + seen.other_words)[:NAMED]:
                print(f"  {path}")
    sums = {name: _sum(f, s, comparing.SHARED) for name, (f, s) in counted.items()}
    files, size = counted["ours"]
    alone = _sum(files, size, files.keys() - set(comparing.SHARED))
    each = "; ".join(f"{name} {text}" for name, text in sums.items())
    return f"What all make: {each}. Only ours makes the other {alone}."


def _sum(files: Counter[str], size: Counter[str], kinds: Iterable[str]) -> str:
    kinds = list(kinds)
    return f"{sum(files[k] for k in kinds):,} files, {sum(size[k] for k in kinds) / 1e6:,.1f} MB"


def mkdocs(work: Path, passports: int) -> None:
    """MkDocs with Material, on a small site, once."""
    of = sites.site(work, passports, 3 * passports)
    out = sites.room(work, of.awards)
    ours = sites.build(of, out / "ours")
    shutil.rmtree(work / f"projects-{of.awards}" / "mkdocs", ignore_errors=True)
    tool = tools.mkdocs(out / "ours", work / f"projects-{of.awards}" / "mkdocs")
    theirs = run(tool.command(out / "mkdocs"), tool.project)
    rows = {"ours": ours, "mkdocs + material": theirs}
    table(
        f"{passports} passports, {of.awards} awards",
        rows,
        {"ours": out / "ours", "mkdocs + material": out / "mkdocs"},
    )
    shutil.rmtree(out)


def baking(work: Path, passports: int, rounds: int) -> None:
    """What a picture with the badge inside costs for each award.

    That is less than the same build differs by from one minute to the next on a busy machine, so the bar is
    of the least that each took. `benchmarks/baking.py` is steadier, and says where it goes.
    """
    if not sites.can_leave_out_baking():
        print("\nBaking cannot be left out in this version: what it costs is not measured.")
        return
    with_it, without = (sites.site(work, passports, 3 * passports, text) for text in ("", sites.UNBAKED))
    out = sites.room(work, with_it.awards)
    found = in_turn(
        max(rounds, 3),
        {
            "baked": lambda: sites.build(with_it, out / "baked"),
            "not baked": lambda: sites.build(without, out / "not baked"),
        },
        least,
    )
    table("baking, the least of all rounds", found, {name: out / name for name in found})
    each = (found["baked"].cpu - found["not baked"].cpu) / with_it.awards * 1e6
    bar("baking-us-an-award", each, 60, least=False)
    shutil.rmtree(out)


def growth(work: Path, awards: list[int], rounds: int) -> None:
    """CPU an award and memory as sites grow; ``awards`` from small to large, the bar is from 10,000 on."""
    print(f"\n{'awards':>9}{'wall s':>9}{'CPU s':>9}{'µs CPU each':>13}{'peak MB':>9}{'files':>9}")
    each: dict[int, float] = {}
    memory = 0.0
    settings = sites.unbaked()
    for number in awards:
        of = sites.site(work, number // 3, number, settings)
        out = sites.room(work, number)
        times = rounds if number <= 10_000 else 1
        cost = in_turn(times, {"ours": partial(sites.build, of, out / "ours")})["ours"]
        files, _ = sites.size(out)
        shutil.rmtree(out)
        each[number], memory = cost.cpu / number * 1e6, cost.memory
        print(f"{number:>9}{cost.wall:>9.1f}{cost.cpu:>9.1f}{each[number]:>13.0f}{memory:>9.0f}{files:>9}")
    base = 10_000 if 10_000 in each else awards[0]
    largest = awards[-1]
    bar(f"cost-growth-{_short(largest)}-vs-{_short(base)}", each[largest] / each[base], 1.3, least=False)
    bar("peak-memory-mb", memory, 1500, least=False)


def _short(number: int) -> str:
    return f"{number // 1000}k" if number >= 1000 else str(number)


def checking(work: Path, awards: int, rounds: int, sample: int) -> None:
    """`passport check` against merely parsing the same files with ruamel.yaml.

    ruamel.yaml is measured on ``sample`` bytes of the files and scaled by bytes. The bar is against its
    round-trip parser, which like ours can say the line and column of every value; the others cannot.
    """
    from ruamel.yaml import YAML

    of = sites.site(work, awards // 3, awards)
    cold = in_turn(rounds, {"check": lambda: sites.check(of, fresh=True)})["check"]
    sites.check(of, fresh=False)
    warm = in_turn(rounds, {"check": lambda: sites.check(of, fresh=False)})["check"]
    files = sorted(of.folder.rglob("*.yml"))
    total = sum(file.stat().st_size for file in files)
    taken: list[bytes] = []
    step = max(1, total // sample)
    taken = [file.read_bytes() for file in files[::step]]
    share = sum(map(len, taken)) / total
    print(f"\nchecking {awards} awards, {len(files)} YAML files of {total / 1e6:.1f} MB")
    print(
        f"  passport check, cold      {cold.wall:8.2f} s   {cold.memory:.0f} MB\n"
        f"  passport check, warm      {warm.wall:8.2f} s"
    )
    scaled = {}
    for name, parser in (
        ("round-trip", YAML(typ="rt")),
        ("safe, Python", YAML(typ="safe", pure=True)),
        ("safe, C", YAML(typ="safe")),
    ):
        seconds = _parsing(parser.load, taken)
        scaled[name] = seconds / share
        print(
            f"  ruamel.yaml, {name:<13}{scaled[name]:8.2f} s   ({seconds:.2f} s for {share:.1%} of the bytes)"
        )
    bar("check-cold-vs-ruamel", scaled["round-trip"] / cold.wall, 5)
    bar("check-warm-s", warm.wall, 1, least=False)


def _parsing(load: Callable[[bytes], object], texts: list[bytes]) -> float:
    import time

    start = time.process_time()
    for text in texts:
        load(text)
    return time.process_time() - start


def again(work: Path, awards: int) -> None:
    """Building once more: nothing changed, then one more award."""
    of = sites.site(work, awards // 3, awards)
    out = sites.room(work, awards)
    target = out / "ours"
    first = sites.build(of, target)
    same = middle([sites.build(of, target, fresh=False) for _ in range(3)])
    added = of.folder / "content/awards/issuer-0/added.yml"
    day = "badge: badge-0\nissuedOn: 2025-05-17\nawards:\n"
    costs = []
    for number in range(3):
        people = "".join(f"  - participant: person-{n:06d}\n" for n in range(number + 1))
        added.write_text(day + people, encoding="utf-8")
        costs.append(sites.build(of, target, fresh=False))
    added.unlink()
    one = middle(costs)
    shutil.rmtree(out)
    print(
        f"\n{awards} awards: built in {first.wall:.2f} s, again {same.wall:.2f} s, "
        f"with one award more {one.wall:.2f} s"
    )
    bar("no-change-s", same.wall, 0.5, least=False)
    bar("one-award-s", one.wall, 1, least=False)
    bar("full-build-vs-one-award", first.wall / one.wall, 50)


def main() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # each part is seen when it is done
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sites: a few minutes")
    parser.add_argument("--passports", type=int, help="of the site that all tools build")
    parser.add_argument("--rounds", type=int, help="how often each is run")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part alone, or several")
    parser.add_argument("--work", type=Path, help="where sites are kept from run to run")
    options = parser.parse_args()
    if missing := tools.missing():
        parser.error(f"not installed: {', '.join(missing)}; `make peers` does it")
    passports = options.passports or (1000 if options.quick else 10_000)
    rounds = options.rounds or (2 if options.quick else 3)
    sizes = [passports, 3 * passports] if options.quick else [1000, 10_000, 30_000, 100_000, 300_000]
    large = 3 * passports if options.quick else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        parts: dict[str, Callable[[], None]] = {
            "peers": lambda: against_peers(work, passports, rounds, disk=not options.quick),
            "mkdocs": lambda: mkdocs(work, min(30 if options.quick else 300, passports)),
            "baking": lambda: baking(work, passports, rounds),
            "checking": lambda: checking(work, large, rounds, 200_000 if options.quick else 2_000_000),
            "again": lambda: again(work, large),
            "growth": lambda: growth(work, sizes, 1 if options.quick else rounds),
        }
        for part in options.only or PARTS:
            parts[part]()
    print("", *_bars, sep="\n")


if __name__ == "__main__":
    main()
