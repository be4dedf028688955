"""From rows to changes: whatever the table, twice is once, and the order of its rows does not matter."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_passport.desk.files.changes import apply
from badge_passport.desk.importing.columns import propose
from badge_passport.desk.importing.plan import Plan, occasion_of, plan, rejected, rejected_path, stem_of
from badge_passport.desk.importing.reading import read
from badge_passport.desk.importing.rows import Defaults, intents
from badge_passport.desk.people.roster import read_roster
from badge_passport.pipeline import check
from badge_passport.registry.spelling import addresses_in
from badge_passport.source import tables
from badge_passport.source.cells import table as csv_table
from messy import messy
from minimal import MINIMAL

HEADERS = ("email", "email 2", "participant", "badge", "date", "level", "narrative", "number", "name")
# Every kind of row, good and bad, from few values, so that rows meet: the same people, days and badges.
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a@example.org", "B@example.org", "b@example.org", "c@exämple.org", "nobody", ""]),
        st.sampled_from(["", "", "a@example.org", "d@example.org", "amira.home@example.org"]),
        st.sampled_from(["", "", "", "amira", "jonas", "nobody-we-know"]),
        st.sampled_from(["listener", "Listener", "harbour/listener", "talker"]),
        st.sampled_from(["2024-06-18", "18/06/2024", "2024-07-01", "soon"]),
        st.sampled_from(["", "A", "Z"]),
        st.sampled_from(["", "=1+1", 'Well, "done"\nindeed', "- a\n- b", "x@example.org", "<b>"]),
        st.sampled_from(["", "", "2", "0"]),
        st.sampled_from(["", "Amira", "=Amira", "A\nBcc: x"]),
    ),
    max_size=12,
)


def planned(root: Path, rows: Sequence[Sequence[str]] | bytes, occasion: str = "t") -> Plan:
    checked = check(root)
    assert checked.good and checked.registry is not None
    roster, problems = read_roster(root)
    assert problems == []
    table = read(rows if isinstance(rows, bytes) else csv_table(HEADERS, rows))
    wishes = intents(table, propose(table), Defaults(), checked.registry)
    return plan(root, checked, roster, wishes, occasion)


def awards(root: Path) -> set[tuple[str, ...]]:
    """The awards of a site, with people by their addresses rather than by slugs drawn at random."""
    checked = check(root)
    assert checked.good and checked.registry is not None
    roster, _ = read_roster(root)
    found = set()
    for award in checked.registry.awards.values():
        people = sorted(e.address for e in roster.of(award.participant.slug)) or [award.participant.slug]
        found.add((*people, award.badge.ref, str(award.issued_on), str(award.record.number or 1)))
    assert len(found) == len(checked.registry.awards)
    return found


def site(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(MINIMAL, folder)
    (folder / "private").mkdir()
    (folder / "private/roster.csv").write_text("participant,address\namira,amira@example.org\n")
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.randoms(use_true_random=False))
def test_twice_is_once_and_the_order_does_not_matter(
    tmp_path: Path, rows: list[tuple[str, ...]], chance: object
) -> None:
    first = site(tmp_path / "first")
    made = planned(first, rows)
    assert made.problems == []
    assert len(made.outcome.placed) + len(made.outcome.there) + len(made.outcome.again) + len(
        made.unfit
    ) == len([row for row in rows if any(row)])
    apply(first, made.files)
    once = awards(first)
    again = planned(first, rows)
    assert (again.outcome.placed, again.outcome.files, again.files) == ((), {}, {})

    other = site(tmp_path / "other")
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    apply(other, planned(other, shuffled).files)
    assert awards(other) == once

    # In two goes: what the second table has in common with the first is not given again.
    split = site(tmp_path / "split")
    apply(split, planned(split, made_of(made, rows)[: len(rows) // 2]).files)
    apply(split, planned(split, made_of(made, rows)).files)
    assert len(awards(split)) == len(once)


def made_of(made: Plan, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows that were taken: a row may be refused for what another says."""
    table = read(csv_table(HEADERS, rows)) if rows else None
    return [row.cells for row in table.rows if row.line not in made.unfit] if table else []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("seed", [1, 2019])
