"""How equal two built sites are: the same pages, documents with the same data, HTML with the same words."""

from __future__ import annotations

import html
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KINDS = [
    (r"awards/[^/]+/index\.html", "award pages"),
    (r"awards/[^/]+/assertion\.json", "assertions (2.0)"),
    (r"awards/[^/]+/credential\.json", "credentials (3.0)"),
    (r"awards/[^/]+/embed/index\.html", "award embeds"),
    (r"awards/[^/]+/oembed\.json", "award oEmbed"),
    (r"passports/(?!-)[^/]+/index\.html", "passport pages"),
    (r"passports/[^/]+/passport\.json", "passport.json"),
    (r"passports/[^/]+/feed\.xml", "passport feeds"),
    (r"passports/[^/]+/embed/index\.html", "passport embeds"),
    (r"passports/[^/]+/oembed\.json", "passport oEmbed"),
    (r"badges/[^/]+/[^/]+/(index\.html|embed/index\.html|oembed\.json|badge\.en\.json)", "badges"),
    (r"issuers/[^/]+/(index\.html|issuer\.json)", "issuers"),
    (r"(badges|issuers|passports|passports/-/\d+)/index\.html", "lists"),
    (r"(assets/|(badges|issuers)/.*\.(png|svg)$).*", "assets, class pictures"),
    (r"awards/[^/]+/badge\.(png|svg)", "baked pictures"),
    (r"passports/[^/]+/badges\.zip", "archives"),
    (r"passports/[^/]+/(presentation|clr\.[^/]+)\.json", "signed collections"),
    (r"(passports|awards)/[^/]+/card\.png", "cards"),
]
_COMPILED = [(re.compile(pattern), name) for pattern, name in _KINDS]
SHARED = [name for _, name in _KINDS[:14]]
"""Kinds that all tools make; the rest is ours alone."""
OTHER = "everything else"
_LATER = ("proof", "credentialStatus")
"""What a credential has once it is signed."""


@dataclass(frozen=True)
class Likeness:
    """Paths that only one has, JSON with other data, HTML and XML that differ in more than spaces.

    ``pages`` and ``documents`` are how many of both were looked into.
    """

    missing: list[str]
    more: list[str]
    pages: int
    documents: int
    other_words: list[str]
    other_data: list[str]


def kind(path: str) -> str:
    """What a file is."""
    return next((name for pattern, name in _COMPILED if pattern.fullmatch(path)), OTHER)


def inventory(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Files and bytes of a built site by kind."""
    files: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for path, file in _files(folder):
        files[kind(path)] += 1
        size[kind(path)] += file.stat().st_size
    return files, size


def likeness(ours: Path, theirs: Path, *, most: int | None = None) -> Likeness:
    """Compare the kinds that all make: all their paths, and the contents of at most so many of each kind."""
    left = {path: file for path, file in _files(ours) if kind(path) in SHARED}
    right = dict(_files(theirs))
    both = _some(sorted(left.keys() & right.keys()), most)
    words = [p for p in both if p.endswith((".html", ".xml"))]
    data = [p for p in both if p.endswith(".json")]
    return Likeness(
        missing=sorted(left.keys() - right.keys()),
        more=sorted(right.keys() - left.keys()),
        pages=len(words),
        documents=len(data),
        other_words=[p for p in words if _words(left[p]) != _words(right[p])],
        other_data=[p for p in data if _data(left[p]) != _data(right[p])],
    )


def _some(paths: list[str], most: int | None) -> list[str]:
    """Paths spread over all of a kind."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(kind(path), []).append(path)
    return [path for some in kinds.values() for path in some[:: -(-len(some) // (most or len(some)))]]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for place, _, names in os.walk(folder):
        inside = Path(place).relative_to(folder).as_posix()
        start = "" if inside == "." else inside + "/"
        for name in names:
            yield start + name, Path(place, name)


def _data(file: Path) -> Any:
    def unsigned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: unsigned(item) for key, item in value.items() if key not in _LATER}
        return [unsigned(item) for item in value] if isinstance(value, list) else value

    return unsigned(json.loads(file.read_bytes()))


def _words(file: Path) -> list[str]:
    """Tags and texts in turn, without what spaces and ways of escaping change."""
    text = re.sub(
        r'(<script type="application/ld\+json">)(.*?)(</script>)',
        lambda found: found[1] + json.dumps(json.loads(found[2]), sort_keys=True) + found[3],
        file.read_text("utf-8"),
        flags=re.DOTALL,
    )
    parts = re.split(r"(<[^>]*>)", text)
    return [" ".join(html.unescape(part).split()) for part in parts if part.strip()]
