"""`passport init`: a new site."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from badge_passport.cli.shared import SITE_ERRORS, show


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--url", default=None, help="Where the site will live, for ever: https://…")
def init_command(folder: Path, url: str | None) -> None:
    """Start a new site in FOLDER: a complete example to change into your own."""
    from badge_passport.desk.init import init

    if url is not None and not url.startswith(("https://", "http://")):
        raise click.BadParameter("it must start with https://", param_hint="--url")
    problems = init(folder, url)
    if problems:
        show(problems, "pretty")
        sys.exit(SITE_ERRORS)
    which = "name and url (the url is part of every badge: choose it for good)" if url is None else "the name"
    click.echo(
        f"A site is in {folder.resolve()}. Next:\n"
        f"  1. in site.yml set {which};\n"
        "  2. passport serve      shows it and follows your changes;\n"
        "  3. passport build      writes public/, which any web host can serve."
    )
