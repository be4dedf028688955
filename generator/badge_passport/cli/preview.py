"""`passport preview`: the site, the messages, and what a change does, for whoever reviews it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.building import build_site
from badge_passport.cli.check import reviewed
from badge_passport.cli.shared import (
    SITE_ERRORS,
    format_option,
    good,
    messages,
    now,
    say,
    site_option,
    stop,
)
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import Checked

if TYPE_CHECKING:
    from badge_passport.desk.mail.mailfiles import Row


@click.command("preview")
@site_option
@format_option
@click.option(
    "--since",
    metavar="COMMIT",
    default=None,
    help="Show what has changed since a commit; otherwise everything there is.",
)
@click.option(
    "--output",
    "-o",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="preview in the site's folder",
    help="The folder to write; an earlier preview in it is replaced, anything else is left alone.",
)
def preview_command(root: Path, form: Format, since: str | None, output: Path | None) -> None:
    """Write what would be published and sent, with one page that leads to all of it."""
    from badge_passport.desk.publishing import previewing
    from badge_passport.resources import packaged_theme

    target = output or root / "preview"
    refusal = previewing.refuse(target)
    if refusal is not None:
        stop([refusal], form)
    checked, registry = good(root, form)
    seen = reviewed(root, form, since) if since is not None else None
    if not build_site(root, target / previewing.SITE, form, preview=True):
        sys.exit(SITE_ERRORS)
    changes = seen.changes if seen is not None else None
    problems = sum(d.severity == "error" for d in seen.checked.diagnostics) if seen is not None else 0
    fresh = [*changes.ids.get("new", ())] if changes is not None else None
    mails = _mails(root, form, checked, fresh, target / previewing.MAIL)
    page = previewing.page(registry, packaged_theme(), mails, changes, since or "", problems)
    (target / previewing.INDEX).write_bytes(page)
    say(form, f"{messages(len(mails))}, and none sent")
    say(form, f"open {target / previewing.INDEX}")


def _mails(root: Path, form: Format, checked: Checked, fresh: list[str] | None, folder: Path) -> list[Row]:
    """Write the messages as pages, for nobody but who runs this: they may have names in them."""
    from badge_passport.desk.claims.codes import find_claim_key
    from badge_passport.desk.mail import mailfiles
    from badge_passport.desk.mail.letters import Office
    from badge_passport.desk.mail.mailtexts import TemplateFault, Templates
    from badge_passport.desk.mail.sentlog import read_log
    from badge_passport.desk.people.roster import read_roster
    from badge_passport.desk.publishing.previewing import notices

    if checked.registry is None or checked.theme is None:
        raise ValueError("a preview is only made of a good site")
    roster, problems = read_roster(root)
    log, found = read_log(root)
    key, problem = find_claim_key(root)
    problems += [*found, *([problem] if problem else [])]
    if problems:
        stop(problems, form, checked.line_of)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    office = Office(
        checked.registry,
        checked.theme,
        Templates.of(root, checked.theme),
        mailfiles.PREVIEW_KEY,
    )
    todo = notices(checked.registry, roster, log, key, fresh, now())
    try:
        return mailfiles.preview(folder, office, ((one, office.write(one, now())) for one in todo))
    except TemplateFault as fault:
        stop([fault.problem], form)
