"""What the peers are given: a checked site as plain JSON.

Everything is worked out here that would be unfair to ask of a template: ids, salted hashes, days in words,
Markdown, QR drawings, encoded texts, who is listed. What is left to the peers is what they are made for:
pages and documents, from data by templates. None of this is in the times that are measured.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from badge_passport.credentials.did import did_web
from badge_passport.pages.avatars import avatar
from badge_passport.pages.kinds import directory
from badge_passport.pages.names import FEW, fold
from badge_passport.pages.qr import qr_svg
from badge_passport.pages.views import tint
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import award_name, in_passport, is_listed, is_public, shown_name
from badge_passport.source import markdown
from badge_passport.urls import Urls

Record = dict[str, Any]
_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_{}[]<>()#+-.!|~"})
ROOT_MARK = "@@root@@"


@dataclass(frozen=True)
class Data:
    """One value for each JSON file; `shell` is the frame of all pages, cut where a page differs.

    Pieces of the shell go around head, title, title again and content; links to the root of the site are
    marked by `ROOT_MARK`.
    """

    site: Record
    issuers: dict[str, Record]
    badges: dict[str, Record]
    people: list[Record]
    awards: list[Record]
    lists: list[Record]
    shell: list[str]

    def write(self, folder: Path, *names: str) -> None:
        """Each value as ``<name>.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            text = json.dumps(getattr(self, name), ensure_ascii=False, separators=(",", ":"))
            (folder / f"{name}.json").write_text(text, encoding="utf-8")


def prepare(registry: Registry, built: Path) -> Data:
    """All that the peers need of a site; the shell is taken from what was ``built`` of it."""
    urls = Urls.of(registry.site.url, registry.default_language)
    awards = [_award(registry, urls, award) for award in registry.awards.values()]
    badges = {badge.ref: _badge(registry, urls, badge) for badge in registry.badges.values()}
    for award in awards:
        badges[award["badge"]]["earned"] += award["inforce"]
    people = [_person(registry, urls, person) for person in registry.participants.values()]
    site = {
        "name": _text(registry, registry.site.name),
        "url": urls.base,
        "quoted": quote(urls.base, safe=""),
        "filters": _filters(registry),
        "badges": f"{len(badges):,}",
    }
    issuers = {
        slug: {
            "slug": slug,
            "name": _text(registry, who.record.name),
            "description": _text(registry, who.record.description),
            "plain": markdown.to_text(_text(registry, who.record.description)),
            "prose": markdown.to_html(_text(registry, who.record.description)),
            "tint": str(tint(who.record.color)) if who.record.color else "",
            "url": who.record.url,
            "email": who.record.email,
            "did": did_web(urls.base, urls.issuer(slug)),
            "host": urls.host,
            "badges": [badge.ref for badge in registry.badges_by_issuer.get(slug, ())],
        }
        for slug, who in registry.issuers.items()
    }
    page = next((built / "awards").glob("*/index.html"))
    return Data(
        site, issuers, badges, people, awards, _lists(registry, people), shell(page.read_text("utf-8"))
    )


def shell(page: str) -> list[str]:
    """A built page of an award, two folders deep, cut where pages differ."""
    start = page.index('<meta name="description"')
    title_at = page.index("<title>", start) + len("<title>")
    title = page[title_at : page.index("</title>")]
    again = page.index(title, title_at + len(title))
    content = page.index('id="content" tabindex="-1">') + len('id="content" tabindex="-1">')
    pieces = [
        page[:start],
        page[page.rindex("\n\n", start, title_at) : title_at],
        page[title_at + len(title) : again],
        page[again + len(title) : content],
        page[page.index("</article>", content) :],
    ]
    return [piece.replace("../../", ROOT_MARK) for piece in pieces]


def _text(registry: Registry, text: Any) -> str:
    return registry.text(text, registry.default_language) if text else ""


def _day(day: datetime.date | None) -> Record | None:
    if day is None:
        return None
    words = f"{day.day} {day:%B} {day.year}"
    return {"iso": day.isoformat(), "words": words, "year": day.year, "month": day.month}


def _updated(award: Award) -> str:
    return max(award.issued_on, award.revoked.on if award.revoked else award.issued_on).isoformat()


def _drawing(address: str) -> Record:
    """A QR code: its side, and the path of its strokes."""
    svg = str(qr_svg(address))
    side, path = re.search(r'viewBox="0 0 (\d+)', svg), re.search(r"d='(M4[^']*)'", svg)
    assert side and path
    return {"side": int(side[1]), "path": path[1]}


