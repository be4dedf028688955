"""Publishing with `git push` to a server of one's own: two hooks in a bare repository.

Before a push is taken, *pre-receive* checks it and refuses what breaks the rules; the pusher reads why. After
it, *post-receive* builds the site and exchanges it for the live folder in one step. Whatever fails, the live
folder is the site before or the site after.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from badge_passport.diagnostics import Diagnostic
from badge_passport.source.commits import Commit, GitError, commit, git, listing, read

MARK = "# Written by `passport hook install`."
HOOKS = ("pre-receive", "post-receive")
_NOTHING = "0" * 40
_AT_ONCE = 2000  # files that are in memory together


@dataclass(frozen=True, slots=True)
class Settings:
    """What the repository's git configuration says: section ``passport``."""

    live: Path
    branch: str = "main"
    folder: str = ""
    private: Path | None = None

    @property
    def reference(self) -> str:
        """The full name of the branch that is published."""
        return f"refs/heads/{self.branch}"

    @property
    def prefix(self) -> str:
        """The folder of the site in the repository, with its slash; nothing for the root."""
        return f"{self.folder.strip('/')}/" if self.folder.strip("/") else ""


@dataclass(frozen=True, slots=True)
class Update:
    """One line that git gives to a hook: a reference goes from one commit to another."""

    old: str
    new: str
    reference: str

    @property
    def first(self) -> bool:
        """The reference is new."""
        return self.old.startswith(_NOTHING)

    @property
    def deletes(self) -> bool:
        """The reference goes away."""
        return self.new.startswith(_NOTHING)


def updates(lines: str) -> list[Update]:
    """What a push does, from the standard input of a hook."""
    return [Update(*line.split(maxsplit=2)) for line in lines.splitlines() if line.strip()]


def allowed(environment: Mapping[str, str]) -> list[str]:
    """The names after ``allow=`` in the push options: ``git push -o allow=badge-changed``."""
    number = int(environment.get("GIT_PUSH_OPTION_COUNT") or 0)
    options = [environment.get(f"GIT_PUSH_OPTION_{n}", "") for n in range(number)]
    return [name for option in options if option.startswith("allow=") for name in option[6:].split(",")]


def install(repository: Path, settings: Settings) -> Diagnostic | None:
    """Put both hooks into a bare repository, and what they must know into its configuration.

    Problems: ``hook-conflict``.
    """
    try:
        bare = git(repository, "rev-parse", "--is-bare-repository").strip() == b"true"
        folder = repository / os.fsdecode(git(repository, "rev-parse", "--git-dir").strip())
    except (GitError, NotADirectoryError):
        bare, folder = False, repository
    if not bare:
        return Diagnostic(
            "hook-conflict",
            f"{repository.name or repository} is no bare repository",
            None,
            "make one with `git init --bare badges.git`; people push to it, nobody works in it.",
        )
    hooks = folder / "hooks"
    for name in HOOKS:
        there = hooks / name
        if there.exists() and MARK not in there.read_text(encoding="utf-8", errors="replace"):
            return Diagnostic(
                "hook-conflict",
                f"the repository has a {name} hook already",
                None,
                "call it from a file of your own, or move it away, and install again.",
            )
    hooks.mkdir(exist_ok=True)
    for name in HOOKS:
        script = f'#!/bin/sh\n{MARK}\nexec "{sys.executable}" -m badge_passport hook {name}\n'
        (hooks / name).write_text(script, encoding="utf-8")
        (hooks / name).chmod(0o755)
    values = {
        "passport.live": str(settings.live.resolve()),
        "passport.branch": settings.branch,
        "passport.folder": settings.folder,
        "passport.private": str(settings.private.resolve()) if settings.private else "",
        "receive.advertisePushOptions": "true",
        "receive.denyDeletes": "true",
        "receive.fsckObjects": "true",
    }
    for key, value in values.items():
        git(repository, "config", key, value)
    return None


def read_settings(repository: Path) -> Settings:
    """The settings of an installed hook.

    Raises:
        GitError: there are none.
    """

    def value(key: str) -> str:
        return os.fsdecode(
            git(repository, "config", "--default", "", "--get", f"passport.{key}").rstrip(b"\n")
        )

    if not value("live"):
        raise GitError("this repository has no passport.live; run `passport hook install` again")
    private = value("private")
    return Settings(
        Path(value("live")), value("branch") or "main", value("folder"), Path(private) if private else None
    )


@contextmanager
def alone(repository: Path) -> Iterator[None]:
    """One publication at a time: who comes second waits, and then publishes what is newest."""
    with (repository / "passport.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def published(settings: Settings) -> str:
    """The commit that the live folder was built from, or nothing."""
    file = _record(settings)
    return file.read_text(encoding="ascii").strip() if file.exists() and settings.live.exists() else ""


def record(settings: Settings, name: str) -> None:
    """Note what was published, for the next push."""
    _record(settings).write_text(name + "\n", encoding="ascii")


def _record(settings: Settings) -> Path:
    return settings.live.with_name(f".{settings.live.name}.commit")


@contextmanager
def checkout(repository: Path, settings: Settings) -> Iterator[tuple[Path, str]]:
    """The site at the tip of the branch in a folder that is removed afterwards, and the commit's name.

    The overlays of participants come from the private folder of the server. The bytes are those that were
    checked: no attribute of the repository leaves a file out or rewrites it.
    """
    at = commit(repository, settings.reference, settings.prefix)
    with tempfile.TemporaryDirectory(prefix="passport-") as name:
        folder = Path(name) / "site"
        _write_out(at, folder)
        overlays = settings.private / "participants" if settings.private else None
        if overlays is not None and overlays.is_dir():
            shutil.copytree(overlays, folder / "private" / "participants", dirs_exist_ok=True)
        yield folder, at.name


def _write_out(at: Commit, folder: Path) -> None:
    blobs = listing(at)
    paths = sorted(blobs)
    for start in range(0, len(paths), _AT_ONCE):
        for path, data in read(at, {path: blobs[path] for path in paths[start : start + _AT_ONCE]}).items():
            if {"..", ".git"} & set(path.split("/")):
                raise GitError(f"the commit has a file of an impossible name: {path!r}")
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
