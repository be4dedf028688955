"""`passport award`: one badge, for one person or a few."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import (
    SITE_ERRORS,
    carry_out,
    day_option,
    format_option,
    good,
    say,
    show,
    site_and_roster,
    site_option,
    stop,
    today,
    write_checked,
)
from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.diagnostics.rendering import Format

if TYPE_CHECKING:
    from badge_passport.desk.awarding.deciding import Outcome
    from badge_passport.desk.awarding.forms import Form
    from badge_passport.desk.awarding.intents import Intent
    from badge_passport.registry import Registry

_FIX = "name another file with --file NAME, or add the award to this one by hand."


@click.command("award")
@site_option
@format_option
@click.option("--badge", metavar="ISSUER/BADGE", default=None, help="Which badge; also by its name.")
@click.option(
    "--to", "people", metavar="PERSON", multiple=True, help="An address, or a participant; repeatable."
)
@day_option
@click.option("--level", default="", help="The level that was reached.")
@click.option("--narrative", default="", help="What this person did; everybody can read it. Markdown.")
@click.option("--evidence", metavar="URL", default="", help="Where something shows it.")
@click.option("--evidence-name", default="", help="What that is called.")
@click.option("--language", default="", help="The person's language, one of the site's.")
@click.option("--name", default="", help="The person's name, for the roster and mail; it is not published.")
@click.option("--label", default="", help="What the address is called in the person's file: home, school.")
@click.option("--number", type=click.IntRange(1, 1000), default=None, help="2 for the second time that day.")
@click.option("--file", "stem", metavar="NAME", default=None, help="The file of awards it goes into.")
@click.option(
    "--form",
    "issue",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="Read badge, people, day, level and evidence from the text of an issue “Award a badge”.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
def award_command(
    root: Path,
    form: Format,
    badge: str | None,
    people: tuple[str, ...],
    day: datetime.date | None,
    level: str,
    narrative: str,
    evidence: str,
    evidence_name: str,
    language: str,
    name: str,
    label: str,
    number: int | None,
    stem: str | None,
    issue: Path | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Give a badge. Without options it asks; new people get a file and a place in the roster."""
    from badge_passport.desk.awarding.deciding import decide
    from badge_passport.desk.awarding.intents import Intent
    from badge_passport.desk.files.yamlfiles import EditError

    if issue is not None:
        if badge or people or day or level or evidence or evidence_name or name or label:
            raise click.UsageError(
                "--form says everything: the other options about an award do not go with it"
            )
        filled = _form(root, form, issue)
        badge, people, day = filled.badge, filled.participants, filled.day
        level, evidence, evidence_name = filled.level, filled.evidence, filled.evidence_name
    asks = sys.stdin.isatty() and form == "pretty"
    if not asks and (badge is None or not people):
        raise click.UsageError("name the badge and the person: --badge ISSUER/BADGE --to ADDRESS")
    if len(people) > 1 and (name or label):
        raise click.UsageError("--name and --label are about one person")
    _check_words(name, label, stem)
    checked, registry, roster = site_and_roster(root, form)
    asked = badge is None or not people
    ref = _badge(registry, badge) if badge is not None else _ask_badge(registry)
    if not people:
        people = (click.prompt("Address or participant", type=str),)
    when = (
        (day.date() if isinstance(day, datetime.datetime) else day)
        if day
        else _ask_day()
        if asked
        else today()
    )
    if asked and not level and (known := registry.levels()):
        level = click.prompt(f"Level ({', '.join(known)}; nothing for the badge's own)", default="")
    intents = [
        Intent(
            badge=ref,
            issued_on=when,
            addresses=addresses,
            participant=slug,
            name=name,
            language=language,
            label=label,
            level=level.strip(),
            narrative=narrative.replace("\r\n", "\n").replace("\r", "\n").strip(),
            evidence_name=evidence_name.strip(),
            evidence_url=evidence.strip(),
            number=number,
        )
        for addresses, slug in (_person(registry, person) for person in dict.fromkeys(people))
    ]
    _refuse(intents, registry)
    try:
        outcome = decide(registry, roster, checked.tree.files, intents)
    except EditError as error:
        show([Diagnostic("award-file", str(error), None, "write the new identity by hand.")], form)
        sys.exit(SITE_ERRORS)
    if outcome.refused:
        raise click.BadParameter(outcome.refused[0][1], param_hint="--to")
    files = _files(checked.tree.files, outcome, ref, when, stem, form)
    for line in _told(registry, outcome, ref, when):
        say(form, line)
    if not files:
        return
    if dry_run:
        carry_out(root, form, files, registry, yes=True, dry_run=True)
        return
    if asked and not yes and not click.confirm("Write this?", default=True):
        return
    write_checked(root, files, form, registry)
    say(form, f"Written: {', '.join(files)}")


