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
    bake_png,
    bake_svg,
    png_chunks,
    png_pieces,
    split_png,
    split_svg,
    svg_element,
    svg_pieces,
    unbake_png,
    unbake_svg,
)
from badge_passport.credentials.documents import to_bytes

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
    texts = {"openbadges": one, "openbadgecredential": two}
    baked = bake_png(PNG, texts)
    assert unbake_png(baked) == texts
    assert bake_png(baked, texts) == baked
    assert split_png(baked) == split_png(PNG)


def test_png_keeps_every_other_byte_and_pixel() -> None:
    baked = bake_png(PNG, {"openbadges": "{}"})
    chunks = chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")
    assert baked == PNG[:33] + chunks + PNG[33:]
    before, after = Image.open(io.BytesIO(PNG)), Image.open(io.BytesIO(baked))
    assert (before.mode, before.tobytes()) == (after.mode, after.tobytes())


def test_png_split_is_the_same_as_at_once() -> None:
    head, tail = split_png(PNG)
    texts = {"openbadgecredential": "jws", "openbadges": "{}"}
    assert head + png_chunks(texts) + tail == bake_png(PNG, texts)


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
    assert unbake_png(bake_png(png, {"openbadges": "new"})) == {"openbadges": "new"}
    assert bake_png(png, {"openbadges": "new"}) == bake_png(PNG, {"openbadges": "new"})


def test_png_keeps_texts_of_other_keywords() -> None:
    png = with_chunks(chunk(b"tEXt", b"Author\0Me"), chunk(b"tEXt", b"openbadgecredential\0jws"))
    baked = bake_png(png, {"openbadges": "{}"})
    assert b"Author\0Me" in baked
    assert unbake_png(baked) == {"openbadges": "{}", "openbadgecredential": "jws"}


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
        bake_png(PNG[:length], {"openbadges": "{}"})
    with pytest.raises(BakingError):
        unbake_png(PNG[:length])


@given(st.binary())
def test_png_of_noise_raises_nothing_else(noise: bytes) -> None:
    for data in (noise, SIGNATURE + noise, with_chunks(chunk(b"iTXt", b"openbadges\0" + noise))):
        with contextlib.suppress(BakingError):
            unbake_png(data)


@pytest.mark.parametrize("texts", [{"openbadges": "\0"}, {"openbadges": "\ud800"}, {"comment": "x"}])
def test_png_texts_refused(texts: dict[str, str]) -> None:
    with pytest.raises(BakingError):
        bake_png(PNG, texts)


@given(XML_TEXTS, XML_TEXTS)
def test_svg_round_trip(verify: str, document: str) -> None:
    baked = bake_svg(SVG, verify=verify, document=document)
    assert unbake_svg(baked) == {"openbadges": document}
    assert bake_svg(baked, verify=verify, document=document) == baked
    both = bake_svg(baked, verify=verify, form="openbadgecredential")
    assert unbake_svg(both) == {"openbadges": document, "openbadgecredential": verify}
    assert split_svg(both) == split_svg(SVG)


@pytest.mark.parametrize(
    "svg", [SVG, b"\xef\xbb\xbf" + SVG, b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>']
)
def test_svg_exact_bytes(svg: bytes) -> None:
    baked = bake_svg(svg, verify='https://a.example/?x="1"&y=2', document='{"a":1}')
    element = (
        b'<openbadges:assertion xmlns:openbadges="http://openbadges.org" '
        b'verify="https://a.example/?x=&quot;1&quot;&amp;y=2"><![CDATA[{"a":1}]]></openbadges:assertion>'
    )
    assert baked.count(element) == 1
    head, tail = split_svg(svg)
    assert head + element + tail == baked
    assert element == svg_element(verify='https://a.example/?x="1"&y=2', document='{"a":1}')
    assert bake_svg(baked, verify="v") == head + svg_element(verify="v") + tail


def test_svg_prolog_is_dropped_only_if_validators_would_miss_the_tag() -> None:
    short, long = b"<!-- short -->" + SVG[21:], b"<!--" + b"x" * SNIFFED + b"-->" + SVG[21:]
    assert bake_svg(short, verify="v").startswith(b"<!-- short -->")
    assert bake_svg(long, verify="v").startswith(b"<svg")
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "' + b"y" * SNIFFED + b'">' + SVG[21:]
    assert bake_svg(doctype, verify="v").startswith(b"<svg")


def test_svg_elements_of_other_tools_are_removed_whatever_their_prefix() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="http://openbadges.org">'
        b'<g><ob:assertion verify="a>b"/></g><ob:assertion verify="old" ><b/>text</ob:assertion ></svg>'
    )
    baked = bake_svg(svg, verify="new")
    assert unbake_svg(baked) == {"openbadges": "new"}
    assert baked.endswith(b"<g></g></svg>")
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
        bake_svg(svg, verify="v")


