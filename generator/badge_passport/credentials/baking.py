"""Baking: putting a credential inside its picture, and taking it out again.

A baked picture *is* the credential: whoever has the file can have it checked. Sources: Open Badges 2.0
"Badge Baking" and Open Badges 3.0 section 5.3. Pictures are spliced, never re-encoded, which keeps every
pixel and costs microseconds; a picture shared by many awards is split once (`split_png`, `split_svg`)
and the pieces are joined around each award's chunk or element. Readers accept files of any other tool
and treat them as hostile.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, Literal
from xml.parsers import expat

Form = Literal["openbadges", "openbadgecredential", "clrcredential"]
"""Open Badges 2.0 and 3.0, and learner records (CLR 2.0), by the keyword of their PNG chunk."""

KEYWORDS: Final[tuple[Form, ...]] = ("openbadges", "openbadgecredential", "clrcredential")
MAX_INFLATED: Final = 10_000_000
"""Bytes to which a compressed text may grow; credentials are a few kB."""
MAX_LEVELS: Final = 500
"""Elements of an SVG inside each other; drawings have some twenty."""
SNIFFED: Final = 256
"""Bytes in which validators look for ``<svg`` to recognise an SVG."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD: Final = len(_SIGNATURE) + 12 + 13  # up to the end of IHDR
_TEXT_CHUNKS: Final = frozenset({b"iTXt", b"tEXt", b"zTXt"})
# Keyword, then: no compression, method 0, empty language, empty translated keyword (PNG 3rd ed. 11.3.3.4).
_ITXT: Final = {keyword: b"iTXt" + keyword.encode() + bytes(5) for keyword in KEYWORDS}
_ITXT_CRC: Final = {keyword: zlib.crc32(start) for keyword, start in _ITXT.items()}
_ITXT_SIZE: Final = {keyword: len(start) - 4 for keyword, start in _ITXT.items()}  # without the type

_ELEMENTS: Final[dict[Form, tuple[str, str]]] = {
    "openbadges": ("assertion", "http://openbadges.org"),
    "openbadgecredential": ("credential", "https://purl.imsglobal.org/ob/v3p0"),
    "clrcredential": ("credential", "https://purl.imsglobal.org/clr/v2p0"),
}
_FORMS: Final = {f"{namespace} {name}": form for form, (name, namespace) in _ELEMENTS.items()}
# An element up to the value of ``verify``, or without one; and its end.
_OPEN: Final = {
    form: f'<openbadges:{name} xmlns:openbadges="{namespace}"'.encode()
    for form, (name, namespace) in _ELEMENTS.items()
}
_CLOSE: Final = {form: f"</openbadges:{name}>".encode() for form, (name, _) in _ELEMENTS.items()}
_START_TEXT: Final = b"<![CDATA["
_END_TEXT: Final = b"]]>"
# In this order: what an escape begins with is escaped itself first.
_ESCAPES: Final = (
    (b"&", b"&amp;"),
    (b"<", b"&lt;"),
    (b">", b"&gt;"),
    (b'"', b"&quot;"),
    (b"\t", b"&#9;"),
    (b"\n", b"&#10;"),
)
_TAG_REST: Final = rb"""(?>[^"'>]|"[^"]*"|'[^']*')*+>"""
_TAG: Final = re.compile(rb"<(?:[^\s<>/:]+:)?+[^\s<>/:]+" + _TAG_REST)
_PROLOG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE" + _TAG_REST + rb")*+", re.DOTALL
)
_ROOT: Final = re.compile(rb"<((?:[^\s<>/:]+:)?+svg)(?=[\s/>])" + _TAG_REST)


class BakingError(ValueError):
    """A picture that cannot be baked or read; the message is one plain sentence."""


# --- PNG ------------------------------------------------------------------------------------------------


def png_pieces(documents: Mapping[Form, bytes]) -> list[bytes]:
    """Uncompressed iTXt chunks of documents, in pieces; they go between the two of `split_png`.

    Documents are not judged: they are JSON as `documents.to_json` writes it, which is ASCII without control
    characters, ``&``, ``<`` and ``>``. Give them in the order of `KEYWORDS`.
    """
    pieces: list[bytes] = []
    for form, body in documents.items():
        size = (_ITXT_SIZE[form] + len(body)).to_bytes(4, "big")
        pieces += (size, _ITXT[form], body, zlib.crc32(body, _ITXT_CRC[form]).to_bytes(4, "big"))
    return pieces