def _badge(registry: Registry, urls: Urls, badge: BadgeClass) -> Record:
    record, name, by = badge.record, _text(registry, badge.record.name), badge.issuer.record.name
    levels, types = registry.levels(), registry.types()
    says = f"{name} · {_text(registry, by)}"
    return {
        "ref": badge.ref,
        "slug": badge.slug,
        "issuer": badge.issuer.slug,
        "name": name,
        "by": _text(registry, by),
        "says": says,
        "quoted": {
            "ref": quote(badge.ref, safe=""),
            "name": quote(name, safe=""),
            "by": quote(_text(registry, by), safe=""),
            "says": quote(says, safe=""),
        },
        "marked": name.translate(_MARKDOWN),
        "description": _text(registry, record.description),
        "plain": markdown.to_text(_text(registry, record.description)),
        "prose": markdown.to_html(_text(registry, record.description)),
        "criteria": _text(registry, record.criteria),
        "criteriaprose": markdown.to_html(_text(registry, record.criteria)),
        "caption": _text(registry, record.image_caption),
        "type": _text(registry, types[record.type].name),
        "typeslug": record.type,
        "level": record.level,
        "levelname": _text(registry, levels[record.level].name) if record.level else "",
        "version": badge.version,
        "validfor": "P2Y" if record.valid_for else "",
        "validity": "2 years" if record.valid_for else "",
        "tint": str(tint(badge.issuer.record.color)) if badge.issuer.record.color else "",
        "alignments": [
            {
                "name": _text(registry, a.competence.record.name),
                "path": urls.competence(a.competence.ref),
                "framework": _text(registry, a.competence.framework.record.name),
                "level": a.level,
                "levelname": _text(registry, levels[a.level].name) if a.level else "",
                "code": a.competence.ref + (f"#{a.level}" if a.level else ""),
            }
            for a in badge.alignments
            if a.competence
        ],
        "competences": " ".join(dict.fromkeys(a.competence.ref for a in badge.alignments if a.competence)),
        "qr": _drawing(urls.absolute(urls.badge(badge.ref))),
        "earned": 0,
        "earners": [
            {"slug": a.participant.slug, "name": shown_name(a.participant)}
            for a in registry.awards_by_badge.get(badge.ref, ())
            if is_public(a) and a.in_force
        ][:100],
    }


def _award(registry: Registry, urls: Urls, award: Award) -> Record:
    record, known = award.record, award.identity
    in_force = award.in_force and known is not None
    narrative = _text(registry, record.narrative) if in_force else ""
    made: Record = {
        "id": award.id,
        "badge": award.badge.ref,
        "person": award.participant.slug,
        "name": award_name(award) or "",
        "listed": is_public(award),
        "inforce": in_force,
        "issued": _day(award.issued_on),
        "expires": _day(award.expires),
        "revoked": {**(_day(award.revoked.on) or {}), "reason": _text(registry, award.revoked.reason)}
        if award.revoked
        else None,
        "narrative": narrative,
        "prose": markdown.to_html(narrative) if narrative else "",
        "evidence": [
            {"name": _text(registry, item.name), "url": item.url} for item in record.evidence if in_force
        ],
        "identity": known.identity if known else "",
        "salt": known.salt if known else "",
    }
    if in_force:
        made["qr"] = _drawing(urls.absolute(urls.award(award.id)))
        made["wallet"] = _drawing(urls.absolute(urls.credential(award.id)))
    return made


