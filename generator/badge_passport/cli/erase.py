"""`passport erase`: a person who asks for it is forgotten, and verifiers still get an answer."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import click

from badge_passport.cli.remembered import cache_folder
from badge_passport.cli.shared import (
    PUBLISHING,
    carry_out,
    day_option,
    format_option,
    participant_of,
    say,
    site_and_roster,
    site_option,
    stop_at,
    today,
)
from badge_passport.desk.people.erased import ERASED
from badge_passport.desk.people.erasing import Erasing, erase
from badge_passport.desk.publishing.traces import Traces, on_this_machine
from badge_passport.diagnostics.rendering import Format
from badge_passport.source.commits import GitError, git


@click.command("erase")
@site_option
@format_option
@day_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.argument("participant")
def erase_command(
    root: Path, form: Format, day: datetime.datetime | None, dry_run: bool, yes: bool, participant: str
) -> None:
    """Erase PARTICIPANT: everything about the person goes, and each award leaves a tombstone without them."""
    checked, registry, roster = site_and_roster(root, form)
    person = participant_of(registry, participant)
    erasing, problems = erase(checked.tree, registry, person, roster, day.date() if day else today())
    if problems:
        stop_at(checked, problems, form)
    for name, data in sorted(erasing.files.items()):
        say(form, f"{'remove' if data is None else 'change'} {name}")
    say(form, f"{len(erasing.awards)} awards become “withdrawn at the holder's request”")
    if carry_out(root, form, erasing.files, yes=yes, dry_run=dry_run):
        forget(root)
        say(form, f"erased. {PUBLISHING}")
        for line in remains(root, erasing):
            say(form, line)


def forget(root: Path) -> None:
    """Delete what is remembered of the site: it has what people say of themselves, and is made again."""
    shutil.rmtree(cache_folder(root, None), ignore_errors=True)


def remains(root: Path, erasing: Erasing) -> list[str]:
    """What an erasure cannot reach by itself, and what to do about each."""
    lines = ["", "What is left, and what you can do about it:"]
    removed = sorted(name for name in erasing.files if not name.startswith("private/"))
    try:
        listed = git(root, "log", "--all", "--format=%h", "--", *removed).decode("ascii").split()
    except GitError:
        listed = []
    if listed:
        lines += [
            f"* The history: {len(listed)} commits name these files ({', '.join(listed[:3])}…).",
            "  If the repository is public, so is that.",
            "  To rewrite it, with everybody's agreement: make a copy, then in a fresh clone",
            "    git filter-repo --invert-paths "
            + " ".join(f"--path {name}" for name in removed if erasing.files[name] is None),
            "  and push with --force. For files that were changed see docs/privacy.md.",
        ]
    here = list(on_this_machine(Traces(erasing.addresses), root)) if erasing.addresses else []
    if here:
        named = ", ".join(here[:10]) + ("…" if here[10:] else "")
        lines += [
            f"* Files here that still hold an address of theirs: {named}.",
            "  No build publishes them. Take the rows out, or delete what you need no more.",
        ]
    lines += [
        "* The site: publish it again. Caches keep old pages for minutes, search engines for days.",
        f"* {ERASED}: hashes of their addresses, so that an old table does not bring them back unnoticed.",
        "* private/sent.jsonl and private/requests.jsonl: they hold the name of the file, and no address.",
        "* Copies: clones of others, web archives, and whoever downloaded a badge. Tell the person so.",
    ]
    return lines
