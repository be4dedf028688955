"""The way back from a value to its line and column, and from these to the text that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import yaml as pyyaml

from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.source import markdown, parquet, tables, yaml
from badge_passport.source.files import Tree, decode


def locate(tree: Tree, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Turn every `Place` into a `Span`, and sort by file and line."""
    found = list(diagnostics)
    there = spans(tree, [d.where for d in found if isinstance(d.where, Place)])
    located = [replace(d, where=there[d.where]) if isinstance(d.where, Place) else d for d in found]
    unique = dict.fromkeys(located)
    return sorted(unique, key=lambda d: (d.span.file, d.span.line, d.span.column) if d.span else ("", 0, 0))


def spans(tree: Tree, places: Iterable[Place]) -> Mapping[Place, Span]:
    """Where each place is. Each file is composed once, if at all."""
    composed: dict[str, Any] = {}
    texts: dict[str, str] = {}
    lines: dict[str, tables.Lines] = {}

    def text_of(file: str) -> str:
        if file not in texts:
            texts[file] = decode(tree.files.get(file, b""), file, bom=True)[0]
        return texts[file]

    def span_of(place: Place) -> Span:
        if place.file not in tree.files:
            return Span(place.file)
        if place.file.endswith(".csv"):
            if place.file not in lines:
                lines[place.file] = tables.Lines(text_of(place.file))
            return lines[place.file].locate(place.file, place.path)
        if place.file.endswith(".parquet"):
            return parquet.locate(place.file, place.path)
        page = place.file.endswith(".md")
        if not page and not place.file.endswith(".yml"):
            return Span(place.file)
        if place.file not in composed:
            text = text_of(place.file)
            try:
                composed[place.file] = pyyaml.compose(
                    markdown.front_matter(text)[0] if page else text, Loader=pyyaml.CSafeLoader
                )
            except pyyaml.YAMLError:
                composed[place.file] = None
        span = yaml.locate_node(composed[place.file], place.file, place.path, key=place.key)
        # Front matter begins on the second line.
        return replace(span, line=span.line + 1) if page and composed[place.file] is not None else span

    return {place: span_of(place) for place in set(places)}


def line_of(tree: Tree, span: Span) -> str | None:
    """The source line that a span starts on, or None for a file that is not text."""
    data = tree.files.get(span.file)
    if data is None or span.file.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".parquet")):
        return None
    # Lines as editors, the YAML parser and the reader of CSV count them; the columns begin after a BOM.
    lines = re.split("\r\n|\r|\n", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    return lines[span.line - 1] if 0 < span.line <= len(lines) else None
