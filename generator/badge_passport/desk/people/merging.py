"""One person, one passport: two participants that are one are merged, and a passport gets another name.

Awards keep their numbers and their recipients, and every address that was ever published stays: see
``former`` in docs/settings.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from badge_passport.desk.files.yamlfiles import EditError, edit, text_of
from badge_passport.desk.people.roster import ROSTER, Roster
from badge_passport.diagnostics import Diagnostic, Place
from badge_passport.registry import Registry
from badge_passport.registry.entities import Participant
from badge_passport.registry.references import matches
from badge_passport.source import yaml
from badge_passport.source.files import Tree

Files = dict[str, bytes | None]


def merge(
    tree: Tree, registry: Registry, keep: Participant, other: Participant, roster: Roster
) -> tuple[Files, list[Diagnostic]]:
    """Everything that must change for ``other`` to become part of ``keep``.

    What ``keep`` says of itself stays (name, visibility, consent); the answers of both stay with their own
    awards, links and badges from elsewhere come together, and so do the portfolios. The photo of ``other``
    goes, unless the portfolio shows it.

    Problems: ``not-mergeable``, also if a milestone would lose its number, or two files have one name.
    """
    if problem := _milestone_lost(registry, keep, other):
        return {}, [problem]
    if problem := _answers_apart(tree, keep, other):
        return {}, [problem]
    try:
        there = yaml.load(text_of(tree.files[other.origin.file]), other.origin.file)[0]
    except EditError as error:
        return {}, [_not(other, str(error))]

    def add(value: dict[str, Any]) -> None:
        answers = [
            *_for_their_awards(value.get("responses", []), keep, registry),
            *_for_their_awards(there.get("responses", []), other, registry),
        ]
        value.pop("responses", None)
        former: dict[str, Any] = {"slug": other.slug}
        if "key" in there:
            former["key"] = there["key"]
        former["identities"] = there["identities"]
        earlier = [
            {**old, "identities": old.get("identities", there["identities"])}
            for old in there.get("former", [])
        ]
        for key, more in (
            ("responses", answers),
            ("links", there.get("links", [])),
            ("otherBadges", list(_not_yet(value, there.get("otherBadges", [])))),
            ("collections", list(_other_collections(value, there.get("collections", [])))),
            ("former", [former, *earlier]),
        ):
            if more:
                value[key] = [*value.get(key, []), *more]

    try:
        files: Files = {keep.origin.file: edit(tree.files[keep.origin.file], add), other.origin.file: None}
    except EditError as error:
        return {}, [_not(keep, str(error))]
    if other.portfolio:
        text = f"{keep.portfolio.rstrip()}\n\n{other.portfolio}".lstrip("\n")
        files[f"content/participants/{keep.slug}.md"] = text.encode("utf-8")
        files[f"content/participants/{other.slug}.md"] = None
    moved = _moved(tree, other.slug, keep.slug)
    photo = other.record.photo
    if photo and not any(photo.encode() in tree.files[page.file] for page in other.pages):
        moved.pop(f"content/participants/{keep.slug}/{photo}", None)
    for path, data in moved.items():
        if data is not None and tree.files.get(path, data) != data:
            name = path.rsplit("/", 1)[1]
            return {}, [
                Diagnostic(
                    "not-mergeable",
                    f"“{keep.slug}” and “{other.slug}” both have a file “{name}”, and they differ",
                    other.origin.at(),
                    f"give that in content/participants/{other.slug}/ another name, also where it is named.",
                )
            ]
    files |= moved
    overlay = f"private/participants/{other.slug}.yml"
    if overlay in tree.files:
        files[overlay] = None
    return files | _roster(roster, other.slug, keep.slug), []


def _answers_apart(tree: Tree, *people: Participant) -> Diagnostic | None:
    """Answers that stand in a private file are of that person alone, and would be lost with it."""
    for person in people:
        overlay = f"private/participants/{person.slug}.yml"
        if overlay in tree.files:
            own = yaml.load(tree.files[overlay].decode("utf-8"), overlay)[0]
            if isinstance(own, dict) and "responses" in own:
                return Diagnostic(
                    "not-mergeable",
                    f"{overlay} holds answers of “{person.slug}”",
                    Place(overlay, ("responses",), key=True),
                    f"move its “responses” into {person.origin.file}, and merge again.",
                )
    return None


def _milestone_lost(registry: Registry, keep: Participant, other: Participant) -> Diagnostic | None:
    """A milestone has its number from the person who earned it, and would get another one."""
    theirs, own = (
        [award.badge.slug for award in registry.awards_by_participant.get(p.slug, ()) if award.because]
        for p in (other, keep)
    )
    if not theirs:
        return None
    return Diagnostic(
        "not-mergeable",
        f"the number of the milestone “{theirs[0]}” of “{other.slug}” would be lost",
        other.origin.at(),
        "both have milestones, and numbers of both were published: leave them two, and let “links” of "
        "each lead to the passport of the other."
        if own
        else f"merge them the other way round: `passport people merge {other.slug} {keep.slug}`.",
    )


def _not_yet(value: dict[str, Any], others: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Badges from elsewhere that both had stand once."""
    known = {other["file"] for other in value.get("otherBadges", []) if "file" in other}
    yield from (other for other in others if other.get("file") not in known)


