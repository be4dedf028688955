"""Photographs that people put beside their record: judged by what they are, published without what they say.

A JPEG carries where and when it was taken, and with which device. None of it is published: a photo is
decoded and written anew, upright and no larger than it is shown.
"""

from __future__ import annotations

import io
from typing import Final

from badge_passport.source.pictures import Fault

MAX_PIXELS: Final = 50_000_000
_QUALITY: Final = 82


def inspect(data: bytes) -> Fault | None:
    """What is wrong with a photo (image-type, image-broken, image-too-large); None if nothing is."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                return Fault("image-too-large", "this photo has too many pixels", "make it smaller.")
            image.load()
    except UnidentifiedImageError:
        return Fault("image-type", "this is neither a JPEG nor a PNG", "save it as JPEG.")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Fault("image-broken", "this photo cannot be read to its end", "save it again as JPEG.")
    return None


def publish(data: bytes, side: int, *, square: bool = False) -> bytes:
    """A photo as a JPEG of at most ``side`` pixels, cut to its middle if ``square``; without metadata."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    flat = Image.alpha_composite(paper, upright).convert("RGB")
    if square:
        flat = ImageOps.fit(flat, (side, side), Image.Resampling.LANCZOS)
    else:
        flat.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return out.getvalue()
