"""No e-mail address of a person in a public repository: a scan of every tracked file."""

from __future__ import annotations

from collections.abc import Container, Iterator

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.registry.load import Records
from badge_passport.registry.spelling import AT, addresses_in
from badge_passport.registry.strangers import document_of, plain_addresses_of
from badge_passport.source import parquet
from badge_passport.source.files import Tree

_READ = (".yml", ".csv", ".md", ".svg", ".css")
_FIX = (
    "keep addresses in private/; a participant is known here by “identity: sha256$…” and "
    "a salt. An issuer's public contact is allowed under “email” of its issuer.yml."
)


def plain_addresses(tree: Tree, records: Records, known: Container[str] = ()) -> Iterator[Diagnostic]:
    """``plain-email`` for every address in a file that is published, but the issuers' contacts.

    There is none in the ``known`` files.
    Documents of other issuers are published as they are: no setting allows an address in them.
    """
    yield from _of_strangers(tree)
    if records.site is None or records.site.privacy.plain_email == "allow":
        return
    contacts = {entry.record.email.lower() for entry in records.issuers}
    for file in tree.files.keys() - {entry.origin.file for entry in records.issuers}:
        if file.startswith("badges/") and file.endswith("/issuer.yml"):
            # It has problems of its own: whatever address it holds may be meant for the public.
            contacts |= {a.lower() for a, _ in addresses_in(tree.files[file].decode("utf-8", "replace"))}
    for file in tree.files:
        if file.endswith(".parquet") and file not in known:
            yield from _of_rows(tree, file, contacts)
        if file in known or not file.endswith(_READ):
            continue
        text = tree.files[file].decode("utf-8", "replace").removeprefix("\ufeff")
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
                _FIX,
            )


def _of_rows(tree: Tree, file: str, contacts: Container[str]) -> Iterator[Diagnostic]:
    """``plain-email`` for each row of a Parquet table that has an address."""
    for number, text in parquet.texts(tree.files[file], file, AT):
        if any(address.lower() not in contacts for address, _ in addresses_in(text)):
            yield Diagnostic(
                "plain-email",
                "this row of a public table has an e-mail address in it",
                Span(file, number),
                _FIX,
            )


def _of_strangers(tree: Tree) -> Iterator[Diagnostic]:
    """Addresses in badges from elsewhere, but those that organisations give of themselves."""
    for file in tree.under("content/participants", ".json"):
        data = tree.files[file]
        document = document_of(data)
        address = next(plain_addresses_of(document), None) if document is not None else None
        if address is not None:
            line = data[: max(0, data.find(address.encode()))].count(b"\n") + 1
            yield Diagnostic(
                "plain-email",
                "this badge from elsewhere has an e-mail address in it",
                Span(file, line),
                "take it out again; the issuer may give a badge whose recipient is hashed.",
            )
