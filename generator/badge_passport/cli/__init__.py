"""The `passport` command. Exit codes: 0 good, 1 the site has errors, 2 wrong usage, 3 a fault of ours."""

from __future__ import annotations

import datetime
import io
import os
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport import __version__
from badge_passport.cli.bounces import bounces_command
from badge_passport.cli.keys import keys_group
from badge_passport.cli.notify import notify_command
from badge_passport.cli.shared import (
    OUR_FAULT,
    SITE_ERRORS,
    format_option,
    keys_option,
    say,
    show,
    site_option,
    today,
)
from badge_passport.cli.verify import verify_command
from badge_passport.diagnostics import Diagnostic, Span, did_you_mean
from badge_passport.diagnostics.catalogue import CATALOGUE
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import Checked, build, check

if TYPE_CHECKING:
    from badge_passport.credentials.keys import IssuerKeys

PREVIEW = "Preview: nothing on these pages is published, signed or valid."


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
        cli(standalone_mode=True)
    except OSError as error:
        click.echo(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(SITE_ERRORS)
    except Exception as error:  # noqa: BLE001 (the one place that catches everything)
        click.echo(
            f"error: this is a fault of Badge Passport, not of your site: {type(error).__name__}: {error}\n"
            "Please report it with the command you ran. Set PASSPORT_TRACEBACK=1 to see where it happened.",
            err=True,
        )
        _traceback_if_wanted()
        sys.exit(OUR_FAULT)


def _traceback_if_wanted() -> None:
    import traceback

    if os.environ.get("PASSPORT_TRACEBACK"):
        traceback.print_exc()


@cli.command("check")
@site_option
@format_option
@click.option(
    "--built",
    "public",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="Verify every document of this built site as well, as a stranger would.",
)
def check_command(root: Path, form: Format, public: Path | None) -> None:
    """Check the site without building it."""
    checked = check(root, today())
    said = _summary(checked)
    if public is not None and checked.good and checked.registry is not None:
        problems, verified = _verify_built(public, checked.registry.site.url)
        checked = checked.with_problems(problems)
        said += f"; {verified} documents verified in {public}"
    show(checked.diagnostics, form, checked.line_of)
    if not checked.good:
        sys.exit(SITE_ERRORS)
    say(form, said)


def _verify_built(public: Path, url: str) -> tuple[list[Diagnostic], int]:
    """The problems of a built site, and how much was verified."""
    from badge_passport.credentials.verification.tree import verify_tree

    seen = verify_tree(public, url.rstrip("/") + "/", datetime.datetime.now(datetime.UTC))
    fix = "build again; if it stays, do not publish this, and report it."
    return [
        Diagnostic("built-invalid", f"{found.path}: {found.problem}", None, fix) for found in seen.findings
    ], seen.verified


@cli.command("build")
@site_option
@format_option
@click.option(
    "--output",
    "-o",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="public in the site's folder",
    help="The folder to write; an earlier build in it is replaced, anything else is left alone.",
)
@keys_option
@click.option("--preview", is_flag=True, help="Do without keys: nothing is signed, and every page says so.")
def build_command(root: Path, form: Format, output: Path | None, folder: Path | None, preview: bool) -> None:
    """Build the site, signed with the keys of its issuers."""
    if not _build(root, output or root / "public", form, folder, preview=preview):
        sys.exit(SITE_ERRORS)


def _build(
    root: Path, target: Path, form: Format, folder: Path | None = None, *, preview: bool | None = False
) -> bool:
    """Build, and say how it went; ``preview`` None does without keys only if one is not here."""
    from badge_passport.pages.hosts import HostError
    from badge_passport.publish.write import refuse

    refusal = refuse(target, root)
    if refusal is not None:
        show([refusal], form)
        return False
    started = time.perf_counter()
    checked, keys, preview = _with_keys(check(root, today()), root, folder, preview)
    told = form != "json" or not checked.good  # JSON is one document: it waits for the end
    if told:
        show(checked.diagnostics, form, checked.line_of)
    if not checked.good:
        return False
    live = sys.stderr.isatty() and form == "pretty"

    def report(files: int) -> None:
        if live:
            click.echo(f"\r{files} files", nl=False, err=True)

    try:
        built = build(checked, target, report, keys)
    except HostError as error:
        problem = Diagnostic(
            "host-failed",
            f"MkDocs refused the site's options: {error}",
            Span("site.yml"),
            "look at what stands under “mkdocs” in site.yml.",
        )
        show([problem] if told else [*checked.diagnostics, problem], form, checked.line_of)
        return False
    except OSError as error:
        problem = Diagnostic(
            "output-failed",
            f"the site could not be written ({error.strerror or error}); the previous one is untouched",
            None,
            "make room, or check the permissions, and build again.",
        )
        show([problem] if told else [*checked.diagnostics, problem], form)
        return False
    if not told:
        show(checked.diagnostics, form)
    if live:
        click.echo("\r", nl=False, err=True)
    seconds = time.perf_counter() - started
    say(
        form,
        f"{_summary(checked)}; {built.files} files, {built.size / 1e6:.1f} MB in {seconds:.1f} s: {target}",
    )
    say(form, _signed(checked, keys, preview=preview))
    return True


def _with_keys(
    checked: Checked, root: Path, folder: Path | None, preview: bool | None
) -> tuple[Checked, dict[str, IssuerKeys], bool]:
    """The check with what is wrong with the keys added, the keys, and whether it is a preview."""
    from badge_passport.desk.keys import load_keys

    if not checked.good or checked.registry is None:
        return checked, {}, False
    keys, problems = load_keys(checked.registry, folder or root / "private" / "keys", os.environ)
    if preview or (preview is None and problems):
        return checked.with_notice(PREVIEW), {}, True
    return checked.with_problems(problems), keys, False


def _signed(checked: Checked, keys: dict[str, IssuerKeys], *, preview: bool) -> str:
    """Who signs and who does not, in one line."""
    if preview:
        return "preview: nothing is signed, and every page says so"
    issuers = checked.registry.issuers if checked.registry else {}
    without = [slug for slug in issuers if slug not in keys]
    if not without:
        return "every issuer signs: Open Badges 2.0 and 3.0"
    return f"Open Badges 2.0 only, without a key (`passport keys new`): {', '.join(without)}"


cli.add_command(keys_group)
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

    with tempfile.TemporaryDirectory(prefix="passport-serve-") as folder:
        public = Path(folder) / "public"

        def rebuild() -> bool:
            try:
                return _build(root, public, "pretty", preview=None)
            except Exception as error:  # noqa: BLE001 (a fault must not end the server)
                click.echo(f"error: {type(error).__name__}: {error}", err=True)
                _traceback_if_wanted()
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


def _summary(checked: Checked) -> str:
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


if __name__ == "__main__":
    main()
