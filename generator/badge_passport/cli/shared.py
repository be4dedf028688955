"""What the commands share: their options, and how problems and results are told."""

from __future__ import annotations

import datetime
import errno
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from badge_passport.diagnostics import Diagnostic, did_you_mean
from badge_passport.diagnostics.rendering import FORMATS, Format, LineOf, render

if TYPE_CHECKING:
    from badge_passport.credentials.fetching import Fetch
    from badge_passport.desk.files.changes import Files
    from badge_passport.desk.people.roster import Roster
    from badge_passport.pipeline import Checked
    from badge_passport.registry import Registry
    from badge_passport.registry.entities import Participant

SITE_ERRORS, OUR_FAULT = 1, 3
PUBLISHING = "The next `git push` publishes it, or `passport build` and then `passport publish`."

site_option = click.option(
    "--site",
    "root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    show_default="this folder",
    help="The folder that holds site.yml.",
)
keys_option = click.option(
    "--keys",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="private/keys in the site's folder",
    help="The folder with the private keys, <issuer>.pem.",
)
day_option = click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    show_default="today",
    help="The day that is recorded.",
)
MAY_NOT = (errno.EACCES, errno.EPERM, errno.EROFS)
"""What is refused to this person, or to everybody: not because of what is there."""
_PUBLIC = ("badges", "content", "themes", "public")
_FOUND = f"{__name__}.found"
_OWN = f"{__name__}.own"


def _one_document(context: click.Context, _parameter: click.Parameter, form: Format) -> Format:
    """With ``json``, all that a command finds is one list, written when it ends; it may be empty."""

    def write() -> None:
        found: list[Diagnostic] = context.meta.get(_FOUND, [])
        error = sys.exception()
        if isinstance(error, OSError) and error.filename:  # `main` says it to people
            said, fix = refused(error)
            found = [*found, Diagnostic("output-failed", said, None, fix)]
        ended = isinstance(error, SystemExit | click.exceptions.Exit | None)
        if found or (ended and _OWN not in context.meta):
            click.echo(render(found, form, lambda _: None))

    if form == "json":
        context.call_on_close(write)
    return form


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="pretty",
    show_default=True,
    help="How problems are written.",
    callback=_one_document,
)


