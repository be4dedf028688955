"""Where the themes, the starter site and the bundle are: inside an installed wheel, or beside a checkout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_PACKAGED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).resolve().parents[2]
STARTER = ("site.yml", "badges", "content", "schemas")
AUTOMATION = "starter"  # what checks and publishes a site on its code host


@dataclass(frozen=True, slots=True)
class Theme:
    """Folders of a theme, the most particular first: what one does not have comes from the next."""

    layers: tuple[Path, ...]

    def folders(self, part: str) -> tuple[Path, ...]:
        """The folders of a part (``templates``, ``assets``…) that are there."""
        return tuple(folder for layer in self.layers if (folder := layer / part).is_dir())

    def files(self, part: str) -> dict[str, Path]:
        """The files of a part by their path within it, in order of these paths."""
        found: dict[str, Path] = {}
        for folder in self.folders(part):
            for file in folder.rglob("*"):
                if file.is_file():
                    found.setdefault(file.relative_to(folder).as_posix(), file)
        return dict(sorted(found.items()))


def theme(name: str, site: Path) -> Theme | None:
    """A theme by its name: the site's own ``themes/<name>`` on top of the one that comes with us.

    None if there is no such folder.
    """
    ours = packaged_theme()
    own = site.resolve() / "themes" / name
    if own.is_dir() and own != ours.layers[0]:
        return Theme((own, *ours.layers))
    return ours if name == "passport" else None


def packaged_theme() -> Theme:
    """The theme that comes with us, whatever themes a site has of its own."""
    packaged = _PACKAGED / "themes" / "passport"
    return Theme((packaged if packaged.is_dir() else _CHECKOUT / "themes" / "passport",))


def starter_folder() -> Path:
    """The folder whose `STARTER` entries, and what is in `AUTOMATION`, `passport init` copies."""
    packaged = _PACKAGED / "starter"
    return packaged if packaged.is_dir() else _CHECKOUT


WEB_FONTS = (
    "readex-pro-latin.woff2",
    "readex-pro-latin-ext.woff2",
    "readex-pro-arabic.woff2",
    "noto-sans-greek.woff2",
    "noto-sans-cyrillic.woff2",
    "readex-pro-license.txt",
    "noto-sans-license.txt",
)
"""What pages load of `bundled` ``fonts/``, and the licences that ask to go with it."""


def bundled(name: str) -> bytes:
    """A file that came out of npm when this was packed (hatch_build.py): verify.js, fonts/…"""
    file = Path(__file__).parent / "_bundle" / name
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: run “make bundle”, which needs Node")
    return file.read_bytes()
