"""Messages as files: an outbox of what would be sent, and previews to look at in a browser.

Previews are made with a key of nobody, so that no file of them claims a badge.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from badge_passport.desk.mail.letters import Letter, Office
from badge_passport.desk.mail.notices import NEW, Notice, masked
from badge_passport.desk.mail.sentlog import message_id
from badge_passport.desk.people.roster import Entry
from badge_passport.diagnostics import Diagnostic
from badge_passport.pages.languages import language
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from badge_passport.urls import Urls

PREVIEW_KEY = bytes(32)
MARK = b'<meta name="generator" content="passport notify">'
_EXAMPLE = "you@example.org"


@dataclass(frozen=True, slots=True)
class Row:
    """A preview in the list of all."""

    file: str
    subject: str
    to: str
    language: str
    kind: str


def samples(registry: Registry, address: str = _EXAMPLE, kinds: Sequence[str] = ()) -> Iterator[Notice]:
    """An example of every kind of message in every language, about the first awards of the site."""
    awards = _examples(registry)
    if not awards:
        return
    host = Urls.of(registry.site.url, registry.default_language).host
    person = awards[0].participant
    for tag in registry.site.languages:
        for name, kind, about in (
            ("new", NEW, awards[:1]),
            ("digest", NEW, awards),
            ("reminder", "reminder-1", awards[:1]),
        ):
            if not kinds or name in kinds:
                made = message_id(PREVIEW_KEY, host, kind, f"{tag}\n{address}", (a.id for a in about))
                yield Notice(
                    made, kind, person, Entry(person.slug, address, "", "Sam Rivers", tag), tag, about
                )


def _examples(registry: Registry) -> tuple[Award, ...]:
    """Up to three awards in force, of as many badges."""
    found: dict[str, Award] = {}
    for award in registry.awards.values():
        if award.in_force and len(found) < 3:
            found.setdefault(award.badge.ref, award)
    return tuple(found.values())


def refuse(folder: Path) -> Diagnostic | None:
    """``output-not-ours`` for a folder that holds something that is no earlier preview."""
    index = folder / "index.html"
    if not folder.exists() or not any(folder.iterdir()):
        return None
    if index.is_file() and MARK in index.read_bytes()[:2000]:
        return None
    return Diagnostic(
        "output-not-ours",
        f"the folder {folder.name} holds something that is no preview of messages",
        None,
        "name a new or empty one with --preview.",
    )


def preview(folder: Path, office: Office, letters: Iterable[tuple[Notice, Letter]]) -> list[Row]:
    """Write each letter as a page with its pictures in it, and an index of all; says what there is.

    Raises:
        OSError: the folder cannot be written.
        TemplateFault: the index cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (notice, letter) in enumerate(letters, 1):
        name = f"{number:04}-{notice.language}-{notice.kind}"
        (folder / f"{name}.html").write_text(standalone(letter), encoding="utf-8")
        (folder / f"{name}.txt").write_text(letter.texts.text, encoding="utf-8")
        rows.append(Row(name, letter.texts.subject, masked(notice.to.address), notice.language, notice.kind))
    site = office.registry.site
    default = office.registry.default_language
    speaks = language("en", default, office.theme)
    page = office.templates.page("index.html", speaks, {"rows": rows, "site": speaks.text(site.name)})
    (folder / "index.html").write_text(page, encoding="utf-8")
    return rows


def standalone(letter: Letter) -> str:
    """The HTML of a letter as a page: what it refers to inside the message is in the page."""
    html = letter.texts.html
    for cid, png in letter.pictures.items():
        html = html.replace(f"cid:{cid}", "data:image/png;base64," + base64.b64encode(png).decode())
    return html


def outbox(folder: Path, letters: Iterable[Letter]) -> int:
    """Write each letter as ``<Message-ID>.eml``, for its owner alone; says how many there are.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    count = 0
    for letter in letters:
        file = folder / f"{letter.id.strip('<>')}.eml"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(letter.data)
        count += 1
    return count
