"""`passport import`: badges from the tables that people have, and badges of other issuers."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from badge_passport.cli.foreign import import_badge
from badge_passport.cli.shared import (
    SITE_ERRORS,
    format_option,
    say,
    show,
    show_days,
    site_and_roster,
    site_option,
    today,
)
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.diagnostics.rendering import Format

if TYPE_CHECKING:
    from badge_passport.desk.importing.plan import Plan
    from badge_passport.desk.importing.reading import Table
    from badge_passport.desk.importing.rows import Defaults
    from badge_passport.registry import Registry

SHOWN = 20  # rows that do not fit, before “and so on”
_ORDERS = ("dmy", "mdy", "ymd")


@click.command("import")
@site_option
@format_option
@click.option("--sheet", metavar="NAME", default=None, help="The sheet of a workbook; else the first.")
@click.option(
    "--map",
    "told",
    metavar="COLUMN=FIELD",
    multiple=True,
    help="What a column means; “-” leaves it out. Repeatable.",
)
@click.option("--badge", metavar="ISSUER/BADGE", default=None, help="The badge of rows that name none.")
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day of rows that name none.",
)
@click.option("--dates", "order", type=click.Choice(_ORDERS), default=None, help="How to read 03/04/2019.")
@click.option("--as", "occasion", metavar="NAME", default=None, help="The file of awards they go into.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option(
    "--for", "participant", metavar="PARTICIPANT", default=None, help="Whose badge of another issuer it is."
)
@click.option("--unverified", is_flag=True, help="With --for: take it even if nobody can tell now.")
@click.option(
    "--offline",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="With --for: a built site to read from instead of the network; needs --base.",
)
@click.option("--base", metavar="URL", default=None, help="The address that the folder stands for.")
@click.option("--allow-private", is_flag=True, help="Ask addresses of this network too, also over http.")
@click.argument("source")
def import_command(
    root: Path,
    form: Format,
    sheet: str | None,
    told: tuple[str, ...],
    badge: str | None,
    day: datetime.datetime | None,
    order: str | None,
    occasion: str | None,
    dry_run: bool,
    yes: bool,
    participant: str | None,
    unverified: bool,
    folder: Path | None,
    base: str | None,
    allow_private: bool,
    source: str,
) -> None:
    """Give the badges that the table SOURCE says: CSV, TSV or XLSX. First it shows what it would do.

    With --for, SOURCE is a badge of another issuer: an address, a picture, a document or a token.
    """
    if participant is not None:
        if any((sheet, told, badge, day, order, occasion)):
            raise click.UsageError("--for is about one badge, the options of tables are not")
        import_badge(
            root,
            form,
            source,
            participant,
            unverified=unverified,
            folder=folder,
            base=base,
            allow_private=allow_private,
            dry_run=dry_run,
            yes=yes,
        )
        return
    if unverified or folder or base or allow_private:
        raise click.UsageError("--unverified, --offline, --base and --allow-private go with --for")
    _import_table(
        root, form, sheet, told, badge, day, order, occasion, dry_run=dry_run, yes=yes, file=_file(source)
    )


def _file(source: str) -> Path:
    if not Path(source).is_file():
        more = " For a badge of another issuer say whose it is: --for." if "://" in source else ""
        raise click.BadParameter(f"there is no file {source}.{more}", param_hint="SOURCE")
    return Path(source)


def _import_table(
    root: Path,
    form: Format,
    sheet: str | None,
    told: tuple[str, ...],
    badge: str | None,
    day: datetime.datetime | None,
    order: str | None,
    occasion: str | None,
    *,
    dry_run: bool,
    yes: bool,
    file: Path,
) -> None:
    from badge_passport.desk.awarding.awardfiles import InTheWay
    from badge_passport.desk.files.yamlfiles import EditError
    from badge_passport.desk.importing import columns
    from badge_passport.desk.importing.plan import occasion_of, plan, stem_of
    from badge_passport.desk.importing.rows import intents

    stem = stem_of(file.name)
    if occasion is not None and occasion_of(occasion) != occasion:
        raise click.BadParameter("use small letters, digits and hyphens: walks-2026", param_hint="--as")
    checked, registry, roster = site_and_roster(root, form)
    defaults = _defaults(registry, badge, day, order)
    table = _table(file, sheet, form)
    try:
        start = columns.remembered(root, table.headers) or columns.propose(table)
        mapping = columns.overridden(start, told)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--map") from None
    _show_mapping(mapping, form)
    missing = columns.lacks(mapping, file.name, badge=bool(defaults.badge), day=defaults.day is not None)
    if missing:
        _stop(missing, form)
    try:
        made = plan(
            root,
            checked,
            roster,
            intents(table, mapping, defaults, registry),
            occasion or occasion_of(stem),
            today(),
        )
    except InTheWay as found:
        _stop([found.problem], form)
    except EditError as error:
        _stop([Diagnostic("award-file", str(error), None, "write the new identity by hand.")], form)
    if made.problems:
        show(made.problems, form, made.checked.line_of)
        sys.exit(SITE_ERRORS)
    _show_unfit(made, table, file.name, form)
    _show_plan(made, form)
    show_days(made.checked, made.files, form)
    _finish(root, form, registry, table, mapping, made, file, dry_run=dry_run, yes=yes)


def _finish(
    root: Path,
    form: Format,
    before: Registry,
    table: Table,
    mapping: dict[str, str],
    made: Plan,
    file: Path,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    from badge_passport.desk.awarding.latecomers import placed
    from badge_passport.desk.files.changes import apply, with_private_ignored
    from badge_passport.desk.importing import columns
    from badge_passport.desk.importing.plan import rejected, rejected_path, stem_of

    left = rejected_path(stem_of(file.name))
    asks = sys.stdin.isatty() and form == "pretty"
    if not (yes or made.files or made.unfit):
        return  # there is nothing to ask
    if dry_run or (not yes and not asks):
        say(form, "Nothing was written" + (": --dry-run." if dry_run else " yet: add --yes to do it."))
        return
    if not yes and not click.confirm("Do it?", default=False):
        return
    files = placed(before, made.checked, made.files)
    if made.unfit:
        files[left] = rejected(table, made.unfit)
    elif (root / left).exists():
        files[left] = None  # every row of it fits by now
    memory = root / columns.REMEMBERED
    remembered = columns.remember(root, mapping)
    if not memory.exists() or memory.read_bytes() != remembered:
        files[columns.REMEMBERED] = remembered
    ignored = _kept_out_of_git(root, file, form)
    apply(root, with_private_ignored(root, {**ignored, **files}))
    if ignored:
        say(form, f"Git ignores {file.name} from now on: it holds addresses. Its place is private/.")
    for table_file in made.tables:
        say(form, f"Written: {table_file.path}")
    if made.unfit:
        say(form, f"The rows that do not fit are in {left}: mend them there, and import that file.")


def _kept_out_of_git(root: Path, file: Path, form: Format) -> dict[str, bytes]:
    """The change by which git ignores the table that was imported, if it lies among the files of the site.

    For a table that git has already it is too late, and that is said.
    """
    from badge_passport.desk.files.changes import ignoring
    from badge_passport.desk.publishing import strays
    from badge_passport.source.commits import GitError, git

    try:
        path = file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return {}
    if not strays.is_stray(path):
        return {}
    try:
        git(root, "ls-files", "--error-unmatch", "--", f":(literal){path}")
    except GitError:
        return ignoring(root, strays.ignoring(path))
    show([replace(strays.in_a_table(path, strays.IN_GIT), severity="warning")], form)
    return {}


def _stop(problems: list[Diagnostic], form: Format) -> NoReturn:
    show(problems, form)
    sys.exit(SITE_ERRORS)


def _defaults(
    registry: Registry, badge: str | None, day: datetime.datetime | None, order: str | None
) -> Defaults:
    from badge_passport.desk.awarding.intents import badge_named
    from badge_passport.desk.importing.dates import ORDERS
    from badge_passport.desk.importing.rows import Defaults

    try:
        ref = badge_named(registry, badge) if badge else ""
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="--badge") from None
    known = next((o for o in ORDERS if o == order), None)
    return Defaults(ref, day.date() if day else None, known)


def _table(file: Path, sheet: str | None, form: Format) -> Table:
    from badge_passport.desk.importing.reading import MAX_FILE, Unreadable, read

    with file.open("rb") as stream:
        data = stream.read(MAX_FILE + 1)
    try:
        return read(data, sheet)
    except Unreadable as found:
        _stop([found.problem(file.name)], form)


def _show_mapping(mapping: dict[str, str], form: Format) -> None:
    from badge_passport.desk.importing.columns import IGNORED

    width = min(40, max(map(len, [*mapping, "Column"])))
    say(form, f"{'Column':<{width}}  what it means")
    for header, field in mapping.items():
        say(form, f"{header:<{width}}  {'(left out)' if field == IGNORED else field}")
    say(form, "")


def _show_unfit(made: Plan, table: Table, name: str, form: Format) -> None:
    """Each row that does not fit, by its line; if none fits, that is an error."""
    none_fits = bool(made.unfit) and len(made.unfit) == len(table.rows)
    fix = "mend it in the table, or in private/ after the import; if all are wrong, look at --map."
    problems = [
        Diagnostic("import-row", why, Span(name, line), fix, "error" if none_fits else "warning")
        for line, why in sorted(made.unfit.items())
    ]
    shown = problems[:SHOWN] if form == "pretty" else problems
    show(shown, form)
    if len(shown) < len(problems):
        click.echo(f"… and {len(problems) - len(shown)} more rows that do not fit.", err=True)
    if none_fits:
        sys.exit(SITE_ERRORS)


def _show_plan(made: Plan, form: Format) -> None:
    """What will be done, in numbers; nobody's name or address."""
    outcome = made.outcome
    by_badge = Counter(award.intent.badge for award in outcome.placed)
    for ref, number in sorted(by_badge.items()):
        say(form, f"{_counted(number, 'new award')} of {ref}")
    for number, what in (
        (len(outcome.there), "already there"),
        (len(outcome.again), "twice in this table, taken once"),
        (len(made.unfit), "not fitting"),
    ):
        if number:
            say(form, f"{_counted(number, 'row')} {what}")
    if outcome.new_people:
        say(form, f"{_counted(len(outcome.new_people), 'new person', 'new people')}")
    if outcome.changed_people:
        say(form, f"{_counted(len(outcome.changed_people), 'person', 'people')} with another address")
    if not made.files:
        say(form, "Nothing is new.")


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
