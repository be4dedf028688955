"""From records to the registry: every reference looked up, every unknown one reported with its nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from badge_passport.diagnostics import Diagnostic, Place, Span, did_you_mean
from badge_passport.model import records as r
from badge_passport.registry.entities import (
    Acceptance,
    Alignment,
    Award,
    BadgeClass,
    Competence,
    Endorsement,
    Framework,
    Issuer,
    Origin,
    Participant,
    Registry,
)
from badge_passport.registry.ids import award_id
from badge_passport.registry.load import Entry, Problems, Records
from badge_passport.registry.milestones import derive
from badge_passport.source import pictures
from badge_passport.source.files import Tree

T = TypeVar("T")


def resolve(tree: Tree, records: Records) -> tuple[Registry | None, Problems]:
    """The registry of a site, or None without a readable ``site.yml``; what refers to nothing is left out."""
    problems = Problems()
    if records.site is None:
        return None, problems
    site = records.site
    issuers = {e.slug: _issuer(tree, e, problems) for e in records.issuers}
    frameworks = {e.slug: Framework(e.slug, e.record, e.origin) for e in records.frameworks}
    competences = {c.ref: c for f in frameworks.values() for c in _competences(f)}
    versions = _badges(tree, records, issuers, competences, problems)
    badges = {ref: editions[-1] for ref, editions in versions.items()}
    people = {
        e.slug: Participant(e.slug, e.record, e.origin, records.portfolios.get(e.slug, ""))
        for e in records.participants
    }
    awards = _awards(site, records, versions, people, issuers, problems)
    derived, found = derive(site.id_namespace, badges, awards)
    problems += found
    awards = sorted([*awards, *derived], key=lambda a: (a.issued_on, a.badge.ref, a.participant.slug, a.id))
    by_id = _unique(awards, problems)
    registry = Registry(
        site=site,
        issuers=issuers,
        frameworks=frameworks,
        competences=competences,
        badges=badges,
        versions=versions,
        participants=people,
        awards=by_id,
        pages=tuple(records.pages),
        page_assets=records.page_assets,
        awards_by_participant=_group((a.participant.slug, a) for a in by_id.values()),
        awards_by_badge=_group((a.badge.ref, a) for a in by_id.values()),
        badges_by_issuer=_group((b.issuer.slug, b) for b in badges.values()),
        badges_by_competence=_group(
            (ref, b) for b in badges.values() for ref in sorted({*_aligned(b), *_aligned_parents(b)})
        ),
        endorsements=tuple(_endorsements(records, issuers, badges, by_id.values(), problems)),
    )
    return registry, problems


def _group(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _aligned(badge: BadgeClass) -> set[str]:
    return {a.competence.ref for a in badge.alignments if a.competence}


def _aligned_parents(badge: BadgeClass) -> set[str]:
    """A badge for a micro-competence is also a badge for the competence around it."""
    return {a.competence.parent.ref for a in badge.alignments if a.competence and a.competence.parent}


def _unknown(kind: str, name: str, known: Iterable[str], where: Place, files: str) -> Diagnostic:
    return Diagnostic(
        f"unknown-{kind}",
        f"no {kind} called “{name}”",
        where,
        f"{did_you_mean(name, known)}Known ones are {files}.",
    )


def _picture(tree: Tree, name: str | None, origin: Origin, problems: Problems) -> pictures.Picture | None:
    if name is None:
        return None
    place = origin.at("image")
    file = f"{place.file.rsplit('/', 1)[0]}/{name}"
    if file not in tree.files:
        beside = [f.rsplit("/", 1)[1] for f in tree.under(file.rsplit("/", 1)[0], ".png", ".svg")]
        problems.append(
            Diagnostic(
                "image-not-found",
                f"there is no image “{name}” beside this file",
                place,
                f"{did_you_mean(name, beside)}Put the file into the same folder, or leave the key out.",
            )
        )
        return None
    result = pictures.inspect(tree.files[file])
    if isinstance(result, pictures.Fault):
        where = Span(file, result.line, result.column, result.column + 1)
        problems.append(Diagnostic(result.code, result.message, where, result.help))
        return None
    return result


def _issuer(tree: Tree, entry: Entry[r.IssuerRecord], problems: Problems) -> Issuer:
    picture = _picture(tree, entry.record.image, entry.origin, problems)
    return Issuer(entry.slug, entry.record, entry.origin, picture)


def _competences(framework: Framework) -> Iterable[Competence]:
    for slug, record in framework.record.competences.items():
        competence = Competence(framework, slug, record)
        yield competence
        for micro, named in record.micro_competences.items():
            yield Competence(framework, micro, named, parent=competence)


def _badges(
    tree: Tree,
    records: Records,
    issuers: Mapping[str, Issuer],
    competences: Mapping[str, Competence],
    problems: Problems,
) -> dict[str, tuple[BadgeClass, ...]]:
    """Reference to editions, oldest first, the current one last."""
    editions: dict[str, list[BadgeClass]] = defaultdict(list)
    for entry in records.badges:
        issuer_slug, slug = entry.slug.split("/")
        issuer = issuers.get(issuer_slug)
        if issuer is None:
            file = entry.origin.file
            if not any(d.where == Span(f"badges/{issuer_slug}/issuer.yml") for d in problems):
                problems.append(
                    Diagnostic(
                        "unknown-issuer",
                        f"the folder “{issuer_slug}” has badges but no issuer.yml that can be read",
                        Place(file),
                        f"write badges/{issuer_slug}/issuer.yml: name, description, url, email.",
                    )
                )
            continue
        alignments = tuple(_alignments(entry, competences, problems))
        picture = _picture(tree, entry.record.image, entry.origin, problems)
        editions[entry.slug].append(BadgeClass(issuer, slug, entry.record, entry.origin, alignments, picture))
    result = {}
    for ref, found in sorted(editions.items()):
        current = [b for b in found if b.record.until is None]
        retired = sorted((b for b in found if b.record.until), key=lambda b: str(b.record.until))
        if len(current) != 1 or len({b.version for b in found}) != len(found):
            problems.append(
                Diagnostic(
                    "version-conflict",
                    f"the versions of “{ref}” cannot be told apart",
                    found[-1].origin.at("version"),
                    "one file has no “until” (the current version); each has a version of its own.",
                )
            )
        result[ref] = (*retired, *current) if current else tuple(retired)
    return result


def _alignments(
    entry: Entry[r.BadgeRecord], competences: Mapping[str, Competence], problems: Problems
) -> Iterable[Alignment]:
    for number, item in enumerate(entry.record.alignment):
        if isinstance(item, r.AlignmentRecord):
            yield Alignment(elsewhere=item)
            continue
        competence = competences.get(item.competence)
        where = entry.origin.at("alignment", number, "competence")
        if competence is None:
            problems.append(
                _unknown(
                    "competence", item.competence, competences, where, "in the files of badges/frameworks/"
                )
            )
            continue
        levels = competence.framework.record.levels
        if item.level is not None and item.level not in levels:
            where = entry.origin.at("alignment", number, "level")
            problems.append(_unknown("level", item.level, levels, where, f"{', '.join(levels)}"))
        yield Alignment(competence, item.level)


def _awards(
    site: r.SiteRecord,
    records: Records,
    versions: Mapping[str, tuple[BadgeClass, ...]],
    people: Mapping[str, Participant],
    issuers: Mapping[str, Issuer],
    problems: Problems,
) -> list[Award]:
    awards = []
    missing_issuers = set()
    for entry in records.awards:
        record, origin, issuer = entry.record, entry.origin, entry.slug
        if issuer not in issuers:
            if issuer not in missing_issuers:
                missing_issuers.add(issuer)
                problems.append(
                    _unknown("issuer", issuer, issuers, Place(origin.file), "the folders of badges/")
                )
            continue
        editions = versions.get(f"{issuer}/{record.badge}")
        person = people.get(record.participant)
        if editions is None:
            own = [ref.split("/")[1] for ref in versions if ref.startswith(issuer + "/")]
            where = origin.at("badge")
            problems.append(_unknown("badge", record.badge, own, where, f"the files in badges/{issuer}/"))
        if person is None:
            problems.append(
                _unknown(
                    "participant",
                    record.participant,
                    people,
                    origin.at("participant"),
                    "the files in content/participants/",
                )
            )
        if editions and person is not None:
            award = _award(site, record, origin, _edition(editions, record), person, problems)
            awards += [award] if award else []
    return awards


def _edition(editions: tuple[BadgeClass, ...], record: r.AwardRecord) -> BadgeClass:
    """The version that was in force on the day of the award."""
    return next((b for b in editions if b.record.until and record.issued_on < b.record.until), editions[-1])


def _award(
    site: r.SiteRecord,
    record: r.AwardRecord,
    origin: Origin,
    badge: BadgeClass,
    person: Participant,
    problems: Problems,
) -> Award | None:
    identities = person.record.identities
    identity = identities[0]
    if record.identity is not None:
        labelled = {i.label: i for i in identities if i.label}
        if record.identity not in labelled:
            problems.append(
                _unknown(
                    "identity",
                    record.identity,
                    labelled,
                    origin.at("identity"),
                    "labels in the person's file",
                )
            )
            return None
        identity = labelled[record.identity]
    validity = badge.record.valid_for
    return Award(
        id=award_id(
            site.id_namespace, badge.issuer.slug, badge.slug, person.key, record.issued_on, record.number
        ),
        participant=person,
        badge=badge,
        record=record,
        origin=origin,
        identity=identity,
        expires=record.expires or (validity.after(record.issued_on) if validity else None),
        acceptance=acceptance(person.record, badge.ref, record),
        revoked=record.revoked,
    )


def acceptance(person: r.ParticipantRecord, badge: str, record: r.AwardRecord) -> Acceptance:
    """The participant's answer to an award: their last response to it, else their standing consent."""
    for response in reversed(person.responses):
        if matches(response, badge, None, record):
            return response.answer
    accepts = person.consent is not None and "awards" in person.consent.scope
    return "accepted" if accepts else "pending"


