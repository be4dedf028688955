"""Judging pictures: every known trick is refused with the right code and place, and honest files pass."""

from __future__ import annotations

import base64
import io
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badge_passport.source.pictures import MAX_BYTES, MAX_SVG_BYTES, Fault, Picture, inspect

NS = 'xmlns="http://www.w3.org/2000/svg"'
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 77).save(buffer, kind)
    return buffer.getvalue()


PNG = image("PNG")


def header(width: int, height: int) -> bytes:
    return SIGNATURE + chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\2\0\0\0")


def svg(inside: str = "", attributes: str = 'viewBox="0 0 30 20"') -> bytes:
    return f'<svg {NS} xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}</svg>'.encode()


def embed(kind: str, data: bytes) -> bytes:
    return svg(f'<image href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/>')


def claim_huge(jpeg: bytes) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5  # the height and width of the frame header
    return jpeg[:at] + b"\xff\xff\xff\xff" + jpeg[at + 4 :]


def code(data: bytes) -> str:
    found = inspect(data)
    return found.code if isinstance(found, Fault) else "fine"


def test_png() -> None:
    assert inspect(PNG) == Picture("png", PNG, 20, 10)


def test_png_sheds_what_does_not_make_pixels() -> None:
    noted = PNG[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**7))) + PNG[33:] + b"PK trailing"
    assert inspect(noted) == Picture("png", PNG, 20, 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_modes(mode: str) -> None:
    assert code(image("PNG", mode)) == "fine"


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "empty"),
        (image("JPEG"), "JPEG"),
        (image("GIF"), "GIF"),
        (image("WEBP"), "WebP"),
        (image("BMP"), "BMP"),
        (image("TIFF"), "TIFF"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"version https://git-lfs.github.com/spec/v1", "LFS"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "web page"),
        (b"\n<rss/>", "another kind of XML"),
        ("<svg/>".encode("utf-16"), "UTF-16"),
        (b"hello", "something else"),
    ],
)
def test_other_kinds(data: bytes, looks: str) -> None:
    found = inspect(data)
    assert isinstance(found, Fault)
    assert found.code == "image-type"
    assert looks in found.message


@pytest.mark.parametrize(
    "data",
    [
        PNG[:-1],
        PNG[:40],
        SIGNATURE,
        SIGNATURE + chunk(b"IDAT", b""),
        PNG[:45] + bytes([PNG[45] ^ 1]) + PNG[46:],
        header(0, 5) + chunk(b"IEND", b""),
        header(9, 9) + chunk(b"IEND", b""),
        header(9, 9) + chunk(b"IDAT", b"junk") + chunk(b"IEND", b""),
        svg("<g>"),
        svg("&unknown;"),
        svg("", 'viewBox="0 0 0 10"'),
        b'<?xml version="1.0" encoding="shift_jis"?>' + svg(),
        embed("png", PNG[:-5]),
        embed("jpeg", b"junk"),
        embed("png", image("JPEG")),
        svg('<image href="data:image/png;base64,A"/>'),
    ],
)
def test_broken(data: bytes) -> None:
    assert code(data) == "image-broken"


@pytest.mark.parametrize(
    "data",
    [
        PNG[:33] + chunk(b"acTL", bytes(8)) + PNG[33:],
        svg('<rect><animate attributeName="x" to="9"/></rect>'),
        svg('<set attributeName="href" to="javascript:alert(1)"/>'),
        svg("<style>@keyframes a {}</style>"),
        svg('<g style="animation: a 1s"/>'),
    ],
)
def test_animated(data: bytes) -> None:
    assert code(data) == "image-animated"


