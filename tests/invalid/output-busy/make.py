from __future__ import annotations

import atexit
import subprocess
import sys
from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from badge_passport.publish.locks import locked

with locked(Path(sys.argv[1])):
    print(flush=True)
    time.sleep(600)
"""


def make(site: Path) -> None:
    """Somebody builds, and does not come to an end."""
    command = [sys.executable, "-c", HOLD, str(site / ".public.lock")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE)
    atexit.register(holder.kill)
    assert holder.stdout is not None
    holder.stdout.readline()
