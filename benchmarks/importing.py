"""Time of an import, stage by stage: `python benchmarks/importing.py [--rows 10000] [--profile]`.

The table is messy: semicolons, a byte order mark, three ways to write a day, formulas, duplicates, unknown
badges, addresses that are none and some in other scripts. Prints seconds and rows a second for each stage,
and how much longer the whole takes than merely reading the cells with csv or openpyxl.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from badge_passport.desk.files.changes import apply
from badge_passport.desk.importing.columns import propose
from badge_passport.desk.importing.plan import plan, rejected
from badge_passport.desk.importing.reading import read
from badge_passport.desk.importing.rows import Defaults, intents
from badge_passport.desk.people.roster import address, read_roster
from badge_passport.pipeline import check
from generate import generate

HEADERS = ("Prénom", "Nom", "Courriel", "Badge", "Date d'obtention", "Niveau", "Narrative", "Evidence URL")


def messy(rows: int) -> list[list[str]]:
    """Rows of which 96 of 100 are good; the same for the same number."""
    found = []
    for n in range(rows):
        day = ("2024-05-17", "17/05/2024", "17 mai 2024")[n % 3]
        host = "exämple.org" if n % 50 == 7 else "mail.example.org"
        row = [f"Amira {n}", "Ünal", f" Person.{n}@{host}", "issuer-0/badge-0", day, "", "", ""]
        match n % 100:
            case 11:
                row[2] = f"person {n} at example"
            case 23:
                row[3] = "no such badge"
            case 31:
                row[0] = "Eve\r\nBcc: all@example.org"
            case 47:
                row = list(found[-1])
            case 53:
                row[6] = '=HYPERLINK("https://evil.example","click")'
        found.append(row)
    return found


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEADERS, *rows])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(rows: list[list[str]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Awards")
    for row in [HEADERS, *rows]:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Clock:
    """Wall seconds by stage, printed as they end."""

    def __init__(self, rows: int) -> None:
        self.rows, self.total = rows, 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self.total += seconds
        print(f"  {name:<34}{seconds:7.2f} s {self.rows / seconds:12,.0f} rows/s")


def measure(data: bytes, rows: int) -> float:
    clock = Clock(rows)
    address.cache_clear()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root = Path(name) / "site"
        generate(root, 20, 40, host="plain")
        for again in ("first import", "the same again"):
            print(again)
            with clock.stage("check the site"):
                checked = check(root)
            assert checked.registry is not None
            with clock.stage("read the roster"):
                roster, _ = read_roster(root)
            with clock.stage("read the table"):
                table = read(data)
            with clock.stage("rows to wishes"):
                wishes = intents(table, propose(table), Defaults(), checked.registry)
            with clock.stage("decide, and check what will be"):
                made = plan(root, checked, roster, wishes, "bench")
            assert not made.problems, made.problems[:3]
            with clock.stage("rows that do not fit"):
                rejected(table, made.unfit)
            with clock.stage(f"write {len(made.files)} files"):
                apply(root, made.files)
            print(f"  {len(made.outcome.placed)} new, {len(made.unfit)} do not fit; {clock.total:.2f} s")
            if again == "first import":
                first, clock = clock.total, Clock(rows)
                address.cache_clear()
    return first


def merely(reading: Callable[[bytes], int], data: bytes) -> float:
    start = time.perf_counter()
    reading(data)
    return time.perf_counter() - start


def read_csv(data: bytes) -> int:
    return sum(len(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def read_workbook(data: bytes) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true", help="where the time of the first import goes")
    options = parser.parse_args()
    rows = messy(options.rows)
    for name, make, reading in (("CSV", as_csv, read_csv), ("XLSX", as_workbook, read_workbook)):
        data = make(rows)
        print(f"{name}, {options.rows} rows, {len(data) / 1e6:.1f} MB")
        if options.profile:
            import cProfile
            import pstats

            profile = cProfile.Profile()
            profile.runcall(measure, data, options.rows)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
            return
        first = measure(data, options.rows)
        alone = merely(reading, data)
        print(f"merely reading the cells {alone:.2f} s: the import takes {first / alone:.0f} times that")
        limit = 10.0 * options.rows / 10_000
        verdict = "ok" if first < limit else "short"
        print(f"bar import-{name.lower()}-seconds {first:.1f} {limit:.1f} {verdict}\n")


if __name__ == "__main__":
    main()
