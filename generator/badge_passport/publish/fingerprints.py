"""Fingerprints: digests of all that the files of a person are made of. The same one means the same files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.places import Places
from badge_passport.credentials.sealing import Seals
from badge_passport.registry import Registry
from badge_passport.registry.prints import Prints, digest
from badge_passport.resources import Theme
from badge_passport.source.files import Tree
from badge_passport.source.glance import code


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
    return digest(parts)


class People:
    """The fingerprints of people on one site."""

    def __init__(self, prints: Prints, registry: Registry, places: Places, common: bytes) -> None:
        self._prints, self._registry, self._places, self._common = prints, registry, places, common

    def of(self, slug: str) -> bytes:
        """The fingerprint of a person: of their own files, and of their awards with their places."""
        awards = self._registry.awards_by_participant.get(slug, ())
        places = [self._places.get(award.id) for award in awards]
        return hashlib.sha256(f"{self._prints.of(slug)} {places} ".encode() + self._common).digest()
