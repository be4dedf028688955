"""`passport people`: what is known of a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from badge_passport.cli.shared import (
    PUBLISHING,
    SITE_ERRORS,
    carry_out,
    format_option,
    good,
    participant_of,
    say,
    show,
    site_and_roster,
    site_option,
    stop,
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


@people_group.command("link")
@site_option
@format_option
@click.argument("participant")
def people_link(root: Path, form: Format, participant: str) -> None:
    """Say where the passport of PARTICIPANT is, in each language; that of a private one with its key.

    The first time, the secret that the keys are made of is made, too.
    """
    import secrets

    from badge_passport.credentials.sealing import Seals
    from badge_passport.desk.files.changes import apply, with_private_ignored
    from badge_passport.desk.people.links import PASSPORTS_KEY, VARIABLE, find_seals, passport_url
    from badge_passport.registry.privacy import is_sealed
    from badge_passport.urls import Urls

    _, registry = good(root, form)
    person = participant_of(registry, participant)
    seals, problem = find_seals([root / "private"])
    if problem:
        stop([problem], form)
    if seals is None and is_sealed(person):
        secret = secrets.token_hex(32)
        apply(root, with_private_ignored(root, {PASSPORTS_KEY: f"{secret}\n".encode("ascii")}))
        seals = Seals(bytes.fromhex(secret))
        note = f"made {PASSPORTS_KEY}: keep a copy, and give it to every build (or to {VARIABLE})."
        click.echo(note, err=True)
    urls = Urls.of(registry.site.url, registry.default_language)
    for tag in registry.site.languages:
        say(form, f"{tag}  {passport_url(urls, person, tag, seals)}")
    if is_sealed(person):
        click.echo("Whoever has such a link can read the passport: give it to the person alone.", err=True)


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
        say(form, f"merged. {PUBLISHING}")


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
        say(form, f"renamed. {PUBLISHING}")
