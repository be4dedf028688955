"""Baking: what goes in comes out, in our reader and in others, and hostile files are refused."""

from __future__ import annotations

import contextlib
import io
import zlib

import openbadgeslib.baking as other_tool
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badge_passport.credentials.baking import (
    MAX_INFLATED,
    SNIFFED,
    BakingError,
    Form,
    png_pieces,
    split_png,
    split_svg,
    svg_pieces,
    unbake_png,
    unbake_svg,
)
from badge_passport.credentials.documents import to_bytes
from baked import png_with, svg_of_address, svg_with

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = b'<?xml version="1.0"?><!-- > <svg> --><svg xmlns="http://www.w3.org/2000/svg" id="a>b"><g/></svg>'
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
XML_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: "]]>" not in text and text.strip())


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGBA").save(buffer, "PNG")
    return buffer.getvalue()


PNG = make_png()


def with_chunks(*chunks: bytes) -> bytes:
    return PNG[:33] + b"".join(chunks) + PNG[33:]


@given(TEXTS, TEXTS)
def test_png_round_trip(one: str, two: str) -> None:
    texts: dict[Form, str] = {"openbadges": one, "openbadgecredential": two}
    baked = png_with(PNG, texts)
    assert unbake_png(baked) == texts
    assert split_png(baked) == split_png(PNG)


def test_png_keeps_every_other_byte_and_pixel() -> None:
    baked = png_with(PNG, {"openbadges": "{}"})
    chunks = chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")
    assert baked == PNG[:33] + chunks + PNG[33:]
    before, after = Image.open(io.BytesIO(PNG)), Image.open(io.BytesIO(baked))
    assert (before.mode, before.tobytes()) == (after.mode, after.tobytes())


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (chunk(b"tEXt", b"openbadges\0" + "é".encode("latin-1")), "é"),
        (chunk(b"tEXt", b"openbadges\0" + "é".encode()), "é"),
        (chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}")), "{}"),
        (chunk(b"iTXt", b"openbadges\0\1\0de\0Titel\0" + zlib.compress("ž".encode())), "ž"),
        (chunk(b"iTXt", b"openbadges\0\0\0en\0\0{}"), "{}"),
    ],
)
def test_png_of_other_tools(stored: bytes, read: str) -> None:
    png = with_chunks(stored)
    assert unbake_png(png) == {"openbadges": read}
    assert split_png(png) == split_png(PNG)


def test_png_keeps_what_is_no_badge() -> None:
    author = chunk(b"tEXt", b"Author\0Me")
    baked = [chunk(b"tEXt", b"openbadgecredential\0jws"), chunk(b"iTXt", b"clrcredential\0\0\0\0\0{}")]
    head, tail = split_png(with_chunks(baked[0], author, baked[1]))
    assert head + tail == with_chunks(author)


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"GIF89a",
        SIGNATURE,
        PNG[:20],
        PNG[8:],
        with_chunks(b"\xff\xff\xff\xffiTXt"),
        with_chunks(chunk(b"tEXt", b"openbadges\0a"), chunk(b"iTXt", b"openbadges\0\0\0\0\0b")),
        with_chunks(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(bytes(MAX_INFLATED + 1)))),
        with_chunks(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"abc")[:-5])),
        with_chunks(chunk(b"zTXt", b"openbadges\0\0junk")),
        with_chunks(chunk(b"iTXt", b"openbadges\0\0\0{}")),
        with_chunks(chunk(b"iTXt", b"openbadges\0\7\0\0\0{}")),
        with_chunks(chunk(b"iTXt", b"openbadges\0\0\0\0\0\xff")),
        with_chunks(chunk(b"tEXt", b"a\0b")[:-1] + b"!"),
    ],
)
def test_png_refused(png: bytes) -> None:
    with pytest.raises(BakingError):
        unbake_png(png)


@given(st.integers(0, len(PNG) - 1))
def test_png_truncated_anywhere(length: int) -> None:
    with pytest.raises(BakingError):
        split_png(PNG[:length])
    with pytest.raises(BakingError):
        unbake_png(PNG[:length])


@given(st.binary())
def test_png_of_noise_raises_nothing_else(noise: bytes) -> None:
    for data in (noise, SIGNATURE + noise, with_chunks(chunk(b"iTXt", b"openbadges\0" + noise))):
        with contextlib.suppress(BakingError):
            unbake_png(data)


@given(XML_TEXTS, XML_TEXTS)
def test_svg_round_trip(verify: str, document: str) -> None:
    texts: dict[Form, str] = {"openbadges": document, "openbadgecredential": verify}
    baked = svg_with(SVG, texts, verify)
    assert unbake_svg(baked) == texts
    assert split_svg(baked) == split_svg(SVG)


