from __future__ import annotations

import os
from pathlib import Path


def make(site: Path) -> None:
    (site / "content/pages").mkdir()
    Path(os.fsdecode(os.fsencode(site) + b"/content/pages/caf\xe9.md")).touch()
    (site / "content/pages/red\x1b[31m.md").touch()
