"""`passport check`: the site, a change of it, or what was built of it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.remembered import (
    cache_folder,
    cache_option,
    looked_at,
    make_cache,
    remembered_records,
)
from badge_passport.cli.shared import SITE_ERRORS, format_option, say, show, site_option, summary, today
from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.rendering import Format
from badge_passport.source.folders import Folders
from badge_passport.source.glance import recall, remember

if TYPE_CHECKING:
    from badge_passport.desk.publishing.review import Review
    from badge_passport.pipeline import Checked

# What a reviewer may allow; `desk.publishing.review` has the list, and a test compares the two.
_ALLOWED = ("badge-changed", "version-changed", "passport-gone")


@click.command("check")
@site_option
@format_option
@click.option(
    "--built",
    "public",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="Verify every document of this built site as well, as a stranger would.",
)
@click.option(
    "--since",
    "reference",
    metavar="COMMIT",
    default=None,
    help="Check what has changed since a commit: that nothing issued is lost, and what would be published. "
    "Or a published register.json, a file or an address: that nothing in it is lost.",
)
@click.option(
    "--summary",
    "written",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=None,
    help="With --since: write what the change publishes as Markdown into this file (- is standard output).",
)
@click.option(
    "--allow",
    type=click.Choice(_ALLOWED),
    multiple=True,
    help="With --since: let this pass, because you looked at it and it is meant.",
)
@cache_option
def check_command(
    root: Path,
    form: Format,
    public: Path | None,
    reference: str | None,
    written: Path | None,
    allow: tuple[str, ...],
    cache: Path | None,
) -> None:
    """Check the site, or a change of it, without building anything."""
    if reference is not None and reference.endswith(".json"):
        if written is not None or allow:
            raise click.UsageError("--summary and --allow go with --since and a commit")
        _check_register(root, form, reference)
        return
    if reference is not None:
        _check_since(root, form, reference, written, allow)
        return
    if written is not None or allow:
        raise click.UsageError("--summary and --allow go with --since")
    folders, told_file = Folders(), cache_folder(root, cache) / "checked.json"
    seen = looked_at(root, [root / "themes"], [], folders)
    if public is None and (told_before := recall(told_file, seen)):
        say(form, told_before["said"])
        return
    from badge_passport.pipeline import check, learn
    from badge_passport.registry.known import load as load_known

    known = load_known(remembered_records(told_file.parent))
    checked = check(root, today(), known=known, folders=folders)
    said = summary(checked)
    if public is not None and checked.good and checked.registry is not None:
        problems, verified = _verify_built(public, checked.registry.site.url)
        checked = checked.with_problems(problems)
        said += f"; {verified} documents verified in {public}"
    checked, told = _languages(checked)
    show(checked.diagnostics, form, checked.line_of)
    if not checked.good:
        sys.exit(SITE_ERRORS)
    make_cache(told_file.parent)
    if known.held is not None:  # else it takes long, and only a build gains by it
        learn(checked, known)
    known.save(remembered_records(told_file.parent))
    text = "\n".join([said, *told])
    if public is None and not checked.diagnostics:
        remember(told_file, seen, {"said": text})
    say(form, text)
    sys.exit(0)  # from here: what this frame holds need not be taken apart


def _languages(checked: Checked) -> tuple[Checked, list[str]]:
    """A good check with what the site's languages lack, and a line for each; a site in English has none."""
    registry, theme = checked.registry, checked.theme
    if not checked.good or registry is None or theme is None or registry.site.languages == ["en"]:
        return checked, []
    # Reading catalogues takes longer than most checks.
    from badge_passport.pages.completeness import completeness, problems

    found = completeness(registry, theme)
    return checked.with_problems(problems(found)), [str(one) for one in found]


def _verify_built(public: Path, url: str) -> tuple[list[Diagnostic], int]:
    """The problems of a built site, and how much was verified."""
    from badge_passport.credentials.verification.tree import verify_tree

    seen = verify_tree(public, url.rstrip("/") + "/", datetime.datetime.now(datetime.UTC))
    fix = "build again; if it stays, do not publish this, and report it."
    return [
        Diagnostic("built-invalid", f"{found.path}: {found.problem}", None, fix) for found in seen.findings
    ], seen.verified


def reviewed(root: Path, form: Format, reference: str, allow: tuple[str, ...] = ()) -> Review:
    """A change since a commit; its problems are shown. Without such a commit the command ends."""
    from badge_passport.desk.publishing.review import review
    from badge_passport.source.commits import GitError

    try:
        seen = review(root, reference, today=today(), allow=allow)
    except GitError as error:
        problem = Diagnostic(
            "since-unknown",
            f"this change cannot be compared: {error}",
            None,
            "name a commit of this repository: main, HEAD~1, or a number that `git log` shows.",
        )
        show([problem], form)
        sys.exit(SITE_ERRORS)
    show(seen.checked.diagnostics, form, seen.checked.line_of)
    return seen


def _check_since(
    root: Path, form: Format, reference: str, written: Path | None, allow: tuple[str, ...]
) -> None:
    from badge_passport.desk.publishing.summary import lines, markdown

    seen = reviewed(root, form, reference, allow)
    checked, registry = seen.checked, seen.checked.registry
    if written is not None and registry is not None:
        problems = sum(d.severity == "error" for d in checked.diagnostics)
        with click.open_file(str(written), "w", encoding="utf-8") as out:
            out.write(markdown(seen.changes, registry, problems))
    if not checked.good:
        sys.exit(SITE_ERRORS)
    if registry is not None:
        told = lines(seen.changes, registry) or ["nothing that is published changes"]
        say(form, "\n".join([f"since {reference}:", *(f"  {line}" for line in told)]))


def _check_register(root: Path, form: Format, register: str) -> None:
    from badge_passport.credentials.fetching import FetchError, from_network
    from badge_passport.desk.publishing.review import against_register
    from badge_passport.pipeline import check

    checked = check(root, today())
    try:
        data = from_network()(register) if "://" in register else Path(register).read_bytes()
    except (FetchError, OSError) as error:
        fix = "name a register.json that is there: a file, or its address on the published site."
        said = str(error) if isinstance(error, FetchError) else f"{register}: {error.strerror}"
        problem = Diagnostic("since-unknown", f"this register cannot be read: {said}", None, fix)
        show([problem], form)
        sys.exit(SITE_ERRORS)
    checked = checked.with_problems(against_register(checked, data))
    show(checked.diagnostics, form, checked.line_of)
    if not checked.good:
        sys.exit(SITE_ERRORS)
    say(form, f"{summary(checked)}; nothing of {register} is lost")
