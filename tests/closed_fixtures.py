"""The demo in which the person with the fullest passport closed it; every issuer signs, the host is plain."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from demo import PASSPORTS_KEY, SEALS, copy_of_demo, with_keys

PERSON = "amira-k"
BEFORE = "amira-before"
KEY = SEALS.of(PERSON).fragment


def close_passport(folder: Path) -> Path:
    """The source of that site: what is written about her on other pages names her no more."""
    site = with_keys(copy_of_demo(folder))
    file = site / "content/participants" / f"{PERSON}.yml"
    text = file.read_text(encoding="utf-8").replace("visibility: public", "visibility: private")
    file.write_text(f"{text}former: [{{slug: {BEFORE}}}]\n", encoding="utf-8")
    for page in (site / "content/pages").rglob("*.md"):
        page.write_text(page.read_text(encoding="utf-8").replace(PERSON, "sofia-l"), encoding="utf-8")
    with (site / "site.yml").open("a", encoding="utf-8") as settings:
        settings.write("host: plain\n")
    return site


def build_with(site: Path, public: Path, secret: str = PASSPORTS_KEY) -> str:
    """Build with a secret for private passports, or (empty) without one; what the command says."""
    command = [sys.executable, "-m", "badge_passport", "build", "--site", str(site), "--output", str(public)]
    environment = {**os.environ, "PASSPORT_PASSPORTS_KEY": secret}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
