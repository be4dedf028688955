"""The manifest: which files a build made, each by the SHA-256 of its path and of what is in it.

Paths are digested because one may be the address of a page that nobody is to find in a list. Up to `FEW`
files are listed in ``manifest.json`` itself. More are in pieces, by the first two digits of the digests of
their paths: ``manifest/<two digits>.json``; ``manifest.json`` then has digests of pieces alone. A piece
that is as it was is neither read, made nor written.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from badge_passport.publish.spool import Spool

MANIFEST: Final = "manifest.json"
MARK: Final = "badge-passport"
FEW: Final = 2_000
"""Files of which ``manifest.json`` is a list."""
_RECORD: Final = 64  # bytes: the digest of a path, and that of the file
_IS_PIECE: Final = re.compile(r"manifest/([0-9a-f]{2})\.json").fullmatch
_IS_DIGEST: Final = re.compile(r"[0-9a-f]{64}").fullmatch
_HEAD: Final = f'{{\n"generator": "{MARK}",\n'
_MARKS: Final = b'",:'
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

Read = Callable[[str], bytes | None]
"""Reads a file by its path; None if it is not there."""


def digest_of_path(path: str) -> bytes:
    """A path as the manifest names it (in hexadecimal): SHA-256."""
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()


def record(path: str, digest: str) -> bytes:
    """A file as manifests are made of it: 64 bytes, of its path and its digest (hexadecimal)."""
    return digest_of_path(path) + bytes.fromhex(digest)


def piece(name: str) -> str:
    """The path of the piece with these two digits."""
    return f"manifest/{name}.json"


def is_manifest(path: str) -> bool:
    """Whether a path is that of the manifest or of a piece of it: none of these lists itself."""
    return path == MANIFEST or _IS_PIECE(path) is not None


class Damaged(ValueError):
    """The manifest in a folder is not whole."""


class Listing:
    """The manifest of a site while its files change.

    ``records`` are those of all its files, 64 bytes each; ``before`` are the pieces that should be in the
    folder, with their digests by their paths.
    """

    def __init__(self, records: bytes = b"", before: Mapping[str, str] = _NOTHING) -> None:
        self._pieces = Spool()  # records of those that were read or made, in order
        self._new = Spool()  # records that are to be put into pieces
        self._digests: dict[str, str] = {}  # of the texts of the others
        self.before = before
        self._read: Read = lambda _: None
        self.add(records)
        self.change([])

    @classmethod
    def of(cls, manifest: bytes, read: Read) -> Listing:
        """The manifest that is there; its pieces are read when something in them changes.

        Raises:
            Damaged: it is none.
        """
        match _object(manifest):
            case {"files": dict()}:
                return cls(_records(manifest))
            case {"pieces": dict(pieces)}:
                self = cls(before={piece(name): digest for name, digest in pieces.items()})
                self._read, self._digests = read, dict(pieces)
                return self
        raise Damaged(MANIFEST)

    def anew(self, records: bytes) -> Listing:
        """The manifest of these files, in place of a damaged one: all of it is written."""
        return Listing(records, dict.fromkeys(self.before, ""))

    def add(self, records: bytes) -> None:
        """Records of files that are new, for the next `change`."""
        for one in _cut(records):
            self._new.add(one[:1].hex(), one)

    def change(self, gone: Iterable[bytes]) -> None:
        """Take files away by the digests of their paths, then put in what was added.

        Raises:
            Damaged: a piece in which something changes is not what it was.
        """
        without: dict[str, list[bytes]] = {}
        for path in gone:
            without.setdefault(path[:1].hex(), []).append(path)
        for name in sorted({*without, *self._new}):
            self._read_piece(name)
            new = _cut(self._new.take(name))
            self._pieces.add(name, _changed(self._pieces.take(name), without.get(name, ()), new))

    def everything(self) -> str:
        """A digest of all files, however they are listed."""
        made = {name: _sha256(_text(own)) for name, own in self._known()}
        lines = (f"{name} {digest}\n" for name, digest in sorted({**self._digests, **made}.items()))
        return _sha256("".join(lines).encode("ascii"))

    def read(self, files: int) -> None:
        """Read what there must be to write the manifest of so many files.

        Raises:
            Damaged: a piece that has to be read is not what it was.
        """
        for name in list(self._digests) if files <= FEW else ():
            self._read_piece(name)

    def outputs(self, files: int) -> Iterator[tuple[str, bytes]]:
        """Of the manifest of so many files, those parts that may have changed, by path, and itself the last.

        What it needs was `read`.
        """
        if files <= FEW:
            yield MANIFEST, _text(b"".join(own for _, own in self._known()))
            return
        digests = dict(self._digests)
        for name, own in self._known():
            text = _text(own)
            digests[name] = _sha256(text)
            yield piece(name), text
        yield MANIFEST, _index(digests)

    def gone(self, files: int) -> list[str]:
        """The pieces that a manifest of so many files has no more."""
        now = {piece(name) for name, _ in self._known()} | {*map(piece, self._digests)}
        return sorted(self.before.keys() - (now if files > FEW else set()))

    def _known(self) -> Iterator[tuple[str, bytes]]:
        """The pieces that were read or made and list any file, with their records."""
        return ((name, own) for name in self._pieces if (own := self._pieces.get(name)))

    def _read_piece(self, name: str) -> None:
        """Read a piece, if it was not yet."""
        wanted = self._digests.get(name)
        if wanted is not None:
            data = self._read(piece(name)) or b""
            if _sha256(data) != wanted:
                raise Damaged(piece(name))
            self._pieces.add(name, _records(data))
            del self._digests[name]


def files_of(manifest: bytes, read: Read, *, whole: bool = True) -> dict[str, str] | None:
    """All files of a manifest, digest of the path to digest of the bytes; None if it is none of a site.

    ``whole`` asks that every piece is the one that is named. A place where a publication was interrupted may
    have some of an earlier or later moment, each of which is true by itself.
    """
    said = _object(manifest) or {}
    pieces = said.get("pieces")
    if not isinstance(pieces, dict):
        return _files(said)
    found: dict[str, str] = {}
    for name, digest in pieces.items():
        data = (read(piece(name)) if _IS_PIECE(piece(name)) else None) or b""
        files = _files(_object(data) or {})
        if whole and (files is None or _sha256(data) != digest):
            return None
        found.update(files or {})
    return found


def pieces_of(manifest: bytes) -> list[str]:
    """The paths of the pieces that ``manifest.json`` names."""
    pieces = (_object(manifest) or {}).get("pieces")
    return [path for path in map(piece, pieces) if _IS_PIECE(path)] if isinstance(pieces, dict) else []


def texts(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a manifest of these files, by path, itself the last; a digest may be empty (unknown)."""
    if len(files) <= FEW:
        return {MANIFEST: _listed(sorted(files.items()))}
    groups: dict[str, dict[str, str]] = {}
    for name, digest in sorted(files.items()):
        groups.setdefault(name[:2], {})[name] = digest
    made = {name: _listed(of.items()) for name, of in groups.items()}
    index = _index({name: _sha256(text) for name, text in made.items()})
    return {**{piece(name): text for name, text in made.items()}, MANIFEST: index}


