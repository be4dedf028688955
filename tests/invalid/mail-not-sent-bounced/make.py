from __future__ import annotations

from pathlib import Path

from notify_fixtures import lay_two, record


def make(site: Path) -> None:
    lay_two(site)
    record(site, "amira", "sending", "sent")
    record(site, "amira", "bounced", code=552, text="mailbox full")
