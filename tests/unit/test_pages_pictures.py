"""Badge pictures: small square PNGs without metadata, and drawings that always come out the same."""

from __future__ import annotations

import functools
import io
import os
import random
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from badge_passport.pages import painting
from badge_passport.pages.designs import ICONS, SHAPES, Design, draw
from badge_passport.pages.icons import MARKUP
from badge_passport.pages.painting import paint
from badge_passport.pages.pictures import DrawingError, optimise, render
from badge_passport.source.pictures import Picture, inspect

DESIGNS = st.builds(
    Design,
    shape=st.sampled_from(SHAPES),
    color=st.from_regex(r"\A#[0-9a-f]{6}\Z"),
    icon=st.sampled_from(ICONS),
    level=st.integers(0, 3),
    levels=st.integers(3, 6),
)


def png(image: Image.Image, **options: object) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    picture = inspect(buffer.getvalue())
    assert isinstance(picture, Picture)
    return picture


def svg(inside: str, attributes: str = 'viewBox="0 0 10 10"') -> Picture:
    picture = inspect(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode())
    assert isinstance(picture, Picture)
    return picture


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_png_is_scaled_down_and_centred() -> None:
    result = read(optimise(png(Image.new("RGB", (1000, 500), "red")))).convert("RGBA")
    assert result.size == (512, 512)
    assert result.getbbox() == (0, 128, 512, 384)
    assert result.getpixel((256, 256)) == (255, 0, 0, 255)
    assert result.getpixel((256, 100)) == (0, 0, 0, 0)


def test_png_is_never_enlarged() -> None:
    result = read(optimise(png(Image.new("RGB", (40, 20), "red")))).convert("RGBA")
    assert result.size == (40, 40)
    assert result.getbbox() == (0, 10, 40, 30)
    assert read(optimise(png(Image.new("RGB", (40, 1), "red")), side=16)).size == (16, 16)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_modes(mode: str) -> None:
    image = Image.new("L", (9, 9), 255).convert(mode)
    assert read(optimise(png(image))).convert("RGBA").getpixel((4, 4)) == (255, 255, 255, 255)


def test_png_with_16_bits_is_scaled_rather_than_clipped() -> None:
    grey = Image.new("I;16", (9, 9), 200 * 257)
    assert read(optimise(png(grey))).convert("RGBA").getpixel((4, 4)) == (200, 200, 200, 255)


