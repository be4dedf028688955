from __future__ import annotations

from pathlib import Path

from key_fixtures import pem, sign_with


def make(site: Path) -> None:
    sign_with(site, "harbour", 1, pem(1, b"open sesame"))
