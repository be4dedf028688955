"""`passport notify`: the messages that tell people about their badges."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import (
    SITE_ERRORS,
    format_option,
    messages,
    now,
    refuse_public,
    say,
    show,
    site_option,
    stop,
    today,
)
from badge_passport.diagnostics import Diagnostic, did_you_mean, has_errors
from badge_passport.diagnostics.rendering import Format
from badge_passport.pipeline import Checked, check

if TYPE_CHECKING:
    from badge_passport.desk.mail.letters import Office
    from badge_passport.desk.mail.notices import Plan, Wanted
    from badge_passport.desk.mail.sending import Report
    from badge_passport.registry import Registry


@dataclass(frozen=True, slots=True)
class _Way:
    """What is done with the messages; all None and False means that they are sent."""

    dry_run: bool
    outbox: Path | None
    preview: Path | None
    test: str | None
    rate: float | None
    retries: int
    retry_after: float


@click.command("notify")
@site_option
@format_option
@click.option("--award", "awards", multiple=True, metavar="ID", help="Only about this award.")
@click.option("--badge", "badges", multiple=True, metavar="ISSUER/BADGE", help="Only about this badge.")
@click.option(
    "--issuer", "issuers", multiple=True, metavar="ISSUER", help="Only about badges of this issuer."
)
@click.option("--to", "people", multiple=True, metavar="PARTICIPANT", help="Only to this participant.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Only about awards issued on or after it.",
)
@click.option("--limit", type=click.IntRange(1), default=None, help="At most so many messages.")
@click.option("--digest", is_flag=True, help="One message for each person about all that is new.")
@click.option(
    "--reminder",
    type=click.IntRange(0),
    default=None,
    metavar="DAYS",
    help="Remind of what nobody has claimed so many days after the last message.",
)
@click.option(
    "--most-reminders", type=click.IntRange(1, 10), default=1, show_default=True, help="For each award."
)
@click.option("--resend-uncertain", is_flag=True, help="Send again what may or may not have arrived.")
@click.option("--resend-refused", is_flag=True, help="Try refused addresses again.")
@click.option("--dry-run", is_flag=True, help="List what would be sent.")
@click.option(
    "--outbox",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write the messages as .eml files into this folder; they are not recorded as sent.",
)
@click.option(
    "--preview",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write examples and messages as pages into this folder, to look at in a browser.",
)
@click.option("--test", default=None, metavar="ADDRESS", help="Send one example to yourself.")
@click.option(
    "--rate", type=click.FloatRange(0, min_open=True), default=None, help="At most so many a minute."
)
@click.option(
    "--retries", type=click.IntRange(0, 20), default=3, show_default=True, help="How often to try again."
)
@click.option(
    "--retry-after",
    type=click.FloatRange(0, 3600),
    default=5,
    show_default=True,
    help="Seconds before the first further try; each waits twice as long.",
)
def notify_command(
    root: Path,
    form: Format,
    awards: tuple[str, ...],
    badges: tuple[str, ...],
    issuers: tuple[str, ...],
    people: tuple[str, ...],
    since: datetime.datetime | None,
    limit: int | None,
    digest: bool,
    reminder: int | None,
    most_reminders: int,
    resend_uncertain: bool,
    resend_refused: bool,
    dry_run: bool,
    outbox: Path | None,
    preview: Path | None,
    test: str | None,
    rate: float | None,
    retries: int,
    retry_after: float,
) -> None:
    """Tell participants by e-mail about badges they have not been told of."""
    from badge_passport.desk.mail.notices import Wanted

    if sum(bool(way) for way in (dry_run, outbox, preview, test)) > 1:
        raise click.UsageError("--dry-run, --outbox, --preview and --test exclude each other")
    wanted = Wanted(
        frozenset(awards),
        frozenset(badges),
        frozenset(issuers),
        frozenset(people),
        since.date() if since else None,
        limit,
        digest,
        reminder,
        most_reminders,
        resend_uncertain,
        resend_refused,
    )
    way = _Way(dry_run, outbox, preview, test, rate, retries, retry_after)
    checked = check(root, today())
    if checked.registry is None or checked.theme is None or not checked.good:
        stop(checked.diagnostics, form, checked.line_of)
    _refuse_unknown(checked.registry, wanted)
    if dry_run or outbox or preview or test:
        _run(root, form, checked, wanted, way)
        return
    from badge_passport.desk.mail.sentlog import only_one

    with only_one(root) as busy:
        if busy is not None:
            stop([busy], form)
        _run(root, form, checked, wanted, way)


def _run(root: Path, form: Format, checked: Checked, wanted: Wanted, way: _Way) -> None:
    """What the command does once the site is known to be good, and nobody else is at it."""
    from badge_passport.desk.claims.codes import CLAIM_KEY, find_claim_key, new_claim_key
    from badge_passport.desk.mail.letters import FROM, Office, contact_problems, sender_of
    from badge_passport.desk.mail.mailtexts import TemplateFault, Templates
    from badge_passport.desk.mail.notices import plan
    from badge_passport.desk.mail.sentlog import read_log
    from badge_passport.desk.people.links import find_seals
    from badge_passport.desk.people.roster import read_roster

    registry, theme = checked.registry, checked.theme
    if registry is None or theme is None:
        raise ValueError("messages are only made for a good site")
    roster, problems = read_roster(root)
    log, found = read_log(root)
    key, problem = find_claim_key(root)
    seals, damaged = find_seals([root / "private"])
    problems += [*found, *filter(None, (problem, damaged))]
    if key is None and log.messages and problem is None:
        problems.append(
            Diagnostic(
                "claims-key",
                f"messages have been sent, but the key of their claim codes is not here: {CLAIM_KEY}",
                None,
                "take it from your copy; with a new key the links that were sent would claim nothing.",
            )
        )
    written = os.environ.get(FROM)
    sender = sender_of(written) if written else None
    if isinstance(sender, Diagnostic):
        problems.append(sender)
        sender = None
    if problems:
        stop(problems, form, checked.line_of)
    for folder in filter(None, (way.outbox, way.preview)):
        refuse_public(root, folder, form, "messages are")
    new_key = new_claim_key() if key is None else ""
    key = key or bytes.fromhex(new_key.strip())
    todo = plan(registry, roster, log, key, wanted, now())
    office = Office(registry, theme, Templates.of(root, theme), key, sender, seals)
    involved = {award.badge.issuer for notice in todo.notices for award in notice.awards}
    problems = checked.with_problems(contact_problems(involved)).diagnostics if involved else []
    problems = [d for d in problems if d.severity == "error"]
    try:
        if not problems:
            for notice in todo.notices:  # a mistake in a template is found before anything is sent
                office.texts(notice)
            if way.preview or way.test:
                _examples(form, office, todo, wanted, way)
                return
    except TemplateFault as fault:
        problems.append(fault.problem)
    if problems:
        stop(problems, form, checked.line_of)
    if way.dry_run:
        _dry_run(form, todo)
    elif way.outbox:
        from badge_passport.desk.files.changes import apply, ignoring
        from badge_passport.desk.mail.mailfiles import outbox

        if new_key:
            _keep_key(root, new_key)
        if way.outbox.resolve().is_relative_to(root.resolve()):
            apply(root, ignoring(root, "*.eml"))  # before there are any: they hold addresses
        count = outbox(way.outbox, (office.write(notice, now()) for notice in todo.notices))
        _end(form, todo.problems(), f"{messages(count)} written to {way.outbox}, and none sent")
    else:
        _send(root, form, office, todo, way, new_key)


def _send(root: Path, form: Format, office: Office, todo: Plan, way: _Way, new_key: str) -> None:
    from badge_passport.desk.mail.mailserver import Connection, Stop, settings
    from badge_passport.desk.mail.sending import Post
    from badge_passport.desk.mail.sentlog import Recorder, unusable

    if not todo.notices:
        _end(form, todo.problems(), "nothing to send")
        return
    server = settings(os.environ)
    if isinstance(server, Diagnostic):
        stop([*todo.problems(), server], form)
    connection = Connection(server, way.retries, way.retry_after)
    try:
        connection.open()
        if new_key:
            _keep_key(root, new_key)
        recorder = Recorder(root)
    except Stop as error:
        stop([*todo.problems(), error.problem], form)
    except OSError as error:
        connection.close(politely=True)
        stop([*todo.problems(), unusable(error)], form)
    try:
        post = Post(connection, recorder.record, office.key, now, 60 / way.rate if way.rate else 0.0)
        report = post.send_all(todo.notices, lambda notice: office.write(notice, now()), _progress(form))
    finally:
        recorder.close()
    _end(form, [*todo.problems(), *report.problems()], _summary(report), bad=report.interrupted)


def _summary(report: Report) -> str:
    """What a run did, in one line."""
    parts = [f"sent {messages(report.sent)}"]
    for state, words in (("refused", "refused"), ("deferred", "not taken yet"), ("uncertain", "uncertain")):
        if report.count(state):
            parts.append(f"{report.count(state)} {words}")
    left = report.planned - len(report.messages)
    if left:
        parts.append(f"{left} not tried")
    return ", ".join(parts) + ("; run this again to go on" if left or report.interrupted else "")


def _examples(form: Format, office: Office, todo: Plan, wanted: Wanted, way: _Way) -> None:
    """`--preview` and `--test`: messages that claim nothing and are recorded nowhere."""
    from badge_passport.desk.mail import mailfiles
    from badge_passport.desk.mail.mailserver import Connection, Stop, settings

    office = replace(office, key=mailfiles.PREVIEW_KEY)
    if way.preview:
        refusal = mailfiles.refuse(way.preview)
        if refusal is not None:
            stop([refusal], form)
        notices = [*mailfiles.samples(office.registry), *todo.notices]
        rows = mailfiles.preview(way.preview, office, ((n, office.write(n, now())) for n in notices))
        _end(form, [], f"{messages(len(rows))} to look at: {way.preview / 'index.html'}")
        return
    kind = "reminder" if wanted.reminder is not None else "digest" if wanted.digest else "new"
    example = next(mailfiles.samples(office.registry, _address(way.test or ""), [kind]), None)
    if example is None:
        _end(form, [], "there is no award yet to make an example of")
        return
    if todo.notices:
        example = replace(example, awards=todo.notices[0].awards, language=todo.notices[0].language)
    server = settings(os.environ)
    if isinstance(server, Diagnostic):
        stop([server], form)
    connection = Connection(server, way.retries, way.retry_after)
    try:
        outcome = connection.deliver(office.write(example, now()), lambda: None)
    except Stop as error:
        stop([error.problem], form)
    connection.close(politely=True)
    said = " ".join(str(part) for part in (outcome.code or "", outcome.text) if part)
    _end(form, [], f"{outcome.event}: {said}".rstrip(": "), bad=outcome.event != "sent")


def _dry_run(form: Format, todo: Plan) -> None:
    from badge_passport.desk.mail.notices import masked

    for notice in todo.notices:
        what = ", ".join(award.badge.ref for award in notice.awards)
        line = (notice.participant.slug, masked(notice.to.address), notice.language, notice.kind, what)
        say(form, "  ".join(line))
    _end(form, todo.problems(), f"{messages(len(todo.notices))} would be sent")


def _refuse_unknown(registry: Registry, wanted: Wanted) -> None:
    """Names on the command line that nothing has are wrong usage."""
    known: dict[str, tuple[Iterable[str], Mapping[str, object]]] = {
        "award": (wanted.awards, registry.awards),
        "badge": (wanted.badges, registry.badges),
        "issuer": (wanted.issuers, registry.issuers),
        "participant": (wanted.participants, registry.participants),
    }
    for kind, (names, there) in known.items():
        for name in sorted(names):
            if name not in there:
                raise click.UsageError(f"no {kind} called “{name}”. {did_you_mean(name, there)}".strip())


def _address(text: str) -> str:
    from badge_passport.desk.people.roster import AddressError, address

    try:
        return address(text)
    except AddressError:
        raise click.BadParameter("this is not an e-mail address", param_hint="--test") from None


def _keep_key(root: Path, key: str) -> None:
    from badge_passport.desk.claims.codes import CLAIM_KEY
    from badge_passport.desk.files.changes import apply

    apply(root, {CLAIM_KEY: key.encode("ascii")})


def _progress(form: Format) -> Callable[[Report], None]:
    """Shows how far it is, to people who watch."""
    live = sys.stderr.isatty() and form == "pretty"

    def tell(report: Report) -> None:
        if live:
            done = len(report.messages)
            click.echo(f"\r{done} of {report.planned}", nl=done == report.planned, err=True)

    return tell


def _end(form: Format, problems: list[Diagnostic], text: str, *, bad: bool = False) -> None:
    """Say what is wrong and what was done; with an error, the exit code is 1."""
    show(problems, form)
    say(form, text)
    if bad or has_errors(problems):
        sys.exit(SITE_ERRORS)
