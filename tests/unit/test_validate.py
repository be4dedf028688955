"""From plain values to records: every problem at once, at its place, in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from badge_passport.diagnostics import Diagnostic, Keys, Place
from badge_passport.diagnostics.catalogue import CATALOGUE
from badge_passport.model import records as r
from badge_passport.model.validate import validate

BADGE = {"name": "n", "description": "d", "criteria": "c", "imageCaption": "i", "type": "t"}
KINDS = [
    r.SiteRecord,
    r.IssuerRecord,
    r.BadgeRecord,
    r.FrameworkRecord,
    r.ParticipantRecord,
    r.AwardRecord,
    r.EndorsementRecord,
    r.PageRecord,
]


def problems(record: type[BaseModel], value: Any) -> list[Diagnostic]:
    return validate(record, value, lambda keys: Place("f.yml", keys))[1]


def told(record: type[BaseModel], value: Any) -> list[tuple[str, Keys, bool]]:
    return [
        (p.code, p.where.path, p.where.key) for p in problems(record, value) if isinstance(p.where, Place)
    ]


def test_a_good_record() -> None:
    badge, found = validate(r.BadgeRecord, BADGE, lambda keys: Place("f.yml", keys))
    assert found == []
    assert badge is not None
    assert badge.version == "1"


def test_every_problem_is_told() -> None:
    assert told(
        r.BadgeRecord, {"name": 1, "criteria": [], "type": "T", "nmae": "x", "milestone": {"count": "many"}}
    ) == [
        ("wrong-type", ("name", ""), False),
        ("missing-key", (), False),
        ("wrong-type", ("criteria", ""), False),
        ("missing-key", (), False),
        ("bad-slug", ("type",), False),
        ("wrong-type", ("milestone", "count"), False),
        ("unknown-key", ("nmae",), True),
    ]


@pytest.mark.parametrize("value", [None, [], "text", 1, True])
def test_a_record_is_a_mapping(value: Any) -> None:
    assert told(r.AwardRecord, value) == [("wrong-type", (), False)]
    assert problems(r.AwardRecord, value)[0].help == "it needs at least: participant, badge, issuedOn."


@pytest.mark.parametrize(
    ("key", "path", "known"),
    [
        ({"nmae": "x"}, ("nmae",), "name"),
        ({"design": {"colour": "x"}}, ("design", "colour"), "color"),
        ({"milestone": {"count": 1, "from": []}}, ("milestone", "from"), "of"),
        (
            {"resultDescription": [{"id": "a", "name": "b", "resultType": "Status", "typ": 1}]},
            ("resultDescription", 0, "typ"),
            "resultType",
        ),
        ({"alignment": [{"competence": "a", "levl": "A"}]}, ("alignment", 0, "levl"), "level"),
        (
            {"alignment": [{"targetName": "a", "targetUrl": "https://a.org", "targetUri": "x"}]},
            ("alignment", 0, "targetUri"),
            "targetUrl",
        ),
    ],
)
def test_an_unknown_key_names_the_known_ones_of_its_place(
    key: dict[str, Any], path: Keys, known: str
) -> None:
    found = problems(r.BadgeRecord, BADGE | key)
    assert [(p.code, p.where) for p in found] == [("unknown-key", Place("f.yml", path, key=True))]
    assert known in found[0].help


def test_keys_of_mappings_do_not_hide_the_known_keys_below_them() -> None:
    framework = {
        "name": "n",
        "description": "d",
        "competences": {"name": {"name": "a", "microCompetences": {"types": {"nmae": "x"}}}},
    }
    unknown = [p for p in problems(r.FrameworkRecord, framework) if p.code == "unknown-key"]
    assert [p.help for p in unknown] == ["did you mean “name”? known keys: description, name."]


def test_a_bad_key_of_a_mapping_is_blamed_itself() -> None:
    framework = {"name": "n", "description": "d", "competences": {}, "types": {"Bad Key": {"name": "a"}}}
    assert told(r.FrameworkRecord, framework) == [("bad-slug", ("types", "Bad Key"), True)]


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ({"display": "yes"}, "bad-value", "“yes” is not one of 'full', 'initials', 'pseudonym' or 'none'"),
        ({"display": None}, "bad-value", "“None” is not one of"),
        ({"links": {}}, "wrong-type", "this must be a list, but it is a mapping"),
        ({"links": None}, "wrong-type", "this must be a list, but it is nothing"),
        ({"links": ["a"]}, "wrong-type", "this must be a mapping (key: value), but it is text"),
        ({"name": "x" * 301}, "value-too-long", "this text is longer than 300 characters"),
        ({"name": "  "}, "bad-value", "this is empty"),
        ({"identities": []}, "bad-value", "this is empty"),
        (
            {"identities": [{"identity": f"sha256${'0' * 64}", "salt": "short"}]},
            "bad-value",
            "this text is shorter than 16 characters",
        ),
        ({"bio": {}}, "wrong-type", "this text is empty"),
        ({"key": "../x"}, "bad-slug", "“../x” cannot be the name of anything here"),
    ],
)
def test_messages(value: dict[str, Any], code: str, message: str) -> None:
    person = {"identities": [{"identity": "sha256$" + "0" * 64, "salt": "x" * 16}]}
    found = problems(r.ParticipantRecord, person | value)
    assert [p.code for p in found] == [code]
    assert found[0].message.startswith(message)


def test_no_python_in_messages() -> None:
    award = {
        "participant": None,
        "badge": ["a"],
        "issuedOn": None,
        "evidence": [{"url": {}}],
        "revoked": {"on": True},
    }
    text = " ".join(p.message + p.help for p in problems(r.AwardRecord, award))
    for word in ("None", "True", "dict", "[", "{", "str", "int"):
        assert word not in text.replace("mapping", "")


def test_names_that_stand_twice() -> None:
    identity = {"identity": "sha256$" + "0" * 64, "salt": "x" * 16, "label": "home"}
    assert told(r.ParticipantRecord, {"identities": [identity, identity]}) == [
        ("bad-value", ("identities",), False)
    ]
    without = {k: v for k, v in identity.items() if k != "label"}
    assert told(r.ParticipantRecord, {"identities": [without, without]}) == []
    result = {"id": "a", "name": "b", "resultType": "Status"}
    assert told(r.BadgeRecord, BADGE | {"resultDescription": [result, result]}) == [
        ("bad-value", ("resultDescription",), False)
    ]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["P1Y", "2019-06-18", "a", "https://a.org"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=10)
            | st.sampled_from(
                sorted(
                    {f.alias or n for k in KINDS for n, f in k.model_fields.items()}
                    | {"CompetenceAlignment", "[key]"}
                )
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(KINDS), JSON)
def test_no_value_raises_and_every_problem_has_a_name(record: type[BaseModel], value: Any) -> None:
    for problem in problems(record, value):
        assert problem.code in CATALOGUE
        assert problem.message
        assert problem.help
