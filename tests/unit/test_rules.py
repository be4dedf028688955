"""The rules between records: what passes them, at their edges, and what they do not complain about."""

from __future__ import annotations

import pytest

from badge_passport.pipeline import Checked
from badge_passport.registry.rules import RULES
from minimal import CheckSite

LISTENER = """
name: Listener
description: Listens well.
criteria: Listened.
imageCaption: A star
type: participant
"""


def told(result: Checked) -> list[tuple[str, str, int]]:
    return [(d.code, d.span.file, d.span.line) for d in result.diagnostics if d.span]


def codes(result: Checked) -> list[str]:
    return [d.code for d in result.diagnostics]


def award(*lines: str) -> dict[str, str]:
    rows = "".join(f"    {line}\n" for line in lines)
    return {
        "content/awards/harbour/spring.yml": "badge: listener\nissuedOn: 2024-06-18\nawards:\n"
        f"  - participant: amira\n{rows}"
    }


def test_every_rule_says_which_problems_it_finds() -> None:
    assert len(RULES) == len(set(RULES))
    for rule in RULES:
        assert rule.__doc__ is not None
        assert rule.__doc__.startswith("``")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("expires: 2024-06-17", ["expires-before-issued"]),
        ("expires: 2024-06-18", ["expires-before-issued"]),
        ("expires: 2024-06-19", []),
        ("revoked: {on: 2024-06-17, reason: x}", ["revoked-before-issued"]),
        ("revoked: {on: 2024-06-18, reason: x}", []),
        ("level: A", []),
        ("level: a", ["unknown-level"]),
        ("language: en", []),
        ("language: en-GB", ["unknown-language"]),
        ("identity: home", ["unknown-identity"]),
        ("number: 2", []),
    ],
)
def test_one_award(checked: CheckSite, line: str, expected: list[str]) -> None:
    assert codes(checked(award(line))) == expected


def test_a_validity_that_ends_on_the_day_of_the_award(checked: CheckSite) -> None:
    result = checked({"badges/harbour/listener.yml": LISTENER + "validFor: P0D\n"} | award())
    assert codes(result) == ["expires-before-issued"]


@pytest.mark.parametrize(
    ("requires", "lines", "missing"),
    [
        ("evidence", [], 1),
        ("evidence", ["evidence: []"], 1),
        ("evidence", ["evidence: [{url: https://example.org}]"], 0),
        ("evidence, narrative, level", ["level: A"], 2),
        ("level", ["level: A"], 0),
    ],
)
def test_what_a_badge_requires(checked: CheckSite, requires: str, lines: list[str], missing: int) -> None:
    files = {"badges/harbour/listener.yml": LISTENER + f"requires: [{requires}]\n"} | award(*lines)
    assert codes(checked(files)) == ["missing-required"] * missing


def test_the_version_in_force_on_the_day_rules(checked: CheckSite) -> None:
    files = {
        "badges/harbour/listener.v1.yml": LISTENER + "until: 2024-06-18\nrequires: [evidence]\n",
        "badges/harbour/listener.v2.yml": LISTENER + "version: 2\nuntil: 2024-06-19\n",
        "badges/harbour/listener.yml": LISTENER + "version: 3\nrequires: [narrative]\n",
        "content/awards/harbour/spring.yml": "badge: listener\nawards:\n"
        "  - {participant: amira, issuedOn: 2024-06-17}\n"
        "  - {participant: amira, issuedOn: 2024-06-18}\n"
        "  - {participant: amira, issuedOn: 2024-06-19}\n",
    }
    result = checked(files)
    assert [(d.span.line, "evidence" in d.message) for d in result.diagnostics if d.span] == [
        (3, True),
        (5, False),
    ]
    assert result.registry is not None
    assert [a.badge.version for a in result.registry.awards.values()] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("versions", "good"),
    [
        ({"listener": ""}, True),
        ({"listener": "version: 2\n", "listener.v1": "until: 2024-01-01\n"}, True),
        ({"listener": "", "listener.v1": "until: 2024-01-01\n"}, False),
        ({"listener": "", "listener.v2": "version: 2\n"}, False),
        ({"listener": "until: 2024-01-01\n"}, False),
    ],
)
def test_versions(checked: CheckSite, versions: dict[str, str], good: bool) -> None:
    files = {f"badges/harbour/{name}.yml": LISTENER + text for name, text in versions.items()}
    assert ("version-conflict" in codes(checked(files))) is not good


