from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    public = site / "public"
    public.mkdir()
    (public / "manifest.json").write_text('{"files": {}}')
    (public / "register.json").write_text('{"awards": []}')
    (public / "other.json").write_text('{"id": "https://badges.example.org/", "id": 2}')
