from __future__ import annotations

from pathlib import Path

from key_fixtures import public, sign_with


def make(site: Path) -> None:
    sign_with(site, "harbour", 1, None)
    with (site / "badges/harbour/issuer.yml").open("a", encoding="utf-8") as file:
        file.write(f"  - publicKeyMultibase: {public(2)}\n    created: 2020-01-01\n")
