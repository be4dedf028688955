"""`passport build`: the site, written whole."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.buildfaults import problem_of
from badge_passport.cli.progress import Progress, jobs_option, worth
from badge_passport.cli.remembered import Remembered, cache_option
from badge_passport.cli.shared import (
    SITE_ERRORS,
    format_option,
    keys_option,
    say,
    show,
    site_option,
    summary,
    today,
)
from badge_passport.diagnostics.rendering import Format
from badge_passport.source import collecting

if TYPE_CHECKING:
    from badge_passport.credentials.keys import IssuerKeys
    from badge_passport.credentials.sealing import Seals
    from badge_passport.desk.publishing.targets import Target
    from badge_passport.pipeline import Checked
    from badge_passport.publish.building import Built
    from badge_passport.publish.engines import Engine
    from badge_passport.publish.plan import Lend
    from badge_passport.registry import Registry


@click.command("build")
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
@jobs_option
@click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Who builds: processes of this machine, or the workers of a Dask cluster.",
)
@click.option(
    "--scheduler", default=None, help="The address of the cluster, with --engine dask: tcp://HOST:8786"
)
@click.option(
    "--to",
    default=None,
    metavar="TARGET",
    help="With --engine dask: the store that workers write to, in place of a folder: s3://BUCKET/PREFIX, "
    "gs://BUCKET/PREFIX or az://CONTAINER/PREFIX.",
)
@click.option("--endpoint", default=None, metavar="URL", help="With --to: the server of another provider.")
@cache_option
@click.option("--clean", is_flag=True, help="Build everything anew, whatever is remembered.")
def build_command(
    root: Path,
    form: Format,
    output: Path | None,
    folder: Path | None,
    preview: bool,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    to: str | None,
    endpoint: str | None,
    cache: Path | None,
    clean: bool,
) -> None:
    """Build the site, signed with the keys of its issuers; only what has changed since the last time."""
    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler go together")
    if to is not None or endpoint is not None:
        if to is None or scheduler is None or output is not None:
            raise click.UsageError("--to goes with --engine dask, and without --output; --endpoint with --to")
        workers = Workers(None, scheduler, _store(to, endpoint))
        if not build_site(root, root, form, folder, preview=preview, workers=workers):
            sys.exit(SITE_ERRORS)
        return
    target = output or root / "public"
    memory = Remembered(root, cache, target, folder, preview=preview)
    if clean:
        memory.forget()
    elif said := memory.unchanged():
        say(form, f"nothing has changed: {target}\n{said}")
        return
    else:
        memory.recall()
    workers = Workers(jobs, scheduler)
    good = build_site(root, target, form, folder, preview=preview, workers=workers, memory=memory)
    sys.exit(0 if good else SITE_ERRORS)  # from here: what this frame holds need not be taken apart


@dataclass(frozen=True, slots=True)
class Workers:
    """Who builds: so many processes (None: what the size of the site is worth), or those of a ``scheduler``,
    which may write into a ``store`` in place of a folder.
    """

    jobs: int | None = None
    scheduler: str | None = None
    store: Target | None = None


ALONE = Workers()


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a site is signed and encrypted with, and how the workers of a cluster come to the same."""

    keys: dict[str, IssuerKeys]
    seals: Seals | None
    lend: Lend | None


@collecting.frozen()
def build_site(
    root: Path,
    target: Path,
    form: Format,
    folder: Path | None = None,
    *,
    preview: bool | None = False,
    workers: Workers = ALONE,
    memory: Remembered | None = None,
) -> bool:
    """Build, and say how it went; ``preview`` None does without keys only if one is not here.

    ``memory`` is that of the last build; without it everything is built.
    """
    from badge_passport.pipeline import check
    from badge_passport.publish.write import refuse

    refusal = None if workers.store else refuse(target, root)
    if refusal is not None:
        show([refusal], form)
        return False
    started = time.perf_counter()
    known, folders = (memory.known, memory.folders) if memory else (None, None)
    checked = check(root, today(), known=known, folders=folders)
    checked, keys, preview = _with_keys(checked, root, folder, preview)
    checked, seals = _with_seals(checked, root, folder, preview=preview)
    show(checked.diagnostics, form, checked.line_of)
    if not checked.good:
        return False
    secrets = Secrets(keys, seals, None if preview else _lend(root, folder, sealing=seals is not None))
    try:
        built = _built(checked, target, secrets, workers, memory.file if memory else None, form)
    except Exception as error:  # a table says which are problems; all others go on
        problem = problem_of(error, target, checked)
        if problem is None:
            raise
        show([problem], form, checked.line_of)
        return False
    more = [*_weight(checked, built), _signed(checked, keys, preview=preview)]
    if seals is None and (closed := _private(checked)):
        more.append(closed)
    if memory is not None:  # before anything is said, as whoever listens may be gone
        memory.learn(checked)
        memory.built = checked
        if not checked.diagnostics:
            memory.keep("\n".join(more))
    seconds = time.perf_counter() - started
    say(
        form,
        f"{summary(checked)}; {built.files} files, {built.size / 1e6:.1f} MB in {seconds:.1f} s"
        f"{changed(built)}: {workers.store.name if workers.store else target}",
    )
    say(form, "\n".join(more))
    return True


