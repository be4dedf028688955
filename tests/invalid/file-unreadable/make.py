from __future__ import annotations

import os
from pathlib import Path


def make(site: Path) -> None:
    os.mkfifo(site / "content/awards/harbour/summer.yml")