@pytest.mark.parametrize(
    "data",
    [
        PNG + bytes(MAX_BYTES),
        header(50_000, 50_000) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        svg("<!--" + " " * MAX_SVG_BYTES + "-->"),
        svg("<g/>" * 20_000),
        svg("<g>" * 64 + "</g>" * 64),
        embed("png", header(50_000, 50_000)),
        embed("jpeg", claim_huge(image("JPEG"))),
    ],
)
def test_too_large(data: bytes) -> None:
    assert code(data) == "image-too-large"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<g ONCLICK='alert(1)'/>",
        "<foreignObject/>",
        '<a href="#x"/>',
        "<blink/>",
        '<use href="other.svg#a"/>',
        '<use xlink:href="https://evil.example/#a"/>',
        '<use href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<image href="/etc/passwd"/>',
        '<image href=" http://evil.example/a.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<image src="a.png"/>',
        '<g xml:base="https://evil.example/"><use href="#a"/></g>',
        '<g style="fill:url(http://evil.example)"/>',
        '<g style="fill:URL( &quot;//evil.example&quot; )"/>',
        '<g style="fill:u\\72l(http://evil.example)"/>',
        '<g fill="url(http://evil.example/#a)"/>',
        '<g fill="url(#a) url(b)"/>',
        '<g filter="url(data:image/svg+xml,x#f)"/>',
        "<g style=\"mask:image-set('http://evil.example' 1x)\"/>",
        '<g style="-moz-binding:x"/>',
        '<g style="width:expression(alert(1))"/>',
        '<g data-x="1" fill="java\nscript:alert(1)"/>',
        "<style>@import 'http://evil.example/a.css';</style>",
        "<style>@font-face{}</style>",
        "<style>g{fill:u<!-- -->rl(http://evil.example)}</style>",
        "<style>g{fill:u<g/>rl(http://evil.example)}</style>",
        '<style>g{content:"/*";fill:url(http://evil.example);/**/}</style>',
        "<style><![CDATA[g{fill:url(http://evil.example)}]]></style>",
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        '<metadata><h:img xmlns:h="http://www.w3.org/1999/xhtml"/></metadata>',
        '<math xmlns="http://www.w3.org/1998/Math/MathML"/>',
        '<g xmlns=""/>',
        '<x:y xmlns:x="urn:x" onload="alert(1)"/>',
        '<?xml-stylesheet href="http://evil.example/a.css"?>',
        "<feImage href='#a'/>",
        "<feTurbulence numOctaves='100000'/>",
    ],
)
def test_unsafe(inside: str) -> None:
    assert code(svg(inside)) == "svg-unsafe"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg SYSTEM "http://evil.example/a.dtd">',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
    ],
)
def test_doctypes(doctype: str) -> None:
    assert code(doctype.encode() + svg("<desc>&c;</desc>")) == "svg-unsafe"


def test_text_is_refused_because_it_needs_fonts() -> None:
    assert code(svg("<text><tspan>Hi</tspan></text>")) == "svg-text"
    assert code(svg("<text> </text><title>Hi</title>")) == "fine"


@pytest.mark.parametrize(
    ("inside", "place"),
    [
        ("\n\n  <g/><script/>", (3, 7)),
        ("\n<style>g{}\n  g{fill:url(x)}</style>", (3, 10)),
        ("\n<style>g{fill:url(x)}</style>", (2, 15)),
        ("\n <g></h>", (2, 7)),
    ],
)
def test_places(inside: str, place: tuple[int, int]) -> None:
    found = inspect(svg(inside))
    assert isinstance(found, Fault)
    assert (found.line, found.column) == place


def test_honest_svg() -> None:
    inside = """
    <title>é (see http://example.org)</title>
    <metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:about="http://a"/></metadata>
    <style>.a:not(.b) { fill: url( "#g" ); } @media print { .a { fill: rgb(1, 2, 3) } }</style>
    <i:page xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:onward="http://a.example"/>
    <linearGradient id="g" gradientTransform="rotate(45) translate (1 2)"><stop offset="0"/></linearGradient>
    <filter id="f"><feGaussianBlur stdDeviation="1"/></filter>
    <g filter="url(#f)" style="clip-path:url('#c');fill:hsl(1 2% 3%)" aria-label="(@)"/>
    <use xlink:href="#g"/>
    <switch requiredFeatures="http://www.w3.org/TR/SVG11/feature#Shape"><g/></switch>
    <?xpacket begin="x"?>"""
    data = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + svg(inside)
    assert inspect(data) == Picture("svg", data, 30, 20)


@pytest.mark.parametrize(("kind", "data"), [("png", PNG), ("jpeg", image("JPEG")), ("JPG", image("JPEG"))])
def test_embedded_pictures(kind: str, data: bytes) -> None:
    assert code(embed(kind, data)) == "fine"


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("", (512, 512)),
        ('viewBox="0,0,30.5,20"', (31, 20)),
        ('width="1in" height="10mm"', (96, 38)),
        ('width="100%" height="40"', (40, 40)),
        ('viewBox="nonsense" width="-5"', (512, 512)),
        ('viewBox="0 0 1e999 1"', (10**9, 1)),
    ],
)
def test_svg_size(attributes: str, size: tuple[int, int]) -> None:
    found = inspect(svg("", attributes))
    assert isinstance(found, Picture)
    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    "attributes",
    [
        f'style="{"a" * 400_000}("',
        f'fill="url(#{" " * 400_000}"',
        f'width="{"1" * 400_000}x"',
        f'width="{" " * 400_000}x"',
        f'style="{"@" * 400_000}"',
    ],
)
def test_no_expression_is_slow(attributes: str) -> None:
    start = time.process_time()
    inspect(svg("", attributes))
    assert time.process_time() - start < 30, "the work grows faster than the picture"


@given(st.binary(), st.text())
def test_never_raises(noise: bytes, text: str) -> None:
    for data in (
        noise,
        SIGNATURE + noise,
        header(9, 9) + noise,
        b"<svg " + noise,
        svg(text),
        embed("png", noise),
    ):
        assert isinstance(inspect(data), Picture | Fault)
