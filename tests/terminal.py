"""The real command at a terminal, where answers are typed."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from minimal import TESTS


def at_a_terminal(answers: str, *arguments: object) -> str:
    """What `passport` with these arguments says when these answers are typed."""
    controller, terminal = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "badge_passport", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(TESTS.parent / "generator")},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    os.close(terminal)
    os.write(controller, answers.encode())
    said = run.communicate(timeout=60)[0].decode()
    os.close(controller)
    return said
