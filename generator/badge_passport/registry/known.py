"""Records that were read before: of a file that did not change they are not read and checked again.

What the files of people and awards say is kept as plain JSON, once it was found good, and comes back through
the models, in which nothing can run. A file is known again by its size, time and place on the disk, or by
what it holds; what it says depends on nothing else but the program. Files in which anything was found wrong,
or an e-mail address or a private key stands, are not kept: their problems are found anew each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaSerializer, SchemaValidator, core_schema

from badge_passport.diagnostics import Diagnostic
from badge_passport.model.trusted import trusting
from badge_passport.registry.entities import Entry, Origin
from badge_passport.registry.key_material import holds_key
from badge_passport.registry.lines import Held, held_of
from badge_passport.registry.spelling import holds_address
from badge_passport.source import collecting, kept
from badge_passport.source.files import Tree
from badge_passport.source.glance import code
from badge_passport.source.kept import Piece, Pieces, Stored

R = TypeVar("R", bound=BaseModel)
_KIND: Final = "records 7"
_NONE: Final = Piece(0, 0, "")


@dataclass(slots=True)
class _Said:
    """What a file says, together with files ``beside`` it: its records, in a piece or as they are."""

    beside: tuple[str, ...]
    piece: Piece | None = None
    model: type[BaseModel] | None = None
    entries: list[Entry[Any]] | None = None


@dataclass(slots=True)
class Known:
    """The records of files that were read before.

    ``used`` are the files that were known again since `begin`, and those beside them: all they hold is known.
    ``held`` is what they came to, once all of them were resolved; ``drawings`` are the digests of drawings
    that can be drawn, which takes long to find out.
    """

    used: set[str] = field(default_factory=set)
    held: Held | None = None
    drawings: frozenset[str] = frozenset()
    _files: dict[str, tuple[str, str]] = field(default_factory=dict)  # what is seen of them, and the SHA-256
    _said: dict[str, _Said] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _fresh: set[str] = field(default_factory=set)  # read since `held` was made
    _new: bool = False
    _pieces: Pieces | None = None

    def hold(self, held: Held | None) -> None:
        """Remember what all that is known came to, and forget files that are not there any more."""
        self.held, self._new = held, True
        self._fresh.clear()
        self._said = {file: said for file, said in self._said.items() if file in self._asked}

    def draw(self, drawings: frozenset[str]) -> None:
        """Remember what could be drawn, and forget drawings that are not there any more."""
        self._new = self._new or drawings != self.drawings
        self.drawings = drawings

    def is_held(self, tree: Tree, file: str, beside: tuple[str, ...]) -> bool:
        """Whether a file with those beside it says what it said when `held` was made."""
        said = self._said.get(file)
        return (
            said is not None
            and said.beside == beside
            and file not in self._fresh
            and all(self._same(tree, one) for one in (file, *beside))
        )

    def same(self, tree: Tree) -> set[str]:
        """The files that alone say what they said when `held` was made, as far as can be seen of them."""
        looks, files = tree.seen, self._files
        return {
            file
            for file, said in self._said.items()
            if not said.beside and looks.get(file) == files[file][0] and file not in self._fresh
        }

    def ask(self, files: Iterable[str]) -> None:
        """Note that these files are there, though nobody asked what they say."""
        self._asked.update(files)

    def begin(self) -> Mapping[str, str]:
        """Begin to read a site again; by what it sees of files `read_tree` may leave them unread."""
        self.used.clear()
        self._asked.clear()
        return {path: seen for path, (seen, _) in self._files.items() if seen}

    def entries(
        self, tree: Tree, file: str, beside: tuple[str, ...], slug: str, model: type[R]
    ) -> list[Entry[R]] | None:
        """The records in a file of a tree, each with ``slug``, if they are known."""
        self._asked.update((file, *beside))
        said = self._said.get(file)
        if said is None or said.beside != beside or not all(self._same(tree, one) for one in (file, *beside)):
            return None
        if said.entries is None:
            if said.piece is None or self._pieces is None:
                return None
            try:
                said.entries = _unpacked(self._pieces.read(said.piece), file, slug, model)
            except (kept.Damaged, ValidationError, IndexError, TypeError):
                return None
            said.model = model
        self.used.update((file, *beside))
        return said.entries

    def keep(
        self, tree: Tree, file: str, beside: tuple[str, ...], model: type[R], entries: list[Entry[R]]
    ) -> None:
        """Keep the records in a file in which nothing was found wrong."""
        if any(holds_address(tree.files[one]) or holds_key(tree.files[one]) for one in (file, *beside)):
            self._said.pop(file, None)
            return
        for one in (file, *beside):
            self._files[one] = tree.seen.get(one, ""), _digest(tree.files[one])
        self._said[file] = _Said(beside, None, model, entries)
        self._fresh.add(file)
        self._new = True

    def _same(self, tree: Tree, file: str) -> bool:
        """Whether a file is what it was."""
        seen, digest = self._files.get(file, ("", ""))
        now = tree.seen.get(file, "")
        if seen and seen == now:
            return True
        if _digest(tree.files[file]) != digest:
            return False
        self._files[file] = now, digest
        self._new = self._new or bool(now)
        return True

    def save(self, path: Path) -> None:
        """Keep what is known in a file, if anything is new; where it cannot be kept, it is read again."""
        said = {file: one for file, one in self._said.items() if file in self._asked}
        if not self._new and len(said) == len(self._said):
            return
        before = self._pieces or Pieces(path)
        used = sum(one.piece.size for one in said.values() if one.piece)
        used += sum(one.packed.place.size for one in self.held.badges.values()) if self.held else 0
        pieces = before.anew() if before.worth(used) else before
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for one in said.values():
                if one.piece is None and one.model is not None and one.entries is not None:
                    one.piece = pieces.add(_packed(one.model, one.entries))
                elif one.piece is not None and pieces is not before:
                    one.piece = pieces.add(before.read(one.piece))
            held = None if self._fresh else self.held
            if held is not None:
                badges = {
                    ref: one
                    if one.packed.pieces is pieces
                    else replace(one, packed=one.packed.written(pieces))
                    for ref, one in held.badges.items()
                }
                held = self.held = held.with_badges(badges)
            pieces.write()
            kept.save(path, _KIND, self._header(said, pieces, held))
            if pieces is not before:
                before.remove()
        except (OSError, kept.Damaged):
            self._said.clear()  # where pieces are is not known any more
            return
        self._said, self._new, self._pieces = said, False, pieces

    def _header(self, said: Mapping[str, _Said], pieces: Pieces, held: Held | None) -> dict[str, Any]:
        """What is kept of records beside these themselves."""
        files = {file: self._files[file] for file, one in said.items() for file in (file, *one.beside)}
        self._files = files
        return {
            "code": code(),
            "pieces": [pieces.number, pieces.end],
            "files": [
                list(files),
                [seen for seen, _ in files.values()],
                [digest for _, digest in files.values()],
            ],
            "said": [
                list(said),
                [one.beside for one in said.values()],
                *zip(*(one.piece or _NONE for one in said.values()), strict=True),
            ],
            "drawings": sorted(self.drawings),
            "held": None if held is None else held.plain(),
        }


def load(path: Path) -> Known:
    """What is known of a site by the file at ``path``; nothing if it is damaged, or of another program."""
    with collecting.at_rest():
        return _loaded(path)


def _loaded(path: Path) -> Known:
    known = Known()
    try:
        header, _ = kept.load(path, _KIND)
        if header["code"] != code():
            return known
        pieces = Pieces.there(path, *header["pieces"])
        files = dict(zip(header["files"][0], zip(*header["files"][1:], strict=True), strict=True))
        said = {
            file: _Said(tuple(beside), Piece(*piece))
            for file, beside, *piece in zip(*header["said"], strict=True)
        }
        known.drawings = frozenset(header["drawings"])
        held = None
        if header["held"] is not None:
            held = held_of(header["held"], lambda place: Stored(b"", Piece(*place), pieces))
    except (OSError, ValueError, KeyError, TypeError):
        return known
    known._files, known._said, known.held, known._pieces = files, said, held, pieces
    return known


def records_of(
    known: Known | None,
    tree: Tree,
    file: str,
    beside: tuple[str, ...],
    slug: str,
    model: type[R],
    read: Callable[[list[Diagnostic]], Iterable[Entry[R]]],
    problems: list[Diagnostic],
) -> list[Entry[R]]:
    """The records of a file: those that are known, else those that are ``read``, which are kept if good."""
    found = known.entries(tree, file, beside, slug, model) if known is not None else None
    if found is not None:
        return found
    before = len(problems)
    found = list(read(problems))
    if known is not None and found and len(problems) == before:
        known.keep(tree, file, beside, model, found)
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- Records as JSON --------------------------------------------------------------------------------------


def _packed(model: type[BaseModel], entries: Iterable[Entry[Any]]) -> bytes:
    """Entries of a file as JSON: from where keys came, and of each record its place, one of these, itself."""
    shared: dict[tuple[frozenset[str], str], int] = {}
    rows = []
    for entry in entries:
        origin = entry.origin
        which = shared.setdefault((origin.shared, origin.shared_file), len(shared))
        rows.append((list(origin.base), which, entry.record))
    value = [(sorted(keys), file) for keys, file in shared], rows
    said: bytes = _reader(model)[1].to_json(value, by_alias=True, exclude_defaults=True)
    return said


def _unpacked(packed: bytes, file: str, slug: str, model: type[R]) -> list[Entry[R]]:
    """The entries that `_packed` made JSON of.

    Raises:
        ValidationError: it made something else.
    """
    shared, rows = _reader(model)[0].validate_json(packed)
    origins = [(frozenset(keys), other) for keys, other in shared]
    return [Entry(slug, record, Origin(file, tuple(base), *origins[which])) for base, which, record in rows]


@lru_cache(maxsize=8)
def _reader(model: type[BaseModel]) -> tuple[SchemaValidator, SchemaSerializer]:
    """What makes entries from JSON and back, in one step in Rust."""
    of_keys = core_schema.tuple_schema([core_schema.list_schema(_TEXT), _TEXT])
    record = trusting(model)
    row = core_schema.tuple_schema([core_schema.list_schema(), core_schema.int_schema(ge=0), record])
    schema = core_schema.tuple_schema([core_schema.list_schema(of_keys), core_schema.list_schema(row)])
    make: Callable[..., SchemaValidator] = SchemaValidator
    try:
        # Else it would take the models' own validators, which give the same and are slower.
        return make(schema, None, False), SchemaSerializer(schema)
    except TypeError:  # versions of pydantic that have none but this one
        return make(schema), SchemaSerializer(schema)


_TEXT: Final = core_schema.str_schema(strict=True)
