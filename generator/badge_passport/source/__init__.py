"""Reading: files, YAML and CSV as plain values, and the way back from a value to its line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import yaml as pyyaml

from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.source import tables, yaml
from badge_passport.source.files import Tree, decode


def locate(tree: Tree, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Turn every `Place` into a `Span`, and sort by file and line. Each file is composed once, if at all."""
    composed: dict[str, Any] = {}
    texts: dict[str, str] = {}

    def text_of(file: str) -> str:
        if file not in texts:
            texts[file] = decode(tree.files.get(file, b""), file, bom=True)[0]
        return texts[file]

    def span_of(place: Place) -> Span:
        if place.file not in tree.files:
            return Span(place.file)
        if place.file.endswith(".csv"):
            return tables.locate(text_of(place.file), place.file, place.path)
        if not place.file.endswith((".yml", ".yaml")):
            return Span(place.file)
        if place.file not in composed:
            try:
                composed[place.file] = pyyaml.compose(text_of(place.file), Loader=pyyaml.CSafeLoader)
            except pyyaml.YAMLError:
                composed[place.file] = None
        return yaml.locate_node(composed[place.file], place.file, place.path, key=place.key)

    located = [replace(d, where=span_of(d.where)) if isinstance(d.where, Place) else d for d in diagnostics]
    unique = dict.fromkeys(located)
    return sorted(unique, key=lambda d: (d.span.file, d.span.line, d.span.column) if d.span else ("", 0, 0))


def line_of(tree: Tree, span: Span) -> str | None:
    """The source line that a span starts on, or None for a file that is not text."""
    data = tree.files.get(span.file)
    if data is None or span.file.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf")):
        return None
    lines = data.decode("utf-8", "replace").split("\n")
    return lines[span.line - 1].rstrip("\r") if 0 < span.line <= len(lines) else None