@pytest.mark.parametrize("name", ["idna", "shift_jis", "utf-7", "nonsense"])
def test_svg_encodings_that_cannot_be_read(name: str) -> None:
    with pytest.raises(BakingError):
        unbake_svg(f'<?xml version="1.0" encoding="{name}"?><svg/>'.encode())


@given(st.binary())
def test_svg_of_noise_raises_nothing_else(noise: bytes) -> None:
    for read in (unbake_svg, split_svg):
        with contextlib.suppress(BakingError):
            read(b"<svg>" + noise)


@pytest.mark.parametrize("text", ["]]>", "\x01", "\r", "\ufffe", "\ud800"])
def test_svg_texts_refused(text: str) -> None:
    with pytest.raises(BakingError):
        bake_svg(SVG, verify="v", document=text)
    with pytest.raises(BakingError):
        bake_svg(SVG)


def test_another_tool_reads_ours() -> None:
    png = bake_png(PNG, {"openbadges": '{"é": 1}', "openbadgecredential": "jws"})
    assert other_tool.extract_png(png) == '{"é": 1}'
    assert other_tool.extract_png(png, keyword=other_tool.ITXT_KEYWORD_OB3) == "jws"
    svg = bake_svg(SVG, verify="https://a.example/?b&c", document="{}")
    assert other_tool.extract_svg(svg) == "https://a.example/?b&c"
    svg = bake_svg(SVG, document='{"é": 1}', form="openbadgecredential")
    element = other_tool.SVG_ELEMENT_OB3
    assert other_tool.extract_svg(svg, element=element, text_fallback=True) == '{"é": 1}'


def test_we_read_another_tools() -> None:
    assert unbake_png(other_tool.bake_png(PNG, "jws", "a comment")) == {"openbadges": "jws"}
    assert unbake_svg(other_tool.bake_svg(SVG, "jws")) == {"openbadges": "jws"}


@given(st.text(), st.text())
def test_documents_that_are_not_judged_are_baked_as_texts_are(one: str, other: str) -> None:
    """Whatever people write into a record, its JSON has nothing that a picture cannot hold."""
    old, new = to_bytes({"name": one + "]]>\0\r\x7f"}), to_bytes({"name": other, "id": "<a&b>"})
    texts = {"openbadges": old.decode(), "openbadgecredential": new.decode()}
    verify = 'https://a.example/<b>/?x="1"&y=2\t&amp;\n'
    baked = b"".join(png_pieces({"openbadges": old, "openbadgecredential": new}))
    assert baked == png_chunks(texts)
    head, tail = split_png(PNG)
    assert unbake_png(head + baked + tail) == texts
    elements = b"".join(svg_pieces({"openbadges": old, "openbadgecredential": new}, verify=verify))
    assert elements == svg_element(verify=verify, document=old.decode()) + svg_element(
        document=new.decode(), form="openbadgecredential"
    )
    start, end = split_svg(SVG)
    assert unbake_svg(start + elements + end) == texts


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_an_address_comes_back_as_it_was(verify: str) -> None:
    assert unbake_svg(bake_svg(SVG, verify=verify + '\t\n"<&lt;>')) == {"openbadges": verify + '\t\n"<&lt;>'}