def test_a_messy_table_gives_exactly_what_is_good_in_it(tmp_path: Path, encoding: str, seed: int) -> None:
    root = site(tmp_path / "site")
    table = messy(seed=seed, encoding=encoding)
    assert table == messy(seed=seed, encoding=encoding)
    made = planned(root, table.data, "messy")
    assert (len(made.outcome.placed), len(made.outcome.again), len(made.unfit)) == (480, 6, 14)
    assert (table.good, table.duplicate, table.bad) == (480, 6, 14)
    assert len(made.outcome.new_people) == 480
    apply(root, made.files)
    checked = check(root)
    assert checked.diagnostics == [] and checked.registry is not None
    assert len(checked.registry.awards) == 2 + 480
    public = [f for f in root.rglob("*") if f.is_file() and "private" not in f.parts]
    text = "".join(f.read_text("utf-8") for f in public if f.name != "issuer.yml")
    assert list(addresses_in(text)) == []
    assert "secret" not in text and "Müller" not in text
    narratives = {a.record.narrative.root[""] for a in checked.registry.awards.values() if a.record.narrative}
    assert any("=HYPERLINK" in text for text in narratives) and not any("'=" in text for text in narratives)
    for file in root.rglob("*.csv"):
        rows, _ = tables.load(file.read_text("utf-8"), file.name) if "awards" in file.parts else ([], [])
        assert len(rows) in (0, 480)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells_of(file))


def cells_of(file: Path) -> list[str]:
    import csv

    with file.open(encoding="utf-8", newline="") as stream:
        return [cell for row in csv.reader(stream) for cell in row]


def test_rows_that_do_not_fit_come_back_with_line_and_reason() -> None:
    table = read(b"email;date;=x\nnobody;soon;=1+1\na@example.org;2024-01-01;y\n")
    assert (
        rejected(table, {2: "no address"}) == b"line,reason,email,date,'=x\n2,no address,nobody,soon,'=1+1\n"
    )


def test_a_row_with_cells_too_many_keeps_them_and_stays_refused() -> None:
    table = read(b"email,date\na@example.org,2024-01-01,x\n")
    kept = rejected(table, {2: table.rows[0].problem})
    assert kept.endswith(b",a@example.org,2024-01-01,x\n")
    assert read(kept).rows[0].problem


