"""What a promoter wants: somebody shall have a badge. For `award` and `import`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from badge_passport.diagnostics import Place, did_you_mean
from badge_passport.model import records as r
from badge_passport.model.validate import validate
from badge_passport.registry import Registry
from badge_passport.registry.spelling import addresses_in
from badge_passport.source import markdown


@dataclass(frozen=True, slots=True)
class Intent:
    """One badge (``issuer/badge``) for one person, on one day.

    The person is known by addresses (normalised; the first is the one it is awarded to), by the slug of
    their file, or by both. ``name`` and ``country`` go into the roster only; ``line`` is where a table says
    so.
    """

    badge: str
    issued_on: datetime.date
    addresses: tuple[str, ...] = ()
    participant: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    label: str = ""
    expires: datetime.date | None = None
    level: str = ""
    narrative: str = ""
    evidence_name: str = ""
    evidence_url: str = ""
    number: int | None = None
    revoked_on: datetime.date | None = None
    revoked_reason: str = ""
    line: int = 0


def record(
    intent: Intent, participant: str, identity: str = "", language: str = "", *, dates: bool = True
) -> dict[str, Any]:
    """The award as `AwardRecord` has it, without what is empty; days are dates, or texts if not ``dates``."""

    def day(value: datetime.date | None) -> Any:
        return value if dates or value is None else value.isoformat()

    evidence = {"name": intent.evidence_name, "url": intent.evidence_url}
    revoked = {"on": day(intent.revoked_on), "reason": intent.revoked_reason}
    values = {
        "participant": participant,
        "badge": intent.badge.partition("/")[2],
        "issuedOn": day(intent.issued_on),
        "expires": day(intent.expires),
        "level": intent.level,
        "language": language,
        "number": intent.number,
        "identity": identity,
        "narrative": intent.narrative,
        "evidence": [shown] if (shown := _filled(evidence)) else None,
        "revoked": _filled(revoked),
    }
    return _filled(values)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def objections(intent: Intent, registry: Registry) -> Iterator[str]:
    """What is wrong with the award by itself, one plain sentence each; nothing about who gets it.

    What this does not ask, the check of the whole site does.
    """
    values = record(intent, "somebody", dates=False)
    for found in validate(r.AwardRecord, values, lambda keys: Place("", keys))[1]:
        keys = found.where.path if isinstance(found.where, Place) else ()
        key = ".".join(str(step) for step in keys if isinstance(step, str) and step)
        yield f"{key}: {found.message}" if key else found.message
    for text in (intent.narrative, intent.evidence_name, intent.evidence_url, intent.revoked_reason):
        yield from _unfit_for_the_public(text, registry)
    languages = registry.site.languages
    if intent.language and intent.language not in languages:
        yield f"the site is not published in “{intent.language[:20]}”, only in {', '.join(languages)}"


def _unfit_for_the_public(text: str, registry: Registry) -> Iterator[str]:
    if registry.site.privacy.plain_email == "forbid":
        contacts = {issuer.record.email.lower() for issuer in registry.issuers.values()}
        if any(address.lower() not in contacts for address, _ in addresses_in(text)):
            yield "there is an e-mail address in a text that everybody can read"
    if "<" in text or "](" in text or "]:" in text:
        yield from (found.message for found in markdown.problems(text))


def badge_named(registry: Registry, words: str) -> str:
    """The badge (``issuer/badge``) that is meant: by its reference, its slug, or its name in any language.

    Raises:
        LookupError: no badge is called so, or several are; the message is one plain sentence.
    """
    wanted = folded(words)
    named = {wanted: set[str]()}
    for ref, badge in registry.badges.items():
        for name in (ref, badge.slug, *badge.record.name.root.values()):
            named.setdefault(folded(name), set()).add(ref)
    found = sorted(named[wanted])
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(f"several badges are called “{words[:60]}”: write {' or '.join(found)}")
    near = did_you_mean(wanted, [name for name in named if name != wanted]).strip()
    raise LookupError(f"no badge is called “{words[:60]}”{'; ' + near if near else ''}")


def folded(text: str) -> str:
    """A text for comparing: without case, accents and the marks of short vowels, with single spaces."""
    import unicodedata

    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
