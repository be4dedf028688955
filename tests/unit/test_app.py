"""Icons of the site as an app."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from badge_passport.pages import app
from badge_passport.pages.brand import PAPER
from badge_passport.pages.pictures import DrawingError
from minimal import CheckSite
from sharing_fixtures import small_site

WIDE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    b'<rect width="40" height="20" fill="red"/></svg>'
)
LOOP = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    b'<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>'
)


def read(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def test_there_is_an_icon_for_each_purpose_and_size(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    made = dict(app.icons(registry, urls))
    assert set(made) == {
        urls.app_icon(f"{purpose}-{size}") for purpose in ("any", "maskable") for size in (192, 512)
    }
    for size in (192, 512):
        plain, masked = (read(made[urls.app_icon(f"{purpose}-{size}")]) for purpose in ("any", "maskable"))
        assert plain.size == masked.size == (size, size)
        assert plain.getpixel((0, 0)) == (0, 0, 0, 0)
        assert masked.getextrema()[3] == (255, 255)
        # Devices cut away what is outside of a circle of four fifths: the mark is inside.
        paper = masked.getpixel((0, 0))
        ground = Image.new("RGBA", masked.size, PAPER)
        assert paper == ground.getpixel((0, 0))
        left, top, right, bottom = plain.getbbox() or (0, 0, 0, 0)
        assert bottom - top == pytest.approx(size * 28 / 32, abs=2)
        assert right - left == pytest.approx(size * 22 / 32, abs=2)
    assert made == dict(app.icons(registry, urls))


def test_a_wide_logo_is_fitted_and_its_edges_stay_red() -> None:
    logo = app.drawn(WIDE, svg=True)
    made = read(app.icon(logo, 192, masked=False))
    assert made.getbbox() == (0, 48, 192, 144)
    assert made.getpixel((96, 96)) == (255, 0, 0, 255)
    small = Image.new("RGBA", (20, 10), (255, 0, 0, 255))
    buffer = io.BytesIO()
    small.save(buffer, "PNG")
    assert read(app.icon(app.drawn(buffer.getvalue(), svg=False), 192, masked=False)).getbbox() == (
        0,
        48,
        192,
        144,
    )


def test_logos_that_cannot_be_drawn() -> None:
    with pytest.raises(DrawingError):
        app.drawn(LOOP, svg=True)
    with pytest.raises(OSError):
        app.drawn(b"GIF89a", svg=False)
