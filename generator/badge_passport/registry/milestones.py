"""Badges that follow from others: N of a set, with the awards that satisfied the rule as explanation."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from badge_passport.diagnostics import Diagnostic
from badge_passport.model import records as r
from badge_passport.model.texts import Text
from badge_passport.registry.entities import Award, BadgeClass, Origin, Participant
from badge_passport.registry.ids import award_id
from badge_passport.registry.references import response

LAPSED = Text.model_validate(
    {
        "en": "An award that this milestone followed from was revoked",
        "fr": "Une attribution dont découlait cette étape a été révoquée",
        "ar": "أُلغي منح كانت هذه المرحلة مبنية عليه",
    }
)


def derive(
    namespace: str,
    badges: Mapping[str, BadgeClass],
    awards: Iterable[Award],
    unread: frozenset[str] = frozenset(),
) -> tuple[list[Award], list[Diagnostic]]:
    """The awards that follow from ``awards``; a milestone may count other milestones.

    A milestone whose grounds were revoked becomes revoked itself rather than disappear: what was
    published stays published. Problems: ``milestone-cycle``, ``milestone-impossible``,
    ``milestone-not-reached``, ``unknown-badge`` (but for the ``unread`` files).
    """
    problems: list[Diagnostic] = []
    sets = {ref: _counting(b, badges, unread, problems) for ref, b in badges.items() if b.record.milestone}
    try:
        order = list(
            TopologicalSorter({ref: [s for s in of if s in sets] for ref, of in sets.items()}).static_order()
        )
    except CycleError as error:
        first = badges[error.args[1][0]]
        problems.append(
            Diagnostic(
                "milestone-cycle",
                f"this milestone counts itself: {' → '.join(error.args[1])}",
                first.origin.at("milestone"),
                "name the badges that count under “of”, without those that follow from this one.",
            )
        )
        return [], problems
    held: dict[str, list[Award]] = defaultdict(list)
    people: dict[str, Participant] = {}
    for award in awards:
        held[award.participant.slug].append(award)
        people[award.participant.slug] = award.participant
    derived: list[Award] = []
    for ref in order:
        for slug, own in held.items():
            follows = _follow(namespace, badges[ref], sets[ref], people[slug], own, problems)
            if follows is not None:
                own.append(follows)
                derived.append(follows)
    return derived, problems


def _counting(
    badge: BadgeClass, badges: Mapping[str, BadgeClass], unread: frozenset[str], problems: list[Diagnostic]
) -> list[str]:
    """References of the badges that count towards a milestone."""
    rule = badge.record.milestone
    if rule is None:
        return []
    if not rule.of:
        # Everything counts but the badges that are milestones themselves.
        refs = [ref for ref, b in badges.items() if b.record.milestone is None]
    else:
        refs = []
        for number, (name, ref) in enumerate(zip(rule.of, named(badge), strict=True)):
            if ref in badges:
                refs.append(ref)
            elif f"badges/{ref}.yml" not in unread:
                problems.append(
                    Diagnostic(
                        "unknown-badge",
                        f"no badge called “{name}”",
                        badge.origin.at("milestone", "of", number),
                        "write the names of files in badges/, with the issuer's folder when it is another's.",
                    )
                )
    things = {kind_of(badges[ref], rule.distinct) for ref in refs}
    if len(things) < rule.count and len(refs) == len(rule.of or refs):
        problems.append(
            Diagnostic(
                "milestone-impossible",
                f"this milestone asks for {rule.count}, but only {len(things)} can be earned",
                badge.origin.at("milestone", "count"),
                "lower “count”, or add badges under “of”.",
            )
        )
    return refs


def named(badge: BadgeClass) -> list[str]:
    """References of the badges that a milestone names; none if every badge counts."""
    rule = badge.record.milestone
    of = rule.of if rule else ()
    return [name if "/" in name else f"{badge.issuer.slug}/{name}" for name in of]


def kind_of(badge: BadgeClass, distinct: str) -> str:
    """What a milestone tells badges apart by: the badge itself, its type, or its issuer."""
    return {"badge": badge.ref, "type": badge.record.type, "issuer": badge.issuer.slug}[distinct]


def satisfied(
    badge: BadgeClass, refs: Iterable[str], awards: Iterable[Award], *, declined: bool = False
) -> tuple[Award, ...] | None:
    """The earliest awards that satisfy a milestone's rule, or None when there are too few.

    ``declined`` says whether those count that the person declined.
    """
    rule = badge.record.milestone
    if rule is None:
        return None
    wanted, chosen = set(refs), dict[str, Award]()
    for award in sorted(awards, key=lambda a: (a.issued_on, a.badge.ref, a.id)):
        if award.badge.ref in wanted and (declined or award.acceptance != "declined"):
            chosen.setdefault(kind_of(award.badge, rule.distinct), award)
    grounds = tuple(chosen.values())[: rule.count]
    return grounds if len(grounds) == rule.count else None


def _once(badge: BadgeClass, refs: list[str], awards: list[Award]) -> tuple[Award, ...] | None:
    """The awards that satisfied a milestone's rule on the first day they did, revoked or declined since."""
    for day in sorted({a.issued_on for a in awards}):
        held = [a for a in awards if a.issued_on <= day and ((ended := _ended(a)) is None or ended > day)]
        grounds = satisfied(badge, refs, held, declined=True)
        if grounds is not None:
            return grounds
    return None


