"""`passport people`: what is known of a person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import SITE_ERRORS, format_option, say, show, site_option, today
from badge_passport.diagnostics import did_you_mean
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import Checked, check

if TYPE_CHECKING:
    from badge_passport.desk.changes import Files
    from badge_passport.desk.roster import Roster


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
    from badge_passport.desk.addresses import add_address
    from badge_passport.desk.roster import AddressError
    from badge_passport.desk.roster import address as normal
    from badge_passport.model.values import is_slug

    if label and not is_slug(label):
        raise click.BadParameter("use small letters, digits and hyphens: school", param_hint="--label")
    try:
        address = normal(address)
    except AddressError as error:
        raise click.BadParameter(str(error), param_hint="ADDRESS") from None
    checked, roster = site_and_roster(root, form)
    people = checked.registry.participants if checked.registry else {}
    if participant not in people:
        near = did_you_mean(participant, people)
        raise click.UsageError(f"no participant called “{participant}”. {near}".strip())
    files, problem = add_address(checked, roster, participant, address, label)
    if problem:
        show([problem], form)
        sys.exit(SITE_ERRORS)
    if not files:
        say(form, f"“{participant}” has this address already; nothing to do.")
        return
    write_checked(root, files, form)
    say(form, f"“{participant}” has another address now.")


def site_and_roster(root: Path, form: Format) -> tuple[Checked, Roster]:
    """A site without errors and its roster; else the problems are shown and the command ends."""
    from badge_passport.desk.roster import read_roster

    checked = check(root, today())
    roster, problems = read_roster(root)
    if not checked.good or problems:
        show([*checked.diagnostics, *problems], form, checked.line_of)
        sys.exit(SITE_ERRORS)
    return checked, roster


def write_checked(root: Path, files: Files, form: Format) -> None:
    """Make a change, if the site is good with it; else the problems are shown and the command ends."""
    from badge_passport.desk.changes import apply, with_private_ignored

    after = check(root, today(), files)
    if not after.good:
        show(after.diagnostics, form, after.line_of)
        sys.exit(SITE_ERRORS)
    apply(root, with_private_ignored(root, files))
