"""The `passport` command. Exit codes: 0 good, 1 the site has errors, 2 wrong usage, 3 a fault of ours."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import textwrap
from pathlib import Path

import click

from badge_passport import __version__
from badge_passport.cli.accept import accept_command
from badge_passport.cli.award import award_command
from badge_passport.cli.bounces import bounces_command
from badge_passport.cli.building import build_command, build_site
from badge_passport.cli.check import check_command
from badge_passport.cli.codeowners import codeowners_command
from badge_passport.cli.doctor import doctor_command
from badge_passport.cli.erase import erase_command
from badge_passport.cli.hook import hook_group
from badge_passport.cli.importing import import_command
from badge_passport.cli.keys import keys_group
from badge_passport.cli.notify import notify_command
from badge_passport.cli.people import people_group
from badge_passport.cli.preview import preview_command
from badge_passport.cli.publish import publish_command
from badge_passport.cli.remembered import Remembered
from badge_passport.cli.report import report_command
from badge_passport.cli.revoke import reinstate_command, revoke_command
from badge_passport.cli.shared import OUR_FAULT, SITE_ERRORS, show, site_option, traceback_if_wanted
from badge_passport.cli.verify import verify_command
from badge_passport.diagnostics import did_you_mean
from badge_passport.diagnostics.catalogue import CATALOGUE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="passport")
def cli() -> None:
    """Turn a folder of YAML into a website of verifiable Open Badges."""


def main() -> None:
    """Run the command; a fault of ours is one sentence and exit code 3, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no “ or é must not be a fault
            stream.reconfigure(errors="backslashreplace")
    try:
        _quickly(cli)
    except OSError as error:
        click.echo(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(SITE_ERRORS)
    except Exception as error:  # noqa: BLE001 (the one place that catches everything)
        click.echo(
            f"error: this is a fault of Badge Passport, not of your site: {type(error).__name__}: {error}\n"
            "Please report it with the command you ran. Set PASSPORT_TRACEBACK=1 to see where it happened.",
            err=True,
        )
        traceback_if_wanted()
        sys.exit(OUR_FAULT)


def _quickly(command: click.Command) -> None:
    """Run a command, and end this process without taking its memory apart.

    Freeing a hundred thousand records one by one takes as long as reading them. Nothing is left to be done:
    what commands hold on to (files, processes, folders) they let go themselves, also on the way out.

    Raises:
        Exception: whatever went wrong; then all is as usual.
    """
    try:
        command(standalone_mode=True)
    except SystemExit as ending:
        if "coverage" in sys.modules or isinstance(ending.code, str):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ending.code or 0)


cli.add_command(accept_command)
cli.add_command(award_command)
cli.add_command(build_command)
cli.add_command(check_command)
cli.add_command(codeowners_command)
cli.add_command(doctor_command)
cli.add_command(erase_command)
cli.add_command(hook_group)
cli.add_command(import_command)
cli.add_command(keys_group)
cli.add_command(people_group)
cli.add_command(preview_command)
cli.add_command(publish_command)
cli.add_command(report_command)
cli.add_command(revoke_command)
cli.add_command(reinstate_command)
cli.add_command(verify_command)
cli.add_command(notify_command)
cli.add_command(bounces_command)


@cli.command("serve")
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes a free one.")
def serve_command(root: Path, host: str, port: int) -> None:
    """Serve the site on this machine; rebuild and reload when a file changes."""
    from badge_passport.desk.serve import serve
    from badge_passport.registry.known import Known

    with tempfile.TemporaryDirectory(prefix="passport-serve-") as folder:
        public = Path(folder) / "public"

        known = Known()

        def rebuild() -> bool:
            try:
                memory = Remembered(root, Path(folder) / "cache", public, None, preview=None, known=known)
                return build_site(root, public, "pretty", preview=None, memory=memory)
            except Exception as error:  # noqa: BLE001 (a fault must not end the server)
                click.echo(f"error: {type(error).__name__}: {error}", err=True)
                traceback_if_wanted()
                return False

        if not rebuild():
            public.mkdir(exist_ok=True)
        try:
            server = serve(root, public, host, port, rebuild)
        except OSError as error:
            click.echo(f"error: cannot listen on {host}:{port} ({error.strerror}); try --port 0", err=True)
            sys.exit(2)
        click.echo(f"serving on http://{host}:{server.server_port}/ (Ctrl+C ends it)")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.shutdown()


@cli.command("init")
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
    click.echo(
        f"A site is in {folder}. Next:\n"
        "  1. in site.yml set name and url (the url is part of every badge: choose it for good);\n"
        "  2. passport serve      shows it and follows your changes;\n"
        "  3. passport build      writes public/, which any web host can serve."
    )


@cli.command("explain")
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


if __name__ == "__main__":
    main()