def _built(
    checked: Checked,
    target: Path,
    secrets: Secrets,
    workers: Workers,
    file: Path | None,
    form: Format,
) -> Built:
    from badge_passport.pipeline import build, planned

    keys, seals, lend = secrets.keys, secrets.seals, secrets.lend
    live = sys.stderr.isatty() and form == "pretty"
    progress = Progress(sys.stderr if live else None)
    engine = working(workers.scheduler, workers.jobs or worth(checked))
    if workers.store is None:
        return build(checked, target.resolve(), progress, keys, seals, engine, file, lend)
    from badge_passport.desk.publishing.straight import PATIENCE, build_straight

    plan = planned(checked, keys, seals, lend)
    return build_straight(plan, workers.store, PATIENCE, engine, progress)


def _lend(root: Path, folder: Path | None, *, sealing: bool) -> Lend:
    private = root / "private"
    return partial(lent, folder=folder or private / "keys", beside=private, sealing=sealing)


def _store(to: str, endpoint: str | None) -> Target:
    """The store that somebody names."""
    from badge_passport.desk.publishing.targets import STORES, parse

    try:
        target = parse(to, Path(), endpoint or "")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None
    if target.kind not in STORES:
        raise click.BadParameter("workers write to s3://, gs:// or az://", param_hint="--to")
    return target


def working(scheduler: str | None, jobs: int) -> Engine:
    """Who builds: so many processes, or the workers of a cluster."""
    from badge_passport.publish.cluster import Cluster
    from badge_passport.publish.engines import Processes

    return Cluster(scheduler) if scheduler is not None else Processes(jobs)


def lent(
    registry: Registry, folder: Path, beside: Path, *, sealing: bool
) -> tuple[dict[str, IssuerKeys], Seals | None]:
    """The keys of a site on a machine of a cluster: in the same folders, or in its environment.

    ``sealing`` is whether the machine that builds encrypts private passports: then all do, or none.

    Raises:
        ClusterError: they are not there.
    """
    from badge_passport.desk.keys import load_keys
    from badge_passport.desk.people.links import find_seals
    from badge_passport.publish.cluster import ClusterError

    keys, problems = load_keys(registry, folder, os.environ)
    if problems:
        raise ClusterError(
            f"a worker has not the keys that this machine has: {problems[0].message}",
            "put them into the same folder on all machines, or into the environment of their workers.",
        )
    seals = find_seals([folder.parent, beside])[0] if sealing else None
    if sealing and seals is None:
        raise ClusterError(
            "a worker has not the key of private passports that this machine has",
            "put passports.key into the same folder on all machines, or into their environment.",
        )
    return keys, seals


def changed(built: Built) -> str:
    """How much of a site is new and gone, if not all of it."""
    if built.new == built.files:
        return ""
    gone = f", {built.gone} removed" if built.gone else ""
    return f" ({built.new} new or changed{gone})"


def _weight(checked: Checked, built: Built) -> list[str]:
    """What a host must hold for every award, passports included, in one line."""
    awards = len(checked.registry.awards) if checked.registry else 0
    if not awards:
        return []
    files, size = built.people_files / awards, built.people_size / awards / 1000
    return [f"{files:.1f} files and {size:.0f} kB for each award; docs/weight.md says how to do with less"]


def _with_keys(
    checked: Checked, root: Path, folder: Path | None, preview: bool | None
) -> tuple[Checked, dict[str, IssuerKeys], bool]:
    """The check with what is wrong with the keys added, the keys, and whether it is a preview."""
    from badge_passport.desk.keys import load_keys
    from badge_passport.pipeline import PREVIEW

    if not checked.good or checked.registry is None:
        return checked, {}, False
    keys, problems = load_keys(checked.registry, folder or root / "private" / "keys", os.environ)
    if preview or (preview is None and problems):
        return checked.with_notice(PREVIEW), {}, True
    return checked.with_problems(problems), keys, False


def _with_seals(
    checked: Checked, root: Path, folder: Path | None, *, preview: bool
) -> tuple[Checked, Seals | None]:
    """The check with what is wrong with the secret of private passports added, and what encrypts them.

    The secret lies beside the folder of the keys; a preview does without.
    """
    from badge_passport.desk.people.links import find_seals

    if preview or not checked.good:
        return checked, None
    beside = [folder.parent] if folder else []
    seals, problem = find_seals([*beside, root / "private"])
    return (checked.with_problems([problem]) if problem else checked), seals


def _private(checked: Checked) -> str:
    """That private passports were left out, in one line; empty if there are none."""
    from badge_passport.registry.privacy import is_sealed

    people = checked.registry.participants.values() if checked.registry else ()
    number = sum(map(is_sealed, people))
    what = "1 private passport is" if number == 1 else f"{number} private passports are"
    return f"{what} left out, without a key (`passport people link`)" if number else ""


def _signed(checked: Checked, keys: dict[str, IssuerKeys], *, preview: bool) -> str:
    """Who signs and who does not, in one line."""
    if preview:
        return "preview: nothing is signed, and every page says so"
    issuers = checked.registry.issuers if checked.registry else {}
    without = [slug for slug in issuers if slug not in keys]
    if not without:
        return "every issuer signs: Open Badges 2.0 and 3.0"
    return f"Open Badges 2.0 only, without a key (`passport keys new`): {', '.join(without)}"
