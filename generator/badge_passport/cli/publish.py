"""`passport publish`: a built site, where people read it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import SITE_ERRORS, format_option, own_document, say, show, site_option, stop
from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.rendering import Format

if TYPE_CHECKING:
    from badge_passport.desk.publishing.changed import Built, Change
    from badge_passport.desk.publishing.stores import Store
    from badge_passport.desk.publishing.targets import Target
    from badge_passport.desk.publishing.transfer import Published, Report
    from badge_passport.model.site import PublishOptions


@click.command("publish")
@site_option
@format_option
@click.option(
    "--built",
    "built_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="public in the site's folder",
    help="The folder that `passport build` wrote.",
)
@click.option(
    "--to",
    default=None,
    metavar="TARGET",
    show_default="publish: {to: …} in site.yml",
    help="A folder, git:REMOTE#BRANCH, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX.",
)
@click.option("--endpoint", default=None, metavar="URL", help="The server, for a store of another provider.")
@click.option("--list", "listed", is_flag=True, help="Only say what to send and what to delete, in order.")
@click.option(
    "--since",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="With --list: compare with this manifest.json instead of a target.",
)
@click.option(
    "--patience",
    type=click.FloatRange(1, 240),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="How long to try again when a store is overloaded or gives no answer.",
)
def publish_command(
    root: Path,
    form: Format,
    built_folder: Path | None,
    to: str | None,
    endpoint: str | None,
    listed: bool,
    since: Path | None,
    patience: float,
) -> None:
    """Put a built site where people read it, sending only what changed."""
    from badge_passport.desk.publishing.changed import changes, read_apart, read_built, read_manifest
    from badge_passport.desk.publishing.stores import Refused

    if since is not None and (not listed or to is not None):
        raise click.UsageError("--since goes with --list, and without --to")
    target = None if since is not None else _target(root, to, endpoint, form)
    folder = built_folder or root / "public"
    if target is not None and (problem := _overlap(target, folder, root)) is not None:
        stop([problem], form)
    built, problems = read_built(folder)
    if built is None:
        stop(problems, form)
    _tell_of_newer(root, folder, form)
    if since is not None:
        there = read_apart(since)
        known = read_manifest(there, whole=True)
        if known is None:
            raise click.UsageError(
                f"{since} is no manifest.json of a site, or the files of manifest/ beside it are others"
            )
        _tell(built, changes(built, known), there, form)
    if target is None:
        return
    started = time.perf_counter()
    try:
        if listed:
            compared = _compared(built, target, root, patience)
        else:
            published = _published(built, target, root, patience, _progress(form))
    except Refused as refused:
        if sys.stderr.isatty():
            click.echo(err=True)
        stop([refused.problem], form)
    except OSError as error:
        if target.kind != "folder":
            raise
        stop([_unwritten(target, error)], form)
    if listed:
        _tell(built, *compared, form)
    else:
        _said(published, target, form, started)


def _tell_of_newer(root: Path, folder: Path, form: Format) -> None:
    """Whoever publishes what was built before their last change will look for it in vain."""
    from badge_passport.cli.remembered import newer

    changed = newer(root, folder) if form == "pretty" else ""
    if changed:
        click.echo(
            f"{changed} changed after the site was built: run `passport build` first, to publish that too.",
            err=True,
        )


def _unwritten(target: Target, error: OSError) -> Diagnostic:
    return Diagnostic(
        "publish-failed",
        f"{target.name} cannot be written ({error.strerror or error})",
        None,
        "make room, or look at the permissions, and publish again; what arrived is not sent twice.",
    )


def _target(root: Path, to: str | None, endpoint: str | None, form: Format) -> Target:
    from badge_passport.desk.publishing.targets import STORES, parse

    base = Path()
    if to is None:
        options = _options(root, form)
        if options is None:
            raise click.UsageError("say where with --to, or with publish: {to: …} in site.yml")
        to, endpoint, base = options.to, endpoint or options.endpoint, root
    try:
        target = parse(to, base, endpoint or "")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None
    if endpoint and target.kind not in STORES:
        raise click.UsageError("--endpoint is for s3://, gs:// and az://")
    return target


def _options(root: Path, form: Format) -> PublishOptions | None:
    """What site.yml says, without reading the rest of the site."""
    from badge_passport.registry.load import load
    from badge_passport.source.files import Tree

    file = root / "site.yml"
    if not file.is_file():
        return None
    records, problems = load(Tree(root, {"site.yml": file.read_bytes()}))
    if records.site is None:
        show(problems, form)
        click.echo("`passport check` shows where.", err=True)
        sys.exit(SITE_ERRORS)
    return records.site.publish


def _overlap(target: Target, folder: Path, root: Path) -> Diagnostic | None:
    """Why a folder can be no target: it is the build itself, or holds the site's source, or lies in one."""
    if target.kind != "folder":
        return None
    there, here, site = Path(target.place), folder.resolve(), root.resolve()
    source = [site / part for part in ("badges", "content", "themes", "private")]
    holds = any(place.is_relative_to(there) for place in (here, site / "site.yml") if place.exists())
    if not holds and not any(there.is_relative_to(place) for place in (here, *source)):
        return None
    return Diagnostic(
        "publish-not-ours",
        f"{there.name} is the built folder or the site's source, or lies inside it",
        None,
        "name the folder that the web server serves.",
    )


