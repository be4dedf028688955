"""The benchmarks run, on a few records: what they measure is not looked at here, only that they still do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from demo import ROOT

SMALL = {
    "stages.py": ("--participants", "10", "--awards", "30", "--grow", "2"),
    "signing.py": ("--credentials", "12"),
    "importing.py": ("--rows", "40"),
    "reviewing.py": ("90",),
    "languages.py": ("--awards", "6", "--languages", "2"),
    "searching.py": ("--people", "2000", "--questions", "20"),
}


@pytest.mark.slow
@pytest.mark.parametrize("script", SMALL)
def test_it_runs(script: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    command = [sys.executable, str(ROOT / "benchmarks" / script), *SMALL[script]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "\nbar " in "\n" + done.stdout


def test_every_benchmark_is_tried() -> None:
    scripts = {p.name for p in (ROOT / "benchmarks").glob("*.py")} - {"generate.py"}
    assert scripts == set(SMALL)
