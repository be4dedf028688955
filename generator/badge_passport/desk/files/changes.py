"""Changing files of a site: all of a change, or nothing of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

Files = Mapping[str, bytes | None]
"""Path from the site's folder to what the file shall hold; None removes it."""

WAITING = ".passport-new"
FEW = 20  # files that are worth a flush of their own each


def apply(root: Path, files: Files) -> None:
    """Write and remove ``files``. What is below ``private/`` can be read by its owner alone.

    Everything is written beside its place first, reaches the disk, and is then moved there in the order
    of ``files``: a full disk loses nothing, and a crash leaves each file old or new. Put what others
    refer to first.

    Raises:
        OSError: something cannot be written; no file has changed.
    """
    waiting: list[tuple[Path, Path]] = []
    folders = dict.fromkeys((root / name).parent for name in files)
    flush = len(files) <= FEW
    try:
        for folder in folders:
            _clear(folder)
        for name, data in files.items():
            if (root / name).is_dir():
                raise IsADirectoryError(21, "there is a folder of this name", name)
            if data is not None:
                waiting.append(_beside(root / name, data, private=_is_private(name), flush=flush))
        if not flush:
            os.sync()  # once for all: thousands of single flushes take minutes on a slow disk
        for temporary, file in waiting:
            temporary.replace(file)
        waiting.clear()
        for name, data in files.items():
            if data is None:
                (root / name).unlink(missing_ok=True)
        for folder in folders:
            _flush_folder(folder)
    finally:
        for temporary, _ in waiting:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def with_private_ignored(root: Path, files: Files) -> dict[str, bytes | None]:
    """A change that, if it writes below ``private/``, first makes git ignore that folder."""
    return {**(ignoring(root) if any(map(_is_private, files)) else {}), **files}


def ignoring(root: Path, *lines: str) -> dict[str, bytes]:
    """The change that makes git ignore ``private/``, and what more ``lines`` say; none if it does already."""
    ignore = root / ".gitignore"
    text = ignore.read_bytes() if ignore.exists() else b""
    there = {line.strip() for line in text.splitlines()}
    folders = {line.strip(b"/").removesuffix(b"/*") for line in there}
    missing = [] if b"private" in folders else [b"private/"]
    missing += [line for line in (line.encode("utf-8") for line in lines) if line not in there]
    if not missing:
        return {}
    end = b"" if not text or text.endswith(b"\n") else b"\n"
    return {".gitignore": text + end + b"".join(line + b"\n" for line in missing)}


def _is_private(name: str) -> bool:
    return name.startswith("private/")


def _clear(folder: Path) -> None:
    """Take away what a run that was killed left waiting."""
    if folder.is_dir():
        for left in folder.glob(f".*{WAITING}"):
            left.unlink(missing_ok=True)


def _beside(file: Path, data: bytes, *, private: bool, flush: bool) -> tuple[Path, Path]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    temporary = file.with_name(f".{file.name}{WAITING}")
    mode = 0o600 if private else 0o666
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(data)
            if flush:
                out.flush()
                os.fsync(out.fileno())
        if not private and file.exists():
            temporary.chmod(file.stat().st_mode & 0o777)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary, file


def _flush_folder(folder: Path) -> None:
    """Let the names themselves reach the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