def _index(pieces: Mapping[str, str]) -> bytes:
    lines = ",\n".join(f'"{name}": "{digest}"' for name, digest in sorted(pieces.items()))
    return f'{_HEAD}"pieces": {{\n{lines}\n}}\n}}\n'.encode("ascii")


def _listed(files: Iterable[tuple[str, str]]) -> bytes:
    return _list_of(",\n".join([f'"{name}": "{digest}"' for name, digest in files]))


def _list_of(lines: str) -> bytes:
    return f'{_HEAD}"files": {{\n{lines}\n}}\n}}\n'.encode("ascii")


def _text(records: bytes) -> bytes:
    """The list of files with these records, which come in order."""
    digests = records.hex("\n", 32).split("\n") if records else ()
    lines = '"%s": "%s",\n' * (len(records) // _RECORD) % tuple(digests)  # at once, as there are many
    return _list_of(lines.removesuffix(",\n"))


def _changed(records: bytes, gone: Iterable[bytes], new: Iterable[bytes]) -> bytes:
    """Records in order, without those of some paths, and with new ones where those of their paths were."""
    changes = dict.fromkeys(gone, b"") | {one[:32]: one for one in new}
    numbers = range(len(records) // _RECORD)
    parts, done = list[bytes](), 0
    for path, one in sorted(changes.items()):
        number = bisect_left(
            numbers, path, done // _RECORD, key=lambda n: records[_RECORD * n : _RECORD * n + 32]
        )
        place = _RECORD * number
        parts += (records[done:place], one)
        done = place + (_RECORD if records.startswith(path, place) else 0)
    return b"".join((*parts, records[done:]))


def _cut(records: bytes | bytearray) -> Iterator[bytes]:
    return (bytes(records[at : at + _RECORD]) for at in range(0, len(records), _RECORD))


def _records(text: bytes) -> bytes:
    """The records in a list that `_text` made; none in nothing.

    Raises:
        Damaged: it is another one.
    """
    inner = text.partition(b'"files": {')[2].partition(b"}")[0]
    try:
        found = bytes.fromhex(inner.translate(None, _MARKS).decode("ascii"))
    except ValueError:
        raise Damaged(MANIFEST) from None
    if len(found) % _RECORD:
        raise Damaged(MANIFEST)
    return found


def _files(said: Mapping[str, Any]) -> dict[str, str] | None:
    files = said.get("files")
    if not isinstance(files, dict):
        return None
    good = all(_IS_DIGEST(name) and isinstance(digest, str) for name, digest in files.items())
    return files if good else None


def _object(data: bytes) -> dict[str, Any] | None:
    """What a file of a manifest says; None if it is none of ours."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("generator") == MARK else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
