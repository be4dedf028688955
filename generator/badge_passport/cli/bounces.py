"""`passport bounces`: messages that came back, and whom to ask for another address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from badge_passport.cli.shared import format_option, messages, now, say, show, site_option, stop
from badge_passport.diagnostics.rendering import Format


@click.command("bounces")
@site_option
@format_option
@click.argument("file", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
def bounces_command(root: Path, form: Format, file: tuple[Path, ...]) -> None:
    """Read messages that came back (.eml or mbox FILE) and list whom to ask for another address."""
    from badge_passport.desk.mail import bounces
    from badge_passport.desk.mail.notices import not_sent
    from badge_passport.desk.mail.sentlog import Message, Recorder, only_one, read_log, unusable

    with only_one(root) as busy:
        log, problems = read_log(root)
        problems += [busy] if busy else []
        found: list[bounces.Bounce] = []
        for name in file:
            read, problem = bounces.read(name)
            found += read
            problems += [problem] if problem else []
        if problems:
            stop(problems, form)
        events = bounces.events(found, log, now())
        if events:
            try:
                recorder = Recorder(root)
                try:
                    for event in events:
                        recorder.record(event)
                finally:
                    recorder.close()
            except OSError as error:
                stop([unusable(error)], form)
    strange = sum(not bounce.ids & log.messages.keys() for bounce in found)
    tail = f"; {strange} not about a message of this site" if strange else ""
    text = (
        f"{len(found)} report{'' if len(found) == 1 else 's'} read, {messages(len(events))} came back{tail}"
    )
    show([replace(not_sent(Message(event)), severity="warning") for event in events], form)
    say(form, text)
