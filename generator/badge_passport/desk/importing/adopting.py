"""Keeping a badge of another issuer: its documents beside the person, what is shown of it in their file."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from badge_passport.desk.files.yamlfiles import EditError, edit
from badge_passport.desk.importing.foreign import Foreign
from badge_passport.desk.importing.plan import occasion_of
from badge_passport.diagnostics import Diagnostic
from badge_passport.model import records as r
from badge_passport.registry.elsewhere import COMPANIONS
from badge_passport.registry.entities import Participant
from badge_passport.registry.strangers import document_of, names_in, plain_addresses_of
from badge_passport.source import pictures
from badge_passport.source.files import Tree

Files = dict[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Adopted:
    """The files after an import; none if the badge is there already. ``notes`` are for people."""

    files: Files
    notes: tuple[str, ...] = ()


def adopt(
    tree: Tree, person: Participant, badge: Foreign, names: Sequence[str], on: datetime.date
) -> tuple[Adopted, list[Diagnostic]]:
    """Everything that must change for ``badge`` to stand in the passport of ``person``.

    ``names`` are what the person is called in the roster: they are in no public file without consent.

    Problems: ``foreign-address``, ``foreign-unusable``, ``consent-missing``.
    """
    documents = [data for _, data in badge.documents]
    stem = f"{occasion_of(badge.name)}-{hashlib.sha256(documents[0]).hexdigest()[:8]}"
    if any(other.file == f"{stem}.json" for other in person.record.other_badges):
        return Adopted({}), []
    problems = list(_objections(person, documents, names))
    entry = _entry(badge, stem, on)
    notes: list[str] = []
    try:
        r.OtherBadge.model_validate(entry)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]
        problems.append(
            Diagnostic(
                "foreign-unusable",
                f"this cannot stand in a passport: its {why['loc'][0]} is unusual: {why['msg']}",
                None,
                "ask its issuer to mend the badge.",
            )
        )
    if problems:
        return Adopted({}), problems
    folder = f"content/participants/{person.slug}/"
    files: Files = {f"{folder}{stem}{end}": data for end, data in badge.documents}
    picture, why_not = _drawn(badge)
    if picture is not None:
        files[f"{folder}{stem}.png"] = picture
    else:
        del entry["image"]
        notes.append(f"It is listed without a picture: {why_not}.")
    gone = _replaced(person, badge)

    def change(value: dict[str, Any]) -> None:
        others = list(value.get("otherBadges", []))
        at = next((n for n, other in enumerate(others) if gone and other.get("url") == badge.url), None)
        if at is None:
            value["otherBadges"] = [*others, dict(entry)]
        else:
            value["otherBadges"] = [*others[:at], dict(entry), *others[at + 1 :]]

    try:
        files[person.origin.file] = edit(tree.files[person.origin.file], change)
    except EditError as error:
        return Adopted({}), [
            Diagnostic(
                "foreign-unusable",
                f"the file of “{person.slug}” cannot be changed: {error}",
                person.origin.at(),
                "write “otherBadges” in its usual form, and import the badge again.",
            )
        ]
    for other in gone:
        files |= dict.fromkeys(_files_of(tree, folder, other))
    return Adopted(files, tuple(notes)), []


def _entry(badge: Foreign, stem: str, on: datetime.date) -> dict[str, Any]:
    """What stands in the person's file, in its order."""
    entry: dict[str, Any] = {
        "name": badge.name,
        "issuerName": badge.issuer,
        "issuedOn": _day(badge.issued_on),
        "url": badge.url,
        "issuerUrl": badge.issuer_url,
        "file": f"{stem}.json",
        "image": f"{stem}.png",
    }
    if badge.verdict == "valid":
        entry["verified"] = {"on": on, "how": badge.how, "by": badge.by}
    always = ("name", "issuerName", "issuedOn", "file")
    return {key: value for key, value in entry.items() if value or key in always}


def _day(text: str) -> datetime.date | str:
    """A day, which YAML writes without quotes; what is none is told by the record."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text


def _objections(person: Participant, documents: list[bytes], names: Sequence[str]) -> Iterator[Diagnostic]:
    found = [document for data in documents if (document := document_of(data)) is not None]
    if any(next(plain_addresses_of(document), None) for document in found):
        yield Diagnostic(
            "foreign-address",
            "this badge has an e-mail address in it, which everybody could read",
            None,
            "ask its issuer for one whose recipient is hashed.",
        )
    consent = person.record.consent
    if consent is not None and "name" in consent.scope:
        return
    called = [name.casefold() for name in (*names, person.record.name or "") if len(name) > 3]
    texts = [data.decode("utf-8", "replace").casefold() for data in documents]
    if any(names_in(document) for document in found) or any(n in text for n in called for text in texts):
        yield Diagnostic(
            "consent-missing",
            "this badge names the person, who has not consented to that",
            person.origin.at(),
            "ask the person, and record it: “consent: {on: 2019-06-20, scope: [name]}”.",
        )


def _drawn(badge: Foreign) -> tuple[bytes | None, str]:
    """The picture drawn anew: what it brought along besides pixels is gone."""
    from badge_passport.pages.pictures import DrawingError, optimise  # slow to load

    judged = pictures.inspect(badge.picture) if badge.picture is not None else None
    if not isinstance(judged, pictures.Picture):
        return None, badge.no_picture or "the badge names no picture"
    try:
        return optimise(judged), ""
    except DrawingError as error:
        return None, str(error).removesuffix(".")


def _replaced(person: Participant, badge: Foreign) -> list[r.OtherBadge]:
    """The same badge as it was before: the person had listed it by hand, or its issuer changed it."""
    same = [other for other in person.record.other_badges if badge.url and other.url == badge.url]
    return same[:1]


def _files_of(tree: Tree, folder: str, other: r.OtherBadge) -> Iterator[str]:
    stem = other.file.removesuffix(".json") if other.file else None
    names = [other.file, other.image, *(f"{stem}{end}" for end in COMPANIONS if stem)]
    return (folder + name for name in names if name and folder + name in tree.files)
