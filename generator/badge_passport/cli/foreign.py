"""`passport import --for`: a badge of another issuer, verified, into somebody's passport."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from badge_passport.cli.shared import carry_out, now, participant_of, say, site_and_roster, stop, stop_at
from badge_passport.diagnostics.rendering import Format


def import_badge(
    root: Path,
    form: Format,
    source: str,
    participant: str,
    *,
    unverified: bool,
    folder: Path | None,
    base: str | None,
    allow_private: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Verify what is at ``source``, say what it is, and keep it."""
    from badge_passport.credentials.fetching import from_folder, from_network
    from badge_passport.desk.adopting import adopt
    from badge_passport.desk.foreign import Refused, foreign

    if (folder is None) != (base is None):
        raise click.UsageError("--offline and --base go together")
    if folder is not None and allow_private:
        raise click.UsageError("--allow-private is about the network, which --offline does without")
    checked, registry, roster = site_and_roster(root, form)
    person = participant_of(registry, participant)
    known = roster.of(participant)
    fetch = from_network(allow_private) if folder is None or base is None else from_folder(base, folder)
    time = now()
    try:
        badge = foreign(
            _data(source), fetch, registry, [entry.address for entry in known], time, unverified=unverified
        )
    except Refused as refused:
        stop(refused.problems, form)
    adopted, problems = adopt(checked.tree, person, badge, [entry.name for entry in known], time.date())
    if problems:
        stop_at(checked, problems, form)
    if not adopted.files:
        say(form, f"“{participant}” has this badge already; nothing to do.")
        return
    word = "verified" if badge.verdict == "valid" else "not verified"
    say(form, f"{badge.name}, issued by {badge.issuer} on {badge.issued_on} ({word}), for “{participant}”")
    for note in adopted.notes:
        say(form, note)
    for name, data in sorted(adopted.files.items()):
        say(form, f"{'remove' if data is None else 'write'} {name}")
    if carry_out(root, form, adopted.files, yes=yes, dry_run=dry_run):
        say(form, "imported. It is published with the next `git push`.")


def _data(source: str) -> bytes:
    """The bytes of a file or of standard input; an address stands for itself."""
    from badge_passport.credentials.verification.reading import MAX_BYTES

    if source.startswith(("https://", "http://")):
        return source.encode("utf-8")
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.BadParameter(f"{source}: {error.strerror}", param_hint="SOURCE") from None
