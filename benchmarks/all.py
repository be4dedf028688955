"""All benchmarks on small sites, and the lines of all bars together at the end: `make bench`.

Ends with 1 if a benchmark fails; a bar that is short fails nothing, as machines differ.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    ("building.py", "--quick"),
    ("cluster.py", "--awards", "6000"),
    ("stages.py",),
    ("signing.py",),
    ("reviewing.py",),
    ("importing.py",),
    ("searching.py",),
    ("languages.py",),
    ("pictures.py",),
    ("baking.py", "--passports", "60", "--rounds", "4"),
)


def main() -> int:
    bars: list[str] = []
    failed: list[str] = []
    for name, *arguments in SCRIPTS:
        print(f"--- {name}", flush=True)
        command = [sys.executable, str(Path(__file__).with_name(name)), *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("bar "):
                    bars.append(line.rstrip())
                else:
                    print(line, end="", flush=True)
        if process.returncode:
            failed.append(name)
    print("---", *bars, *(f"failed: {name}" for name in failed), sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