def _ended(award: Award) -> datetime.date | None:
    """The day since which an award is no ground any more."""
    if award.revoked is not None:
        return award.revoked.on
    if award.acceptance != "declined":
        return None
    answer = response(award.participant.record, award.badge.ref, award.record)
    return answer.on if answer else None


def _follow(
    namespace: str,
    badge: BadgeClass,
    refs: list[str],
    person: Participant,
    own: list[Award],
    problems: list[Diagnostic],
) -> Award | None:
    now = satisfied(badge, refs, (a for a in own if a.revoked is None))
    ever = now or _once(badge, refs, own)
    written = [a for a in own if a.badge.ref == badge.ref]
    if written:
        if ever is None:
            problems.append(
                Diagnostic(
                    "milestone-not-reached",
                    f"“{person.slug}” has not earned what this milestone asks for",
                    written[0].origin.at("participant"),
                    "remove this award: a milestone is awarded by itself once the badges are there.",
                )
            )
        return None
    if ever is None:
        return None
    revoked = None
    if now is None:
        days = [ended for a in ever if (ended := _ended(a)) is not None]
        revoked = r.Revocation.model_construct(on=min(days), reason=LAPSED)
    day = max(a.issued_on for a in ever)
    if badge.record.ended is not None and day > badge.record.ended:
        return None
    return _milestone_award(namespace, badge, person, day, ever, revoked)


def _milestone_award(
    namespace: str,
    badge: BadgeClass,
    person: Participant,
    day: datetime.date,
    because: tuple[Award, ...],
    revoked: r.Revocation | None,
) -> Award:
    record = r.AwardRecord.model_construct(participant=person.slug, badge=badge.slug, issued_on=day)
    validity = badge.record.valid_for
    # It follows from accepted awards only if each of them is accepted; a response to it comes first.
    states = {a.acceptance for a in because}
    answer = next((x.answer for x in reversed(person.record.responses) if x.badge == badge.ref), None)
    return Award(
        id=award_id(namespace, badge.issuer.slug, badge.slug, person.key, None, None),
        participant=person,
        badge=badge,
        record=record,
        origin=Origin(badge.origin.file, ("milestone",)),
        identity=because[-1].identity,
        expires=validity.after(day) if validity else None,
        acceptance=answer or ("accepted" if states == {"accepted"} else "pending"),
        revoked=revoked,
        because=because,
    )
