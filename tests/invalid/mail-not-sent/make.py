from __future__ import annotations

from pathlib import Path

from notify_fixtures import lay_two, record


def make(site: Path) -> None:
    lay_two(site)
    record(site, "amira", "refused", code=550, text="5.1.1 <amira@example.org>: no such user")
