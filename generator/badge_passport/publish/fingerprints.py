"""Fingerprints: digests of all that the files of a person are made of. The same one means the same files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.places import Places
from badge_passport.credentials.sealing import Seals
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award
from badge_passport.resources import Theme
from badge_passport.source.files import Tree
from badge_passport.source.glance import code


def _hash(parts: Iterable[bytes]) -> bytes:
    """A digest of parts, each with its length, so that nothing moves from one to the next unseen."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def common(
    tree: Tree,
    theme: Theme,
    keys: Mapping[str, IssuerKeys],
    seals: Seals | None,
    shells: Mapping[str, str],
) -> bytes:
    """What the files of everybody are made of: the program, the theme, all that is not of people, the keys.

    ``shells`` are the pages of the host, by language, that data pages are poured into.
    """
    parts = [code().encode()]
    for part in ("templates", "assets", "locales"):
        for folder in theme.folders(part):
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                parts += [file.relative_to(folder).as_posix().encode(), file.read_bytes()]
    for path in tree.files:
        if path == "site.yml" or path.startswith("badges/"):
            parts += [path.encode(), tree.files[path]]
        elif path.startswith("content/pages/"):
            parts.append(path.encode())  # that a page is there is a reason to link to it
    for issuer, own in sorted(keys.items()):
        token = own.token.multibase if own.token else ""
        parts.append(f"{issuer} {own.proof.multibase} {token}".encode())
    parts.append(b"" if seals is None else seals.of("").fragment.encode())
    for tag, shell in sorted(shells.items()):
        parts += [tag.encode(), shell.encode()]
    return _hash(parts)


class People:
    """The fingerprints of people on one site."""

    def __init__(self, tree: Tree, registry: Registry, places: Places, common: bytes) -> None:
        self._registry, self._places, self._common = registry, places, common
        self._sources: dict[str, list[bytes]] = {}  # beside their records: pages, pictures, badges
        for path in tree.files:
            for folder in ("content/participants/", "private/participants/"):
                if path.startswith(folder) and not path.endswith((".yml", ".parquet")):
                    slug = path.removeprefix(folder).split("/")[0].rsplit(".", 1)[0]
                    self._sources.setdefault(slug, []).extend((path.encode(), tree.files[path]))

    def of(self, slug: str) -> bytes:
        """The fingerprint of a person: of their own files, and of their awards."""
        awards = self._registry.awards_by_participant.get(slug, ())
        person = self._registry.participants.get(slug)
        record = _json(person.record) if person else b""
        return _hash([self._common, record, *self._sources.get(slug, ()), *map(self._award, awards)])

    def _award(self, award: Award) -> bytes:
        badge, status = award.badge, self._places.get(award.id)
        because = " ".join([reason.id for reason in award.because])
        line = (
            f"{award.id} {badge.ref} {badge.version} {award.acceptance} {status} {award.expires} {because}\n"
        )
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