def _other_collections(value: dict[str, Any], others: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Collections of the other whose names are not taken."""
    known = {own["slug"] for own in value.get("collections", [])}
    yield from (other for other in others if other["slug"] not in known)


def _for_their_awards(
    answers: list[dict[str, Any]], person: Participant, registry: Registry
) -> Iterator[dict[str, Any]]:
    """Answers that say whose awards they mean, by the name these are written under."""
    awards = registry.awards_by_participant.get(person.slug, ())
    for answer, response in zip(answers, person.record.responses, strict=True):
        means = {a.record.participant for a in awards if matches(response, a.badge.ref, None, a.record)}
        for name in sorted({response.participant} if response.participant else means):
            yield {**answer, "participant": name}


def rename(
    tree: Tree, registry: Registry, person: Participant, slug: str, roster: Roster
) -> tuple[Files, list[Diagnostic]]:
    """Everything that must change for a passport to get another address; the old one leads there.

    Problems: ``not-mergeable``.
    """
    if slug in registry.participants or slug in {old.slug for old, _ in registry.former}:
        return {}, [_not(person, f"“{slug}” is somebody's passport already")]

    def change(value: dict[str, Any]) -> None:
        value.setdefault("key", person.key)
        value["former"] = [*value.get("former", []), {"slug": person.slug, "key": person.key}]

    try:
        files: Files = {f"content/participants/{slug}.yml": edit(tree.files[person.origin.file], change)}
    except EditError as error:
        return {}, [_not(person, str(error))]
    files[person.origin.file] = None
    files |= _moved(tree, person.slug, slug)
    for before, after in (
        (f"content/participants/{person.slug}.md", f"content/participants/{slug}.md"),
        (f"private/participants/{person.slug}.yml", f"private/participants/{slug}.yml"),
    ):
        if before in tree.files:
            files |= {before: None, after: tree.files[before]}
    return files | _roster(roster, person.slug, slug), []


def _moved(tree: Tree, old: str, new: str) -> Files:
    """Badges from elsewhere in the folder of another person. Their names hold a digest of the badge."""
    files: Files = {}
    for path in tree.under(f"content/participants/{old}"):
        files[f"content/participants/{new}/{path.rsplit('/', 1)[1]}"] = tree.files[path]
        files[path] = None
    return files


def _roster(roster: Roster, old: str, new: str) -> Files:
    if not roster.of(old):
        return {}
    entries = (
        replace(entry, participant=new) if entry.participant == old else entry for entry in roster.entries
    )
    return {ROSTER: Roster(tuple(entries)).to_bytes()}


def _not(person: Participant, why: str) -> Diagnostic:
    return Diagnostic(
        "not-mergeable",
        f"the file of “{person.slug}” cannot be changed: {why}",
        person.origin.at(),
        "nothing was changed; `passport people` says more with --help.",
    )
