"""`passport doctor`: is the set-up right, and does the host serve what was built?"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from badge_passport.cli.shared import SITE_ERRORS, format_option, say, show, site_option, today
from badge_passport.diagnostics import Diagnostic, has_errors
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import check


@click.command("doctor")
@site_option
@format_option
@click.option("--live", metavar="URL", default=None, help="Ask the host at this address for the built site.")
@click.option(
    "--output",
    "public",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="public in the site's folder",
    help="With --live: the build to compare with.",
)
@click.option("--all", "everything", is_flag=True, help="With --live: ask for every file, not for some.")
@click.option(
    "--history", is_flag=True, help="Look for addresses of the roster in every commit, in any encoding."
)
def doctor_command(
    root: Path, form: Format, live: str | None, public: Path | None, everything: bool, history: bool
) -> None:
    """Examine the set-up of the site, or with --live its host."""
    if live is not None:
        if not live.startswith(("https://", "http://")):
            raise click.BadParameter("it must start with https://", param_hint="--live")
        _examine_host(live, public or root / "public", form, everything=everything)
        return
    from badge_passport.desk.publishing.doctor import HISTORY, MATTERS, Patient

    checked = check(root, today())
    if checked.registry is None:
        show(checked.diagnostics, form, checked.line_of)
        sys.exit(SITE_ERRORS)
    patient = Patient(root, checked.registry, os.environ)
    errors = sum(d.severity == "error" for d in checked.diagnostics)
    say(form, f"{'✗' if errors else '✓'} passport check: {f'{errors} errors' if errors else 'no errors'}")
    found: list[Diagnostic] = []
    for title, matter in (*MATTERS, HISTORY) if history else MATTERS:
        problems = list(matter(patient))
        found += problems
        say(form, f"{'✗' if has_errors(problems) else '–' if problems else '✓'} {title}")
    located = checked.with_problems(found).diagnostics
    show(located, form, checked.line_of)
    if has_errors(located):
        sys.exit(SITE_ERRORS)


def _examine_host(live: str, public: Path, form: Format, *, everything: bool) -> None:
    from badge_passport.desk.publishing.live import examine

    if not (public / "register.json").is_file():
        problem = Diagnostic(
            "setup-wrong",
            "there is no build to compare the host with",
            None,
            "run `passport build` first, from the commit that is published.",
        )
        show([problem], form)
        sys.exit(SITE_ERRORS)
    seen = examine(live, public, everything=everything)
    show(seen.problems, form)
    if seen.problems:
        sys.exit(SITE_ERRORS)
    say(form, f"{seen.asked} of {seen.files} files asked for at {live}: all as they were built")