def refused(error: OSError) -> tuple[str, str]:
    """What the machine refuses, with the file of which it does, and what to do."""
    from badge_passport.desk.files.changes import WAITING

    name = str(error.filename or "")
    if name.endswith(WAITING):  # the file that it would have become
        waiting = Path(name.removesuffix(WAITING))
        name = str(waiting.with_name(waiting.name.removeprefix(".")))
    said = f"{error.strerror or error}: {name}".rstrip(": ")
    if error.errno in MAY_NOT:
        return said, (
            "run this as somebody who may read and write it, or change who may; "
            "`ls -ld` shows that, of the file and of the folder it is in."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return said, "make room on the disk, and run this again."
    return said, "look at the permissions and the disk."


def own_document() -> None:
    """Say that this command writes a JSON document of its own, in place of the list of problems."""
    click.get_current_context().meta[_OWN] = True


def show(diagnostics: list[Diagnostic], form: Format, line_of: LineOf = lambda _: None) -> None:
    """Problems on standard output for machines, on standard error for people."""
    context = click.get_current_context(silent=True)
    if form == "json" and context is not None:
        context.meta.setdefault(_FOUND, []).extend(diagnostics)
        return
    text = render(diagnostics, form, line_of)
    if text:
        click.echo(text, err=form in ("pretty", "concise"))
    if form == "pretty" and diagnostics:
        errors = sum(d.severity == "error" for d in diagnostics)
        warnings = len(diagnostics) - errors
        click.echo(
            f"\n{errors} error(s), {warnings} warning(s). `passport explain <name>` says more.", err=True
        )


def say(form: Format, text: str) -> None:
    if form in ("pretty", "concise"):
        click.echo(text)


def stop(problems: list[Diagnostic], form: Format, line_of: LineOf = lambda _: None) -> NoReturn:
    """Show what is wrong and end with exit code 1."""
    show(problems, form, line_of)
    sys.exit(SITE_ERRORS)


def messages(number: int) -> str:
    """``1 message``, ``2 messages``."""
    return f"{number} message{'' if number == 1 else 's'}"


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def fetching(folder: Path | None, base: str | None, *, allow_private: bool) -> Fetch:
    """What reads documents, as --offline, --base and --allow-private say."""
    from badge_passport.credentials.fetching import from_folder, from_network

    if (folder is None) != (base is None):
        raise click.UsageError("--offline and --base go together")
    if folder is not None and allow_private:
        raise click.UsageError("--allow-private is about the network, which --offline does without")
    return from_network(allow_private) if folder is None or base is None else from_folder(base, folder)


def source_bytes(source: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; no more than a verifier looks at."""
    from badge_passport.credentials.verification.reading import MAX_BYTES

    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.BadParameter(f"{source}: {error.strerror}", param_hint="SOURCE") from None


def confirmed(form: Format, *, yes: bool, dry_run: bool) -> bool:
    """Whether to go on after what would be done was said: asks, if there is somebody to ask."""
    if yes and not dry_run:
        return True
    if dry_run or form not in ("pretty", "concise") or not sys.stdin.isatty():
        say(form, "nothing was changed" + ("." if dry_run else "; add --yes to do it."))
        return False
    return click.confirm("Do it?")


def refuse_public(root: Path, place: Path, form: Format, private: str) -> None:
    """What is ``private`` (“a report is”) is never written to where a build or a push would publish it."""
    here, there = place.resolve(), root.resolve()
    if any(here.is_relative_to(there / folder) for folder in _PUBLIC):
        problem = Diagnostic(
            "output-inside-source",
            f"{place.name} would be published there, and {private} private",
            None,
            "write it into private/, or into a folder outside of the site.",
        )
        stop([problem], form)


def good(root: Path, form: Format) -> tuple[Checked, Registry]:
    """A site without errors; with some, they are shown and the command ends."""
    from badge_passport.pipeline import check

    checked = check(root, today())
    if not checked.good or checked.registry is None:
        stop(checked.diagnostics, form, checked.line_of)
    return checked, checked.registry


def stop_at(checked: Checked, problems: list[Diagnostic], form: Format) -> NoReturn:
    """Show what keeps a command from being carried out, at its place, and end with exit code 1."""
    located = checked.with_problems(problems).diagnostics if problems else checked.diagnostics
    stop(located, form, checked.line_of)


def site_and_roster(root: Path, form: Format) -> tuple[Checked, Registry, Roster]:
    """A site without errors and its roster; else the problems are shown and the command ends."""
    from badge_passport.desk.people.roster import read_roster

    checked, registry = good(root, form)
    roster, problems = read_roster(root)
    if problems:
        stop_at(checked, problems, form)
    return checked, registry, roster


def participant_of(registry: Registry, name: str) -> Participant:
    """The participant of this name; another name is wrong usage."""
    if name not in registry.participants:
        near = did_you_mean(name, registry.participants)
        raise click.UsageError(f"no participant called “{name}”. {near}".strip())
    return registry.participants[name]


def write_checked(root: Path, files: Files, form: Format, before: Registry | None = None) -> None:
    """Make a change, if the site is good with it; else the problems are shown and the command ends.

    With the site ``before``, awards that are entered late get places of their own.
    """
    carry_out(root, form, files, before, yes=True, dry_run=False)


def show_days(after: Checked, files: Collection[str], form: Format) -> None:
    """Say now, not when it is published, that a day in one of the changed files is still to come."""
    found = [p for p in after.diagnostics if p.code == "future-date" and p.span and p.span.file in files]
    if found:
        show(found, form, after.line_of)


def carry_out(
    root: Path, form: Format, files: Files, before: Registry | None = None, *, yes: bool, dry_run: bool
) -> bool:
    """Check the site as it would be, ask, and write; whether it was done."""
    from badge_passport.desk.awarding.latecomers import placed
    from badge_passport.desk.files.changes import apply, with_private_ignored
    from badge_passport.pipeline import check

    after = check(root, today(), files)
    if not after.good:
        stop_at(after, [], form)
    show_days(after, files, form)
    if not confirmed(form, yes=yes, dry_run=dry_run):
        return False
    if before is not None:
        files = placed(before, after, files)
    apply(root, with_private_ignored(root, files))
    return True


def today() -> datetime.date:
    """The day where dates of badges are read: in UTC."""
    return now().date()


def summary(checked: Checked) -> str:
    """How much a site holds, in one line."""
    registry = checked.registry
    if registry is None:
        return "nothing"
    counted = [
        (len(registry.badges), "badge"),
        (len(registry.issuers), "issuer"),
        (len(registry.awards), "award"),
        (len(registry.participants), "participant"),
    ]
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counted)


def traceback_if_wanted() -> None:
    """Where it happened, for whoever asked by PASSPORT_TRACEBACK."""
    import traceback

    if os.environ.get("PASSPORT_TRACEBACK"):
        traceback.print_exc()
