"""Badges from elsewhere: what people list is there, beside them, and fit to be published as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.model import records as r
from badge_passport.registry.load import Entry, Problems, Records, misplaced
from badge_passport.registry.portfolio import files_of
from badge_passport.registry.strangers import document_of, names_in
from badge_passport.source import photos, pictures

COMPANIONS = (".badge.json", ".issuer.json")
"""What is kept beside an assertion of Open Badges 2.0: the other host may vanish."""

Kept = dict[str, bytes]


def kept_files(
    records: Records, unread: frozenset[str], problems: Problems
) -> Mapping[str, Mapping[str, bytes]]:
    """Participant to the files of their badges from elsewhere, pictures bare of what makes no pixels.

    Problems: ``missing-key``, ``foreign-file``, ``consent-missing``, those of pictures, and
    ``misplaced-file`` for files that no record names.
    """
    found: dict[str, Mapping[str, bytes]] = {}
    for entry in records.participants:
        there = records.kept.get(entry.slug, {})
        names: Kept = {}
        for number, other in enumerate(entry.record.other_badges):
            names |= _of_badge(entry, number, other, there, problems)
        names |= _own_files(entry, records, there, problems)
        for name in there.keys() - names.keys():
            problems.append(
                misplaced(
                    f"content/participants/{entry.slug}/{name}", "nothing in the person's files names this"
                )
            )
        found[entry.slug] = names
    for slug in records.kept.keys() - found.keys():
        if f"content/participants/{slug}.yml" not in unread:
            for name in records.kept[slug]:
                file = f"content/participants/{slug}/{name}"
                problems.append(misplaced(file, "there is no person whose badges these are"))
    return found


def _of_badge(
    entry: Entry[r.ParticipantRecord], number: int, other: r.OtherBadge, there: Kept, problems: Problems
) -> Kept:
    """The files of one badge that are there."""
    if other.url is None and other.file is None:
        problems.append(
            Diagnostic(
                "missing-key",
                "a badge from elsewhere needs the key “url” or “file”",
                entry.origin.at("otherBadges", number),
                "write where it can be seen: “url: https://…”.",
            )
        )
    files: Kept = {}
    if other.file is not None:
        names = [other.file, *(other.file.removesuffix(".json") + end for end in COMPANIONS)]
        files = {name: there[name] for name in names if name in there}
        problems += _document_problems(entry, number, other.file, files, there)
    if other.image is not None and other.image not in there:
        problems.append(_not_there(entry, number, "image", other.image, there))
    elif other.image is not None:
        file = f"content/participants/{entry.slug}/{other.image}"
        judged = pictures.inspect(there[other.image])
        if isinstance(judged, pictures.Fault):
            problems.append(Diagnostic(judged.code, judged.message, Span(file), judged.help))
        elif judged.kind != "png":
            problems.append(
                Diagnostic("image-type", "this is a drawing called .png", Span(file), "export it as PNG.")
            )
        files[other.image] = judged.data if isinstance(judged, pictures.Picture) else there[other.image]
    return files


def _own_files(entry: Entry[r.ParticipantRecord], records: Records, there: Kept, problems: Problems) -> Kept:
    """The photo of a person, and the files that their pages show."""
    shown = files_of(records.portfolios.get(entry.slug, {}).values())
    files = {name: there[name] for name in sorted(shown) if name in there}
    photo = entry.record.photo
    if photo is not None and photo not in there:
        problems.append(
            Diagnostic(
                "image-not-found",
                f"there is no file “{photo}” in content/participants/{entry.slug}/",
                entry.origin.at("photo"),
                f"{did_you_mean(photo, there)}Put the photo there, or take this line out.",
            )
        )
    elif photo is not None:
        files[photo] = there[photo]
    for name, data in files.items():
        file = Span(f"content/participants/{entry.slug}/{name}")
        if name.endswith(".pdf"):
            if not data.startswith(b"%PDF-"):
                problems.append(Diagnostic("foreign-file", "this is no PDF", file, "export it again as PDF."))
        elif (fault := photos.inspect(data)) is not None:
            problems.append(Diagnostic(fault.code, fault.message, file, fault.help))
    return files


def _document_problems(
    entry: Entry[r.ParticipantRecord], number: int, name: str, files: Kept, there: Kept
) -> Iterator[Diagnostic]:
    if name not in files:
        yield _not_there(entry, number, "file", name, there)
    for file, data in files.items():
        document = document_of(data)
        if document is None:
            yield Diagnostic(
                "foreign-file",
                "this is not the document of a badge: it is no JSON object",
                Span(f"content/participants/{entry.slug}/{file}"),
                "let `passport import --for` write it again.",
            )
            continue
        consent = entry.record.consent
        if names_in(document) and (consent is None or "name" not in consent.scope):
            yield Diagnostic(
                "consent-missing",
                "this badge from elsewhere names the person, who has not consented to that",
                entry.origin.at("otherBadges", number, "file"),
                "record the consent: “consent: {on: 2019-06-20, scope: [name]}”, or take the badge out.",
            )


def _not_there(
    entry: Entry[r.ParticipantRecord], number: int, key: str, name: str, there: Kept
) -> Diagnostic:
    return Diagnostic(
        "foreign-file" if key == "file" else "image-not-found",
        f"there is no file “{name}” in content/participants/{entry.slug}/",
        entry.origin.at("otherBadges", number, key),
        f"{did_you_mean(name, there)}Import the badge again, or take this line out.",
    )
