"""Reading a site from git: what a commit holds, and what has changed since.

Git is asked by its plumbing commands, whose output is stable; nothing of a repository is run (no hooks, no
filters, no pagers).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_AT_ONCE = 1000  # paths on one command line


class GitError(Exception):
    """Git said no; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the repository around a site; ``prefix`` is the site's folder in it, with its slash."""

    folder: Path
    name: str
    prefix: str


def commit(folder: Path, reference: str, prefix: str = "") -> Commit:
    """The commit that ``reference`` means in the repository of ``folder``, bare or with a work tree.

    ``prefix`` is the site's folder in a bare repository; with a work tree, ``folder`` itself tells.

    Raises:
        GitError: this is no repository, or it has no such commit.
    """
    if reference.startswith("-"):
        raise GitError(f"“{reference}” is not the name of a commit")
    inside = git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    if inside:
        prefix = os.fsdecode(git(folder, "rev-parse", "--show-prefix")).strip("\n")
    try:
        name = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}")
    except GitError:
        raise GitError(f"there is no commit “{reference}” here") from None
    return Commit(folder, name.decode("ascii").strip(), prefix)


def listing(at: Commit) -> dict[str, str]:
    """Path from the site's folder to the id of what is there. Submodules are left out; a link is a file."""
    tree = at.name + (f":{at.prefix.rstrip('/')}" if at.prefix else "")
    found = {}
    try:
        lines = git(at.folder, "ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")
    except GitError:
        return {}  # the site's folder is younger than this commit
    for line in lines:
        head, _, path = line.partition(b"\t")
        if head.split(b" ")[1:2] == [b"blob"]:
            found[os.fsdecode(path)] = head.split()[2].decode("ascii")
    return found


def read(at: Commit, blobs: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes behind the ids of ``blobs`` (path to id), by one process of git."""
    paths = sorted(blobs)
    asked = "".join(f"{blobs[path]}\n" for path in paths).encode("ascii")
    answer = git(at.folder, "cat-file", "--batch", input=asked)
    found, position = {}, 0
    for path in paths:
        end = answer.index(b"\n", position)
        size = int(answer[position:end].split()[2])
        found[path] = answer[end + 1 : end + 1 + size]
        position = end + size + 2
    return found


def entries(at: Commit, paths: Iterable[str]) -> dict[str, tuple[bool, int]]:
    """Of those of the paths that a commit has: whether it is a symbolic link, and its size."""
    wanted = sorted(at.prefix + path for path in paths)
    found = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        for line in git(at.folder, "ls-tree", "-l", "-z", "--full-tree", at.name, "--", *some).split(b"\0"):
            head, _, path = line.partition(b"\t")
            mode, kind, _, size = head.split() if head else (b"", b"", b"", b"")
            if kind == b"blob":
                found[os.fsdecode(path).removeprefix(at.prefix)] = (mode == b"120000", int(size))
    return found


def added(since: Commit | None, until: Commit) -> list[tuple[str, str]]:
    """Path and id of every file of the site that the commits after ``since`` add or change."""
    end = until.name if since is None else f"{since.name}..{until.name}"
    found = []
    lines = git(
        until.folder, "log", "--format=", "--raw", "--no-abbrev", "-z", "-m", "--no-renames", end, "--"
    )
    fields = iter(lines.split(b"\0"))
    for head in fields:
        if not head.startswith(b":"):
            continue
        path, parts = os.fsdecode(next(fields)), head.split()
        if path.startswith(until.prefix) and parts[1] in (b"100644", b"100755"):
            found.append((path.removeprefix(until.prefix), parts[3].decode("ascii")))
    return found


def changed(since: Commit, until: Commit | None) -> set[str]:
    """Paths that differ between two commits, or between a commit and the files on disk."""
    at = since.folder
    if until is not None:
        listed = git(at, "diff-tree", "-r", "-z", "--name-only", "--no-renames", since.name, until.name)
        return _below(since.prefix, listed)
    listed = git(at, "diff", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--full-index", since.name)
    fresh = git(at, "ls-files", "-z", "--others", "--exclude-standard", "--full-name")
    return _below(since.prefix, listed + fresh)


def _below(prefix: str, listed: bytes) -> set[str]:
    paths = (os.fsdecode(path) for path in listed.split(b"\0") if path)
    return {path.removeprefix(prefix) for path in paths if path.startswith(prefix)}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a site at a commit, with what is on disk instead where that differs."""

    at: Commit
    blobs: Mapping[str, str]
    instead: Mapping[str, bytes]

    def __contains__(self, path: str) -> bool:
        return path in self.blobs or path in self.instead

    def under(self, *folders: str) -> list[str]:
        """Paths below one of the folders."""
        return [p for p in {*self.blobs, *self.instead} if p.startswith(folders)]

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of those of the paths that there are."""
        wanted = set(paths)
        found = read(self.at, {p: self.blobs[p] for p in wanted & self.blobs.keys()})
        return found | {p: self.instead[p] for p in wanted & self.instead.keys()}


def mentioning(at: Commit, words: Iterable[str], folder: str) -> set[str]:
    """Files of a commit below ``folder`` in which one of the words stands."""
    wanted = "\n".join(sorted(words)).encode()
    if not wanted:
        return set()
    place = ("--", f"{at.prefix}{folder}")
    found = git(
        at.folder, "grep", "-l", "-z", "-F", "-w", "--full-name", "-f", "-", at.name, *place,
        input=wanted, empty=1,
    )  # fmt: skip
    names = (os.fsdecode(line).partition(":")[2] for line in found.split(b"\0") if line)
    return {name.removeprefix(at.prefix) for name in names}


def git(folder: Path, *arguments: str, input: bytes = b"", empty: int = 0) -> bytes:  # noqa: A002
    """What git answers; ``empty`` is the exit code by which it says that there is nothing.

    Raises:
        GitError: git is not installed, or it failed; the message is what it said.
    """
    command = ["git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (no shell; references are verified before they are passed on)
            command,
            cwd=folder,
            input=input,
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},  # reading changes nothing
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    if done.returncode not in (0, empty):
        raise GitError(done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: "))
    return done.stdout
