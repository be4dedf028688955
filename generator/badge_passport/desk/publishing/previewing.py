"""What a change would publish and send, on one page that a reviewer opens."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from badge_passport.desk.mail.mailfiles import PREVIEW_KEY, Row, samples
from badge_passport.desk.mail.notices import NEW, Notice, Wanted, plan
from badge_passport.desk.mail.sentlog import SentLog, message_id
from badge_passport.desk.people.roster import Entry, Roster
from badge_passport.desk.publishing.summary import markdown as summary
from badge_passport.diagnostics import Diagnostic
from badge_passport.pages.languages import language
from badge_passport.pages.templates import environment
from badge_passport.registry import Registry
from badge_passport.registry.changes import Changes
from badge_passport.registry.entities import Award
from badge_passport.registry.privacy import has_passport
from badge_passport.resources import Theme
from badge_passport.source import markdown
from badge_passport.urls import Urls, output

MARK = b'<meta name="generator" content="passport preview">'
SITE, MAIL, INDEX = "site", "mail", "index.html"
MOST_MAILS = 50
MOST_LINKS = 500  # of each kind; the site itself has all
_EXAMPLE = "you@example.org"


@dataclass(frozen=True, slots=True)
class Link:
    """Something to look at; ``href`` is from the folder of the preview."""

    name: str
    href: str
    more: str = ""


def refuse(folder: Path) -> Diagnostic | None:
    """``output-not-ours`` for a folder that holds something that is no earlier preview."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    index = folder / INDEX
    if folder.is_dir() and not folder.is_symlink() and index.is_file() and MARK in index.read_bytes()[:2000]:
        return None
    return Diagnostic(
        "output-not-ours",
        f"the folder {folder.name} is not empty and holds no earlier preview",
        None,
        "name a new or empty one with --output.",
    )


def notices(
    registry: Registry,
    roster: Roster,
    log: SentLog,
    key: bytes | None,
    fresh: Sequence[str] | None,
    now: datetime.datetime,
) -> list[Notice]:
    """The messages that `passport notify` would send; without a roster, examples in their place.

    ``fresh`` are the ids of new awards, if only those matter. ``key`` is that of the claim codes.
    """
    wanted = Wanted(awards=frozenset(fresh or ()), limit=MOST_MAILS)
    if fresh is not None and not fresh:
        return []
    due = list(plan(registry, roster, log, key or PREVIEW_KEY, wanted, now).notices)
    if fresh is None:
        return [*samples(registry), *due]
    told = {award.id for notice in due for award in notice.awards}
    others = [registry.awards[name] for name in fresh if name not in told]
    examples = [_example(registry, a) for a in others if wanted.includes(a)]
    return [*due, *examples][:MOST_MAILS]


def _example(registry: Registry, award: Award) -> Notice:
    """The message about an award, to nobody."""
    person = award.participant
    tag = person.record.language
    tag = tag if tag in registry.site.languages else registry.default_language
    host = Urls.of(registry.site.url, registry.default_language).host
    made = message_id(PREVIEW_KEY, host, NEW, _EXAMPLE, [award.id])
    return Notice(made, NEW, person, Entry(person.slug, _EXAMPLE, language=tag), tag, (award,))


def page(
    registry: Registry,
    theme: Theme,
    mails: Sequence[Row],
    changes: Changes | None = None,
    since: str = "",
    problems: int = 0,
) -> bytes:
    """The page that leads to everything; ``changes`` is what happened ``since`` a commit, if asked."""
    default = registry.default_language
    urls = Urls.of(registry.site.url, default)
    touched = None if changes is None else {name for names in changes.ids.values() for name in names}
    awards = [a for a in registry.awards.values() if touched is None or a.id in touched]
    people = None if changes is None else {*changes.passports, *(a.participant.slug for a in awards)}
    sections = [
        ("awards", "Awards", list(_awards(registry, urls, awards, changes))),
        ("badges", "Badges", [_badge(registry, urls, ref) for ref in registry.badges]),
        ("passports", "Passports", list(_passports(registry, urls, people))),
        (
            "mails",
            "Messages",
            [Link(m.subject, f"{MAIL}/{m.file}.html", f"{m.language}, {m.to}") for m in mails],
        ),
    ]
    told = summary(changes, registry, problems) if changes is not None else None
    template = environment(theme.folders("desk"), language("en", "en", theme)).get_template("preview.html")
    html = template.render(
        site=registry.text(registry.site.name, default),
        since=since,
        home=_in_site(""),
        summary=Markup(markdown.to_html(told)) if told is not None else None,  # noqa: S704 (sanitised by nh3)
        sections=[(name, title, links[:MOST_LINKS]) for name, title, links in sections],
        mails=mails,
    )
    return html.encode("utf-8")


def _awards(
    registry: Registry, urls: Urls, awards: Sequence[Award], changes: Changes | None
) -> Iterator[Link]:
    event_of = {name: event for event, names in changes.ids.items() for name in names} if changes else {}
    for award in awards:
        name = registry.text(award.badge.record.name, registry.default_language)
        event = event_of.get(award.id, "")
        yield Link(name, _in_site(urls.award(award.id)), " ".join(filter(None, (award.id, event))))


def _badge(registry: Registry, urls: Urls, ref: str) -> Link:
    name = registry.text(registry.badges[ref].record.name, registry.default_language)
    return Link(name, _in_site(urls.badge(ref)), ref)


def _passports(registry: Registry, urls: Urls, slugs: Collection[str] | None) -> Iterator[Link]:
    for slug, person in registry.participants.items():
        if has_passport(person) and (slugs is None or slug in slugs):
            yield Link(slug, _in_site(urls.passport(slug)))


def _in_site(path: str) -> str:
    return f"{SITE}/{output(path)}"
