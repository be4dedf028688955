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
from pathlib import Path
from typing import Any
from urllib.parse import quote

from badge_passport.credentials.did import did_web
from badge_passport.pages.avatars import avatar
from badge_passport.pages.qr import qr_svg
from badge_passport.pages.views import tint
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import award_name, in_passport, is_listed, is_public, shown_name
from badge_passport.source import markdown
from badge_passport.urls import Urls

Record = dict[str, Any]
_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_{}[]<>()#+-.!|~"})
PAGE_OF_PEOPLE = 500
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
    }
    issuers = {
        slug: {
            "slug": slug,
            "name": _text(registry, who.record.name),
            "description": _text(registry, who.record.description),
            "prose": markdown.to_html(_text(registry, who.record.description)),
            "url": who.record.url,
            "email": who.record.email,
            "did": did_web(urls.base, urls.issuer(slug)),
            "host": urls.host,
            "badges": [badge.ref for badge in registry.badges_by_issuer.get(slug, ())],
        }
        for slug, who in registry.issuers.items()
    }
    page = next((built / "awards").glob("*/index.html"))
    return Data(site, issuers, badges, people, awards, _lists(people), shell(page.read_text("utf-8")))


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


def _lists(people: list[Record]) -> list[Record]:
    """The pages that list others: catalogue, issuers, people in pages of some hundreds."""
    listed = sorted((p for p in people if p["listed"]), key=lambda p: (p["name"], p["slug"]))
    pages = [listed[at : at + PAGE_OF_PEOPLE] for at in range(0, len(listed), PAGE_OF_PEOPLE)] or [[]]
    return [
        {"path": "badges", "kind": "badges", "title": "Badges", "root": "../"},
        {"path": "issuers", "kind": "issuers", "title": "Issuers", "root": "../"},
        *(
            {
                "path": "passports" if number == 1 else f"passports/-/{number}",
                "kind": "people",
                "title": "People",
                "root": "../" if number == 1 else "../../../",
                "people": [{"slug": p["slug"], "name": p["name"], "held": p["held"]} for p in some],
            }
            for number, some in enumerate(pages, 1)
        ),
    ]
