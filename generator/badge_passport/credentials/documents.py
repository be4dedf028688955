"""JSON bytes that every verifier reads alike (the rules of `docs/formats.md`, section “Bytes”)."""

from __future__ import annotations

import json
from typing import Any

Document = dict[str, Any]

# Some verifiers guess a charset, others decode HTML entities before they parse: bytes that mean the same
# under any of these are ASCII without & < >. Without spaces the encoder of the library is the one in C.
_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def to_json(document: Document) -> str:
    """ASCII JSON text with ``&``, ``<`` and ``>`` escaped.

    Raises:
        ValueError: a value is null, an empty list or not finite; leave the property out instead
            (Open Badges 3.0, "Serialization").
    """
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
