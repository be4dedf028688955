"""What a new build changes at a place that holds an earlier one, in the order in which that is safe.

Both are known by their manifests, which name files by the SHA-256 of their paths: the address of an unlisted
passport must stand in no list. So the paths of files that are gone are found by hashing what
lies there; what no manifest of ours knows is somebody else's, and is left alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from badge_passport.desk.publishing.headers import cache_control, content_type
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish.manifest import MANIFEST, digest_of_path, files_of, is_manifest, pieces_of
from badge_passport.source.files import is_litter

_NAMED = 3  # files that a message names
_AT_ONCE = 4
_NONE: Mapping[str, bytes] = MappingProxyType({})
_AGAIN = "run `passport build`, and publish what it wrote as it is."
_SIGNED = "run `passport build` without --preview, with the keys; a preview would take every signature away."
_ANEW = "delete it, or run `passport build --clean`; publish what that wrote as it is."

Kind = Literal["document", "page", "worker", "manifest"]
ORDER: tuple[Kind, ...] = ("document", "page", "worker", "manifest")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a build: its path from the top, its size in bytes, its SHA-256."""

    path: str
    size: int
    digest: str

    @property
    def kind(self) -> Kind:
        """Documents are everything that pages need; the worker makes readers fetch pages again."""
        return kind_of(self.path)


@dataclass(frozen=True, slots=True)
class Built:
    """A whole build in a folder, every file of which is what its manifest says. ``files`` are in order.

    ``manifest`` are the files of the manifest by path, ``manifest.json`` the last of them.
    """

    folder: Path
    files: Sequence[File]
    manifest: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the listing of a target shows it: its size, and the tag by which the target knows bytes."""

    size: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Files to send, and paths to delete, each in a safe order.

    ``unnamed`` are digests of paths to delete that are not known, because the target could not be listed.
    """

    send: Sequence[File]
    delete: Sequence[str]
    unnamed: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.send or self.delete or self.unnamed)


def kind_of(path: str) -> Kind:
    """In which phase a file is sent."""
    if is_manifest(path):
        return "manifest"
    if path == "sw.js":
        return "worker"
    return "page" if path.endswith(".html") else "document"


def name_of(path: str) -> str:
    """What a manifest calls a path."""
    return digest_of_path(path).hex()


def read_manifest(files: Mapping[str, bytes], *, whole: bool = False) -> dict[str, str] | None:
    """What the files of a manifest say: path digest to digest of the bytes; None if they are none of a site.

    ``whole`` refuses those that were not written together.
    """
    return files_of(files.get(MANIFEST, b""), files.get, whole=whole)


def read_apart(top: Path) -> dict[str, bytes]:
    """The files of the manifest whose ``manifest.json`` is at ``top``, by path, it the last.

    Raises:
        OSError: one of them cannot be read.
    """
    data = top.read_bytes()
    return {**{path: (top.parent / path).read_bytes() for path in pieces_of(data)}, MANIFEST: data}


def read_built(folder: Path) -> tuple[Built | None, list[Diagnostic]]:
    """Look at every file of a build; half a build, or a changed one, is refused.

    Problems: ``publish-not-whole``.
    """
    try:
        manifest = read_apart(folder / MANIFEST)
    except FileNotFoundError as error:
        lacking = Path(error.filename).relative_to(folder).as_posix()
        return None, [_not_whole(f"the folder {folder.name} holds no built site: it has no {lacking}")]
    except OSError as error:
        return None, [_not_whole(f"{error.filename} cannot be read ({error.strerror})")]
    wanted = read_manifest(manifest, whole=True)
    if wanted is None:
        return None, [_not_whole(f"{folder.name}/{MANIFEST} was not written by a build")]
    if _is_preview(folder):
        return None, [_not_whole(f"{folder.name} holds a preview, in which nothing is signed", _SIGNED)]
    below = (path for path in files_below(folder) if not is_litter(path.rpartition("/")[2]))
    paths = sorted(path for path in below if path not in manifest)
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            files = list(pool.map(lambda path: look_at(folder, path), paths))
    except OSError as error:
        return None, [_not_whole(f"{error.filename} cannot be read ({error.strerror})")]
    names = {name_of(file.path): file for file in files}
    strange = [file.path for name, file in names.items() if name not in wanted]
    changed = [file.path for name, file in names.items() if wanted.get(name, file.digest) != file.digest]
    missing = len(wanted.keys() - names.keys())
    problems = []
    if changed:
        problems.append(_not_whole(f"{_some(changed)} in {folder.name} is not what the build wrote"))
    if strange:
        problems.append(_not_whole(f"{_some(strange)} in {folder.name} was not written by the build", _ANEW))
    if missing:
        lacking = "1 file is" if missing == 1 else f"{missing} files are"
        problems.append(_not_whole(f"{lacking} missing from {folder.name}"))
    return (None, problems) if problems else (Built(folder, in_order(files), manifest), [])