def _person(registry: Registry, urls: Urls, person: Participant) -> Record:
    awards = [a for a in registry.awards_by_participant.get(person.slug, ()) if in_passport(a)]
    holding = [a for a in awards if a.in_force]
    name, consent = shown_name(person) or "A participant", person.record.consent
    title = f"Passport of {name}"
    signers = dict.fromkeys(a.badge.issuer.slug for a in holding)
    cells: dict[str, dict[str, list[Record]]] = {}
    for award in holding:
        for aligned in award.badge.alignments:
            assert aligned.competence is not None
            cell = cells.setdefault(aligned.competence.ref, {}).setdefault(aligned.level or "", [])
            cell.append({"id": award.id, "name": _text(registry, award.badge.record.name)})
    levels = list(registry.levels())
    return {
        "slug": person.slug,
        "name": name,
        "title": title,
        "quoted": quote(title, safe=""),
        "marked": title.translate(_MARKDOWN),
        "listed": is_listed(person),
        "visibility": person.record.visibility,
        "avatar": str(avatar(person.key)),
        "consent": {**(_day(consent.on) or {}), "scope": list(consent.scope)} if consent else None,
        "held": len(holding),
        "since": _day(holding[0].issued_on) if holding else None,
        "issuers": [{"slug": s, "name": _text(registry, registry.issuers[s].record.name)} for s in signers],
        "awards": [
            {
                "id": a.id,
                "badge": a.badge.ref,
                "issued": _day(a.issued_on),
                "expires": _day(a.expires),
                "updated": _updated(a),
                "newest": f"{_updated(a)} {a.issued_on} {a.id}",
                "inforce": a.in_force,
                "reason": _text(registry, a.revoked.reason) if a.revoked else "",
            }
            for a in awards
        ],
        "competences": [
            {
                "name": _text(registry, c.record.name),
                "path": urls.competence(c.ref),
                "framework": _text(registry, c.framework.record.name),
                "frameworkpath": urls.framework(c.framework.slug),
                "levels": sorted(level for level in cells[c.ref] if level),
                "reached": max((n for n, x in enumerate(levels, 1) if cells[c.ref].get(x)), default=0),
                "cells": [cells[c.ref].get(level, []) for level in levels],
            }
            for c in registry.competences.values()
            if c.ref in cells
        ],
        "levels": [{"code": code, "name": _text(registry, n.name)} for code, n in registry.levels().items()],
        "qr": _drawing(urls.absolute(urls.passport(person.slug))),
    }


def _filters(registry: Registry) -> list[Record]:
    """By what the catalogue can be narrowed; what all badges have in common narrows nothing."""
    badges = registry.badges.values()
    types = {badge.record.type for badge in badges}
    levels = {badge.record.level for badge in badges}
    aligned = {a.competence.ref for badge in badges for a in badge.alignments if a.competence}
    found = {
        "type": {t: _text(registry, x.name) for t, x in registry.types().items() if t in types},
        "level": {
            code.lower(): f"{code} · {_text(registry, x.name)}"
            for code, x in registry.levels().items()
            if code in levels
        },
        "competence": {
            ref: _text(registry, c.record.name) for ref, c in registry.competences.items() if ref in aligned
        },
        "issuer": {
            slug: _text(registry, registry.issuers[slug].record.name) for slug in registry.badges_by_issuer
        },
    }
    return [
        {
            "name": name,
            "label": name.title(),
            "choices": [{"value": value, "words": words} for value, words in choices.items()],
        }
        for name, choices in found.items()
        if len(choices) > 1
    ]


def _lists(registry: Registry, people: list[Record]) -> list[Record]:
    """The pages that list others: catalogue, issuers, people in parts of some hundreds."""
    known = {person["slug"]: person for person in people}
    volumes = [[known[person.slug] for _, person in some] for some in directory.volumes(registry)]
    listed = sum(map(len, volumes))
    paths = ["passports", *(f"passports/-/{number}" for number in range(2, len(volumes) + 1))]
    parts = [{"path": f"{path}/", "name": _span(some)} for path, some in zip(paths, volumes, strict=True)]
    return [
        {
            "path": "badges",
            "kind": "badges",
            "title": "Badges",
            "root": "../",
            "description": "All badges that can be earned, with what they ask for.",
        },
        {
            "path": "issuers",
            "kind": "issuers",
            "title": "Issuers",
            "root": "../",
            "description": "The organisations that issue these badges.",
        },
        *(
            {
                "path": path,
                "kind": "people",
                "title": "People" if number == 1 else f"People: {_span(some)}",
                "root": "../" if number == 1 else "../../../",
                "description": "Participants who chose to be found here.",
                "listed": listed,
                "sharded": listed > FEW,
                "number": number,
                "parts": parts if len(parts) > 1 else [],
                "here": len(some),
                "letters": _letters(some, short=listed <= directory.SHORT),
            }
            for number, (path, some) in enumerate(zip(paths, volumes, strict=True), 1)
        ),
    ]


def _span(some: list[Record]) -> str:
    """The first name and the last, shortened; once if they are the same."""
    return " – ".join(dict.fromkeys(some[at]["name"][:12].strip() for at in (0, -1))) if some else ""


def _letters(some: list[Record], *, short: bool) -> list[Record]:
    """People by the first letters of their names, unless they are few."""
    groups = groupby(some, lambda person: "" if short else fold(person["name"])[:1])
    return [
        {
            "key": f"{ord(first):x}" if first else "",
            "name": first.upper(),
            "people": [{"slug": p["slug"], "name": p["name"], "held": p["held"]} for p in group],
        }
        for first, group in groups
    ]
