"""What search engines read in the head of a page: schema.org as JSON-LD.

Only of what anybody may find: badges, awards that are public, and passports of people who are listed under
a name. schema.org calls a badge, and what somebody earned with it, an EducationalOccupationalCredential.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from badge_passport.model.values import Duration
from badge_passport.pages.languages import Language
from badge_passport.registry import Registry
from badge_passport.registry.entities import Alignment, Award, BadgeClass, Issuer, Participant
from badge_passport.registry.privacy import holding, is_listed, is_public, shown_name
from badge_passport.source import markdown
from badge_passport.urls import Urls

Node = dict[str, Any]
MOST: Final = 50
"""Credentials of one person: search engines read no more of them than people do."""


def script(node: Node | None) -> Markup:
    """A node as the content of ``<script type="application/ld+json">``; nothing for None."""
    if node is None:
        return Markup("")
    return htmlsafe_json_dumps({"@context": "https://schema.org", **node}, ensure_ascii=False)


def of_badge(urls: Urls, language: Language, badge: BadgeClass) -> Node:
    """A badge that can be earned."""
    return {
        **_credential(urls, language, badge),
        "url": urls.absolute(urls.page(urls.badge(badge.ref), language.tag)),
    }


def of_award(urls: Urls, language: Language, award: Award) -> Node | None:
    """A badge that somebody earned, without saying who; None for one that is not public or in force."""
    if not (is_public(award) and award.in_force):
        return None
    node = {
        **_credential(urls, language, award.badge),
        "url": urls.absolute(urls.page(urls.award(award.id), language.tag)),
        "identifier": award.id,
        "dateCreated": award.issued_on.isoformat(),
    }
    if award.expires:
        node["expires"] = award.expires.isoformat()
    return node


def of_passport(registry: Registry, urls: Urls, language: Language, person: Participant) -> Node | None:
    """The page of a person, and their latest `MOST` badges; None for one not listed, or without a name."""
    name = shown_name(person)
    if name is None or not is_listed(person):
        return None
    awards = holding(registry, person)
    address = urls.absolute(urls.page(urls.passport(person.slug), language.tag))
    return {
        "@type": "ProfilePage",
        "url": address,
        "inLanguage": language.tag,
        "mainEntity": _without_empty(
            {
                "@type": "Person",
                "name": name,
                "url": address,
                "description": markdown.to_text(language.text(person.record.bio)),
                "hasCredential": [
                    {
                        "@type": "EducationalOccupationalCredential",
                        "name": language.text(a.badge.record.name),
                        "url": urls.absolute(urls.page(urls.award(a.id), language.tag)),
                        "credentialCategory": "badge",
                        "dateCreated": a.issued_on.isoformat(),
                        "recognizedBy": _organisation(urls, language, a.badge.issuer),
                    }
                    for a in awards[: -MOST - 1 : -1]
                ],
            }
        ),
    }


@lru_cache(maxsize=1024)
def _credential(urls: Urls, language: Language, badge: BadgeClass) -> Node:
    """What every award of a badge has in common."""
    record = badge.record
    return _without_empty(
        {
            "@type": "EducationalOccupationalCredential",
            "name": language.text(record.name),
            "description": markdown.to_text(language.text(record.description)),
            "image": urls.absolute(urls.badge_image(badge.ref, badge.version)),
            "inLanguage": language.tag,
            "credentialCategory": "badge",
            "educationalLevel": record.level,
            "recognizedBy": _organisation(urls, language, badge.issuer),
            "competencyRequired": [_term(urls, language, aligned) for aligned in badge.alignments],
            "validFor": _iso(record.valid_for) if record.valid_for else "",
            "keywords": list(record.tags),
        }
    )


def _organisation(urls: Urls, language: Language, issuer: Issuer) -> Node:
    return {
        "@type": "Organization",
        "name": language.text(issuer.record.name),
        "url": issuer.record.url,
        "mainEntityOfPage": urls.absolute(urls.page(urls.issuer(issuer.slug), language.tag)),
    }


def _term(urls: Urls, language: Language, aligned: Alignment) -> Node:
    if aligned.competence is not None:
        competence = aligned.competence
        return {
            "@type": "DefinedTerm",
            "name": language.text(competence.record.name),
            "url": urls.absolute(urls.page(urls.competence(competence.ref), language.tag)),
            "inDefinedTermSet": language.text(competence.framework.record.name),
        }
    there = aligned.elsewhere
    return _without_empty(
        {
            "@type": "DefinedTerm",
            "name": language.text(there.target_name) if there else "",
            "url": there.target_url if there else "",
            "termCode": there.target_code if there else "",
            "inDefinedTermSet": language.text(there.target_framework) if there else "",
        }
    )


def _iso(lasts: Duration) -> str:
    """A duration as ISO 8601 writes it, without what is nothing."""
    parts = ((lasts.years, "Y"), (lasts.months, "M"), (lasts.days, "D"))
    return "P" + "".join(f"{number}{unit}" for number, unit in parts if number)


def _without_empty(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [])}