def _is_preview(folder: Path) -> bool:
    from badge_passport.pipeline import PREVIEW

    try:
        return PREVIEW.encode() in (folder / "404.html").read_bytes()
    except OSError:
        return False  # what is missing is told as such


def files_below(folder: Path) -> Iterator[str]:
    """The path of every file below a folder, with slashes; folders that are links are not entered."""
    top = os.fspath(folder)
    for here, folders, names in os.walk(top):
        prefix = os.path.relpath(here, top).replace(os.sep, "/")
        linked = [name for name in folders if Path(here, name).is_symlink()]
        for name in [*names, *linked]:
            yield name if prefix == "." else f"{prefix}/{name}"


def look_at(folder: Path, path: str) -> File:
    """Read a file for its size and digest, without holding it in memory.

    Raises:
        OSError: it cannot be read.
    """
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return File(path, file.tell(), digest)


def in_order(files: Iterable[File]) -> list[File]:
    """Documents before pages, and by path among themselves."""
    return sorted(files, key=lambda file: (ORDER.index(file.kind), file.path))


def changes(
    built: Built,
    known: Mapping[str, str],
    there: Mapping[str, Seen] | None = None,
    arrived: Callable[[File, Seen], bool] = lambda *_: False,
) -> Change:
    """What leads from the files that a manifest knows to those of a build.

    ``there`` is the listing of the target: a file that is not in it, or has another size, is sent whatever
    the manifest says. ``arrived`` is asked about a file that the manifest does not vouch for, and may know
    that an interrupted publication brought it.
    """
    send, names = [], set()
    for file in built.files:
        name = name_of(file.path)
        names.add(name)
        seen = None if there is None else there.get(file.path)
        sure = known.get(name) == file.digest
        if there is not None:
            sure = seen is not None and (
                seen.size == file.size if sure else seen.size == file.size and arrived(file, seen)
            )
        if not sure:
            send.append(file)
    gone = known.keys() - names
    if there is None:
        return Change(send, (), sorted(gone))
    ours = (path for path in there if not is_manifest(path) and name_of(path) in gone)
    # Pages first: as long as a page is there, so is what it points to.
    delete = sorted(ours, key=lambda path: (-ORDER.index(kind_of(path)), path))
    return Change(send, delete)


def uncertain(built: Built, known: Mapping[str, str], change: Change) -> dict[str, str]:
    """What may be claimed of a target while files are on their way: those have no digest.

    What is not deleted yet stays in it, or nobody would know that it was ours.
    """
    sent = {name_of(file.path) for file in change.send}
    whole = {name_of(file.path): file.digest for file in built.files}
    return {**known, **{name: "" if name in sent else digest for name, digest in whole.items()}}


def listed(built: Built, there: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """What differs of the manifest of a build from the one that is there, and what is there for nothing."""
    differing = {path: data for path, data in built.manifest.items() if there.get(path) != data}
    return differing, sorted(there.keys() - built.manifest.keys())


def steps(change: Change, built: Built, there: Mapping[str, bytes] = _NONE) -> Iterator[dict[str, Any]]:
    """The change as any uploader can carry it out, step by step: plain values for JSON.

    The manifest comes last of all, also after what is deleted: whatever it does not know is left alone.
    ``there`` is the manifest that is there, file by file.
    """
    for file in change.send:
        yield _upload(file)
    for path in change.delete:
        yield {"action": "delete", "path": path}
    for name in change.unnamed:
        yield {"action": "delete", "pathSha256": name}
    if change:
        send, left = listed(built, there)
        for path, data in send.items():
            yield _upload(File(path, len(data), hashlib.sha256(data).hexdigest()))
        for path in left:
            yield {"action": "delete", "path": path}


def _upload(file: File) -> dict[str, Any]:
    return {
        "action": "upload",
        "kind": file.kind,
        "path": file.path,
        "size": file.size,
        "sha256": file.digest,
        "contentType": content_type(file.path),
        "cacheControl": cache_control(file.path),
    }


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more


def _not_whole(message: str, help_: str = _AGAIN) -> Diagnostic:
    return Diagnostic("publish-not-whole", message, None, help_)
