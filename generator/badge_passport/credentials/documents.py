"""JSON bytes that every verifier reads alike (the rules of `docs/formats.md`, section “Bytes”)."""

from __future__ import annotations

import json
import marshal
from functools import cached_property
from typing import Any, Final

Document = dict[str, Any]

# Some verifiers guess a charset, others decode HTML entities before they parse: bytes that mean the same
# under any of these are ASCII without & < >. Without spaces the encoder of the library is the one in C.
_encode = json.JSONEncoder(
    ensure_ascii=True, allow_nan=False, check_circular=False, separators=(",", ":")
).encode

# Where a finished document stands in the text of another.
_PLACE: Final = "\0finished\0"
_WRITTEN_PLACE: Final = _encode(_PLACE)


class Finished(Document):
    """A document that nobody changes any more: it is written once, in however many others it stands."""

    @cached_property
    def text(self) -> str:
        """What `to_json` gives; the texts of finished documents inside are taken as they are."""
        inside: list[Finished] = []
        text = ascii_json(_emptied(self, inside))
        if "null" in text or "[]" in text:
            _refuse_empty(self, "")
        pieces = text.split(_WRITTEN_PLACE)
        if len(pieces) != len(inside) + 1:  # a text that looks like a place
            return ascii_json(self)
        joined = pieces[:1]
        for document, piece in zip(inside, pieces[1:], strict=True):
            joined += (document.text, piece)
        return "".join(joined)

    @cached_property
    def packed(self) -> bytes:
        """The same as bytes that no other document has; the order of its entries counts."""
        return marshal.dumps(dict(self), 2)


def _emptied(document: Document, inside: list[Finished]) -> Document:
    """A copy with places for finished documents and lists of them, which are added to ``inside`` in order."""
    made: Document = {}
    for key, item in document.items():
        if isinstance(item, dict):
            if isinstance(item, Finished):
                inside.append(item)
                made[key] = _PLACE
            else:
                made[key] = _emptied(item, inside)
        elif isinstance(item, list) and all(isinstance(one, Finished) for one in item):
            inside += item
            made[key] = [_PLACE] * len(item)
        else:
            made[key] = item
    return made


def to_json(document: Document) -> str:
    """ASCII JSON text with ``&``, ``<`` and ``>`` escaped.

    Raises:
        ValueError: a value is null, an empty list or not finite; leave the property out instead
            (Open Badges 3.0, "Serialization").
    """
    if isinstance(document, Finished):
        return document.text
    text = ascii_json(document)
    if "null" in text or "[]" in text:  # in a text, or as a value
        _refuse_empty(document, "")
    return text


def ascii_json(value: object) -> str:
    """The same for JSON that is no Open Badges document, where lists may be empty."""
    text = _encode(value)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def to_bytes(document: Document) -> bytes:
    """`to_json` as the bytes of a file, with a final newline."""
    return to_json(document).encode("ascii") + b"\n"


def without_empty(**properties: Any) -> Document:
    """A document of the properties that have a value; ``at_`` stands for ``@`` in a name."""
    return {
        ("@" + name[3:] if name.startswith("at_") else name): value
        for name, value in properties.items()
        if value is not None and value != [] and value != {}
    }


def _refuse_empty(value: object, where: str) -> None:
    if value is None or value == []:
        raise ValueError(f"{where or 'the document'} is empty")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_empty(item, f"{where}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _refuse_empty(item, f"{where}/{number}")
