"""`passport people`: what is known of a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from badge_passport.cli.shared import (
    SITE_ERRORS,
    carry_out,
    format_option,
    participant_of,
    say,
    show,
    site_and_roster,
    site_option,
    stop_at,
    write_checked,
)
from badge_passport.diagnostics.rendering import Format

_dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
_yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.group("people")
def people_group() -> None:
    """The people who have badges."""


@people_group.command("add-address")
@site_option
@format_option
@click.option("--label", default="", help="What the address is called in the person's file: home, school.")
@click.argument("participant")
@click.argument("address")
def people_add_address(root: Path, form: Format, label: str, participant: str, address: str) -> None:
    """Give PARTICIPANT another ADDRESS: its hash into their file, the address into the roster."""
    from badge_passport.desk.people.addresses import add_address
    from badge_passport.desk.people.roster import AddressError
    from badge_passport.desk.people.roster import address as normal
    from badge_passport.model.values import is_slug

    if label and not is_slug(label):
        raise click.BadParameter("use small letters, digits and hyphens: school", param_hint="--label")
    try:
        address = normal(address)
    except AddressError as error:
        raise click.BadParameter(str(error), param_hint="ADDRESS") from None
    checked, registry, roster = site_and_roster(root, form)
    participant_of(registry, participant)
    files, problem = add_address(checked, roster, participant, address, label)
    if problem:
        show([problem], form)
        sys.exit(SITE_ERRORS)
    if not files:
        say(form, f"“{participant}” has this address already; nothing to do.")
        return
    write_checked(root, files, form)
    say(form, f"“{participant}” has another address now.")


@people_group.command("merge")
@site_option
@format_option
@_dry_run_option
@_yes_option
@click.argument("participant")
@click.argument("other")
def people_merge(root: Path, form: Format, dry_run: bool, yes: bool, participant: str, other: str) -> None:
    """Make OTHER part of PARTICIPANT: two files turned out to be one person."""
    from badge_passport.desk.people.merging import merge

    checked, registry, roster = site_and_roster(root, form)
    if participant == other:
        raise click.UsageError("name two participants")
    keep, gone = participant_of(registry, participant), participant_of(registry, other)
    files, problems = merge(checked.tree, registry, keep, gone, roster)
    if problems:
        stop_at(checked, problems, form)
    say(form, f"“{other}” becomes part of “{participant}”; its awards and addresses stay as they are.")
    if carry_out(root, form, files, yes=yes, dry_run=dry_run):
        say(form, "merged. It is published with the next `git push`.")


@people_group.command("rename")
@site_option
@format_option
@_dry_run_option
@_yes_option
@click.argument("participant")
@click.argument("name")
def people_rename(root: Path, form: Format, dry_run: bool, yes: bool, participant: str, name: str) -> None:
    """Give the passport of PARTICIPANT another address, NAME; the old one leads there."""
    from badge_passport.desk.people.merging import rename
    from badge_passport.model.values import is_slug

    if not is_slug(name):
        raise click.BadParameter("use small letters, digits and hyphens: amira-k", param_hint="NAME")
    checked, registry, roster = site_and_roster(root, form)
    files, problems = rename(checked.tree, registry, participant_of(registry, participant), name, roster)
    if problems:
        stop_at(checked, problems, form)
    say(form, f"the passport “{participant}” moves to “{name}”, and the old address leads there.")
    if carry_out(root, form, files, yes=yes, dry_run=dry_run):
        say(form, "renamed. It is published with the next `git push`.")