def split_png(png: bytes) -> tuple[bytes, bytes]:
    """The signature with IHDR, and the rest without text chunks of `KEYWORDS`; other bytes are untouched.

    Lengths are checked but not checksums, because that is for whoever accepted the picture. Raises
    `BakingError` if ``png`` is not a PNG or is truncated.
    """
    drop = {keyword.encode() for keyword in KEYWORDS}
    kept: list[bytes] = []
    since = _HEAD
    for kind, start, end in _chunks(png):
        if kind in _TEXT_CHUNKS and png[start : png.find(b"\0", start, end)] in drop:
            kept.append(png[since : start - 8])
            since = end + 4
    kept.append(png[since:])
    return png[:_HEAD], b"".join(kept)


def unbake_png(png: bytes) -> dict[str, str]:
    """The baked texts by keyword, out of iTXt, tEXt and zTXt chunks of any tool.

    Raises `BakingError` for anything that is not a complete PNG with right checksums, for two chunks of
    one keyword, and for a compressed text that grows beyond `MAX_INFLATED` bytes.
    """
    found: dict[str, str] = {}
    for kind, start, end in _chunks(png):
        if zlib.crc32(png[start - 4 : end]) != int.from_bytes(png[end : end + 4], "big"):
            raise BakingError("The PNG is damaged: a checksum is wrong.")
        if kind not in _TEXT_CHUNKS:
            continue
        name, _, body = png[start:end].partition(b"\0")
        keyword = name.decode("latin-1")
        if keyword in _ITXT:
            if keyword in found:
                raise BakingError(f"The PNG has more than one text with the keyword “{keyword}”.")
            found[keyword] = _chunk_text(kind, body)
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the data of every chunk up to IEND."""
    if not png.startswith(_SIGNATURE):
        raise BakingError("The file is not a PNG.")
    at, kind, expected = len(_SIGNATURE), b"", b"\0\0\0\rIHDR"
    if png[at : at + 8] != expected:
        raise BakingError("The PNG does not start with its header.")
    while kind != b"IEND":
        start = at + 8
        end = start + int.from_bytes(png[at : at + 4], "big")
        if end + 4 > len(png):
            raise BakingError("The PNG is truncated.")
        kind = png[at + 4 : start]
        yield kind, start, end
        at = end + 4


def _chunk_text(kind: bytes, body: bytes) -> str:
    """The text of a chunk, from what follows the keyword's NUL."""
    if kind == b"tEXt":
        return _loose(body)
    if kind == b"zTXt":
        return _loose(_inflate(body[1:]))
    flags, rest = body[:2], body[2:].split(b"\0", 2)  # language tag, translated keyword, text
    if len(rest) != 3 or flags not in (b"\0\0", b"\1\0", b"\0\1"):
        raise BakingError("The PNG has a malformed international text chunk.")
    try:
        return (_inflate(rest[2]) if flags[0] else rest[2]).decode("utf-8")
    except UnicodeDecodeError:
        raise BakingError("The baked text is not UTF-8.") from None