def _form(root: Path, form: Format, issue: Path) -> Form:
    """What an issue asks for; one that cannot be read ends the command."""
    from badge_passport.desk.awarding.forms import MAX_FORM, read_form
    from badge_passport.desk.awarding.intents import Intent, objections

    _, registry = good(root, form)
    with issue.open("rb") as stream:
        filled, problems = read_form(stream.read(4 * MAX_FORM + 1), issue.name, registry)
    if filled is not None:
        intent = Intent(
            filled.badge,
            filled.day,
            level=filled.level,
            evidence_url=filled.evidence,
            evidence_name=filled.evidence_name,
        )
        problems = [
            Diagnostic(
                "form-unreadable", why, Span(issue.name), "edit the issue, close it, and open it again."
            )
            for why in objections(intent, registry)
        ]
    if filled is None or problems:
        stop(problems, form)
    return filled


def _check_words(name: str, label: str, stem: str | None) -> None:
    from badge_passport.model.values import is_slug

    if not name.isprintable() or len(name) > 300:
        raise click.BadParameter("a name is one line of at most 300 characters", param_hint="--name")
    for value, option in ((label, "--label"), ((stem or "").removesuffix(".yml"), "--file")):
        if value and not is_slug(value):
            raise click.BadParameter(
                f"use small letters, digits and hyphens, not “{value}”", param_hint=option
            )


def _badge(registry: Registry, words: str) -> str:
    from badge_passport.desk.awarding.intents import badge_named

    try:
        return badge_named(registry, words)
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="--badge") from None


def _ask_badge(registry: Registry) -> str:
    from badge_passport.desk.awarding.intents import badge_named

    refs = sorted(ref for ref, badge in registry.badges.items() if badge.record.milestone is None)
    if not refs:
        raise click.UsageError("this site has no badge that can be given")
    for number, ref in enumerate(refs, 1):
        name = registry.text(registry.badges[ref].record.name, registry.default_language)
        click.echo(f"{number:>3}  {name} ({ref})")

    def meant(words: str) -> str:
        """Its number in this list, or any of its names."""
        if words.isdecimal() and 0 < int(words) <= len(refs):
            return refs[int(words) - 1]
        try:
            return badge_named(registry, words)
        except LookupError as error:
            raise click.UsageError(str(error.args[0])) from None

    chosen: str = click.prompt("Which badge", value_proc=meant)
    return chosen


def _ask_day() -> datetime.date:
    written: datetime.datetime = click.prompt(
        "Day", type=click.DateTime(["%Y-%m-%d"]), default=today().isoformat()
    )
    return written.date()


def _person(registry: Registry, words: str) -> tuple[tuple[str, ...], str]:
    """The addresses and the slug that somebody is named by."""
    from badge_passport.desk.people.roster import AddressError, address

    if "@" not in words:
        if words in registry.participants:
            return (), words
        near = did_you_mean(words, registry.participants)
        raise click.BadParameter(f"no participant called “{words}”. {near}".strip(), param_hint="--to")
    try:
        return (address(words),), ""
    except AddressError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None


def _refuse(intents: list[Intent], registry: Registry) -> None:
    from badge_passport.desk.awarding.intents import objections

    for objection in objections(intents[0], registry):
        raise click.UsageError(objection)


def _told(registry: Registry, outcome: Outcome, ref: str, when: datetime.date) -> list[str]:
    """What will be done, in words; people by their slugs, for addresses have no place in a log."""
    lines = [f"{registry.text(registry.badges[ref].record.name, registry.default_language)} ({ref}), {when}"]
    for _, slug, its_id in outcome.there:
        lines.append(f"  {slug}: has it already, {its_id}")
    for award in outcome.placed:
        new = ", a new person" if award.participant in outcome.new_people else ""
        lines.append(f"  {award.participant}{new}: award {award.id}")
    return lines


def _files(
    files: Mapping[str, bytes],
    outcome: Outcome,
    ref: str,
    when: datetime.date,
    stem: str | None,
    form: Format,
) -> dict[str, bytes | None]:
    from badge_passport.desk.awarding.awardfiles import InTheWay, folder, with_awards

    if not outcome.placed:
        return outcome.files
    issuer, _, badge = ref.partition("/")
    name = re.sub(r"\.yml$", "", stem) if stem else f"{badge}-{when}"
    path = f"{folder(issuer)}/{name}.yml"
    try:
        return outcome.files | {path: with_awards(files, path, outcome.placed, _FIX)}
    except InTheWay as found:
        show([found.problem], form)
        sys.exit(SITE_ERRORS)
