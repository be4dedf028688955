"""The environment of openbadgeslib's Data Integrity verifier and of JSON Schema (see install.sh)."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import Check3, Site, Verdict3

HERE = Path(__file__).parent / "ob3"
VENV = Path(__file__).parents[2] / ".judges" / "ob3"
PYTHON = VENV / "bin" / "python"
SCHEMAS = VENV / "schemas"
MISSING = "the judges of Open Badges 3.0 are not installed or out of date: run tests/judges/install.sh"


def available() -> bool:
    """Whether the environment exists and was made from today's requirements."""
    stamp = VENV / ".stamp"
    wanted = hashlib.sha256(
        b"".join((HERE / name).read_bytes() for name in ("requirements.txt", "source.txt"))
    )
    return PYTHON.exists() and stamp.is_file() and stamp.read_text().strip() == wanted.hexdigest()


def ask(engine: str, site: Site, checks: Sequence[Check3], **options: Any) -> list[Verdict3]:
    if not available():
        raise RuntimeError(MISSING)
    if any(check.now is not None for check in checks):
        raise ValueError(f"{engine} can only be asked about today")
    texts, unread = {}, {}
    for check in checks:
        try:
            texts[check.id] = site.text(check.input)
        except Exception as error:  # noqa: BLE001 -- an image without a badge raises what its parser raises
            unread[check.id] = f"{type(error).__name__}: {error}"
    request = {
        "base": site.base,
        "root": str(site.root.resolve()),
        "judge": engine,
        "checks": [{"id": name, "text": text} for name, text in texts.items()],
        **options,
    }
    done = subprocess.run(
        [str(PYTHON), "-I", str(HERE / "judge.py")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the judge {engine} failed:\n{done.stderr}")
    answers = {answer["id"]: answer for answer in json.loads(done.stdout)}
    return [
        Verdict3(check.id, engine, valid=False, errors=(unread[check.id],))
        if check.id in unread
        else Verdict3(
            id=check.id,
            engine=engine,
            valid=answers[check.id]["valid"],
            steps=answers[check.id]["steps"],
            errors=tuple(answers[check.id]["errors"]),
            fetched=tuple(answers[check.id]["fetched"]),
        )
        for check in checks
    ]
