"""Publishing to a branch of a git repository: one commit, pushed in one step.

The branch keeps no history: a name that somebody takes back must not stay in it. The history of awards is
that of the site's source. Git's own plumbing writes the commit in a repository of ours below ``.passport/``,
which keeps objects, so that a push sends only what changed; no filter or hook of anybody is run.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from badge_passport.desk.publishing.changed import Built, Change, Seen, changes, name_of, read_manifest
from badge_passport.desk.publishing.journal import FOLDER
from badge_passport.desk.publishing.stores import Refused
from badge_passport.desk.publishing.targets import Target
from badge_passport.desk.publishing.transfer import Published, another_site, not_ours
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.manifest import MANIFEST, is_manifest
from badge_passport.source import kept

_MESSAGE = "Publish the site"
_NOBODY = "Badge Passport <>"
_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: its mode, its object, its size in bytes."""

    mode: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class Tip:
    """What the branch holds: the commit (nothing if there is no branch), its files, its manifest by path and
    what that says.
    """

    commit: str
    files: dict[str, Entry]
    manifest: dict[str, bytes]
    known: dict[str, str]


class Branch:
    """A branch of a remote repository, seen from the site's folder ``root``."""

    def __init__(self, target: Target, root: Path, *, ask: bool = False) -> None:
        self._target, self._root = target, root
        self._here = root / FOLDER / f"branch-{target.key}.git"
        self._reference = f"refs/heads/{target.branch}"
        self._environment = {k: v for k, v in os.environ.items() if k not in _OURS} | {"LC_ALL": "C"}
        if not ask:  # nobody is there to type a password
            self._environment["GIT_TERMINAL_PROMPT"] = "0"
            self._environment.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
        self._remote = self._address()

    def _git(self, *arguments: str, given: bytes = b"", folder: Path | None = None) -> bytes:
        try:
            command = ["git", *arguments]
            done = subprocess.run(  # noqa: S603 (no shell; what comes from outside stands after --)
                command,
                cwd=folder or self._root,
                input=given,
                capture_output=True,
                check=False,
                env=self._environment,
            )
        except FileNotFoundError:
            raise Refused(_failed("git is not installed", "install git, and publish again.")) from None
        if done.returncode:
            raise Refused(self._explained(done.stderr.decode("utf-8", "replace")))
        return done.stdout

    def _ours(self, *arguments: str, given: bytes = b"", folder: Path | None = None) -> bytes:
        return self._git(f"--git-dir={self._here.resolve()}", *arguments, given=given, folder=folder)

    def _address(self) -> str:
        """The remote as git understands it from anywhere: an address, or a whole path."""
        remote = self._target.place
        if re.fullmatch(r"[\w.-]+", remote):
            try:
                return os.fsdecode(self._git("remote", "get-url", "--push", remote).strip())
            except Refused:
                pass
        path = self._root / Path(remote).expanduser()
        return str(path.resolve()) if path.exists() else remote

    def tip(self, built: Built) -> Tip:
        """What the branch holds now.

        Raises:
            Refused: the remote gives no answer, or the branch is not ours (``publish-not-ours``).
        """
        said = self._git("ls-remote", "--", self._remote, self._reference).decode("utf-8", "replace").split()
        kept.folder(self._here.parent)
        if not (self._here / "HEAD").exists():
            self._git("init", "--quiet", "--bare", str(self._here.resolve()))
        for lock in self._here.rglob("*.lock"):  # of a git that was killed: nobody else works here
            lock.unlink(missing_ok=True)
        if not said:
            return Tip("", {}, {}, {})
        commit = said[0]
        if not self._has(commit):
            source = f"+{self._reference}:refs/published/there"
            self._ours("fetch", "--quiet", "--depth=1", "--no-tags", "--", self._remote, source)
        files = self._listing(commit)
        manifest = {
            path: self._ours("cat-file", "blob", entry.blob)
            for path, entry in files.items()
            if is_manifest(path)
        }
        known = read_manifest(manifest) if MANIFEST in manifest else {}
        if known is None or (MANIFEST not in manifest and files):
            raise Refused(not_ours(self._target))
        index = files.get("index.json")
        other = another_site(
            built, self._target, self._ours("cat-file", "blob", index.blob) if index else None
        )
        if other is not None:
            raise Refused(other)
        return Tip(commit, files, manifest, known)

    def _has(self, commit: str) -> bool:
        try:
            self._ours("cat-file", "-e", f"{commit}^{{tree}}")
            self._ours("rev-list", "--objects", "--quiet", commit)
        except Refused:
            return False
        return True

    def _listing(self, commit: str) -> dict[str, Entry]:
        found = {}
        for line in self._ours("ls-tree", "-r", "-l", "-z", "--full-tree", commit).split(b"\0"):
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, blob, size = head.decode("ascii").split()
                found[os.fsdecode(path)] = Entry(mode, blob, int(size) if size.isdigit() else 0)
        return found

    def compare(self, built: Built, tip: Tip) -> Change:
        """What a push would change, by the manifests."""
        there = {path: Seen(entry.size) for path, entry in tip.files.items()}
        return changes(built, tip.known, there)

    def publish(self, built: Built, tip: Tip) -> Published:
        """Write the commit and push it, unless the branch is as it should be already.

        Raises:
            Refused: git failed, the remote refuses, or somebody else published meanwhile.
        """
        wanted = self._blobs(built)
        names = {name_of(path) for path in wanted}
        gone = [p for p in tip.files if p not in wanted and name_of(p) in tip.known.keys() - names]
        left = {p for p in tip.files if p not in wanted and is_manifest(p)}
        apart = {*gone, *left}
        foreign = {p: e for p, e in tip.files.items() if p not in wanted and p not in apart}
        sent = [p for p, blob in wanted.items() if (e := tip.files.get(p)) is None or e.blob != blob]
        files = [path for path in sent if path not in built.manifest]
        if sent or gone or left:
            entries = {path: ("100644", blob) for path, blob in wanted.items()}
            entries |= {path: (entry.mode, entry.blob) for path, entry in foreign.items()}
            commit = self._commit(entries)
            self._mark_shallow(tip.commit)
            lease = f"--force-with-lease={self._reference}:{tip.commit}"
            self._ours(
                "push", "--quiet", "--no-verify", lease, "--", self._remote, f"{commit}:{self._reference}"
            )
            self._ours("update-ref", "refs/published/there", commit)
            self._ours("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet")
        sizes = {file.path: file.size for file in built.files}
        return Published(
            len(files), sum(sizes[path] for path in files), len(gone), len(built.files) - len(files)
        )

    def _mark_shallow(self, commit: str) -> None:
        """Make git leave out of a push what the commit that is there has, although ours is not its child.

        Git compares the trees of unrelated commits only in a repository that is shallow
        (``git rev-list --objects-edge-aggressive``). A commit without parents may be named as shallow.
        """
        file = self._here / "shallow"
        if commit:
            file.write_text(f"{commit}\n", encoding="ascii")
        else:
            file.unlink(missing_ok=True)

    def _blobs(self, built: Built) -> dict[str, str]:
        """The object of every file of the build; their bytes go in as they are."""
        paths = [*(file.path for file in built.files), *built.manifest]
        lines = "".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape")
        folder = built.folder.resolve()
        answer = self._ours("hash-object", "-w", "--no-filters", "--stdin-paths", given=lines, folder=folder)
        return dict(zip(paths, answer.decode("ascii").split(), strict=True))

    def _commit(self, entries: dict[str, tuple[str, str]]) -> str:
        """A commit without a parent, by nobody: no address of a person stands in it."""
        lines = b"".join(
            f"{mode} {blob}\t".encode() + os.fsencode(path) + b"\0" for path, (mode, blob) in entries.items()
        )
        self._ours("read-tree", "--empty")
        self._ours("update-index", "-z", "--index-info", given=lines)
        tree = self._ours("write-tree").decode("ascii").strip()
        by = f"{_NOBODY} {int(time.time())} +0000"
        text = f"tree {tree}\nauthor {by}\ncommitter {by}\n\n{_MESSAGE}\n"
        written = self._ours("hash-object", "-w", "-t", "commit", "--stdin", given=text.encode())
        return written.decode("ascii").strip()

    def _explained(self, said: str) -> Diagnostic:
        name = self._target.name
        if "stale info" in said or "fetch first" in said or "cannot lock ref" in said:
            return _failed(
                f"somebody else published to {name} at the same time",
                "look whether theirs is what you want, and publish again.",
            )
        if re.search(r"could not read (Username|Password)|Authentication failed|Permission denied", said):
            return _failed(
                f"{name} does not let you in", "look at your key or token for git, and whether it may push."
            )
        if re.search(r"Could not resolve host|Connection (refused|timed out)|unable to access", said):
            return _failed(f"{name} gives no answer", "look at the network and at the address.")
        if re.search(r"does not appear to be a git repository|not found|does not exist", said, re.IGNORECASE):
            return _failed(f"there is no repository behind {name}", "correct the address, or make it.")
        return _failed(
            f"git cannot publish to {name}: {_reason(said)}",
            "mend what git says, and publish again; nothing changed.",
        )


def _reason(said: str) -> str:
    """Why git failed: what the other side says of it, else its own last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    reason = " ".join(filter(None, remote))[:300] or (lines[-1] if lines else "no reason")
    return re.sub(r"//[^/@\s]*@", "//", reason)


def _failed(message: str, fix: str) -> Diagnostic:
    return Diagnostic("publish-failed", message, None, fix)