def matches(wanted: r.AwardReference, badge: str, participant: str | None, record: r.AwardRecord) -> bool:
    """Whether a reference means this award; what it leaves out is not asked."""
    return (
        wanted.badge == badge
        and wanted.participant in (None, participant)
        and wanted.issued_on in (None, record.issued_on)
        and wanted.number in (None, record.number or 1)
    )


def _unique(awards: list[Award], problems: Problems) -> dict[str, Award]:
    by_id: dict[str, Award] = {}
    for award in awards:
        first = by_id.setdefault(award.id, award)
        if first is award:
            continue
        same = (first.badge.ref, first.participant.slug, first.issued_on) == (
            award.badge.ref,
            award.participant.slug,
            award.issued_on,
        )
        there = first.origin.at("participant")
        spot = (
            f"{there.file} (award {int(there.path[1]) + 1} of its list)"
            if len(there.path) > 1 and there.path[0] == "awards"
            else there.file
        )
        problems.append(
            Diagnostic(
                "duplicate-award" if same else "award-id-collision",
                f"this is the same award as one in {spot}"
                if same
                else f"this award would have the same id as one in {spot}",
                award.origin.at("participant"),
                "remove one; if it was earned twice that day, give the second “number: 2”.",
            )
        )
    return by_id


def _endorsements(
    records: Records,
    issuers: Mapping[str, Issuer],
    badges: Mapping[str, BadgeClass],
    awards: Iterable[Award],
    problems: Problems,
) -> Iterable[Endorsement]:
    for entry in records.endorsements:
        endorser_slug, slug = entry.slug.split("/")
        endorser, record, at = issuers.get(endorser_slug), entry.record, entry.origin.at
        if endorser is None:
            problems.append(_unknown("issuer", endorser_slug, issuers, at(), "the folders of badges/"))
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
            else:
                problems.append(_unknown("badge", record.badge, badges, at("badge"), "the files in badges/"))
        elif record.issuer is not None:
            if record.issuer in issuers:
                yield Endorsement(slug, endorser, record, issuer=issuers[record.issuer])
            else:
                problems.append(
                    _unknown("issuer", record.issuer, issuers, at("issuer"), "the folders of badges/")
                )
        elif record.award is not None:
            wanted = record.award
            found = [a for a in awards if matches(wanted, a.badge.ref, a.participant.slug, a.record)]
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
