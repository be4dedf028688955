"""Prints: digests of all that is published of one person, or one badge. The same one means the same files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property

from pydantic import BaseModel

from badge_passport.registry.entities import Award, Participant, Registry
from badge_passport.registry.progress import milestones
from badge_passport.registry.standins import PersonStandIn
from badge_passport.source.files import Tree

_FOLDERS = ("content/participants/", "private/participants/")


def digest(parts: Iterable[bytes]) -> bytes:
    """A digest of parts, each with its length, so that nothing moves from one to the next unseen."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


class Prints:
    """The prints of the people and badges of one site, in hexadecimal."""

    def __init__(self, tree: Tree, registry: Registry) -> None:
        self._tree, self._registry = tree, registry
        self._made: dict[str, str] = {}

    def of(self, slug: str) -> str:
        """The print of a person: of their own files, of their awards (but for places in status lists), and of
        the badges that their pages tell of.
        """
        person = self._registry.participants.get(slug)
        if isinstance(person, PersonStandIn):
            return person.print
        if slug not in self._made:
            self._made[slug] = self._print(slug, person)
        return self._made[slug]

    @cached_property
    def badges(self) -> Mapping[str, str]:
        """The prints of badges: of the files of all their versions."""
        return {
            ref: _digest_of(part for file in files for part in (file, self._tree.files[file]))
            for ref, files in self._badge_files.items()
        }

    @property
    def badge_files(self) -> frozenset[str]:
        """The files of which these are."""
        return frozenset(file for files in self._badge_files.values() for file in files)

    @cached_property
    def _badge_files(self) -> Mapping[str, list[str]]:
        versions = self._registry.versions
        return {ref: sorted({badge.origin.file for badge in own}) for ref, own in versions.items()}

    @cached_property
    def _ways(self) -> list[tuple[frozenset[str], str]]:
        """The ways to milestones: the badges that count, and a print of these with the milestone.

        Pages of who has some of them say which are missing.
        """
        return [
            (frozenset(counting), _digest_of(self.badges[one] for one in (ref, *counting)))
            for ref, counting in milestones(self._registry).items()
        ]

    def _told_of(self, awards: Iterable[Award]) -> Iterable[str]:
        """Prints of the badges of these awards, and of the ways that they are on."""
        refs = {award.badge.ref for award in awards}
        yield from (self.badges[ref] for ref in sorted(refs))
        yield from (way for counting, way in self._ways if not counting.isdisjoint(refs))

    @cached_property
    def _sources(self) -> Mapping[str, list[bytes]]:
        """What there is of people beside their records: pages, pictures, badges."""
        found: dict[str, list[bytes]] = {}
        for path in self._tree.files:
            for folder in _FOLDERS:
                if path.startswith(folder) and not path.endswith((".yml", ".parquet")):
                    slug = path.removeprefix(folder).split("/")[0].rsplit(".", 1)[0]
                    found.setdefault(slug, []).extend((path.encode(), self._tree.files[path]))
        return found

    def _print(self, slug: str, person: Participant | None) -> str:
        awards = self._registry.awards_by_participant.get(slug, ())
        record = _json(person.record) if person else b""
        told = (one.encode() for one in self._told_of(awards))
        return digest([record, *self._sources.get(slug, ()), *map(_award, awards), *told]).hex()


def _digest_of(parts: Iterable[str | bytes]) -> str:
    return digest(part.encode() if isinstance(part, str) else part for part in parts).hex()


def _award(award: Award) -> bytes:
    badge = award.badge
    because = " ".join([reason.id for reason in award.because])
    line = f"{award.id} {badge.ref} {badge.version} {award.acceptance} {award.expires} {because}\n"
    return b"".join(
        (
            line.encode(),
            _json(award.record),
            _json(award.identity) if award.identity else b"",
            b"revoked" + _json(award.revoked) if award.revoked else b"",
        )
    )


def _json(record: BaseModel) -> bytes:
    """A record in JSON, without what pydantic's own method adds around it."""
    return type(record).__pydantic_serializer__.to_json(record)
