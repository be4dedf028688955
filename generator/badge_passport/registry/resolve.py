"""From records to the registry: every reference looked up, every unknown one reported with its nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.model import records as r
from badge_passport.registry.elsewhere import kept_files
from badge_passport.registry.endorsements import endorsements
from badge_passport.registry.entities import (
    Alignment,
    Award,
    BadgeClass,
    Competence,
    Framework,
    Issuer,
    Origin,
    Participant,
    Registry,
)
from badge_passport.registry.holders import Holder, edition, erased_awards, holders
from badge_passport.registry.ids import award_id
from badge_passport.registry.lazy import in_order
from badge_passport.registry.load import Entry, Problems, Records
from badge_passport.registry.milestones import derive
from badge_passport.registry.references import acceptance, unknown
from badge_passport.registry.together import Rest, group, together
from badge_passport.source import locating, pictures
from badge_passport.source.files import Tree

# What another problem may bring about: told only of a site that has none.
_CONSEQUENCES = {"milestone-not-reached", "milestone-impossible", "unknown-award"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to be earned, and by whom it is given."""

    site: r.SiteRecord
    issuers: Mapping[str, Issuer]
    frameworks: Mapping[str, Framework]
    competences: Mapping[str, Competence]
    versions: Mapping[str, tuple[BadgeClass, ...]]
    badges: Mapping[str, BadgeClass]


def resolve(
    tree: Tree, records: Records, *, sound: bool = True, rest: Callable[[Offer], Rest] | None = None
) -> tuple[Registry | None, Problems]:
    """The registry of a site, or None without a readable ``site.yml``; what refers to nothing is left out.

    ``sound`` says whether everything could be read. The ``rest`` is of the site as well, and
    not in the records.
    """
    problems = Problems()
    if records.site is None:
        return None, problems
    read = {
        e.origin.file
        for entries in (records.frameworks, records.badges, records.issuers, records.participants)
        for e in entries
    }
    # What could not be read has its own problem: nothing is said about references to it.
    unread = frozenset(tree.files.keys() - read)
    offer = _offer(tree, records, records.site, unread, problems)
    people, awards = given(offer, records, unread, problems)
    awards += erased_awards(records.erased, offer.versions, unread, problems)
    awards.sort(key=in_order)
    by_id = _unique(tree, awards, problems)
    people, given_awards = together(people, by_id, rest(offer) if rest is not None else None, offer.badges)
    registry = Registry(
        site=offer.site,
        issuers=offer.issuers,
        frameworks=offer.frameworks,
        competences=offer.competences,
        badges=offer.badges,
        versions=offer.versions,
        participants=people,
        awards=given_awards.by_id,
        pages=tuple(records.pages),
        page_assets=records.page_assets,
        awards_by_participant=given_awards.by_participant,
        awards_by_badge=given_awards.by_badge,
        facts=given_awards.facts,
        shown=given_awards.shown,
        holders=given_awards.holders,
        badges_by_issuer=group((b.issuer.slug, b) for b in offer.badges.values()),
        badges_by_competence=group(
            (ref, b) for b in offer.badges.values() for ref in sorted({*_aligned(b), *_aligned_parents(b)})
        ),
        endorsements=tuple(
            endorsements(records, offer.issuers, offer.badges, given_awards.by_badge, unread, problems)
        ),
    )
    graver = [p for p in problems if p.code not in _CONSEQUENCES]
    return registry, problems if sound and not graver else graver


def _offer(
    tree: Tree, records: Records, site: r.SiteRecord, unread: frozenset[str], problems: Problems
) -> Offer:
    issuers = {e.slug: _issuer(tree, e, problems) for e in records.issuers}
    frameworks = {e.slug: Framework(e.slug, e.record, e.origin) for e in records.frameworks}
    competences = {c.ref: c for f in frameworks.values() for c in _competences(f)}
    versions = _badges(tree, records, issuers, competences, unread, problems)
    badges = {ref: editions[-1] for ref, editions in versions.items()}
    return Offer(site, issuers, frameworks, competences, versions, badges)


def _twice(people: list[Entry[r.ParticipantRecord]]) -> Iterator[Diagnostic]:
    """``duplicate-participant``: files have different names, but rows of tables may have one twice."""
    first: dict[str, Origin] = {}
    for person in people:
        origin = first.setdefault(person.slug, person.origin)
        if origin is not person.origin:
            row = f", row {origin.base[0]}" if origin.base else ""
            yield Diagnostic(
                "duplicate-participant",
                f"“{person.slug}” stands already in {origin.file}{row}",
                person.origin.at("slug"),
                "one person is one row, or one file, with several identities.",
            )


def given(
    offer: Offer, records: Records, unread: frozenset[str], problems: Problems
) -> tuple[dict[str, Participant], list[Award]]:
    """The people in records, and their awards, those that follow from others after these."""
    kept = kept_files(records, unread, problems)
    problems += _twice(records.participants)
    people = {
        e.slug: Participant(
            e.slug,
            e.record,
            e.origin,
            tuple(page for _, page in sorted(records.portfolios.get(e.slug, {}).items())),
            kept.get(e.slug, {}),
        )
        for e in records.participants
    }
    awards = _awards(offer.site, records, offer.versions, people, offer.issuers, unread, problems)
    derived, found = derive(offer.site.id_namespace, offer.badges, awards, unread)
    problems += found
    return people, [*awards, *derived]


