"""`passport codeowners`: whoever is responsible for an issuer is asked about its changes."""

from __future__ import annotations

from pathlib import Path

import click

from badge_passport.cli.shared import format_option, good, say, site_option, stop
from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.rendering import Format


@click.command("codeowners")
@site_option
@format_option
@click.option(
    "--output",
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    show_default=".github/CODEOWNERS in the repository",
    help="The file to write.",
)
@click.option(
    "--check", "only_check", is_flag=True, help="Say whether the file is up to date; write nothing."
)
def codeowners_command(root: Path, form: Format, output: Path | None, only_check: bool) -> None:
    """Write CODEOWNERS from the maintainers that site.yml and the issuers name."""
    from badge_passport.desk.publishing.codeowners import MARK, codeowners

    _, registry = good(root, form)
    top = _repository(root)
    file = output or top / ".github" / "CODEOWNERS"
    folder = root.resolve().relative_to(top).as_posix()
    wanted = codeowners(registry, "" if folder == "." else folder)
    there = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    ours = there.startswith(MARK)
    if there == wanted or (not wanted and not ours):
        say(form, f"{file.name} is up to date" if wanted else "no maintainers are named; nothing to do")
        return
    if only_check:
        stop([_stale(file)], form)
    if there and not ours:
        problem = Diagnostic(
            "output-not-ours",
            f"{file.name} was written by somebody else",
            None,
            "move it away, or name another file with --output.",
        )
        stop([problem], form)
    if wanted:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted, encoding="utf-8")
        say(form, f"Written: {file}")
    else:
        file.unlink()
        say(form, f"Removed: {file}; no maintainers are named any more.")


def _stale(file: Path) -> Diagnostic:
    return Diagnostic(
        "codeowners-stale",
        f"{file.name} does not say what “maintainers” in site.yml and the issuers' files say",
        None,
        "run `passport codeowners` and commit the file.",
    )


def _repository(root: Path) -> Path:
    """The folder of the repository that the site is in; without one, the site's own."""
    here = root.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