@pytest.mark.parametrize(
    "svg", [SVG, b"\xef\xbb\xbf" + SVG, b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>']
)
def test_svg_exact_bytes(svg: bytes) -> None:
    baked = svg_with(svg, {"openbadges": '{"a":1}'}, 'https://a.example/?x="1"&y=2')
    element = (
        b'<openbadges:assertion xmlns:openbadges="http://openbadges.org" '
        b'verify="https://a.example/?x=&quot;1&quot;&amp;y=2"><![CDATA[{"a":1}]]></openbadges:assertion>'
    )
    assert baked.count(element) == 1
    head, tail = split_svg(svg)
    assert head + element + tail == baked
    assert split_svg(baked) == (head, tail)


def test_svg_prolog_is_dropped_only_if_validators_would_miss_the_tag() -> None:
    short, long = b"<!-- short -->" + SVG[21:], b"<!--" + b"x" * SNIFFED + b"-->" + SVG[21:]
    assert split_svg(short)[0].startswith(b"<!-- short -->")
    assert split_svg(long)[0].startswith(b"<svg")
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "' + b"y" * SNIFFED + b'">' + SVG[21:]
    assert split_svg(doctype)[0].startswith(b"<svg")


def test_svg_elements_of_other_tools_are_removed_whatever_their_prefix() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="http://openbadges.org">'
        b'<g><ob:assertion verify="a>b"/></g><ob:assertion verify="old" ><b/>text</ob:assertion ></svg>'
    )
    assert split_svg(svg)[1] == b"<g></g></svg>"
    with pytest.raises(BakingError, match="more than one"):
        unbake_svg(svg)


@pytest.mark.parametrize(
    "svg",
    [
        b"",
        b"<html/>",
        b"<svg>",
        b"<svg/><svg/>",
        b'<!DOCTYPE svg [<!ENTITY a "aaa">]><svg>&a;</svg>',
        b'<?xml version="1.0" encoding="iso-8859-1"?><svg>\xe9</svg>',
        b'<?xml version="1.0" encoding="hex"?><svg/>',
        "<svg/>".encode("utf-16"),
        PNG,
    ],
)
def test_svg_refused(svg: bytes) -> None:
    with pytest.raises(BakingError):
        split_svg(svg)


@pytest.mark.parametrize("name", ["idna", "shift_jis", "utf-7", "nonsense"])
def test_svg_encodings_that_cannot_be_read(name: str) -> None:
    with pytest.raises(BakingError):
        unbake_svg(f'<?xml version="1.0" encoding="{name}"?><svg/>'.encode())


@given(st.binary())
def test_svg_of_noise_raises_nothing_else(noise: bytes) -> None:
    for read in (unbake_svg, split_svg):
        with contextlib.suppress(BakingError):
            read(b"<svg>" + noise)


def test_another_tool_reads_ours() -> None:
    png = png_with(PNG, {"openbadges": '{"é": 1}', "openbadgecredential": "jws"})
    assert other_tool.extract_png(png) == '{"é": 1}'
    assert other_tool.extract_png(png, keyword=other_tool.ITXT_KEYWORD_OB3) == "jws"
    svg = svg_with(SVG, {"openbadges": "{}"}, "https://a.example/?b&c")
    assert other_tool.extract_svg(svg) == "https://a.example/?b&c"
    svg = svg_with(SVG, {"openbadgecredential": '{"é": 1}'})
    element = other_tool.SVG_ELEMENT_OB3
    assert other_tool.extract_svg(svg, element=element, text_fallback=True) == '{"é": 1}'


def test_we_read_another_tools() -> None:
    assert unbake_png(other_tool.bake_png(PNG, "jws", "a comment")) == {"openbadges": "jws"}
    assert unbake_svg(other_tool.bake_svg(SVG, "jws")) == {"openbadges": "jws"}


@given(st.text(), st.text())
def test_documents_come_back_as_they_were(one: str, other: str) -> None:
    """Whatever people write into a record, its JSON has nothing that a picture cannot hold."""
    old, new = to_bytes({"name": one + "]]>\0\r\x7f"}), to_bytes({"name": other, "id": "<a&b>"})
    documents: dict[Form, bytes] = {"openbadges": old, "openbadgecredential": new}
    texts = {form: document.decode() for form, document in documents.items()}
    verify = 'https://a.example/<b>/?x="1"&y=2\t&amp;\n'
    head, tail = split_png(PNG)
    png = b"".join((head, *png_pieces(documents), tail))
    assert unbake_png(png) == texts
    assert other_tool.extract_png(png) == texts["openbadges"]
    start, end = split_svg(SVG)
    svg = b"".join((start, *svg_pieces(documents, verify=verify), end))
    assert unbake_svg(svg) == texts
    assert other_tool.extract_svg(svg) == verify


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_an_address_comes_back_as_it_was(verify: str) -> None:
    address = verify + '\t\n"<&lt;>'
    assert other_tool.extract_svg(svg_with(SVG, {"openbadges": "{}"}, address)) == address
    assert unbake_svg(svg_with(SVG, {"openbadges": " "}, address)) == {"openbadges": address}


def test_an_address_alone_is_read() -> None:
    assert unbake_svg(svg_of_address(SVG, "https://a.example/?b&c")) == {
        "openbadges": "https://a.example/?b&c"
    }
