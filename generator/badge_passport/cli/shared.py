"""What the commands share: their options, and how problems and results are told."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import NoReturn

import click

from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.rendering import FORMATS, Format, LineOf, render

SITE_ERRORS, OUR_FAULT = 1, 3

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
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="pretty",
    show_default=True,
    help="How problems are written.",
)


def show(diagnostics: list[Diagnostic], form: Format, line_of: LineOf = lambda _: None) -> None:
    """Problems on standard output for machines, on standard error for people."""
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


def today() -> datetime.date:
    """The day where dates of badges are read: in UTC."""
    return now().date()
