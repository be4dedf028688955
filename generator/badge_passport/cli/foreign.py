"""`passport import --for`: a badge of another issuer, verified, into somebody's passport."""

from __future__ import annotations

from pathlib import Path

from badge_passport.cli.shared import (
    PUBLISHING,
    carry_out,
    fetching,
    now,
    participant_of,
    say,
    site_and_roster,
    source_bytes,
    stop,
    stop_at,
)
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
    from badge_passport.desk.importing.adopting import adopt
    from badge_passport.desk.importing.foreign import Refused, foreign

    fetch = fetching(folder, base, allow_private=allow_private)
    checked, registry, roster = site_and_roster(root, form)
    person = participant_of(registry, participant)
    known = roster.of(participant)
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
        say(form, f"imported. {PUBLISHING}")


def _data(source: str) -> bytes:
    """The bytes of a file or of standard input; an address stands for itself."""
    return source.encode("utf-8") if source.startswith(("https://", "http://")) else source_bytes(source)
