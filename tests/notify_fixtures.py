"""Sites whose participants have addresses, and `passport notify` run on them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.desk.mail.sentlog import Event, EventName, digest, message_id
from badge_passport.desk.people.newcomers import identity_lines
from badge_passport.registry.ids import award_id
from minimal import TESTS

KEY = "11" * 32 + "\n"
ROSTER = "participant,address,label,name,language\n"
QUICK = ("--retry-after", "0")


def people(count: int) -> dict[str, str]:
    """Files of so many participants who have not answered yet, an award for each, and their addresses."""
    slugs = [f"person-{number:03}" for number in range(count)]
    files = {
        f"content/participants/{slug}.yml": "identities:\n"
        + identity_lines(f"{slug}@example.org", f"salt-of-{slug}-0000")
        for slug in slugs
    }
    awards = "".join(f"  - participant: {slug}\n" for slug in slugs)
    return {
        **files,
        "content/awards/harbour/many.yml": f"badge: listener\nissuedOn: 2024-07-01\nawards:\n{awards}",
        "content/awards/harbour/spring.yml": "badge: listener\nissuedOn: 2024-06-18\nawards: []\n",
        "private/roster.csv": ROSTER + "".join(f"{s},{s}@example.org,,,\n" for s in slugs),
        "private/claims.key": KEY,
    }


def two() -> dict[str, str]:
    """The two people of the minimal site, with addresses."""
    return {
        "private/roster.csv": ROSTER + "amira,amira@example.org,,Amira,\njonas,jonas@example.org,,,\n",
        "private/claims.key": KEY,
    }


def notify(site: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Result:
    """`passport notify` in this process; an exception that would be a traceback fails the test."""
    return passport("notify", site, *arguments, environment=environment)


def passport(
    command: str, site: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Result:
    """A command in this process."""
    result = CliRunner().invoke(
        cli,
        [command, *arguments, "--site", str(site), "--format", "concise"],
        env={"PASSPORT_SMTP_FROM": None, **(environment or {})},
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def start(
    site: Path, *arguments: str, environment: Mapping[str, str], **more: Any
) -> subprocess.Popen[bytes]:
    """`passport notify` in a process of its own, which can be killed."""
    variables = {**os.environ, "PYTHONPATH": str(TESTS.parent / "generator"), **environment}
    command = [sys.executable, "-m", "badge_passport", "notify", *arguments, "--site", str(site)]
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def log_of(site: Path) -> list[dict[str, Any]]:
    """The whole lines of the log."""
    file = site / "private/sent.jsonl"
    lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
    return [json.loads(line) for line in lines]


def states(site: Path) -> dict[str, str]:
    """The last event of each participant."""
    return {line["participant"]: line["event"] for line in log_of(site)}


def lay_two(site: Path) -> None:
    """Write what `two` says below a site."""
    for name, text in two().items():
        file = site / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


def record(site: Path, participant: str, *events: EventName, code: int = 0, text: str = "") -> None:
    """Add events of the message about the award of the minimal site to the log."""
    award = award_id("minimal", "harbour", "listener", participant, datetime.date(2024, 6, 18), None)
    key = bytes.fromhex(KEY.strip())
    address = f"{participant}@example.org"
    made = message_id(key, "badges.example.org", "new", address, [award])
    at = datetime.datetime(2024, 6, 21, 9, 30, tzinfo=datetime.UTC)
    with (site / "private/sent.jsonl").open("ab") as log:
        for event in events:
            line = Event(at, event, made, "new", (award,), participant, digest(key, address), code, text)
            log.write(line.to_bytes())
