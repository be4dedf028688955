"""The 1EdTech validator `openbadges` 1.1.2, run in its own environment (`tests/judges/install.sh`)."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import Check, Verdict

HERE = Path(__file__).parent / "openbadges"
VENV = Path(__file__).parents[2] / ".judges" / "openbadges"
PYTHON = VENV / "bin" / "python"
MISSING = "the openbadges validator is not installed or out of date: run tests/judges/install.sh"


def available() -> bool:
    """Whether the environment exists and was made from today's requirements."""
    stamp = VENV / ".stamp"
    wanted = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    return PYTHON.exists() and stamp.is_file() and stamp.read_text().strip() == wanted


def judge(
    base: str, root: Path | None, checks: Sequence[Check], authority: Path | None = None
) -> list[Verdict]:
    """Ask about each check in turn; the verdicts come in the same order.

    ``root`` is the folder behind ``base``; with an ``authority`` in its place the host at ``base`` on this
    machine is asked over https, whose certificate that authority stands for.

    A valid verdict only says that what was read is sound. Look at `graph_types` too (the URL of a
    BadgeClass is a valid input), and at `recipient_profile` when an e-mail was given.
    """
    if not available():
        raise RuntimeError(MISSING)
    request = {
        "base": base,
        **({"root": str(root.resolve())} if root else {}),
        **({"authority": str(authority)} if authority else {}),
        "checks": [
            {
                "id": check.id,
                "input": {"file": str(check.input)} if isinstance(check.input, Path) else check.input,
                "recipient": {"email": check.email} if check.email is not None else None,
            }
            for check in checks
        ],
    }
    done = subprocess.run(
        [str(PYTHON), "-I", str(HERE / "judge.py")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the openbadges judge failed:\n{done.stderr}")
    verdicts = [_verdict(answer) for answer in json.loads(done.stdout)]
    if [verdict.id for verdict in verdicts] != [check.id for check in checks]:
        raise RuntimeError("the openbadges judge did not answer every check")
    return verdicts


def _verdict(answer: dict[str, Any]) -> Verdict:
    return Verdict(
        id=answer["id"],
        valid=answer["valid"],
        errors=tuple(answer["errors"]),
        warnings=tuple(answer["warnings"]),
        graph_types=tuple(answer["graph_types"]),
        recipient_profile=answer["recipientProfile"],
        fetched=tuple(answer["fetched"]),
    )
