from __future__ import annotations

from pathlib import Path


def make(site: Path) -> None:
    # Inside the site, but not among what may be published.
    (site / ".git").mkdir()
    (site / ".git/config").write_text("token", encoding="utf-8")
    (site / "content/pages").mkdir()
    (site / "content/pages/token.css").symlink_to(site / ".git/config")