def test_no_metadata_and_no_hidden_colours_survive() -> None:
    image = Image.new("RGBA", (9, 9), (1, 2, 3, 0))
    result = optimise(png(image, dpi=(300, 300), icc_profile=b"profile", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"))
    kinds = re.findall(rb"IHDR|PLTE|tRNS|IDAT|IEND|pHYs|iCCP|eXIf|tEXt|gAMA", result)
    assert set(kinds) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    assert read(result).convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


def test_palette_only_where_nobody_notices() -> None:
    noise = Image.frombytes("RGB", (99, 99), random.Random(1).randbytes(3 * 99 * 99))
    assert read(optimise(png(noise))).mode == "RGBA"
    shades = random.Random(2).choices([(shade, 200, 100) for shade in range(256)], k=100 * 100)
    drawing = Image.frombytes("RGB", (100, 100), bytes(channel for shade in shades for channel in shade))
    result = read(optimise(png(drawing)))
    assert result.mode == "P"
    assert ImageChops.difference(result.convert("RGB"), drawing).getbbox() is None


def differences(painted: bytes, design: Design) -> Image.Image:
    """How far each pixel of a painted design is from its SVG, rendered."""
    svg = render(draw(design), (512, 512), trusted=True)
    one, other = (read(data).convert("RGBA").convert("RGBa") for data in (painted, svg))
    return ImageChops.difference(one, other)


@settings(max_examples=60, deadline=None)
@given(DESIGNS)
def test_painted_designs_look_like_their_svg(design: Design) -> None:
    difference = differences(paint(design), design)
    assert max(ImageStat.Stat(difference).rms) < 1.3
    worst = functools.reduce(ImageChops.lighter, difference.split()).histogram()
    assert sum(worst[24:]) < 200 and sum(worst[90:]) == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("icon", ICONS)
def test_each_shape_and_icon_is_painted_as_it_is_drawn(shape: str, icon: str) -> None:
    design = Design(shape, "#2b6777", icon, len(icon) % 4)
    assert max(ImageStat.Stat(differences(paint(design), design)).rms) < 1.3


def test_what_is_painted_first_does_not_matter() -> None:
    designs = [Design(shape, color) for shape in ("circle", "tile") for color in ("#c00", "#f5b70a")]
    made = [paint(design) for design in designs]
    painting._sheet.cache_clear()
    assert [paint(design) for design in reversed(designs)] == made[::-1]
    assert len(set(made)) == len(made)


def test_another_colour_is_another_palette() -> None:
    """All that differs between two colours is in one chunk; the pixels are compressed once."""
    one, other = (paint(Design(color=color)) for color in ("#204060", "#602040"))
    at = [one.index(b"IDAT"), other.index(b"IDAT")]
    assert at[0] == at[1] and one[at[0] :] == other[at[1] :] and one != other


@pytest.mark.parametrize("shape", SHAPES)
def test_drawings_keep_their_shades_and_are_small(shape: str) -> None:
    result = paint(Design(shape, "#f5b70a", "chat", 2))
    assert read(result).size == (512, 512)
    assert len(result) < 25_000
    face = read(result).convert("RGBA").crop((200, 60, 312, 120))
    assert len(face.getcolors() or []) > 10  # a soft shade, not stripes


def test_child_process_and_own_process_agree() -> None:
    picture = inspect(draw(Design(level=1)))
    assert isinstance(picture, Picture)
    assert optimise(picture, 64) == optimise(picture, 64, trusted=True)


@pytest.mark.parametrize(
    ("attributes", "box"), [('viewBox="0 0 10 5"', (0, 16, 64, 48)), ("", (0, 0, 64, 64))]
)
def test_svg_is_fitted_and_centred(attributes: str, box: tuple[int, int, int, int]) -> None:
    picture = svg('<rect width="1000" height="1000"/>', attributes)
    assert read(optimise(picture, 64)).convert("RGBA").getbbox() == box


@pytest.mark.parametrize(
    "inside",
    [
        '<pattern id="p" patternTransform="scale(1e6)" width="1" height="1"><rect width="9" height="9"/>'
        "</pattern>"
        '<rect fill="url(#p)" width="9" height="9"/>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    ],
)
def test_drawings_that_crash_the_renderer(inside: str) -> None:
    with pytest.raises(DrawingError):
        optimise(svg(inside))


@settings(max_examples=40)
@given(DESIGNS)
def test_drawings_are_harmless_and_repeatable(design: Design) -> None:
    data = draw(design)
    assert data == draw(design)
    assert isinstance(inspect(data), Picture)
    assert b"<text" not in data
    assert len(data) < 10_000


def test_drawings_do_not_depend_on_the_process() -> None:
    code = (
        "import sys; from badge_passport.pages.designs import Design, draw\n"
        "from badge_passport.pages.painting import paint\n"
        "paint(Design(color='#c00')); sys.stdout.buffer.write(draw(Design(level=2)) + paint(Design(level=2)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout == draw(Design(level=2)) + paint(Design(level=2))


def test_ids_differ_between_designs() -> None:
    ids = [re.findall(rb' id="(\w+)"', draw(Design(color=color))) for color in ("#123", "#124")]
    assert [len(found) for found in ids] == [1, 1]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("icon", ICONS)
def test_icons_stay_on_their_grid_and_differ(icon: str) -> None:
    drawn = {
        name: f'<g transform="translate(8 8) scale(2)" color="#000">{MARKUP[name]}</g>'
        for name in (icon, "star")
    }
    shown = {n: read(optimise(svg(m, 'viewBox="0 0 64 64"'), 64, trusted=True)) for n, m in drawn.items()}
    left, top, right, bottom = shown[icon].convert("RGBA").getbbox() or (0, 0, 0, 0)
    assert min(left, top) >= 7
    assert max(right, bottom) <= 57
    assert right - left > 28
    if icon != "star":
        difference = ImageChops.difference(
            *(image.convert("RGBA").getchannel("A") for image in shown.values())
        )
        assert ImageStat.Stat(difference).rms[0] > 20


@pytest.mark.parametrize("color", ["#ffffff", "#f5d90a", "#000000", "#2563c9"])
def test_icons_stand_out(color: str) -> None:
    result = read(paint(Design(color=color, icon="heart"))).convert("RGBA").convert("L")
    assert abs(int(result.getpixel((256, 250))) - int(result.getpixel((256, 400)))) > 60  # type: ignore[arg-type]


def test_names_are_sorted_tuples() -> None:
    assert list(ICONS) == sorted(ICONS)
    assert list(SHAPES) == sorted(SHAPES)
    assert len(ICONS) >= 24
    assert SHAPES == ("circle", "diamond", "hexagon", "rosette", "shield", "tile")


@pytest.mark.parametrize(
    "design",
    [
        Design(shape="blob"),
        Design(icon="blob"),
        Design(color="red"),
        Design(color='#fff"/><script>'),
        Design(color="#12345\n"),
        Design(level=-1),
        Design(level=4, levels=3),
        Design(levels=99),
    ],
)
def test_designs_refused(design: Design) -> None:
    with pytest.raises(DrawingError):
        draw(design)
    with pytest.raises(DrawingError):
        paint(design)
