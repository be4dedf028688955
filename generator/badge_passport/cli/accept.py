"""`passport accept`: the answers of participants, carried out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.erase import forget, remains
from badge_passport.cli.shared import (
    PUBLISHING,
    SITE_ERRORS,
    confirmed,
    format_option,
    now,
    say,
    show,
    site_and_roster,
    site_option,
    stop,
    stop_at,
)
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.diagnostics.rendering import Format

if TYPE_CHECKING:
    from badge_passport.desk.claims.accepting import Done, Outcome
    from badge_passport.desk.claims.requests import Offer, Request


@click.command("accept")
@site_option
@format_option
@click.option("--private-names", is_flag=True, help="Keep full names in private/, not in the public files.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking; erases those who ask for it.")
@click.argument(
    "file", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True)
)
def accept_command(
    root: Path, form: Format, private_names: bool, dry_run: bool, yes: bool, file: tuple[Path, ...]
) -> None:
    """Carry out what participants answered: every request in FILE, a message, an issue or any text."""
    from badge_passport.desk.claims.accepting import Rules, accept
    from badge_passport.desk.claims.codes import CLAIM_KEY, find_claim_key
    from badge_passport.desk.claims.requestlog import read_request_log
    from badge_passport.desk.mail.sentlog import only_one

    offers, unreadable = _read(file)
    with only_one(root) as busy:
        checked, _, roster = site_and_roster(root, form)
        key, problem = find_claim_key(root)
        log, problems = read_request_log(root)
        problems += [found for found in (busy, problem) if found]
        if key is None and problem is None:
            text = f"the key of the claim codes is not here: {CLAIM_KEY}"
            fix = "take it from your copy; without it nobody can tell who made an answer."
            problems.append(Diagnostic("claims-key", text, None, fix))
        if problems or key is None:
            stop_at(checked, problems, form)
        rules = Rules(key, private_names, yes or dry_run)
        outcome = accept(checked, roster, log, offers, rules, now())
        for done in outcome.done:
            for line in _lines(done, outcome):
                say(form, line)
        refused = [*unreadable, *outcome.refused]
        show(refused, form, checked.line_of)
        if outcome.done and confirmed(form, yes=yes, dry_run=dry_run):
            _write(root, form, outcome)
    if refused:
        sys.exit(SITE_ERRORS)


def _read(files: tuple[Path, ...]) -> tuple[list[Offer], list[Diagnostic]]:
    """The requests in all files, each once."""
    from badge_passport.desk.claims.requests import MAX_FILE, read

    offers: dict[str, Offer] = {}
    problems: list[Diagnostic] = []
    for file in files:
        if str(file) == "-":
            found, bad = read(sys.stdin.buffer.read(MAX_FILE + 1), None)
        elif not file.exists():
            raise click.BadParameter(f"there is no file “{file}”", param_hint="FILE")
        else:
            with file.open("rb") as stream:
                found, bad = read(stream.read(MAX_FILE + 1), Span(file.name))
        problems += bad
        for offer in found:
            offers.setdefault(offer.digest, offer)
    return list(offers.values()), problems


def _lines(done: Done, outcome: Outcome) -> Iterator[str]:
    """What a request changes, for whoever is to agree."""
    request, award = done.offer.request, done.award
    person = award.participant
    if done.erasing is not None:
        yield f"{person.slug} asks to be erased: {len(done.erasing.awards)} awards become “withdrawn”"
        return
    yield f"{person.slug}: {award.badge.ref} of {award.issued_on} is {request.answer}"
    for what in _choices(request):
        yield f"  {what}"
    if f"private/participants/{person.slug}.yml" in outcome.files:
        yield "  some of it goes into private/participants/"


def _choices(request: Request) -> Iterator[str]:
    if request.accept_all:
        yield "all later awards count as accepted"
    if request.visibility is not None:
        yield f"visibility: {request.visibility}"
    if request.display is not None:
        name = request.name or request.pseudonym
        yield f"display: {request.display}" + (f", as “{name}”" if name else "")
    if request.language is not None:
        yield f"language: {request.language}"


def _write(root: Path, form: Format, outcome: Outcome) -> None:
    """The files first: if the list could not be written, doing it again changes nothing."""
    from badge_passport.desk.claims.requestlog import REQUESTS, unusable
    from badge_passport.desk.files.changes import apply, with_private_ignored
    from badge_passport.desk.mail.sentlog import Recorder

    files = with_private_ignored(root, {**outcome.files, REQUESTS: None})
    del files[REQUESTS]  # it is only ever added to, below
    apply(root, files)
    try:
        recorder = Recorder(root, REQUESTS)
        try:
            for entry in outcome.entries:
                recorder.record(entry)
        finally:
            recorder.close()
    except OSError as error:
        stop([unusable(error)], form)
    number = len(outcome.done)
    say(form, f"carried out: {number}. {PUBLISHING}")
    for done in outcome.done:
        if done.erasing is not None:
            forget(root)
            for line in remains(root, done.erasing):
                say(form, line)
