"""What the columns of a table mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from badge_passport.desk.importing.columns import (
    FIELDS,
    IGNORED,
    REMEMBERED,
    lacks,
    overridden,
    propose,
    remember,
    remembered,
)
from badge_passport.desk.importing.reading import Row, Table


def table(*headers: str, row: tuple[str, ...] = ()) -> Table:
    return Table(headers, (Row(2, row),) if row else ())


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        # Badgr and Canvas Credentials, today and before
        (
            "Badge Class ID|Identifier|First Name|Last Name|Narrative|Evidence Narrative|Evidence URL"
            "|Issue Date|Expiration Date",
            "-|address|firstName|lastName|narrative|evidence.name|evidence.url|issuedOn|expires",
        ),
        (
            "Email|Recipient name|Narrative|Evidence URL|Issue Date",
            "address|name|narrative|evidence.url|issuedOn",
        ),
        # Moodle: the badge awarder and reports
        ("firstname|lastname|email|badge", "firstName|lastName|address|badge"),
        ("Full name|Email address|Badge name|Date issued|Expiry date", "name|address|badge|issuedOn|expires"),
        # Open Badge Factory and Credly
        (
            "Email|First name|Last name|Issued on|Criteria_add",
            "address|firstName|lastName|issuedOn|narrative",
        ),
        (
            "Recipient Email|First Name|Last Name|Issued at|Expiration Date|Evidence Name|Evidence URL"
            "|Locale",
            "address|firstName|lastName|issuedOn|expires|evidence.name|evidence.url|language",
        ),
        # What people write themselves
        (
            "PRÉNOM|Nom|E-mail|Badge|Date d’obtention|Niveau",
            "firstName|lastName|address|badge|issuedOn|level",
        ),
        ("Nom|Courriel|Nom du badge|Délivré le", "name|address|badge|issuedOn"),
        ("الاسم|البريد الإلكتروني|الشارة|التاريخ|المستوى", "name|address|badge|issuedOn|level"),
        ("e_mail | E-MAIL 2|email3|participant", "address|address2|address3|participant"),
        ("Notes|Comments|Description|Remarques|Password", "-|-|-|-|-"),
        ("|".join(FIELDS), "|".join(FIELDS)),
    ],
)
def test_headers_are_understood(headers: str, fields: str) -> None:
    row = tuple("https://example.org/" for _ in headers.split("|"))
    row = tuple("" if h == "participant" else cell for h, cell in zip(headers.split("|"), row, strict=True))
    assert "|".join(propose(table(*headers.split("|"), row=row)).values()) == fields


def test_cells_decide_where_headers_do_not() -> None:
    found = propose(table("Participant", "Contact", "Evidence", row=("Amira K.", "a@example.org", "My map")))
    assert found == {"Participant": "name", "Contact": "address", "Evidence": "evidence.name"}
    assert propose(table("Evidence URL", row=("",))) == {"Evidence URL": "evidence.url"}
    assert propose(table("Participant", row=("amira-k",))) == {"Participant": "participant"}


def test_no_field_is_given_twice() -> None:
    found = propose(table("Date", "Issue date", "Badge", "Badge name"))
    assert list(found.values()) == ["issuedOn", IGNORED, "badge", IGNORED]


def test_a_mapping_can_be_told() -> None:
    mapping = propose(table("Email", "Date", "When"))
    assert overridden(mapping, ["When=issuedOn", "e-mail=-"]) == {
        "Email": "-",
        "Date": "-",
        "When": "issuedOn",
    }
    assert overridden({"a=b": "-"}, ["a=b=badge"]) == {"a=b": "badge"}
    for wrong in ("Where=badge", "When=somewhere", "When"):
        with pytest.raises(ValueError):
            overridden(mapping, [wrong])


def test_what_is_missing_is_said_with_the_option_that_gives_it() -> None:
    assert [p.message for p in lacks({"x": "-"}, "t.csv", badge=False, day=False)] == [
        "no column says whose the badges are",
        "no column says which badge is given",
        "no column says on which day it is given",
    ]
    assert lacks({"x": "participant"}, "t.csv", badge=True, day=True) == []


def test_a_decision_is_remembered_by_the_set_of_headers(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    memory = tmp_path / REMEMBERED
    for mapping in ({"a": "address", "b": "-"}, {"c": "badge"}, {"a": "-", "b": "address"}):
        memory.write_bytes(remember(tmp_path, mapping))
    assert remembered(tmp_path, ["b", "a"]) == {"b": "address", "a": "-"}
    assert remembered(tmp_path, ["line", "reason", "a", "b"]) == {
        "line": "-",
        "reason": "-",
        "a": "-",
        "b": "address",
    }
    assert remembered(tmp_path, ["c"]) == {"c": "badge"}
    assert remembered(tmp_path, ["a"]) is None
    assert len(json.loads(memory.read_text())) == 2


@pytest.mark.parametrize(
    "text", ["", "{", '[1, {}, {"a": 1}, {"a": "password"}]', "[" * 100_000, "null", "\xff"]
)
def test_a_memory_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / REMEMBERED).write_bytes(text.encode("latin-1"))
    assert remembered(tmp_path, ["a"]) is None
