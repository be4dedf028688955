"""`passport revoke` and `passport reinstate`: whether awards hold."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import click

from badge_passport.cli.shared import (
    PUBLISHING,
    carry_out,
    day_option,
    format_option,
    good,
    say,
    site_option,
    stop_at,
    today,
)
from badge_passport.desk.awarding.revoking import Revoking, reinstate, revoke
from badge_passport.desk.awarding.selecting import Wanted, select
from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import Checked
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award


def _selection(command: Callable[..., None]) -> Callable[..., None]:
    """The options by which awards are meant."""
    for option in (
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
        click.option(
            "--from",
            "listed",
            type=click.File("rb"),
            default=None,
            help="A file with a number or address of an award in each line (- is standard input).",
        ),
        click.option(
            "--issued-on",
            type=click.DateTime(["%Y-%m-%d"]),
            default=None,
            help="All awards of that day (with --badge or --participant: of those).",
        ),
        click.option("--participant", default=None, help="All awards of this person."),
        click.option("--badge", default=None, help="All awards of this badge, ISSUER/BADGE."),
        click.argument("awards", nargs=-1, metavar="[AWARDS]..."),
    ):
        command = option(command)
    return command


@click.command("revoke")
@_selection
@click.option("--reason", default=None, help="Why; it is public. Asked for if left out.")
@click.option(
    "--reason-in",
    "translations",
    type=(str, str),
    multiple=True,
    metavar="LANGUAGE TEXT",
    help="The reason in another language; once for each.",
)
@day_option
@site_option
@format_option
def revoke_command(
    root: Path,
    form: Format,
    reason: str | None,
    translations: tuple[tuple[str, str], ...],
    day: datetime.datetime | None,
    **selection: Any,
) -> None:
    """Say that awards no longer hold; AWARDS are their numbers, or addresses of their pages."""
    if reason is None and not translations:
        if not sys.stdin.isatty():
            raise click.UsageError("--reason is needed: why the award no longer holds")
        reason = click.prompt("Why (everybody can read it)")
    site = checked, registry = good(root, form)
    texts = dict(translations)
    if reason is not None:
        texts = {registry.default_language: reason, **texts} if texts else {"": reason}
    _carry_out(
        root,
        form,
        site,
        selection,
        lambda awards: revoke(checked.tree, awards, texts, day.date() if day else today()),
        ("revoke", "revoked"),
    )


@click.command("reinstate")
@_selection
@click.option("--reason", default=None, help="Why; it is public. May be left out.")
@day_option
@site_option
@format_option
def reinstate_command(
    root: Path, form: Format, reason: str | None, day: datetime.datetime | None, **selection: Any
) -> None:
    """Say that revoked awards hold again; AWARDS are as for `revoke`."""
    site = good(root, form)
    _carry_out(
        root,
        form,
        site,
        selection,
        lambda awards: reinstate(site[0].tree, awards, day.date() if day else today(), reason),
        ("reinstate", "reinstated"),
    )


def _listed(file: BinaryIO | None) -> list[str]:
    """The lines of a list, in whatever encoding a spreadsheet or an editor saved it."""
    from badge_passport.desk.importing.reading import MAX_FILE, Unreadable, decode

    try:
        text = decode(file.read(MAX_FILE)) if file else ""
    except Unreadable:
        raise click.BadParameter("this is not a text", param_hint="--from") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _carry_out(
    root: Path,
    form: Format,
    site: tuple[Checked, Registry],
    selection: dict[str, Any],
    do: Callable[[list[Award]], tuple[Revoking, list[Diagnostic]]],
    words: tuple[str, str],
) -> None:
    """Select, say what would be done, ask, check what comes of it, and write it."""
    checked, registry = site
    named = [*selection["awards"], *_listed(selection["listed"])]
    issued = selection["issued_on"]
    wanted = Wanted(selection["badge"], selection["participant"], issued.date() if issued else None)
    if not named and not wanted:
        raise click.UsageError(
            "say which awards: by number, address, --badge, --participant, --issued-on or --from"
        )
    awards, problems = select(registry, named, wanted)
    if problems:
        stop_at(checked, problems, form)
    doing, problems = do(awards)
    if problems:
        stop_at(checked, problems, form)
    verb, done = words
    for award in doing.awards:
        say(form, f"{verb} {award.id}: {award.badge.ref}, {award.record.participant}, {award.issued_on}")
    for award in doing.already:
        say(form, f"{award.id} is {'not revoked' if verb == 'reinstate' else 'revoked already'}")
    if not doing.awards:
        say(form, "nothing to do")
    elif carry_out(root, form, doing.files, yes=selection["yes"], dry_run=selection["dry_run"]):
        say(form, f"{done}: {len(doing.awards)}. {PUBLISHING}")