PERSON = "identities: [{identity: sha256$" + "a" * 64 + ", salt: 0123456789abcdef}]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("display: full\n", ["consent-missing", "missing-key"]),
        ("display: full\nname: Lea\n", ["consent-missing"]),
        (
            "display: full\nname: Lea\nconsent: {on: 2024-01-01, scope: [listing, awards]}\n",
            ["consent-missing"],
        ),
        ("display: full\nname: Lea\nconsent: {on: 2024-01-01, scope: [name]}\n", []),
        ("display: initials\nconsent: {on: 2024-01-01, scope: [name]}\n", ["missing-key"]),
        ("display: pseudonym\nname: Lea\nconsent: {on: 2024-01-01, scope: [name]}\n", ["missing-key"]),
        ("display: pseudonym\npseudonym: Fox\nconsent: {on: 2024-01-01, scope: [name]}\n", []),
        ("display: none\nname: Lea\n", []),
        ("visibility: public\n", ["consent-missing"]),
        ("visibility: public\nconsent: {on: 2024-01-01, scope: [listing]}\n", []),
        ("visibility: private\n", []),
        ("language: fr\n", ["unknown-language"]),
        ("key: jonas\n", ["duplicate-participant"]),
    ],
)
def test_one_person(checked: CheckSite, text: str, expected: list[str]) -> None:
    assert sorted(codes(checked({"content/participants/lea.yml": PERSON + text}))) == expected


def test_two_identities_of_one_person_need_two_salts(checked: CheckSite) -> None:
    two = PERSON.replace("]", ", {identity: sha256$" + "b" * 64 + ", salt: 0123456789abcdef}]")
    assert codes(checked({"content/participants/lea.yml": two})) == ["duplicate-participant"]


@pytest.mark.parametrize(
    ("response", "good"),
    [
        ("badge: harbour/listener", True),
        ("badge: harbour/listener, issuedOn: 2024-06-18", True),
        ("badge: harbour/listener, number: 1", True),
        ("badge: harbour/listener, issuedOn: 2024-06-17", False),
        ("badge: harbour/listener, number: 2", False),
        ("badge: harbour/listener, participant: jonas", False),
        ("badge: listener", False),
    ],
)
def test_responses(checked: CheckSite, response: str, good: bool) -> None:
    text = PERSON + f"responses: [{{{response}, answer: accepted, on: 2024-07-01}}]\n"
    files = {
        "content/participants/lea.yml": text,
        "content/awards/harbour/lea.yml": "badge: listener\nparticipant: lea\nissuedOn: 2024-06-18\n",
    }
    assert codes(checked(files)) == ([] if good else ["unknown-award"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b and c > d", []),
        ("5 <3", []),
        ("`<b>`", []),
        ("    <b>code</b>", []),
        (r"\<b>", []),
        ("<!-- a note -->", []),
        ("<https://example.org>", []),
        (
            "[a](https://example.org) [b](page.md) [c](#part) [d](/verify/) "
            "[e](mailto:badges@harbour.example.org)",
            [],
        ),
        ("<b>", ["raw-html"]),
        ("</b>", ["raw-html"]),
        ("text <span onclick='x'>", ["raw-html"]),
        ("<script>\nalert(1)\n</script>", ["raw-html"]),
        ("<?php x ?>", ["raw-html"]),
        ("<!DOCTYPE html>", ["raw-html"]),
        ("<![CDATA[x]]>", ["raw-html"]),
        ("<!-- --><img src=x>", ["raw-html"]),
        ("[a](javascript:x)", ["unsafe-link"]),
        ("[a](JaVaScRiPt:x)", ["unsafe-link"]),
        ("[a](<javascript:x>)", ["unsafe-link"]),
        ("[a](javascript&colon;x)", ["unsafe-link"]),
        ("[a](&#106;avascript:x)", ["unsafe-link"]),
        ("<javascript:x>", ["unsafe-link"]),
        ("![a](data:image/svg+xml,x)", ["unsafe-link"]),
        ("[a]\n\n[a]: vbscript:x", ["unsafe-link"]),
        ("[a](file:///etc/passwd)", ["unsafe-link"]),
        ("[a](ftp://example.org)", ["unsafe-link"]),
        ("<b>[a](javascript:x)", ["raw-html", "unsafe-link"]),
    ],
)
def test_prose(checked: CheckSite, text: str, expected: list[str]) -> None:
    home = f"---\ntitle: Home\n---\n\n{text}\n"
    result = checked({"content/pages/index.md": home, "content/pages/page.md": "# Page\n"})
    assert [d.code for d in result.diagnostics] == expected
    assert all(d.span and d.span.line >= 5 for d in result.diagnostics)


