"""What arrived, noted on this machine while a publication runs; and that only one runs at a time.

A journal holds digests of paths, never paths: it may be copied with the site's folder.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from badge_passport.desk.publishing.changed import File, Seen, name_of
from badge_passport.desk.publishing.stores import Refused
from badge_passport.desk.publishing.targets import Target
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.locks import Busy, locked
from badge_passport.source import kept

FOLDER = ".passport"


class Journal:
    """One line for each file that arrived: digest of its path, of its bytes, and the tag it has there.

    A line counts only as long as the target still shows the same tag. The file is made with the first line
    and removed with `done`; the last line may be cut off, if the machine was.
    """

    def __init__(self, root: Path, target: Target) -> None:
        self._file = root / FOLDER / f"publish-{target.key}.journal"
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, str]] = {}
        with suppress(FileNotFoundError):
            for line in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
                match line.split(" ", 2):
                    case [name, digest, tag] if tag.endswith(";"):
                        self._known[name] = digest, tag[:-1]

    def has(self, file: File, seen: Seen) -> bool:
        """Whether these bytes arrived, and nobody replaced them since."""
        return bool(seen.tag) and self._known.get(name_of(file.path)) == (file.digest, seen.tag)

    def note(self, file: File, tag: str) -> None:
        """Write down that a file arrived, if the target has tags."""
        if not tag:
            return
        line = f"\n{name_of(file.path)} {file.digest} {tag};"
        with self._lock:
            kept.folder(self._file.parent)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(line)

    def done(self) -> None:
        """All is published: nothing needs to be remembered."""
        self._file.unlink(missing_ok=True)


@contextmanager
def alone(target: Target) -> Iterator[None]:
    """Nobody else on this machine publishes to this target meanwhile.

    Raises:
        Refused: somebody does (``publish-busy``). A killed process holds nothing.
    """
    file = Path(tempfile.gettempdir()) / f"badge-passport-{os.getuid()}-{target.key}.lock"
    with ExitStack() as held:
        try:
            held.enter_context(locked(file))
        except Busy:
            raise Refused(
                Diagnostic(
                    "publish-busy",
                    f"this machine is publishing to {target.name} already",
                    None,
                    "wait until that is done, and publish again; what it sent is not sent twice.",
                )
            ) from None
        yield
