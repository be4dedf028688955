"""Carrying out what participants ask for: each request is judged by itself, in the order it was made.

A request is believed if whoever made it had the claim code of the award, which only the mail to its holder
carries. It is carried out once, and never after a newer one of the same person.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from badge_passport.desk.claims.choices import with_choices
from badge_passport.desk.claims.codes import claim_code
from badge_passport.desk.claims.requestlog import Carried, RequestLog
from badge_passport.desk.claims.requests import Offer
from badge_passport.desk.files.yamlfiles import EditError
from badge_passport.desk.people.erasing import Erasing, erase
from badge_passport.desk.people.roster import Roster
from badge_passport.diagnostics import Diagnostic
from badge_passport.pipeline import Checked, check_tree
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Participant

AHEAD = datetime.timedelta(days=1)  # that a browser's clock may be wrong
OLDEST = datetime.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run of `passport accept` allows: full names kept private, and erasing."""

    key: bytes
    private_names: bool = False
    erasing: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A request that is to be carried out, the award it is about, and what is left of an erased person."""

    offer: Offer
    award: Award
    erasing: Erasing | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run would do: the files to write, the lines to log; ``refused`` says why others are not done."""

    done: tuple[Done, ...]
    refused: tuple[Diagnostic, ...]
    files: dict[str, bytes | None]
    entries: tuple[Carried, ...]


@dataclass(slots=True)
class _State:
    """The site as it is after the requests before."""

    checked: Checked
    registry: Registry
    roster: Roster
    files: dict[str, bytes | None]


def accept(
    checked: Checked,
    roster: Roster,
    log: RequestLog,
    offers: Iterable[Offer],
    rules: Rules,
    now: datetime.datetime,
) -> Outcome:
    """Judge requests, and change the site for those that are good.

    The site is checked as it would be after all of them; if it were not good, after each of them, so that
    one that does not fit keeps no other from being carried out.

    Problems (``refused``): ``claim-elsewhere``, ``unknown-award``, ``claim-forged``, ``claim-replayed``,
    ``claim-stale``, ``claim-withdrawn``, ``claim-erasure``, ``claim-refused``, ``not-erasable``.

    Raises:
        ValueError: the site was not good.
    """
    if checked.registry is None or not checked.good:
        raise ValueError("a site with errors takes no answers")
    offers = sorted(offers, key=lambda offer: (offer.request.made, offer.digest))
    outcome = _carry_out(checked, checked.registry, roster, log.copy(), offers, rules, now, each=False)
    if outcome.files and not check_tree(checked.tree.with_changes(outcome.files), [], now.date()).good:
        outcome = _carry_out(checked, checked.registry, roster, log.copy(), offers, rules, now, each=True)
    return outcome


def _carry_out(
    checked: Checked,
    registry: Registry,
    roster: Roster,
    log: RequestLog,
    offers: Iterable[Offer],
    rules: Rules,
    now: datetime.datetime,
    *,
    each: bool,
) -> Outcome:
    state = _State(checked, registry, roster, {})
    done: list[Done] = []
    refused: list[Diagnostic] = []
    entries: list[Carried] = []
    for offer in offers:
        award = judge(offer, state.registry, state.roster, log, rules, now)
        if isinstance(award, Diagnostic):
            refused.append(award)
            continue
        one = _do(offer, award, state, rules, now.date(), each=each)
        if isinstance(one, Diagnostic):
            refused.append(one)
            continue
        entry = Carried(award.participant.slug, award.id, offer.request.time, offer.digest, now.date())
        log.add(entry)
        entries.append(entry)
        done.append(one)
    return Outcome(tuple(done), tuple(refused), state.files, tuple(entries))


