"""What is shown of a person: every combination of their choices, consent and answers."""

from __future__ import annotations

import itertools

import pytest

from badge_passport.model import records as r
from badge_passport.registry import privacy
from badge_passport.registry.entities import Award, Participant, Registry
from minimal import CheckSite

DISPLAYS = ("full", "initials", "pseudonym", "none")
VISIBILITIES = ("public", "unlisted", "private")
SCOPES = tuple(
    frozenset(c) for n in range(4) for c in itertools.combinations(("name", "listing", "awards"), n)
)
ANSWERS = (None, "accepted", "declined", "hidden")
IDENTITY = "identities: [{identity: sha256$" + "0" * 64 + ", salt: 0123456789abcdef}]\n"


def person(
    display: str, visibility: str, scope: frozenset[str] | None, answer: str | None
) -> dict[str, object]:
    record: dict[str, object] = {
        "name": "amira Khalil",
        "pseudonym": "Harbour Fox",
        "display": display,
        "visibility": visibility,
        "identities": [{"identity": "sha256$" + "0" * 64, "salt": "x" * 16}],
    }
    if scope is not None:
        record["consent"] = {"on": "2024-06-20", "scope": sorted(scope)}
    if answer:
        record["responses"] = [{"badge": "harbour/listener", "answer": answer, "on": "2024-07-01"}]
    return record


@pytest.fixture
def registry(checked: CheckSite) -> Registry:
    found = checked().registry
    assert found is not None
    return found


def award_of(registry: Registry, record: r.ParticipantRecord) -> Award:
    """Amira's award, had she made these choices."""
    from dataclasses import replace

    from badge_passport.registry.references import acceptance

    award = next(a for a in registry.awards.values() if a.participant.slug == "amira")
    participant: Participant = replace(award.participant, record=record)
    return replace(
        award, participant=participant, acceptance=acceptance(record, award.badge.ref, award.record)
    )


def test_every_combination(registry: Registry) -> None:
    shown = {"full": "amira Khalil", "initials": "A. K.", "pseudonym": "Harbour Fox", "none": None}
    combinations = list(itertools.product(DISPLAYS, VISIBILITIES, (None, *SCOPES), ANSWERS))
    assert len(combinations) == 4 * 3 * 9 * 4
    for display, visibility, scope, answer in combinations:
        record = r.ParticipantRecord.model_validate(person(display, visibility, scope, answer))
        award = award_of(registry, record)
        agreed = scope or frozenset()
        case = f"{display} {visibility} {sorted(agreed)} {answer}"

        name = shown[display] if "name" in agreed else None
        listed = visibility == "public" and "listing" in agreed
        accepted = answer == "accepted" or (answer is None and "awards" in agreed)
        on_passport = accepted and visibility != "private"

        assert privacy.shown_name(award.participant) == name, case
        assert privacy.is_listed(award.participant) == listed, case
        assert privacy.has_passport(award.participant) == (visibility != "private"), case
        assert privacy.on_passport(award) == on_passport, case
        assert privacy.is_public(award) == (on_passport and listed), case
        assert privacy.award_name(award) == (name if on_passport else None), case


def test_a_name_never_stands_where_a_passport_does_not(registry: Registry) -> None:
    record = r.ParticipantRecord.model_validate(person("full", "private", SCOPES[-1], "accepted"))
    assert privacy.award_name(award_of(registry, record)) is None


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Amira Khalil", "A. K."),
        ("jonas", "J."),
        ("  Ana   María  de la O ", "A. M. D. L. O."),
        ("أميرة خليل", "أ. خ."),
        ("Élodie-Anne Ö", "É. Ö."),
        ("李 小龍", "李. 小."),
    ],
)
def test_initials(registry: Registry, name: str, initials: str) -> None:
    record = r.ParticipantRecord.model_validate(
        person("initials", "public", SCOPES[-1], None) | {"name": name}
    )
    assert privacy.shown_name(award_of(registry, record).participant) == initials


def test_the_last_answer_counts(registry: Registry) -> None:
    answers = [
        {"badge": "harbour/listener", "answer": "accepted", "on": "2024-07-01"},
        {"badge": "harbour/listener", "answer": "hidden", "on": "2024-07-02"},
        {"badge": "harbour/listener", "issuedOn": "2024-06-19", "answer": "accepted", "on": "2024-07-03"},
        {"badge": "harbour/other", "answer": "accepted", "on": "2024-07-04"},
        {"badge": "harbour/listener", "number": 2, "answer": "accepted", "on": "2024-07-05"},
    ]
    record = r.ParticipantRecord.model_validate(
        person("full", "public", SCOPES[-1], None) | {"responses": answers}
    )
    assert award_of(registry, record).acceptance == "hidden"


def test_what_is_private_need_not_be_in_the_public_file(checked: CheckSite) -> None:
    """``private/participants/<slug>.yml`` is laid over the public file in the build."""
    result = checked(
        {
            "content/participants/amira.yml": IDENTITY + "display: none\nbio: Public\n",
            "private/participants/amira.yml": "name: Amira Khalil\ndisplay: full\n"
            "consent: {on: 2024-06-20, scope: [name]}\n",
        }
    )
    assert result.diagnostics == []
    assert result.registry is not None
    amira = result.registry.participants["amira"]
    assert privacy.shown_name(amira) == "Amira Khalil"
    assert amira.record.bio is not None
    assert amira.record.bio.get("en", "en") == "Public"


def test_problems_of_an_overlay_are_told_in_the_overlay(checked: CheckSite) -> None:
    result = checked(
        {
            "private/participants/amira.yml": "display: full\nvisibility: secret\n"
            "consent: {on: soon, scope: [x]}\n"
        }
    )
    assert [(d.code, d.span.file, d.span.line) for d in result.diagnostics if d.span] == [
        ("bad-value", "private/participants/amira.yml", 2),
        ("bad-date", "private/participants/amira.yml", 3),
        ("bad-value", "private/participants/amira.yml", 3),
    ]