def test_a_growing_table_keeps_what_it_had(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    folder = root / "content/awards/harbour"
    (folder / "t.csv").write_bytes(
        b'\xef\xbb\xbfparticipant;narrative\r\namira;"Well; done"\r\njonas;\'=1+1'  # no line end
    )
    (folder / "t.yml").write_text("badge: listener   # kept\nissuedOn: 2024-07-01\n")
    yml = (folder / "t.yml").read_bytes()
    apply(root, planned(root, [("", "", "jonas", "listener", "2024-07-02", "A", "a;b", "", "")]).files)
    assert (folder / "t.yml").read_bytes() == yml
    checked = check(root)
    assert checked.registry is not None and checked.diagnostics == []
    told = {
        (a.participant.slug, str(a.issued_on), a.record.narrative.root[""] if a.record.narrative else "")
        for a in checked.registry.awards.values()
    }
    assert told >= {
        ("amira", "2024-07-01", "Well; done"),
        ("jonas", "2024-07-01", "=1+1"),
        ("jonas", "2024-07-02", "a;b"),
    }
    before = (folder / "t.csv").read_bytes()
    apply(root, planned(root, [("", "", "amira", "listener", "2024-07-03", "", "", "", "")]).files)
    assert (folder / "t.csv").read_bytes() == before + b"amira;;2024-07-03;\n"


def test_a_rule_of_the_site_is_held_against_the_row_that_breaks_it(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    badge = root / "badges/harbour/listener.yml"
    badge.write_text(badge.read_text() + "requires: [narrative]\n")
    spring = root / "content/awards/harbour/spring.yml"
    spring.write_text(spring.read_text().replace("awards:", "narrative: x\nawards:"))
    made = planned(
        root,
        [
            ("a@example.org", "", "", "listener", "2024-07-01", "", "Two\nlines", "", ""),
            ("b@example.org", "", "", "listener", "2024-07-01", "", "", "", ""),
            ("c@example.org", "", "", "listener", "2024-07-01", "", "Good", "", ""),
        ],
    )
    assert len(made.outcome.placed) == 2
    assert list(made.unfit) == [4]
    assert "narrative" in made.unfit[4]


def test_people_are_known_by_their_hashes_where_the_roster_is_lost(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    rows = [("a@example.org", "a2@example.org", "", "listener", "2024-07-01", "", "", "", "")]
    apply(root, planned(root, rows).files)
    roster = (root / "private/roster.csv").read_bytes()
    (root / "private/roster.csv").unlink()
    made = planned(root, rows)
    assert (made.outcome.placed, made.outcome.new_people) == ((), ())
    apply(root, made.files)
    assert (
        sorted((root / "private/roster.csv").read_bytes().splitlines())[:2]
        == sorted(line for line in roster.splitlines() if b"amira" not in line)[:2]
    )


def test_a_run_that_was_stopped_half_way_is_finished_by_the_next(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    rows = [(f"p{n}@example.org", "", "", "listener", "2024-07-01", "", "", "", "") for n in range(5)]
    files = planned(root, rows).files
    # But between the two halves of a new table, which nobody can read apart.
    *people, half, whole = files
    assert (half, whole) == ("content/awards/harbour/t.yml", "content/awards/harbour/t.csv")
    for stop in range(1, len(people) + 1):
        shutil.rmtree(root)
        site(root)
        apply(root, dict(list(files.items())[:stop]))
        apply(root, planned(root, rows, "again").files)
        checked = check(root)
        assert checked.registry is not None and checked.good
        assert len(checked.registry.awards) == 2 + 5
        assert len(checked.registry.participants) == 2 + 5
        assert len(read_roster(root)[0].entries) == 1 + 5


def test_two_people_are_never_made_one(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    made = planned(
        root,
        [
            ("amira@example.org", "", "jonas", "listener", "2024-07-01", "", "", "", ""),
            ("x@example.org", "amira@example.org", "", "listener", "2024-07-02", "", "", "", ""),
            ("x@example.org", "", "jonas", "listener", "2024-07-03", "", "", "", ""),
            ("x@example.org", "", "", "listener", "2024-07-04", "", "", "", ""),
        ],
    )
    assert sorted(made.unfit) == [2, 3, 4]
    assert "amira and jonas" in made.unfit[2]
    assert len(made.outcome.new_people) == 1


def test_an_award_goes_to_the_address_the_row_names(tmp_path: Path) -> None:
    root = site(tmp_path / "site")
    apply(
        root, planned(root, [("b@example.org", "", "amira", "listener", "2024-07-01", "", "", "", "")]).files
    )
    registry = check(root).registry
    assert registry is not None
    award = next(a for a in registry.awards.values() if a.issued_on == datetime.date(2024, 7, 1))
    assert award.participant.slug == "amira"
    assert award.record.identity == award.identity.label == "address-2"


@pytest.mark.parametrize(
    ("file", "occasion", "kept"),
    [
        ("Été 2024 – groupe A.xlsx", "ete-2024-groupe-a", "private/rejected-ete-2024-groupe-a.csv"),
        ("rejected-walks.csv", "walks", "private/rejected-walks.csv"),
        ("..csv", "import-", "private/rejected-import-"),
        ("جدول.csv", "import-", "private/rejected-import-"),
        ("a" * 200 + ".csv", "a" * 60, "private/rejected-" + "a" * 60 + ".csv"),
    ],
)
def test_names_of_files_become_names_of_ours(file: str, occasion: str, kept: str) -> None:
    assert occasion_of(stem_of(file)).startswith(occasion)
    assert rejected_path(stem_of(file)).startswith(kept)
