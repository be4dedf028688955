"""One credential of the corpus, and what is to be said of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["valid", "not-valid", "undecided", "no-badge"]


@dataclass(frozen=True)
class Entry:
    """``documents`` is the network: None is an answer 404, and what is not there does not answer at all.

    ``failed`` are the ids of the steps that fail; ``unchecked`` those that could not be found out and are the
    reason why nothing is decided. ``judges`` are those that read this kind of file.
    """

    name: str
    data: bytes
    documents: dict[str, bytes | None]
    verdict: Verdict = "valid"
    failed: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    suffix: str = "json"
    judges: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name}.{self.suffix}"


def changed(document: Any, *changes: Callable[[Any], Any]) -> Any:
    made = copy.deepcopy(document)
    for change in changes:
        change(made)
    return made


def put(path: str, value: Any) -> Callable[[Any], None]:
    """A change of the member at a path; a function gets what is there."""

    def change(document: Any) -> None:
        *parents, last = (int(p) if p.isdigit() else p for p in path.split("."))
        at = document
        for part in parents:
            at = at[part]
        at[last] = value(at[last]) if callable(value) else value

    return change


def drop(path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        *parents, last = path.split(".")
        for part in parents:
            document = document[int(part) if part.isdigit() else part]
        del document[last]

    return change


def other_character(text: str) -> str:
    """The text with another character in its middle."""
    at = len(text) // 2
    return text[:at] + ("a" if text[at] != "a" else "b") + text[at + 1 :]
