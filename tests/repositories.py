"""Git repositories for tests: real ones, whose commits do not depend on this machine's settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Promoter",
    "GIT_AUTHOR_EMAIL": "promoter@example.org",
    "GIT_COMMITTER_NAME": "Promoter",
    "GIT_COMMITTER_EMAIL": "promoter@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


def git(folder: Path, *arguments: str) -> str:
    """What git says; a failure fails the test with what it said."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def start(folder: Path) -> str:
    """A repository with everything of ``folder`` in its first commit, whose name is returned."""
    git(folder, "init", "-q", "-b", "main")
    return commit(folder)


def commit(folder: Path) -> str:
    """Everything of ``folder`` in a commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Change")
    return git(folder, "rev-parse", "HEAD").strip()
