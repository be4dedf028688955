"""`passport explain`: what a problem means, and how it is mended."""

from __future__ import annotations

import textwrap

import click

from badge_passport.diagnostics import did_you_mean
from badge_passport.diagnostics.catalogue import CATALOGUE


@click.command("explain")
@click.argument("code", required=False)
def explain_command(code: str | None) -> None:
    """Explain a problem by its name, or list all names."""
    if code is None:
        width = max(map(len, CATALOGUE))
        for name in sorted(CATALOGUE):
            click.echo(f"{name:<{width}}  {CATALOGUE[name].meaning}")
        return
    found = CATALOGUE.get(code)
    if found is None:
        raise click.BadParameter(
            f"there is no problem called “{code}”. {did_you_mean(code, CATALOGUE)}".strip(), param_hint="CODE"
        )
    for title, text in (("", found.meaning), ("Why: ", found.why), ("Fix: ", found.fix)):
        click.echo(textwrap.fill(title + text, 88))
