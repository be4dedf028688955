"""Changing files of a site: all of a change, or nothing of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

Files = Mapping[str, bytes | None]
"""Path from the site's folder to what the file shall hold; None removes it."""


def apply(root: Path, files: Files) -> None:
    """Write and remove ``files``. What is below ``private/`` can be read by its owner alone.

    Everything is written beside its place first and then moved there, so that a full disk loses nothing.

    Raises:
        OSError: something cannot be written; no file has changed.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for name, data in files.items():
            if data is not None:
                waiting.append(_beside(root / name, data, private=name.startswith("private/")))
        for temporary, file in waiting:
            temporary.replace(file)
        waiting.clear()
        for name, data in files.items():
            if data is None:
                (root / name).unlink(missing_ok=True)
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)


def _beside(file: Path, data: bytes, *, private: bool) -> tuple[Path, Path]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    temporary = file.with_name(f".{file.name}.new")
    mode = 0o600 if private else 0o666
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if not private and file.exists():
            temporary.chmod(file.stat().st_mode & 0o777)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary, file
