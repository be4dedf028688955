"""Third parties that say whether a built site's badges are good.

Each judge is a module with `judge(base, root, checks)` and `available()`. A judge reads the built
folder as if it were served under `base`, and never touches the network.

For Open Badges 2.0 (`Check`, `Verdict`): openbadges_judge, openbadgeslib_judge.
For signed Open Badges 3.0 (`Check3`, `Verdict3`): node_judge with two engines,
openbadgeslib_judge.judge_credentials, and schema_judge for the shape alone.
"""

from __future__ import annotations

import json
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Check:
    """One question: the URL of an assertion or baked image, or the path of a baked image (from the root)."""

    id: str
    input: str | Path
    email: str | None = None  # whose badge it should be; None asks nothing about the recipient


@dataclass(frozen=True)
class Verdict:
    id: str
    valid: bool
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    graph_types: tuple[str, ...] = ()  # the type of each document that was read
    recipient_profile: dict[str, Any] | None = None  # set only when the recipient was asked for and matched
    fetched: tuple[str, ...] = ()  # the URLs that were read, once each


@dataclass(frozen=True)
class Check3:
    """One question: a credential, or where it is: a URL, or a path from the root (JSON or a baked image)."""

    id: str
    input: dict[str, Any] | str | Path
    now: datetime | None = None  # asks at another time; only node_judge can


@dataclass(frozen=True)
class Verdict3:
    id: str
    engine: str
    valid: bool
    steps: dict[str, bool | None] = field(default_factory=dict)  # None: could not be asked
    errors: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()  # the URLs that were read, once each


@dataclass(frozen=True)
class Site:
    """A built folder as its host would serve it."""

    base: str
    root: Path

    def read(self, url: str) -> bytes:
        """The bytes behind a URL; what is not a file of the folder is a connection error."""
        base = self.base if self.base.endswith("/") else self.base + "/"
        url = urllib.parse.urldefrag(url).url
        if not url.startswith(base):
            raise ConnectionError(f"no network: {url}")
        relative = urllib.parse.unquote(url[len(base) :].partition("?")[0])
        if not relative or relative.endswith("/"):
            relative += "index.html"
        root = self.root.resolve()
        path = (root / relative).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise ConnectionError(f"no such file in the site: {url}")
        return path.read_bytes()

    def text(self, source: dict[str, Any] | str | Path) -> str:
        """The JSON of a credential, taken out of the image if it is baked into one."""
        if isinstance(source, dict):
            return json.dumps(source)
        raw = (self.root / source).read_bytes() if isinstance(source, Path) else self.read(source)
        if raw.startswith(b"\x89PNG") or b"<svg" in raw[:256]:
            from openbadgeslib.ob3 import OB3Verifier

            png = raw.startswith(b"\x89PNG")
            return (OB3Verifier.extract_token_from_png if png else OB3Verifier.extract_token_from_svg)(raw)
        return raw.decode()