def judge(
    offer: Offer, registry: Registry, roster: Roster, log: RequestLog, rules: Rules, now: datetime.datetime
) -> Award | Diagnostic:
    """The award whose holder asks for something, or why it is not done."""
    request = offer.request
    if request.site.rstrip("/") != registry.site.url.rstrip("/"):
        return _no(offer, "claim-elsewhere", "this answer is for another site", "give it to that site.")
    award = registry.awards.get(request.award)
    if award is None:
        text = f"no award has the number {request.award}"
        return _no(offer, "unknown-award", text, "look whether the site here is up to date.")
    if award.identity is None:
        text = f"the award {award.id} was erased at its holder's request"
        return _no(offer, "claim-withdrawn", text, "tell the person; nothing can be changed any more.")
    person = award.participant
    entries = [entry for name in _names(person) for entry in roster.of(name)]
    codes = (claim_code(rules.key, award.id, entry.address) for entry in entries)
    if not any(offer.proven_by(code) for code in codes):
        return _no(
            offer,
            "claim-forged",
            f"this answer was not made by the holder of the award {award.id}",
            "ask the person whether they sent it. Does private/roster.csv still have the address that the "
            "message went to, and is private/claims.key the key it was made with?",
        )
    return _objection(offer, award, log, now) or _language(offer, registry) or award


def _objection(offer: Offer, award: Award, log: RequestLog, now: datetime.datetime) -> Diagnostic | None:
    """Why a request that its holder made is not carried out now."""
    request = offer.request
    latest = log.latest(_names(award.participant))
    if offer.digest in log.digests:
        text = "this answer was carried out already; nothing is left to do"
        return _no(offer, "claim-replayed", text, "for another choice the person makes a new answer.")
    if latest is not None and request.time < latest:
        text = f"since this answer was made ({request.day}), a newer one of the same person was carried out"
        return _no(offer, "claim-replayed", text, "if it is still meant, ask the person to make it again.")
    if not now - OLDEST <= request.time <= now + AHEAD:
        when = "in the future" if request.time > now else "more than 180 days ago"
        text = f"this answer was made {when} ({request.day})"
        return _no(offer, "claim-stale", text, "ask the person to make it again.")
    if award.revoked is not None and not request.erase:
        text = f"the award {award.id} was revoked on {award.revoked.on}"
        return _no(offer, "claim-withdrawn", text, "tell the person; there is nothing to accept any more.")
    return None


def _language(offer: Offer, registry: Registry) -> Diagnostic | None:
    tag = offer.request.language
    if tag is None or tag in registry.site.languages:
        return None
    return _no(offer, "claim-refused", f"the site has no language “{tag}”", "ask the person for another one.")


def _do(
    offer: Offer, award: Award, state: _State, rules: Rules, today: datetime.date, *, each: bool
) -> Done | Diagnostic:
    """Change the state as a request asks for; it stays as it was if that cannot be done."""
    tree = state.checked.tree.with_changes(state.files)
    if offer.request.erase:
        if not rules.erasing:
            text = f"“{award.participant.slug}” asks to be erased, which cannot be undone"
            return _no(offer, "claim-erasure", text, "look at it with --dry-run; then do it with --yes.")
        erasing, problems = erase(tree, state.registry, award.participant, state.roster, today)
        if problems:
            return replace(problems[0], where=offer.where)
        after = check_tree(tree.with_changes(erasing.files), [], today)
        if not after.good or after.registry is None:
            return _breaks(offer, after)
        state.registry, state.roster = after.registry, erasing.roster
        state.files |= erasing.files
        return Done(offer, award, erasing)
    try:
        files = with_choices(
            tree.files, state.registry, award, offer.request, private_names=rules.private_names
        )
    except EditError as error:
        text = f"the file of “{award.participant.slug}” cannot be changed by the program: {error}"
        return _no(offer, "claim-refused", text, "write the person's choices into it by hand.")
    if each:
        after = check_tree(tree.with_changes(files), [], today)
        if not after.good:
            return _breaks(offer, after)
    state.files |= files
    return Done(offer, award)


def _breaks(offer: Offer, after: Checked) -> Diagnostic:
    why = next(d.message for d in after.diagnostics if d.severity == "error")
    text = f"with this answer the site would have an error: {why}"
    return _no(offer, "claim-refused", text, "ask the person for another choice, or write it by hand.")


def _names(person: Participant) -> list[str]:
    """The slugs of a person, of today and before."""
    return [person.slug, *(old.slug for old in person.record.former)]


def _no(offer: Offer, code: str, message: str, fix: str) -> Diagnostic:
    return Diagnostic(code, message, offer.where, fix)
