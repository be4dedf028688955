"""The roster: whose address is whose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.desk.people.roster import AddressError, Entry, Roster, address, read_roster


def write(root: Path, text: str | bytes) -> Path:
    (root / "private").mkdir(exist_ok=True)
    data = text.encode("utf-8") if isinstance(text, str) else text
    (root / "private/roster.csv").write_bytes(data)
    return root


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Amira.K@Example.ORG ", "amira.k@example.org"),
        ("o'brien+badges@mail.example.org", "o'brien+badges@mail.example.org"),
        ("jürgen@exämple.org", "jürgen@exämple.org"),
        ("أميرة@مثال.إختبار.org", "أميرة@مثال.إختبار.org"),
    ],
)
def test_addresses_are_known_in_one_form(written: str, meant: str) -> None:
    assert address(written) == meant
    assert address(address(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "amira",
        "amira@",
        "@example.org",
        "a@b@example.org",
        "a b@example.org",
        "a@example.org\nBcc: b@c.org",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(AddressError):
        address(written)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "en", "fr"])), max_size=8))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str]]
) -> None:
    entries = [
        Entry(f"person-{n // 2}", f"person{n}@example.org", "home" if n % 2 else "", name, language)
        for n, (name, language) in enumerate(people)
    ]
    root = write(tmp_path_factory.mktemp("site"), Roster(tuple(entries)).to_bytes())
    roster, problems = read_roster(root)
    assert problems == []
    assert roster.entries == tuple(entries)


def test_a_person_may_have_several_addresses(tmp_path: Path) -> None:
    roster, _ = read_roster(
        write(
            tmp_path, "participant,address\namira,a@example.org\namira,B@example.org\njonas,j@example.org\n"
        )
    )
    assert roster.owners == {"a@example.org": "amira", "b@example.org": "amira", "j@example.org": "jonas"}
    assert [e.address for e in roster.of("amira")] == ["a@example.org", "b@example.org"]
    more = roster.with_entries([Entry("lea", "l@example.org")])
    assert more.of("lea") == (Entry("lea", "l@example.org"),)
    assert roster.of("lea") == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("participant,mail\namira,a@example.org\n", 1, "lacks the columns"),
        ("participant,address\namira,nowhere\n", 2, "not an e-mail address"),
        ("participant,address\nAmira K,a@example.org\n", 2, "not the name of a participant's file"),
        ("participant,address\namira,a@example.org\njonas,A@example.org\n", 3, "already"),
        ('participant,address\n"amira,a@example.org\n', 1, "cannot be read"),
        (b"\xff\xfe\x00", 1, "cannot be read"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    _, problems = read_roster(write(tmp_path, text))
    assert [p.code for p in problems] == ["roster-invalid"]
    assert said in problems[0].message
    assert problems[0].span is not None and problems[0].span.line == line
    assert "@" not in problems[0].message


def test_no_roster_is_an_empty_one(tmp_path: Path) -> None:
    assert read_roster(tmp_path) == (Roster(), [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_roster_that_a_spreadsheet_saved(tmp_path: Path, encoding: str) -> None:
    text = "participant;address;label;name;language\r\namira-k;a@example.org;;Ämira;\r\n;;;;\r\n;;;;\r\n"
    roster, problems = read_roster(write(tmp_path, text.encode(encoding)))
    assert problems == []
    assert roster.entries == (Entry("amira-k", "a@example.org", name="Ämira"),)


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    text = "participant,phone,address,Note\namira-k,+216 1,a@example.org,\nsam-r,,s@example.org,=1+1\n"
    roster, problems = read_roster(write(tmp_path, text))
    assert problems == []
    more = roster.with_entries([Entry("lea-m", "l@example.org")]).to_bytes()
    assert more.decode().splitlines() == [
        "participant,address,label,name,language,phone,Note",
        "amira-k,a@example.org,,,,'+216 1,",
        "sam-r,s@example.org,,,,,'=1+1",
        "lea-m,l@example.org,,,,,",
    ]
    again, _ = read_roster(write(tmp_path, more))
    assert again.entries[:2] == roster.entries
