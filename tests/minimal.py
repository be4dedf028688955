"""Where the minimal site is, and the types of the fixtures that lay files over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from badge_passport.pipeline import Checked

TESTS = Path(__file__).parent
MINIMAL = TESTS / "sites" / "minimal"

MakeSite = Callable[..., Path]
CheckSite = Callable[..., Checked]
