"""`passport report`: the promoter's numbers, on the terminal, as a table and as a page."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import (
    format_option,
    refuse_public,
    say,
    site_and_roster,
    site_option,
    stop,
    today,
)
from badge_passport.diagnostics import Diagnostic, did_you_mean
from badge_passport.diagnostics.rendering import Format

if TYPE_CHECKING:
    from badge_passport.desk.publishing.reporting import Report, Wanted
    from badge_passport.registry import Registry

_file = click.Path(path_type=Path, dir_okay=False)
_day = click.DateTime(["%Y-%m-%d"])
_SOON = 90


@click.command("report")
@site_option
@format_option
@click.option("--issuer", "issuers", multiple=True, metavar="ISSUER", help="Only badges of this issuer.")
@click.option("--since", type=_day, default=None, help="Only awards issued on or after this day.")
@click.option("--until", type=_day, default=None, help="Only awards issued on or before this day.")
@click.option(
    "--expiring",
    type=click.IntRange(0, 36_500),
    default=None,
    metavar="DAYS",
    help="List the awards that end within so many days.",
)
@click.option("--unclaimed", is_flag=True, help="List the awards that nobody has answered.")
@click.option("--tips", is_flag=True, help="List what passports lack, and what it would bring.")
@click.option("--csv", "csv_file", type=_file, default=None, help="Write the numbers as a table.")
@click.option("--html", "html_file", type=_file, default=None, help="Write the report as one page.")
@click.option("--exact", is_flag=True, help="On the page, do not veil small numbers of people of a country.")
def report_command(
    root: Path,
    form: Format,
    issuers: tuple[str, ...],
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    expiring: int | None,
    unclaimed: bool,
    tips: bool,
    csv_file: Path | None,
    html_file: Path | None,
    exact: bool,
) -> None:
    """Count what was given and what became of it: by issuer, badge, month and country."""
    from badge_passport.desk.publishing.reporting import Wanted, as_table, report

    if since and until and since > until:
        raise click.UsageError("--since is after --until")
    for file in filter(None, (csv_file, html_file)):
        refuse_public(root, file, form, "a report is")
    _, registry, roster = site_and_roster(root, form)
    for name in issuers:
        if name not in registry.issuers:
            near = did_you_mean(name, registry.issuers)
            raise click.UsageError(f"no issuer called “{name}”. {near}".strip())
    wanted = Wanted(
        issuers,
        since.date() if since else None,
        until.date() if until else None,
        _SOON if expiring is None else expiring,
    )
    countries = {entry.participant: entry.country for entry in reversed(roster.entries) if entry.country}
    made = report(registry, countries, wanted, today())
    lists = {
        "expiring": (expiring is not None, f"Ending within {expiring} days"),
        "unclaimed": (unclaimed, "Not answered yet"),
    }
    asked = [(name, title) for name, (wished, title) in lists.items() if wished]
    _tell(made, asked, form)
    if tips:
        _advise(registry, issuers, form)
    if csv_file:
        _write(csv_file, as_table(made, [name for name, _ in asked]), form)
    if html_file:
        from badge_passport.desk.publishing.reportpage import page
        from badge_passport.resources import packaged_theme

        site = registry.text(registry.site.name, registry.default_language)
        data = page(made, site, _scope(wanted), packaged_theme(), exact=exact, lists=asked)
        _write(html_file, data, form)


def _scope(wanted: Wanted) -> str:
    """What is counted, in words."""
    parts = [
        f"Of {', '.join(wanted.issuers)}." if wanted.issuers else "Of all issuers.",
        f"Issued on {wanted.since} or later." if wanted.since else "",
        f"Issued on {wanted.until} or earlier." if wanted.until else "",
        f"“Ending soon” is within {wanted.expiring} days of {today()}.",
    ]
    return " ".join(filter(None, parts))


def _tell(made: Report, lists: list[tuple[str, str]], form: Format) -> None:
    from badge_passport.desk.publishing.reporting import COUNTS

    heads = ("badge", *COUNTS)
    rows = [
        (f"{line.issuer}/{line.badge}", *(str(line.counts[name]) for name in COUNTS))
        for line in made.by_badge
    ]
    rows.append(("all", *(str(made.total[name]) for name in COUNTS)))
    widths = [max(len(row[n]) for row in [heads, *rows]) for n in range(len(heads))]
    for row in [heads, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        say(form, "  ".join([row[0].ljust(widths[0]), *cells[1:]]))
    say(form, f"{made.people} people")
    for name, title in lists:
        items = getattr(made, name)
        say(form, f"\n{title}: {len(items)}")
        for item in items:
            end = f"  ends {item.expires}" if item.expires else ""
            say(form, f"  {item.award}  {item.participant}  {item.badge}  {item.issued_on}{end}")


def _advise(registry: Registry, issuers: tuple[str, ...], form: Format) -> None:
    from badge_passport.desk.publishing.tips import tips

    found, people = tips(registry, issuers)
    say(form, f"\nWhat passports lack, of {people}:")
    for tip in found:
        say(form, f"  {tip.lacks}: {len(tip.people)} – {tip.brings}")
        say(form, f"    {', '.join(tip.people)}")
    if not found:
        say(form, "  nothing")


def _write(file: Path, data: bytes, form: Format) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
        temporary.replace(file)
    except OSError as error:
        problem = Diagnostic(
            "output-failed",
            f"{file.name} could not be written ({error.strerror or error})",
            None,
            "name another file, or check the permissions.",
        )
        stop([problem], form)
    say(form, f"Written: {file}. It is private; do not publish it.")
