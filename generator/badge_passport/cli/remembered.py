"""What commands remember of a site from one time to the next, in `.passport/cache` of its folder."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import today
from badge_passport.publish.changing import is_pending
from badge_passport.publish.manifest import MANIFEST
from badge_passport.resources import packaged_theme
from badge_passport.source import kept
from badge_passport.source.files import FOLDERS, is_litter
from badge_passport.source.folders import Folders
from badge_passport.source.glance import Glance, glance, recall, remember

if TYPE_CHECKING:
    from badge_passport.pipeline import Checked
    from badge_passport.registry.known import Known

cache_option = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default=".passport/cache in the site's folder",
    help="The folder of what is remembered. It may be deleted, and kept from one CI run to the next.",
)


def cache_folder(root: Path, named: Path | None) -> Path:
    """The folder of what is remembered of a site."""
    return named or root / ".passport" / "cache"


def make_cache(folder: Path) -> None:
    """Make sure that there is a folder to remember in."""
    with suppress(OSError):  # a site that cannot be written is checked all the same
        kept.folder(folder)


def looked_at(root: Path, places: list[Path], more: list[str], folders: Folders) -> Glance:
    """A glance at a site, and at all else that a command depends on: its day, and our variables."""
    ours = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("PASSPORT_")]
    return glance(root, [*places, *packaged_theme().layers], [str(today()), *ours, *more], folders)


def remembered_records(folder: Path) -> Path:
    """The file of what was read of people and awards."""
    return folder / "records.bin"


def _memory(root: Path, folder: Path, target: Path) -> Path:
    """The file, in a folder of what is remembered, of the build of a site into ``target``."""
    try:
        name = target.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        name = str(target.resolve())
    return folder / f"built-{hashlib.sha256(name.encode()).hexdigest()[:16]}.bin"


def newer(root: Path, target: Path) -> str:
    """A file of the source that changed after the last build into ``target``; empty if there is none."""
    memory = _memory(root, cache_folder(root, None), target)
    if not memory.exists():
        return ""
    there = (file for file in (memory, memory.with_suffix(".json"), target / MANIFEST) if file.exists())
    built = max(file.stat().st_mtime for file in there)
    places = [root / "site.yml", *(root / name for name in (*FOLDERS, "themes"))]
    files = (file for place in places for file in (place, *sorted(place.rglob("*"))))
    seen = (f for f in files if not f.name.startswith(".") and not is_litter(f.name) and f.is_file())
    return next((file.relative_to(root).as_posix() for file in seen if file.stat().st_mtime > built), "")


class Remembered:
    """What is remembered of the build of one site into one folder; ``folders`` are what was seen first.

    A process that builds again and again has what is ``known`` of records itself. It does not ask whether
    anything has changed: it was told so.
    """

    def __init__(
        self,
        root: Path,
        cache: Path | None,
        target: Path,
        keys: Path | None,
        *,
        preview: bool | None,
        known: Known | None = None,
    ) -> None:
        folder = cache_folder(root, cache)
        self.file = _memory(root, folder, target)
        self._told = self.file.with_suffix(".json")
        self._lasting = known is None
        self.built: object = None  # it lives as long as this does
        self._known = known
        self._records = remembered_records(folder)
        self._target = target
        self.folders = Folders()
        places = [root / "private", root / "themes", *([keys, keys.parent] if keys else [])]
        more = [f"preview {preview}"]
        self._sources = looked_at(root, places, more, self.folders) if self._lasting else Glance("", False)

    @property
    def known(self) -> Known:
        """Records of its files."""
        from badge_passport.registry.known import Known

        self._known = self._known or Known()
        return self._known

    def _built(self) -> Glance:
        """What was seen of the sources, and a glance at what is built of them."""
        seen = [self._sources.digest, *map(_seen, (self._target / MANIFEST, self.file))]
        return Glance(hashlib.sha256("\n".join(seen).encode()).hexdigest(), self._sources.settled)

    def unchanged(self) -> str:
        """What was said when just this was built; empty if it was not, or anything may have changed."""
        if not (self._target / MANIFEST).is_file() or is_pending(self._target):
            return ""
        return (recall(self._told, self._built()) or {}).get("said", "")

    def recall(self) -> None:
        """Read what is known of records."""
        from badge_passport.registry.known import load

        self._known = load(self._records)

    def learn(self, checked: Checked) -> None:
        """Keep what is known of records for the next command; a process that builds again has them itself."""
        from badge_passport.pipeline import learn

        learn(checked, self.known)
        make_cache(self._records.parent)
        if self._lasting:
            self.known.save(self._records)

    def keep(self, said: str) -> None:
        """Remember that this is built of the sources as they were seen."""
        remember(self._told, self._built(), {"said": said})

    def forget(self) -> None:
        """Remember nothing."""
        folder = self._records.parent
        with suppress(OSError):
            self._told.unlink(missing_ok=True)
            for name in (f"{self.file.name}*", f"{self._records.name}*", "host-*.bin"):
                for file in folder.glob(name):
                    file.unlink()


def _seen(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return "none"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"
