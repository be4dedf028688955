from __future__ import annotations

from pathlib import Path

from key_fixtures import sign_with


def make(site: Path) -> None:
    sign_with(site, "harbour", 1, None)
    (site / "private/keys/harbour.pem").mkdir(parents=True)
