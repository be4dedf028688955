"""Giving one person another address: its hash into their file, the address itself into the roster."""

from __future__ import annotations

import secrets

from badge_passport.desk.files.yamlfiles import EditError
from badge_passport.desk.people.identities import Known
from badge_passport.desk.people.newcomers import Draw
from badge_passport.desk.people.roster import ROSTER, Entry, Roster
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.pipeline import Checked


def add_address(
    checked: Checked,
    roster: Roster,
    participant: str,
    address: str,
    label: str = "",
    draw: Draw = secrets.token_bytes,
) -> tuple[dict[str, bytes | None], Diagnostic | None]:
    """The files to write, none if everything is there already; or why it cannot be done.

    Problems: ``address-taken``.

    Raises:
        ValueError: the site was not good.
    """
    if checked.registry is None:
        raise ValueError("a site with errors is not added to")
    known = Known(checked.registry, roster, checked.tree.files)
    file = checked.registry.participants[participant].origin.file
    owner = known.owner(address)
    if owner and owner != participant:
        fix = f"if they are one person, keep “{owner}”: ask somebody technical to join the two files."
        return {}, Diagnostic("address-taken", f"this address is that of “{owner}”", Span(file), fix)
    files: dict[str, bytes | None] = {}
    name = known.labels(participant, [address])[address]
    if known.is_new_to(participant, address):
        name = label or name
        try:
            files[file] = known.with_addresses(participant, [(address, name)], draw)
        except EditError as error:
            return {}, Diagnostic("award-file", str(error), Span(file), "write the identity by hand.")
    if address not in roster.owners:
        files[ROSTER] = roster.with_entries([Entry(participant, address, name)]).to_bytes()
    return files, None