@pytest.mark.parametrize(
    "lines",
    [
        ["narrative: {en: Fine, fr: '<b>'}"],
        ["evidence: [{name: Fine}, {description: '<b>'}]"],
        ["evidence: [{genre: '<b>'}]"],
        ["revoked: {on: 2025-01-01, reason: '<b>'}"],
    ],
)
def test_prose_of_awards_wherever_it_stands(checked: CheckSite, lines: list[str]) -> None:
    assert codes(checked(award(*lines))) == ["raw-html"]


@pytest.mark.parametrize(
    "line", ["bio: '<b>'", "links: [{name: '<b>', url: 'https://example.org'}]", "name: '<b>'"]
)
def test_prose_of_people_wherever_it_stands(checked: CheckSite, line: str) -> None:
    assert codes(checked({"content/participants/lea.yml": PERSON + line + "\n"})) == ["raw-html"]


def test_all_rules_speak_at_once(checked: CheckSite) -> None:
    files = award("level: Z", "expires: 2024-01-01", "language: fr", "narrative: <b>") | {
        "content/participants/lea.yml": PERSON + "display: full\nvisibility: public\n",
        "content/pages/verify.md": "# x\n",
    }
    assert sorted(codes(checked(files))) == [
        "consent-missing",
        "consent-missing",
        "expires-before-issued",
        "missing-key",
        "raw-html",
        "reserved-path",
        "unknown-language",
        "unknown-level",
    ]


def test_a_mistake_does_not_make_its_consequences_mistakes(checked: CheckSite) -> None:
    """Nothing is said of a thousand awards when it is their badge that cannot be read."""
    rows = "".join(f"  - {{participant: amira, number: {n}}}\n" for n in range(1, 50))
    files = {
        "badges/harbour/listener.yml": LISTENER + "lvel: A\n",
        "content/awards/harbour/spring.yml": f"badge: listener\nissuedOn: 2024-06-18\nawards:\n{rows}",
        "badges/harbour/endorsements/good.yml": "award: {badge: harbour/listener}\n"
        "issuedOn: 2024-06-18\ncomment: x\n",
        "content/participants/lea.yml": PERSON
        + "responses: [{badge: harbour/listener, answer: accepted, on: 2024-07-01}]\n",
    }
    assert told(checked(files)) == [("unknown-key", "badges/harbour/listener.yml", 7)]


def test_the_same_problem_of_shared_keys_is_told_once(checked: CheckSite) -> None:
    text = "badge: nothing\nissuedOn: 2024-06-18\nlevel: Z\nawards:\n" + "  - participant: amira\n" * 20
    assert told(checked({"content/awards/harbour/spring.yml": text})) == [
        ("unknown-badge", "content/awards/harbour/spring.yml", 1)
    ]


def test_defaults_of_a_table_are_blamed_in_their_file(checked: CheckSite) -> None:
    files = {
        "content/awards/harbour/summer.csv": "participant\namira\njonas\n",
        "content/awards/harbour/summer.yml": "badge: listener\nissuedOn: 2024-07-01\nlevel: Z\n",
    }
    assert told(checked(files)) == [("unknown-level", "content/awards/harbour/summer.yml", 3)]
    files["content/awards/harbour/summer.yml"] = "badge: listener\nissuedOn: [\n"
    assert told(checked(files)) == [("yaml-syntax", "content/awards/harbour/summer.yml", 3)]


def test_a_badge_that_ended_is_awarded_up_to_that_day(checked: CheckSite) -> None:
    badge = {"badges/harbour/listener.yml": f"{LISTENER}ended: 2024-06-18\n"}
    assert checked(badge).diagnostics == []
    assert codes(checked({**badge, **award("issuedOn: 2024-06-19")})) == ["awarded-after-end"]


def test_a_milestone_that_ended_is_not_reached_any_more(checked: CheckSite) -> None:
    friend = f"{LISTENER}milestone: {{count: 1, of: [listener]}}\n"
    for ended, number in (("2024-06-18", 2), ("2024-06-17", 0)):
        result = checked({"badges/harbour/friend.yml": f"{friend}ended: {ended}\n"})
        assert result.diagnostics == []
        assert result.registry is not None
        assert len(result.registry.awards_by_badge.get("harbour/friend", ())) == number
