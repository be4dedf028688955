"""The site as an app: its manifest, its pictures for start screens, and the worker that keeps passports.

A passport is kept on a device only if its reader asks for it (assets/keep.js); until then no browser hears of
the worker.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from badge_passport.credentials.documents import to_bytes
from badge_passport.pages import brand
from badge_passport.pages.languages import Language
from badge_passport.pages.pictures import DrawingError, render, small
from badge_passport.pages.rendering import Output
from badge_passport.registry import Registry
from badge_passport.resources import Theme
from badge_passport.urls import Urls, relative

if TYPE_CHECKING:
    from PIL import Image

SIZES: Final = (192, 512)
MASKED: Final = 0.6
"""The part of a picture that its logo takes where devices cut a shape out: 0.8 is safe, as a circle."""
WORKER: Final = "sw.js"
SHORT: Final = 12  # letters; what start screens have room for
# The mark of mkdocs/partials/logo.html.
_MARK: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect x="5" y="2" width="22" height="28" rx="4" fill="{color}"/>'
    '<circle cx="16" cy="14" r="7" fill="#fffefb"/>'
    '<path d="m16 9.4 1.4 2.9 3.2.4-2.3 2.2.6 3.2-2.9-1.6-2.9 1.6.6-3.2-2.3-2.2 3.2-.4z" fill="#c9952f"/>'
    '<path d="M10.5 25.2h11" stroke="#fffefb" stroke-width="1.8" stroke-linecap="round"/></svg>'
)


def manifest(registry: Registry, urls: Urls, reader: Language) -> bytes:
    """The Web Application Manifest of a language; every address in it is relative to it."""
    site = registry.site
    here = urls.page(urls.manifest(), reader.tag)
    name = reader.text(site.name)
    icons = [
        {
            "src": relative(urls.app_icon(f"{purpose}-{size}"), here),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for purpose in ("any", "maskable")
        for size in SIZES
    ]
    return to_bytes(
        {
            "name": name,
            "short_name": short(name),
            "lang": reader.tag,
            "dir": reader.dir,
            "start_url": "./",
            # The other languages, too: a switch of language stays in the app.
            "scope": relative("", here),
            "display": "standalone",
            "theme_color": brand.color(site.brand),
            "background_color": brand.PAPER,
            "icons": icons,
        }
    )


def short(name: str) -> str:
    """As many whole words of a name as a start screen has room for; at least the first."""
    words = name.split()
    while len(words) > 1 and len(" ".join(words)) > SHORT:
        words.pop()
    return " ".join(words)


def icons(registry: Registry, urls: Urls) -> Iterator[Output]:
    """The logo, or our mark, in the sizes and for the purposes that the manifest names."""
    picture = _logo(registry)
    for purpose in ("any", "maskable"):
        for size in SIZES:
            yield urls.app_icon(f"{purpose}-{size}"), icon(picture, size, masked=purpose == "maskable")


def _logo(registry: Registry) -> Image.Image:
    own = registry.site.brand.logo
    data = registry.page_assets.get(own or "")
    if own is not None and data is not None:
        try:
            return drawn(data, svg=own.endswith(".svg"))
        except (DrawingError, OSError, ValueError):
            pass  # a logo that no program here can draw may still be one for browsers
    return drawn(_MARK.format(color=brand.color(registry.site.brand)).encode("ascii"), svg=True, trusted=True)


@lru_cache(maxsize=4)
def drawn(data: bytes, *, svg: bool, trusted: bool = False) -> Image.Image:
    """A picture of a site as pixels, as large as it will be needed; ``trusted`` ones are ours.

    Raises:
        DrawingError: an SVG is too demanding.
        OSError: it is no picture.
    """
    from PIL import Image

    side = max(SIZES)
    data = render(data, (side, side), trusted=trusted) if svg else data
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
        return opened.convert("RGBA")


def icon(picture: Image.Image, size: int, *, masked: bool) -> bytes:
    """A picture of a site as a square PNG: ``masked`` on paper to its edges, else on nothing."""
    from PIL import Image

    side = round(size * MASKED) if masked else size
    scale = side / max(picture.size)
    fitted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # Sizes change while colours are multiplied with what is covered, or edges get those of what is not.
    # Made smaller by HAMMING, which leaves no faint ripples beside edges.
    how = Image.Resampling.HAMMING if scale < 1 else Image.Resampling.LANCZOS
    image = picture.convert("RGBa").resize(fitted, how).convert("RGBA")
    ground = Image.new("RGBA", (size, size), brand.PAPER if masked else (0, 0, 0, 0))
    ground.alpha_composite(image, ((size - image.width) // 2, (size - image.height) // 2))
    return small(ground)


def worker(theme: Theme, digest: str) -> bytes:
    """The worker of a build, with the ``digest`` of all its files, by which browsers tell builds apart."""
    text = theme.files("worker")[WORKER].read_text(encoding="utf-8")
    return text.replace("@@digest@@", digest[:16]).encode("utf-8")
