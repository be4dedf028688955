"""`passport hook`: publish by pushing to a server of one's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from badge_passport.cli.building import build_site
from badge_passport.cli.shared import SITE_ERRORS, format_option, refused, say, show, today
from badge_passport.desk.publishing import hooks
from badge_passport.desk.publishing.review import ALLOWED, review
from badge_passport.desk.publishing.summary import lines
from badge_passport.diagnostics import has_errors
from badge_passport.diagnostics.rendering import Format
from badge_passport.source.commits import GitError

# Hooks run in the repository, and what they say goes to the terminal of the person who pushes.
_HERE = Path()


@click.group("hook")
def hook_group() -> None:
    """Check and publish what is pushed to a bare repository on a server of your own."""


@hook_group.command("install")
@click.argument("repository", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--live",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder that the web server serves; it is exchanged as a whole.",
)
@click.option("--branch", default="main", show_default=True, help="The branch that is published.")
@click.option("--site", "folder", default="", help="The site's folder in the repository, if not its root.")
@click.option(
    "--private",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="A folder on the server with keys/ and participants/, as private/ on your own machine.",
)
@format_option
def hook_install(
    repository: Path, live: Path, branch: str, folder: str, private: Path | None, form: Format
) -> None:
    """Put both hooks into the bare REPOSITORY."""
    problem = hooks.install(repository, hooks.Settings(live, branch, folder, private))
    if problem is not None:
        show([problem], form)
        sys.exit(SITE_ERRORS)
    say(form, f"A push to “{branch}” of {repository} is checked, built and published in {live}.")


@hook_group.command("pre-receive", hidden=True)
def hook_pre_receive() -> None:
    """Refuse a push that breaks the rules; run by git."""
    settings = hooks.read_settings(_HERE)
    allow = [name for name in hooks.allowed(os.environ) if name in ALLOWED]
    for update in hooks.updates(sys.stdin.read()):
        if update.reference != settings.reference:
            continue
        if update.deletes:
            click.echo(
                f"passport: “{settings.branch}” is the published site; it cannot be deleted.", err=True
            )
            sys.exit(SITE_ERRORS)
        old = None if update.first else update.old
        seen = review(_HERE, old, update.new, today(), allow, settings.prefix)
        show(seen.checked.diagnostics, "pretty", seen.checked.line_of)
        if has_errors(seen.checked.diagnostics) or seen.checked.registry is None:
            click.echo(
                "passport: nothing was taken and nothing is published; mend this and push again.", err=True
            )
            sys.exit(SITE_ERRORS)
        for line in lines(seen.changes, seen.checked.registry):
            click.echo(f"passport: {line}", err=True)


@hook_group.command("post-receive", hidden=True)
def hook_post_receive() -> None:
    """Build and publish what was pushed; run by git."""
    settings = hooks.read_settings(_HERE)
    if all(u.reference != settings.reference for u in hooks.updates(sys.stdin.read())):
        return
    _publish(_HERE, settings)


@hook_group.command("publish")
@click.argument("repository", type=click.Path(path_type=Path, file_okay=False, exists=True))
def hook_publish(repository: Path) -> None:
    """Build and publish REPOSITORY again: after a full disk, with another key, with a newer version."""
    try:
        settings = hooks.read_settings(repository)
    except GitError as error:
        raise click.UsageError(str(error)) from None
    if not _publish(repository, settings, again=True):
        sys.exit(SITE_ERRORS)


def _publish(repository: Path, settings: hooks.Settings, *, again: bool = False) -> bool:
    """Publish the tip of the branch, unless somebody who pushed a moment ago did."""
    with hooks.alone(repository), hooks.checkout(repository, settings) as (site, name):
        if hooks.published(settings) == name and not again:
            click.echo("passport: already published with the push before.", err=True)
            return True
        keys = settings.private / "keys" if settings.private else None
        try:
            built = build_site(site, settings.live, "pretty", keys)
        except OSError as error:
            click.echo("error: {}\n  help: {}".format(*refused(error)), err=True)
            built = False
        if not built:
            click.echo(
                "passport: NOT PUBLISHED. What you pushed is kept; the site shows what it showed before. "
                "`passport hook publish` on the server tries again.",
                err=True,
            )
            return False
        hooks.record(settings, name)
    click.echo(f"passport: published as {name[:10]}.", err=True)
    return True
