"""No e-mail address of a person in a public repository: a scan of every tracked file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.load import Records
from badge_passport.source.files import Tree

# Deliberately wide: letters of any script, and the @ as URLs, HTML and YAML may write it.
_AT = re.compile(r"@|%40|&#0*64;|&#[xX]0*40;|&commat;|\\x40|\\u0040|\\U00000040")
_BEFORE = re.compile(r"[\w.+-]{1,64}\Z")
_AFTER = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})+")
_READ = (".yml", ".csv", ".md", ".svg", ".css")


def plain_addresses(tree: Tree, records: Records) -> Iterator[Diagnostic]:
    """``plain-email`` for every address in a file that is published, but the issuers' contacts."""
    if records.site is None or records.site.privacy.plain_email == "allow":
        return
    contacts = {entry.record.email.lower() for entry in records.issuers}
    for file in tree.files.keys() - {entry.origin.file for entry in records.issuers}:
        if file.startswith("badges/") and file.endswith("/issuer.yml"):
            # It has problems of its own: whatever address it holds may be meant for the public.
            contacts |= {a.lower() for a, _ in addresses_in(tree.files[file].decode("utf-8", "replace"))}
    for file, data in tree.files.items():
        if not file.endswith(_READ):
            continue
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        line, counted = 1, 0
        for address, position in addresses_in(text):
            if address.lower() in contacts:
                continue
            line += text.count("\n", counted, position)
            counted = position
            start = position - text.rfind("\n", 0, position)
            yield Diagnostic(
                "plain-email",
                "this is an e-mail address in a public file",
                Span(file, line, start, start + len(address)),
                "keep addresses in private/; a participant is known here by “identity: sha256$…” and "
                "a salt. An issuer's public contact is allowed under “email” of its issuer.yml.",
            )


def addresses_in(text: str) -> Iterator[tuple[str, int]]:
    """Every address and where it starts: from each @ outwards, so that no text takes long."""
    for at in _AT.finditer(text):
        before = _BEFORE.search(text, max(0, at.start() - 64), at.start())
        after = _AFTER.match(text, at.end())
        if before and after:
            yield text[before.start() : after.end()], before.start()
