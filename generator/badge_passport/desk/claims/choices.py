"""A participant's choices, written into their file: what they said, and nothing else.

A name that is no longer to be shown does not stay in the file. A key that the private file of the person has
is changed there, since it hides the one of the public file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from badge_passport.desk.claims.requests import Request
from badge_passport.desk.files.yamlfiles import edit, put, take, text_of
from badge_passport.desk.people.newcomers import SCHEMA
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, initials
from badge_passport.registry.references import matches
from badge_passport.source import yaml

SCOPES = ("name", "listing", "awards")
NEW = f"{SCHEMA}display: full\n".encode()  # a private file, which is begun for a full name
Values = dict[str, Any]  # None takes a key away


def with_choices(
    files: Mapping[str, bytes], registry: Registry, award: Award, request: Request, *, private_names: bool
) -> dict[str, bytes | None]:
    """The files of the holder of ``award`` after a request; ``files`` are those of the site.

    With ``private_names`` a full name goes into the person's private file, with the wish to show it.

    Raises:
        EditError: a file cannot be changed without changing more.
    """
    person = award.participant
    public, private = person.origin.file, f"private/participants/{person.slug}.yml"
    shown, hidden = _load(files, public), _load(files, private)
    wanted = _wanted(shown | hidden, registry, award, request)
    inside: set[str] = set()
    if private_names and request.display == "full":
        # Both: a build without private/ must not look for a name that it does not have.
        inside, wanted = {"name", "display"}, {**wanted, "display": "full"}
    here: Values = {}
    there: Values = {}
    for key, value in wanted.items():
        if key in hidden or key in inside:
            there[key] = value
        if key in inside or value is None:
            here[key] = None
        elif key not in hidden:
            here[key] = value
    written: dict[str, bytes | None] = {}
    for file, values, known in ((public, here, shown), (private, there, hidden)):
        changed = {k: v for k, v in values.items() if known.get(k) != v}
        if changed:
            written[file] = edit(files.get(file, NEW), partial(_set, changed))
    return written


def _load(files: Mapping[str, bytes], file: str) -> dict[str, Any]:
    value = yaml.load(text_of(files[file]), file)[0] if file in files else None
    return value if isinstance(value, dict) else {}


def _set(values: Values, found: Any) -> None:
    for key, value in values.items():
        if value is None:
            take(found, key)
        else:
            put(found, key, value)


def _wanted(value: dict[str, Any], registry: Registry, award: Award, request: Request) -> Values:
    """The keys that change, with what they become."""
    wanted: Values = {"responses": _responses(value, registry, award, request)}
    if request.visibility is not None and request.visibility != value.get("visibility", "unlisted"):
        wanted["visibility"] = request.visibility
    if request.display is not None:
        wanted |= _display(value, request)
    if request.language is not None:
        wanted["language"] = request.language
    if (consent := _consent(value, request)) is not None:
        wanted["consent"] = consent
    return wanted


def _display(value: dict[str, Any], request: Request) -> Values:
    """How the person is called; initials as they wrote them, if our own way would change them."""
    display, name, pseudonym = request.display, request.name, request.pseudonym
    if display == "initials" and pseudonym is not None:
        if initials(pseudonym) == pseudonym:
            name, pseudonym = pseudonym, None
        else:
            display = "pseudonym"
    unchanged = display == value.get("display", "none")
    return {
        **({} if unchanged else {"display": display}),
        "name": name,
        "pseudonym": pseudonym,
    }


def _consent(value: dict[str, Any], request: Request) -> dict[str, Any] | None:
    """The consent after a request that says something about it."""
    before = value.get("consent", {})
    scope = set(before.get("scope", ()))
    for name, said, agreed in (
        ("name", request.display is not None, request.display != "none"),
        ("listing", request.visibility is not None, request.visibility == "public"),
        ("awards", request.accept_all, True),  # to leave it out takes nothing back
    ):
        if said:
            scope = scope | {name} if agreed else scope - {name}
    said = request.display is not None or request.visibility is not None or request.accept_all
    if not said or not (scope or before):
        return None
    return {"on": request.day, "scope": [name for name in SCOPES if name in scope]}


def _responses(value: dict[str, Any], registry: Registry, award: Award, request: Request) -> list[Any]:
    """The answers with this one at the end, unless it is the one that counts already."""
    record, person = award.record, award.participant
    before = value.get("responses", [])
    for one in reversed(before):
        response = r.Response.model_validate(one)
        if matches(response, award.badge.ref, record.participant, record):
            if response.answer == request.answer:
                return list(before)
            break
    answer: dict[str, Any] = {"badge": award.badge.ref}
    if person.record.former:
        answer["participant"] = record.participant
    answer["issuedOn"] = record.issued_on
    if record.number is not None or _has_repeats(registry, award):
        answer["number"] = record.number or 1
    return [*before, {**answer, "answer": request.answer, "on": request.day}]


def _has_repeats(registry: Registry, award: Award) -> bool:
    """Whether the person was given the badge more than once on that day."""
    own = registry.awards_by_participant.get(award.participant.slug, ())
    return any(
        other is not award
        and other.badge.ref == award.badge.ref
        and other.issued_on == award.issued_on
        and other.record.participant == award.record.participant
        for other in own
    )
