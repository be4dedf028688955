"""Endorsements: what an issuer says for a badge, another issuer or an award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from badge_passport.diagnostics import Diagnostic
from badge_passport.registry.entities import Award, BadgeClass, Endorsement, Issuer
from badge_passport.registry.load import Problems, Records
from badge_passport.registry.references import matches, unknown


def endorsements(
    records: Records,
    issuers: Mapping[str, Issuer],
    badges: Mapping[str, BadgeClass],
    awards: Mapping[str, Sequence[Award]],
    unread: frozenset[str],
    problems: Problems,
) -> Iterable[Endorsement]:
    """The endorsements whose endorser and object are there; ``unread`` files have problems of their own."""
    for entry in records.endorsements:
        endorser_slug, slug = entry.slug.split("/")
        endorser, record, at = issuers.get(endorser_slug), entry.record, entry.origin.at
        if endorser is None:
            if f"badges/{endorser_slug}/issuer.yml" in unread:
                continue
            problems.append(unknown("issuer", endorser_slug, issuers, at(), "the folders of badges/"))
            continue
        if sum(x is not None for x in (record.badge, record.issuer, record.award)) != 1:
            problems.append(
                Diagnostic(
                    "bad-value",
                    "an endorsement is of one thing: a badge, an issuer or an award",
                    at(),
                    "write exactly one of “badge:”, “issuer:” and “award:”.",
                )
            )
        elif record.badge is not None:
            if record.badge in badges:
                yield Endorsement(slug, endorser, record, badge=badges[record.badge])
            elif f"badges/{record.badge}.yml" not in unread:
                problems.append(unknown("badge", record.badge, badges, at("badge"), "the files in badges/"))
        elif record.issuer is not None:
            if record.issuer in issuers:
                yield Endorsement(slug, endorser, record, issuer=issuers[record.issuer])
            elif f"badges/{record.issuer}/issuer.yml" not in unread:
                problems.append(
                    unknown("issuer", record.issuer, issuers, at("issuer"), "the folders of badges/")
                )
        elif record.award is not None:
            wanted = record.award
            found = [
                a
                for a in awards.get(wanted.badge, ())
                if matches(wanted, a.badge.ref, a.participant.slug, a.record)
            ]
            if len(found) == 1:
                yield Endorsement(slug, endorser, record, award=found[0])
            else:
                problems.append(
                    Diagnostic(
                        "unknown-award",
                        f"{'no award is' if not found else f'{len(found)} awards are'} meant by this",
                        at("award"),
                        "name its badge (issuer/badge), participant, and issuedOn when there are several.",
                    )
                )
