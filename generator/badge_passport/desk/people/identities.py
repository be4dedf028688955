"""Whose address is this? By the roster, or by the hashes in the files of people, which anybody has."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from badge_passport.credentials.identity import hash_identity, is_recipient
from badge_passport.desk.files.yamlfiles import edit, text_of
from badge_passport.desk.people.erased import ERASED, found
from badge_passport.desk.people.newcomers import Draw, identity_lines, new_salt
from badge_passport.desk.people.roster import Roster
from badge_passport.model import records as r
from badge_passport.registry import Registry
from badge_passport.source import yaml


class Known:
    """Everybody whom a site and its roster know; ``files`` are those of the site."""

    def __init__(self, registry: Registry, roster: Roster, files: Mapping[str, bytes]) -> None:
        self.registry = registry
        self.roster = roster
        self.files = files
        self._hashed = cache(self._by_hash)

    def owner(self, address: str) -> str:
        """The participant that an address belongs to, or nothing."""
        return self.roster.owners.get(address) or self._hashed(address)

    def _by_hash(self, address: str) -> str:
        start = hashlib.sha256(address.encode())
        for slug, salt, wanted in self._unaccounted:
            digest = start.copy()  # hashing the address once for all salts
            digest.update(salt)
            if digest.hexdigest() == wanted:
                return slug
        return ""

    @cached_property
    def _unaccounted(self) -> list[tuple[str, bytes, str]]:
        """Participant, salt and hash of every identity whose address the roster does not have."""
        found: list[tuple[str, bytes, str]] = []
        for slug, person in self.registry.participants.items():
            addresses = [entry.address for entry in self.roster.of(slug)]
            found += [
                (slug, one.salt.encode(), one.identity.removeprefix("sha256$"))
                for one in (
                    *person.record.identities,
                    *(identity for old in person.record.former for identity in old.identities),
                )
                if one.type == "email" and not any(_is(one, address) for address in addresses)
            ]
        return found

    def objection(self, addresses: Sequence[str], participant: str) -> str:
        """Why these cannot be of one person who is known well enough, or nothing."""
        people = self.registry.participants
        for one in addresses:
            gone = found(self.roster.erased, one)
            if gone is not None and not self.owner(one):
                return (
                    f"whose address this is was erased on {gone.on}, as they asked; "
                    f"if they want to come back, take line {gone.line} out of {ERASED}"
                )
        if participant and participant not in people:
            return f"no participant is called “{participant[:40]}”"
        owners = {owner for owner in (*map(self.owner, addresses), participant) if owner}
        if len(owners) > 1:
            return f"these are of two people, {' and '.join(sorted(owners))}"
        for owner in owners:
            if owner not in people:
                return f"the roster says “{owner}”, but there is no content/participants/{owner}.yml"
        return ""

    def is_new_to(self, slug: str, address: str) -> bool:
        """Whether no identity of this participant is the address."""
        return not any(_is(i, address) for i in self.registry.participants[slug].record.identities)

    def came_with(self, slug: str, address: str) -> bool:
        """Whether the address is of somebody who was merged into this participant."""
        former = self.registry.participants[slug].record.former
        return any(_is(i, address) for old in former for i in old.identities)

    def is_main(self, slug: str, address: str) -> bool:
        """Whether the first identity of this participant is the address."""
        return _is(self.registry.participants[slug].record.identities[0], address)

    def labels(self, slug: str, addresses: Sequence[str], label: str = "") -> dict[str, str]:
        """The label of each address in the person's file: the one it has, else a new one.

        The first address of a person needs none, and has ``label`` if they are new.
        """
        person = self.registry.participants.get(slug)
        identities = person.record.identities if person else []
        taken = {i.label for i in identities if i.label}
        found: dict[str, str] = {}
        for number, address in enumerate(addresses, 1):
            own = next((i for i in identities if _is(i, address)), None)
            if own is not None:
                found[address] = own.label or ""
            elif person is None and number == 1:
                found[address] = label
            else:
                at = len(identities) + number
                while f"address-{at}" in taken:
                    at += 1
                found[address] = f"address-{at}"
            taken.add(found[address])
        return found

    def with_addresses(
        self, slug: str, more: Sequence[tuple[str, str]], draw: Draw = secrets.token_bytes
    ) -> bytes:
        """The file of a participant with more identities, each an address and its label.

        Raises:
            EditError: the file cannot take them without other changes.
        """
        return with_addresses(self.files[self.registry.participants[slug].origin.file], more, draw)


def with_addresses(data: bytes, more: Sequence[tuple[str, str]], draw: Draw = secrets.token_bytes) -> bytes:
    """The file of a participant with more identities, each an address and its label.

    Raises:
        EditError: the file cannot take them without other changes.
    """
    salts = [new_salt(draw) for _ in more]
    fresh = [
        {"identity": hash_identity(address, salt), "salt": salt} | ({"label": label} if label else {})
        for (address, label), salt in zip(more, salts, strict=True)
    ]

    def change(value: Any) -> None:
        value["identities"].extend(dict(one) for one in fresh)

    # Where the identities stand last, as in the files we write, they are simply followed by others.
    text = text_of(data)
    longer = text + "".join(
        identity_lines(address, salt, label) for (address, label), salt in zip(more, salts, strict=True)
    )
    expected, _ = yaml.load(text, "")
    found, problems = yaml.load(longer, "")
    if text.endswith("\n") and not problems and isinstance(expected, dict) and "identities" in expected:
        change(expected)
        if found == expected:
            return longer.encode("utf-8")
    return edit(data, change)


def _is(identity: r.Identity, address: str) -> bool:
    return is_recipient(address, identity.salt, identity.identity)
