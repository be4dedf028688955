"""The verifier of the verify page, run with Node on the sources that its bundle is made of."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from badge_passport.credentials.contexts import LEARNER_RECORD, load_context
from demo import ROOT

VERIFIER = ROOT / "generator" / "verifier"


@dataclass(frozen=True)
class Item:
    """Something to verify; ``documents`` is the network: an address that is None is not there (404)."""

    name: str
    file: Path
    documents: Mapping[str, Path | None] = field(default_factory=dict)
    recipient: str | None = None


def available() -> bool:
    return shutil.which("node") is not None and (VERIFIER / "node_modules").is_dir()


def ask(
    items: Sequence[Item] = (),
    *,
    documents: Mapping[str, Path] | None = None,
    base: str = "",
    canonicalise: Sequence[Any] = (),
) -> dict[str, Any]:
    """``results`` by name, and ``canonicalised`` in order. Of ``base`` nothing is there but ``documents``."""
    request = {
        "contexts": {LEARNER_RECORD: {"@context": load_context(LEARNER_RECORD)}},
        "documents": {url: str(path) for url, path in (documents or {}).items()},
        "base": base,
        "items": [
            {
                "name": item.name,
                "file": str(item.file),
                "documents": {url: str(path) if path else None for url, path in item.documents.items()},
                "recipient": item.recipient,
            }
            for item in items
        ],
        "canonicalise": list(canonicalise),
    }
    done = subprocess.run(
        ["node", str(VERIFIER / "src" / "node.mjs")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[:2000]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def failed(result: Mapping[str, Any]) -> list[str]:
    """The ids of the steps that fail, sorted."""
    return sorted(step["id"] for step in result["steps"] if step["outcome"] == "fail")


def unchecked(result: Mapping[str, Any]) -> list[str]:
    """The ids of the steps that could not be found out, sorted; not of those that wait for others."""
    return sorted(
        s["id"] for s in result["steps"] if s["outcome"] == "not-checked" and s["needed"] and s["who"]
    )