def _aligned(badge: BadgeClass) -> set[str]:
    return {a.competence.ref for a in badge.alignments if a.competence}


def _aligned_parents(badge: BadgeClass) -> set[str]:
    """A badge for a micro-competence is also a badge for the competence around it."""
    return {a.competence.parent.ref for a in badge.alignments if a.competence and a.competence.parent}


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
    unread: frozenset[str],
    problems: Problems,
) -> dict[str, tuple[BadgeClass, ...]]:
    """Reference to editions, oldest first, the current one last."""
    editions: dict[str, list[BadgeClass]] = defaultdict(list)
    for entry in records.badges:
        issuer_slug, slug = entry.slug.split("/")
        issuer = issuers.get(issuer_slug)
        if issuer is None:
            file = f"badges/{issuer_slug}/issuer.yml"
            if file not in tree.files:
                problems.append(
                    Diagnostic(
                        "unknown-issuer",
                        f"the folder “{issuer_slug}” has badges but no issuer.yml",
                        Span(entry.origin.file),
                        f"write {file}: name, description, url, email.",
                    )
                )
            continue
        alignments = tuple(_alignments(entry, competences, unread, problems))
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
    entry: Entry[r.BadgeRecord],
    competences: Mapping[str, Competence],
    unread: frozenset[str],
    problems: Problems,
) -> Iterable[Alignment]:
    for number, item in enumerate(entry.record.alignment):
        if isinstance(item, r.AlignmentRecord):
            yield Alignment(elsewhere=item)
            continue
        competence = competences.get(item.competence)
        where = entry.origin.at("alignment", number, "competence")
        if competence is None and f"badges/frameworks/{item.competence.split('/')[0]}.yml" in unread:
            continue
        if competence is None:
            problems.append(
                unknown(
                    "competence", item.competence, competences, where, "in the files of badges/frameworks/"
                )
            )
            continue
        levels = competence.framework.record.levels
        if item.level is not None and item.level not in levels:
            where = entry.origin.at("alignment", number, "level")
            problems.append(unknown("level", item.level, levels, where, f"{', '.join(levels)}"))
        yield Alignment(competence, item.level)


def _awards(
    site: r.SiteRecord,
    records: Records,
    versions: Mapping[str, tuple[BadgeClass, ...]],
    people: Mapping[str, Participant],
    issuers: Mapping[str, Issuer],
    unread: frozenset[str],
    problems: Problems,
) -> list[Award]:
    awards = []
    named = holders(people)
    missing_issuers = set()
    for entry in records.awards:
        record, origin, issuer = entry.record, entry.origin, entry.slug
        if issuer not in issuers:
            if issuer not in missing_issuers and f"badges/{issuer}/issuer.yml" not in unread:
                missing_issuers.add(issuer)
                problems.append(
                    unknown("issuer", issuer, issuers, Span(origin.file), "the folders of badges/")
                )
            continue
        editions = versions.get(f"{issuer}/{record.badge}")
        holder = named.get(record.participant)
        if editions is None and f"badges/{issuer}/{record.badge}.yml" not in unread:
            own = [ref.split("/")[1] for ref in versions if ref.startswith(issuer + "/")]
            where = origin.at("badge")
            problems.append(unknown("badge", record.badge, own, where, f"the files in badges/{issuer}/"))
        if holder is None and f"content/participants/{record.participant}.yml" not in unread:
            problems.append(
                unknown(
                    "participant",
                    record.participant,
                    named,
                    origin.at("participant"),
                    "the files in content/participants/",
                )
            )
        if editions and holder is not None:
            award = _award(site, record, origin, edition(editions, record), holder, problems)
            awards += [award] if award else []
    return awards


def _award(
    site: r.SiteRecord,
    record: r.AwardRecord,
    origin: Origin,
    badge: BadgeClass,
    holder: Holder,
    problems: Problems,
) -> Award | None:
    person, identities = holder.person, holder.identities
    identity = identities[0]
    if record.identity is not None:
        labelled = {i.label: i for i in identities if i.label}
        if record.identity not in labelled:
            problems.append(
                unknown(
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
            site.id_namespace, badge.issuer.slug, badge.slug, holder.key, record.issued_on, record.number
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


def _unique(tree: Tree, awards: list[Award], problems: Problems) -> dict[str, Award]:
    by_id: dict[str, Award] = {}
    again = [(first, a) for a in awards if (first := by_id.setdefault(a.id, a)) is not a]
    places = locating.spans(tree, [first.origin.at("participant") for first, _ in again]) if again else {}
    for first, award in again:
        same = (first.badge.ref, first.record.participant, first.issued_on) == (
            award.badge.ref,
            award.record.participant,
            award.issued_on,
        )
        there = places[first.origin.at("participant")]
        spot = f"{there.file}, line {there.line}"
        problems.append(
            Diagnostic(
                "duplicate-award" if same else "award-id-collision",
                f"this is the same award as the one in {spot}"
                if same
                else f"this award would have the same id as the one in {spot}",
                award.origin.at("participant"),
                "remove one; if it was earned twice that day, give the second “number: 2”.",
            )
        )
    return by_id
