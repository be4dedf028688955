"""Every diagnostic's stable name, with what it means and what to do: the text of `passport explain`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, why it matters, and how it is mended."""

    meaning: str
    why: str
    fix: str


def _read() -> dict[str, Explanation]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {code: Explanation(**texts) for code, texts in tomllib.loads(text).items()}


CATALOGUE: dict[str, Explanation] = _read()