def _compared(
    built: Built, target: Target, root: Path, patience: float
) -> tuple[Change, Mapping[str, bytes]]:
    from badge_passport.desk.publishing.branch import Branch
    from badge_passport.desk.publishing.journal import Journal
    from badge_passport.desk.publishing.transfer import compare

    if target.kind == "branch":
        branch = Branch(target, root, ask=sys.stdin.isatty())
        tip = branch.tip(built)
        return branch.compare(built, tip), tip.manifest
    found = compare(built, target, _store(target, patience), Journal(root, target))
    return found.change, found.manifest


def _published(built: Built, target: Target, root: Path, patience: float, report: Report) -> Published:
    from badge_passport.desk.publishing.branch import Branch
    from badge_passport.desk.publishing.journal import Journal, alone
    from badge_passport.desk.publishing.transfer import carry_out, compare

    with alone(target):
        if target.kind == "branch":
            branch = Branch(target, root, ask=sys.stdin.isatty())
            return branch.publish(built, branch.tip(built))
        store, journal = _store(target, patience), Journal(root, target)
        return carry_out(built, compare(built, target, store, journal), store, journal, report)


def _store(target: Target, patience: float) -> Store:
    from badge_passport.desk.publishing.objectstores import ObjectStore
    from badge_passport.desk.publishing.stores import Folder

    return Folder(Path(target.place)) if target.kind == "folder" else ObjectStore(target, patience)


def _progress(form: Format) -> Report:
    """Count, rate and time left, on a terminal."""
    started, told = time.monotonic(), 0.0
    live = sys.stderr.isatty() and form == "pretty"

    def report(done: int, steps: int) -> None:
        nonlocal told
        now = time.monotonic()
        if not live or (done < steps and now - told < 0.2):
            return
        told = now
        rate = done / max(now - started, 0.001)
        left = f"{done} of {steps} files, {rate:.0f} a second, {(steps - done) / rate:.0f} s left"
        click.echo(f"\r{left:<70}" + ("\r" + " " * 70 + "\r" if done == steps else ""), nl=False, err=True)

    return report


def _said(published: Published, target: Target, form: Format, started: float) -> None:
    seconds = time.perf_counter() - started
    if not published.sent and not published.deleted:
        say(form, f"nothing changed: {published.kept} files are at {target.name} already")
    else:
        files = "1 file" if published.sent == 1 else f"{published.sent} files"
        say(
            form,
            f"{files} sent ({published.size / 1e6:.1f} MB), {published.deleted} deleted, "
            f"{published.kept} unchanged, in {seconds:.1f} s: {target.name}",
        )


def _tell(built: Built, change: Change, there: Mapping[str, bytes], form: Format) -> None:
    from badge_passport.desk.publishing.changed import steps

    todo = list(steps(change, built, there))
    if form == "json":
        own_document()
        click.echo(json.dumps({"steps": todo}, indent=1, ensure_ascii=False))
        return
    for step in todo:
        click.echo(f"{step['action']} {step.get('path') or 'sha256:' + step['pathSha256']}")
