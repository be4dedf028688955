"""Where the themes, the starter site and the bundle are: inside an installed wheel, or beside a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).resolve().parents[2]
STARTER = ("site.yml", "badges", "content", "schemas")
AUTOMATION = "starter"  # what checks and publishes a site on its code host


def theme_folder(name: str, site: Path) -> Path | None:
    """The folder of a theme: the site's own ``themes/<name>`` first, then one that comes with us."""
    candidates = (site.resolve() / "themes" / name, _PACKAGED / "themes" / name, _CHECKOUT / "themes" / name)
    return next((folder for folder in candidates if (folder / "templates").is_dir()), None)


def packaged_theme() -> Path:
    """The theme that comes with us, whatever themes a site has of its own."""
    packaged = _PACKAGED / "themes" / "passport"
    return packaged if packaged.is_dir() else _CHECKOUT / "themes" / "passport"


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
