"""No e-mail address of a person in a public repository: a scan of every tracked file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.load import Records
from badge_passport.source.files import Tree

# Deliberately wide: letters of any script, and %40 for people who paste from a browser.
ADDRESS = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+")


def plain_addresses(tree: Tree, records: Records) -> Iterator[Diagnostic]:
    """``plain-email`` for every address in ``site.yml``, badges/ and content/ but the issuers' contacts."""
    if records.site is None or records.site.privacy.plain_email == "allow":
        return
    contacts = {entry.record.email.lower() for entry in records.issuers}
    for file, data in tree.files.items():
        if file.startswith("private/") or not file.endswith((".yml", ".yaml", ".csv", ".md", ".svg", ".css")):
            continue
        if b"@" not in data and b"%40" not in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
            for match in ADDRESS.finditer(line):
                if match.group().lower().rstrip(".") not in contacts:
                    start = match.start() + 1
                    yield Diagnostic(
                        "plain-email",
                        "this is an e-mail address in a public file",
                        Span(file, number, start, start + len(match.group())),
                        "keep addresses in private/; a participant is known here by “identity: sha256$…” and "
                        "a salt. An issuer's public contact is allowed under “email” of its issuer.yml.",
                    )
