"""A host that remembers what it rendered: asked for the same again, it need not be started.

What is remembered is plain data with a checksum: a shell, and files. It is kept under a digest of all that
was asked for: pages, settings, words, the theme, and the program itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from badge_passport.pages.hosts import Host, Hosted, Request, Shell
from badge_passport.source import kept
from badge_passport.source.glance import code

_KIND: Final = "host 1"
_OF_THEME: Final = ("mkdocs", "locales")
_LIVE: Final = ("language", "theme", "urls", "assets", "pages")  # fields of a request that are not plain data


@dataclass(frozen=True, slots=True)
class Remembering:
    """A host whose answers are kept in a folder, the last one of each language."""

    host: Host
    folder: Path

    def __call__(self, request: Request) -> Hosted:
        """See `Host`."""
        file = self.folder / f"host-{request.language.tag}.bin"
        asked = digest(request)
        with suppress(OSError, ValueError, KeyError, TypeError):
            return _read(file, asked)
        made = self.host(request)
        with suppress(OSError):  # it will be made again
            _write(file, asked, made)
        return made


def digest(request: Request) -> str:
    """All that an answer depends on, in short."""
    found = hashlib.sha256()
    for part in _parts(request):
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def _parts(request: Request) -> Iterator[bytes]:
    plain = {one.name: getattr(request, one.name) for one in fields(request) if one.name not in _LIVE}
    urls, language = request.urls, request.language
    yield code().encode()
    yield repr((urls.base, language.tag, language.default, plain)).encode("utf-8", "surrogatepass")
    for page in request.pages:
        yield f"{page.file} {page.path} {page.language}".encode()
        yield page.text.encode("utf-8", "surrogatepass")
    for path, data in sorted(request.assets.items()):
        yield from (path.encode(), data)
    for part in _OF_THEME:
        for folder in request.theme.folders(part):
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                yield from (f"{part} {file.relative_to(folder).as_posix()}".encode(), file.read_bytes())


def _read(file: Path, asked: str) -> Hosted:
    header, data = kept.load(file, _KIND)
    if header["asked"] != asked:
        raise ValueError("something else was asked for")
    files, at = {}, header["shell"]
    for path, size in header["files"]:
        files[path] = data[at : at + size]
        at += size
    return Hosted(Shell(data[: header["shell"]].decode("utf-8")), files)


def _write(file: Path, asked: str, made: Hosted) -> None:
    shell = made.shell.html.encode("utf-8")
    sizes = [[path, len(data)] for path, data in made.files.items()]
    header = {"asked": asked, "shell": len(shell), "files": sizes}
    kept.save(file, _KIND, header, [shell, *made.files.values()])