def _loose(text: bytes) -> str:
    """A text that should be Latin-1, and that many tools write in UTF-8 all the same."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, MAX_INFLATED)
    except zlib.error:
        raise BakingError("The baked text cannot be decompressed.") from None
    if inflater.unconsumed_tail:
        raise BakingError(f"The baked text is larger than {MAX_INFLATED:,} bytes.")
    if not inflater.eof:
        raise BakingError("The baked text is truncated.")
    return text


# --- SVG ------------------------------------------------------------------------------------------------


def svg_pieces(documents: Mapping[Form, bytes], *, verify: str) -> list[bytes]:
    """Baked elements of documents, in pieces; they go between the two of `split_svg`.

    Documents are not judged, as for `png_pieces`. ``verify`` is the address of the assertion of Open Badges
    2.0; 3.0 has the document alone. Each element declares its own namespace: both specifications use the same
    prefix.
    """
    pieces: list[bytes] = []
    for form, document in documents.items():
        if form == "openbadges":
            pieces += (_OPEN[form], b' verify="', _escaped(verify.encode()), b'">')
        else:
            pieces += (_OPEN[form], b">")
        pieces += (_START_TEXT, document, _END_TEXT, _CLOSE[form])
    return pieces


def _escaped(value: bytes) -> bytes:
    for character, escape in _ESCAPES:
        value = value.replace(character, escape)
    return value


def split_svg(svg: bytes) -> tuple[bytes, bytes]:
    """The SVG up to the end of its opening tag, and the rest without baked elements; other bytes untouched.

    What precedes ``<svg`` is dropped if it would push it out of the first `SNIFFED` bytes. Raises
    `BakingError` if ``svg`` is not well-formed SVG in UTF-8 without entity declarations.
    """
    baked = [span for _, span, _ in _baked_elements(svg, utf8_only=True)]
    prolog = _PROLOG.match(svg)
    root = _ROOT.match(svg, prolog.end() if prolog else 0)
    if root is None:
        raise BakingError("The file is not an SVG.")
    begin = 0 if root.start() + len(b"<svg") <= SNIFFED else root.start()
    if root[0].endswith(b"/>"):
        return svg[begin : root.end() - 2] + b">", b"</" + root[1] + b">" + svg[root.end() :]
    kept: list[bytes] = []
    since = root.end()
    for start, end in baked:
        kept.append(svg[since:start])
        since = end
    kept.append(svg[since:])
    return svg[begin : root.end()], b"".join(kept)


def unbake_svg(svg: bytes) -> dict[str, str]:
    """The baked texts by form: the element's text, or its ``verify`` attribute if there is no text.

    Raises `BakingError` for XML that is not well-formed, for entity declarations, and for two elements
    of one form.
    """
    found: dict[str, str] = {}
    for form, _, text in _baked_elements(svg, utf8_only=False):
        if form in found:
            raise BakingError(f"The SVG has more than one baked element “{_ELEMENTS[form][0]}”.")
        found[form] = text
    return found


def _baked_elements(svg: bytes, *, utf8_only: bool) -> list[tuple[Form, tuple[int, int], str]]:
    """Form, byte range and text of every baked element, in the order of the file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[tuple[Form, tuple[int, int], str]] = []
    texts: list[str] = []
    opened: list[tuple[str, int, str]] = []  # the outermost baked element: name, offset, verify
    depth = level = 0

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if utf8_only and (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
            raise BakingError("The SVG is not encoded in UTF-8.")

    def doctype(_name: str, _system: str | None, _public: str | None, internal_subset: int) -> None:
        if internal_subset:
            raise BakingError("The SVG declares entities in a DOCTYPE, which is not accepted.")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, level
        depth, level = depth + 1, level + 1
        if level > MAX_LEVELS:
            raise BakingError("The SVG is nested too deep.")
        if not opened and name in _FORMS:
            opened.append((name, parser.CurrentByteIndex, attributes.get("verify", "")))
            texts.clear()
            depth = 0

    def end(name: str) -> None:
        nonlocal depth, level
        if opened and depth == 0 and name == opened[0][0]:
            _, begin, verify = opened.pop()
            text = "".join(texts)
            found.append(
                (_FORMS[name], (begin, _element_end(svg, begin, parser)), text if text.strip() else verify)
            )
        depth, level = depth - 1, level - 1

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise BakingError(f"The SVG is not well-formed XML (line {error.lineno}).") from None
    except BakingError:
        raise
    except (ValueError, LookupError):  # from the codecs that a declaration may name
        raise BakingError("The SVG has an encoding that cannot be read.") from None
    return found


def _element_end(svg: bytes, begin: int, parser: expat.XMLParserType) -> int:
    """Where the element that ``parser`` is just closing ends."""
    tag = _TAG.match(svg, begin)
    if tag is not None and tag[0].endswith(b"/>"):
        return tag.end()
    return svg.find(b">", parser.CurrentByteIndex) + 1
