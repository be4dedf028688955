"""The `passport` command. Exit codes: 0 good, 1 the site has errors, 2 wrong usage, 3 a fault of ours."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from badge_passport import __version__
from badge_passport.cli.shared import OUR_FAULT, SITE_ERRORS, refused, traceback_if_wanted

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accept": "accept:accept_command",
        "award": "award:award_command",
        "bounces": "bounces:bounces_command",
        "build": "building:build_command",
        "check": "check:check_command",
        "codeowners": "codeowners:codeowners_command",
        "doctor": "doctor:doctor_command",
        "erase": "erase:erase_command",
        "explain": "explain:explain_command",
        "hook": "hook:hook_group",
        "import": "importing:import_command",
        "init": "init:init_command",
        "keys": "keys:keys_group",
        "notify": "notify:notify_command",
        "people": "people:people_group",
        "preview": "preview:preview_command",
        "publish": "publish:publish_command",
        "reinstate": "revoke:reinstate_command",
        "report": "report:report_command",
        "revoke": "revoke:revoke_command",
        "serve": "serve:serve_command",
        "verify": "verify:verify_command",
    }
)
"""Where each command is: a module of this package, and its name there."""


class _Commands(click.Group):
    """Imports a command when it is used: one does not wait for all others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's own)
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's)
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="passport")
def cli() -> None:
    """Turn a folder of YAML into a website of verifiable Open Badges."""


def main() -> None:
    """Run the command; a fault of ours is one sentence and exit code 3, never a traceback."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (open until the process ends)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no “ or é must not be a fault
            stream.reconfigure(errors="backslashreplace")
    try:
        _quickly(cli)
    except OSError as error:
        click.echo("error: {}\n  help: {}".format(*refused(error)), err=True)
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


if __name__ == "__main__":
    main()
