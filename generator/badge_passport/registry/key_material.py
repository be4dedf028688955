"""No private key in a public repository: a scan of every tracked file."""

from __future__ import annotations

from collections.abc import Container, Iterator

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.source.files import Tree

_MARKS = (b"PRIVATE KEY-----", b"PuTTY-User-Key-File")


def holds_key(data: bytes) -> bool:
    """Whether there is a private key in a file."""
    return any(mark in data for mark in _MARKS)


def private_keys(tree: Tree, known: Container[str] = ()) -> Iterator[Diagnostic]:
    """``private-key`` for every file outside ``private/`` that holds one, whatever its name.

    Of the ``known`` files none does.
    """
    for file in tree.files:
        if file in known:
            continue
        data = tree.files[file]
        found = [at for at in map(data.find, _MARKS) if at >= 0]
        if found and not file.startswith("private/"):
            yield Diagnostic(
                "private-key",
                "this is a private key in a public file",
                Span(file, data.count(b"\n", 0, min(found)) + 1),
                "remove it, and make a new key: this one must count as known to everybody.",
            )
