"""Judging pictures that people put into the repository; everything in them is taken for hostile.

A picture is judged by its content, never by its name. PNGs are checked chunk by chunk (PNG 3rd ed.,
W3C 2025) before a decoder sees them. SVGs (SVG 1.1 and 2) pass only if they hold nothing but elements,
functions of CSS and references known to be inert: they are published as they are, and browsers run what
an SVG says. That makes them safe as files and in ``<img>``, not to be pasted into HTML, which is parsed by
other rules. Letters are refused because they look different, or vanish, wherever the font is missing.
"""

from __future__ import annotations

import binascii
import io
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NoReturn
from xml.parsers import expat

from PIL import Image

MAX_BYTES: Final = 5_000_000
MAX_PIXELS: Final = 25_000_000
MAX_SVG_BYTES: Final = 512_000
MAX_SVG_ELEMENTS: Final = 20_000
MAX_SVG_DEPTH: Final = 64  # drawing programs stay below 20, and renderers crash from a few hundred on
DEFAULT_SIDE: Final = 512

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LOOKS_LIKE: Final = (
    (rb"\Z", "an empty file"),
    (rb"\xff\xd8\xff", "a JPEG picture"),
    (rb"GIF8", "a GIF picture"),
    (rb"RIFF....WEBP", "a WebP picture"),
    (rb"....ftyp", "a HEIC or AVIF picture, or a video"),
    (rb"BM|II\*\0|MM\0\*", "a BMP or TIFF picture"),
    (rb"%PDF", "a PDF document"),
    (rb"\x1f\x8b", "a compressed file (perhaps .svgz)"),
    (rb"version https://git-lfs", "a Git LFS pointer instead of the picture"),
    (rb"\xff\xfe|\xfe\xff", "a text in UTF-16"),
    (rb"\s*+<(?i:!doctype )?html", "a web page"),
    (rb"\s*+<", "another kind of XML"),
    (rb"", "something else"),
)
_SVG_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(?!(?:!doctype )?html)", re.IGNORECASE)
_SVG_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?svg[\s/>]")
_SVG_NS: Final = "http://www.w3.org/2000/svg"
_XLINK_NS: Final = "http://www.w3.org/1999/xlink"
# Namespaces whose elements do something in a browser; other foreign elements are editors' notes.
_ACTIVE_NS: Final = re.compile(
    r"http://www\.w3\.org/(1999/xhtml|1998/Math/MathML|2001/xml-events|ns/xbl)|http://www\.mozilla\.org/xbl"
)
_ELEMENT: Final = re.compile(
    "svg|g|defs|symbol|use|switch|title|desc|metadata|path|rect|circle|ellipse|line|polyline|polygon|text|"
    "tspan|linearGradient|radialGradient|stop|clipPath|mask|pattern|marker|image|style|filter|"
    "fe(Blend|ColorMatrix|ComponentTransfer|Composite|DropShadow|Flood|Func[ABGR]|GaussianBlur|Merge|"
    "MergeNode|Offset)"
)
_ANIMATION: Final = re.compile("animate|animateColor|animateMotion|animateTransform|set|mpath|discard")
_CSS_FUNCTION: Final = re.compile(
    "url|rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|var|calc|min|max|clamp|matrix|translate[xy]?|"
    "scale[xy]?|rotate|skew[xy]|not|is|where|nth-child|nth-of-type|blur|drop-shadow|opacity"
)
# Attributes that hold words rather than anything a browser evaluates.
_WORDS: Final = re.compile(r"(?:data-|aria-).*|id|class|lang|d|points|viewBox")
_CSS_RISK: Final = re.compile(r"[(@\\]|animation|binding|behavior", re.IGNORECASE)
_CSS_NAME: Final = re.compile(r"[\w-]*\Z")
_CSS_FRAGMENT: Final = re.compile(r"""\(\s*+(?:'#[^'"()]*+'\s*+|"#[^'"()]*+"\s*+|#[^'"()]*+)\)""")
_CSS_ANIMATION: Final = re.compile(r"@keyframes|\banimation(-name)?\s*+:", re.IGNORECASE)
_CSS_ACTIVE: Final = re.compile(r"\\|binding|behavior|@(?!media\b)\S{0,20}", re.IGNORECASE)
_SCRIPT_URL: Final = re.compile(r"(?:javascript|vbscript|livescript):", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_DATA: Final = re.compile(r"data:image/(png|jpe?g);base64,([A-Za-z0-9+/=\s]+)\Z", re.IGNORECASE)
_LENGTH: Final = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d{1,3})?)(px|pt|pc|mm|cm|in|)\s*\Z", re.I)
_UNITS: Final = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_RESAVE: Final = "open it in a drawing program and export it again as PNG or plain SVG."
_REMOVE: Final = "delete it, or " + _RESAVE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture found harmless: a PNG bare of what makes no pixels, or an SVG as it was; size in pixels."""

    kind: Literal["png", "svg"]
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a picture is refused, and where in the file (from 1; always 1:1 for PNG)."""

    code: str
    message: str
    help: str
    line: int = 1
    column: int = 1


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def inspect(data: bytes) -> Picture | Fault:
    """The picture in ``data``, or the first thing that is wrong with it. Never raises.

    Codes: image-type, image-broken, image-animated, image-too-large, svg-unsafe, svg-text.
    """
    try:
        if data.startswith(_PNG):
            _limit_bytes(data, MAX_BYTES)
            return _png(data)
        if _SVG_START.match(data) and _SVG_TAG.search(data):
            _limit_bytes(data, MAX_SVG_BYTES)
            return _SvgJudge(data).judge()
    except _RefusedError as refused:
        return refused.fault
    what = next(what for start, what in _LOOKS_LIKE if re.match(start, data, re.DOTALL))
    message = f"this is neither a PNG nor an SVG picture; it looks like {what}"
    return Fault("image-type", message, "export it as PNG or SVG; renaming the file does not convert it.")


def _refuse(code: str, message: str, advice: str, line: int = 1, column: int = 1) -> NoReturn:
    raise _RefusedError(Fault(code, message, advice, line, column))


def _limit_bytes(data: bytes, most: int) -> None:
    if len(data) > most:
        message = f"the picture has {len(data):,} bytes; at most {most:,} are accepted"
        _refuse("image-too-large", message, "scale it down to 1024 × 1024 pixels, or simplify the drawing.")


def _png(data: bytes) -> Picture:
    """Check every chunk, then decode what makes the pixels; nothing else reaches a decoder."""
    if data[8:16] != b"\0\0\0\rIHDR" or len(data) < 33:
        _broken("it has no header")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    _limit_pixels(width, height)
    pixels = [_PNG]
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if end > len(data) or len(kind) < 4:
            _broken("its end is missing")
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            _broken("a checksum is wrong")
        if kind == b"acTL":
            _refuse("image-animated", "the picture is animated", "export a single frame as PNG.")
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            pixels.append(data[at:end])
        at = end
    bare = b"".join(pixels)
    _decode(bare, "PNG")
    return Picture("png", bare, width, height)


def _limit_pixels(width: int, height: int) -> None:
    if not width or not height:
        _broken("its width or height is zero")
    if width * height > MAX_PIXELS:
        message = f"the picture is {width} × {height} pixels; at most {MAX_PIXELS:,} in all are accepted"
        _refuse("image-too-large", message, "scale it down; 1024 × 1024 pixels are plenty.")


def _decode(data: bytes, kind: str) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            _limit_pixels(*image.size)
            image.load()
    except _RefusedError:
        raise
    except Image.DecompressionBombError:
        _refuse("image-too-large", "the picture has far too many pixels", "scale it down.")
    except Exception:  # noqa: BLE001 - decoders fail in many ways, which all mean the same here
        _broken("it cannot be decoded")


def _broken(why: str, line: int = 1, column: int = 1) -> NoReturn:
    _refuse("image-broken", f"the picture is damaged: {why}", _RESAVE, line, column)


class _SvgJudge:
    """One pass of expat over an SVG, which stops at the first thing that is not known to be harmless."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._open: list[str] = []
        self._elements = 0
        self._size = (DEFAULT_SIDE, DEFAULT_SIDE)
        self._css: list[str] = []
        self._css_at = (1, 1)
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def judge(self) -> Picture:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            why = f"the XML is not well-formed ({expat.ErrorString(error.code)})"
            _broken(why, error.lineno, error.offset + 1)
        return Picture("svg", self._data, *self._size)

    def _refuse(self, code: str, message: str, advice: str) -> NoReturn:
        _refuse(code, message, advice, *self._here())

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _unsafe(self, what: str, advice: str = _REMOVE) -> NoReturn:
        self._refuse("svg-unsafe", what, advice)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            self._refuse("image-broken", f"the SVG is encoded in {encoding:.20}", "save it in UTF-8.")

    def _doctype(self, *_: object) -> None:
        self._unsafe("the SVG has a DOCTYPE declaration", "delete the lines from <!DOCTYPE to its >.")

    def _instruction(self, target: str, _data: str) -> None:
        if target != "xpacket":  # the frame that Adobe's tools put around their metadata
            self._unsafe(f"the SVG has a processing instruction <?{target:.30} … ?>")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        self._elements += 1
        if self._elements > MAX_SVG_ELEMENTS or len(self._open) >= MAX_SVG_DEPTH:
            message = f"the drawing has more than {MAX_SVG_ELEMENTS:,} elements or {MAX_SVG_DEPTH} levels"
            self._refuse("image-too-large", message, "simplify it, or export it as PNG.")
        if not self._open:
            if namespace != _SVG_NS or name != "svg":
                advice = f'the file must start with <svg xmlns="{_SVG_NS}" …>.'
                self._refuse("image-type", "this XML is not an SVG picture", advice)
            self._size = self._measure(attributes)
        elif self._open[-1] == f"{_SVG_NS} style":  # it could split a word of the style
            self._unsafe("the SVG has an element inside a <style>")
        self._open.append(tag)
        self._element(namespace, name)
        for key, value in attributes.items():
            self._attribute(key, value, tag == f"{_SVG_NS} image")

    def _element(self, namespace: str, name: str) -> None:
        if (svg := namespace == _SVG_NS) and _ANIMATION.fullmatch(name):
            self._refuse("image-animated", f"the SVG is animated (<{name}>)", _REMOVE)
        if not (_ELEMENT.fullmatch(name) if svg else namespace and not _ACTIVE_NS.fullmatch(namespace)):
            self._unsafe(f"the SVG contains <{name:.40}>, which is not accepted")

    def _attribute(self, key: str, value: str, on_image: bool) -> None:
        namespace, _, name = key.rpartition(" ")
        if name == "base":
            self._unsafe("the SVG changes what its references mean (xml:base)")
        if name == "href" and namespace in ("", _XLINK_NS):
            self._reference(value, on_image)
        if namespace or name == "href" or _WORDS.fullmatch(name):
            return
        if name.lower().startswith("on"):
            self._unsafe(f"the SVG runs a script ({name:.30}=…)")
        if name.lower() == "src":
            self._unsafe("the SVG loads something from elsewhere (src=…)")
        if _SCRIPT_URL.search(_BLANKS.sub("", value)):
            self._unsafe(f"the SVG runs a script ({name:.30}=…)")
        if (problem := _css_problem(value)) is not None:
            self._refuse(*problem[:2], _REMOVE)

    def _reference(self, value: str, on_image: bool) -> None:
        value = value.strip()
        if on_image and (data := _DATA.match(value)):
            self._embedded(data[1].lower(), data[2])
        elif not value.startswith("#"):
            advice = "embed PNG or JPEG pictures in the SVG, and remove links and other references."
            self._unsafe(f"the SVG refers to something outside of itself ({value:.60})", advice)

    def _embedded(self, kind: str, encoded: str) -> None:
        """Judge a picture inside the SVG by the rules for files."""
        try:
            data = binascii.a2b_base64("".join(encoded.split()), strict_mode=True)
            if kind != "png":
                _decode(data, "JPEG")
            elif data.startswith(_PNG):
                _png(data)
            else:
                _broken("it is not a PNG")
        except binascii.Error:
            self._refuse("image-broken", "a picture inside the SVG is not proper Base64", _RESAVE)
        except _RefusedError as refused:
            found = refused.fault
            self._refuse(found.code, f"a picture inside the SVG: {found.message}", found.help)

    def _text(self, text: str) -> None:
        if self._open[-1] == f"{_SVG_NS} style":
            if not self._css:
                self._css_at = self._here()
            self._css.append(text)
        elif self._open[-1] in (f"{_SVG_NS} text", f"{_SVG_NS} tspan") and text.strip():
            advice = "convert the text to paths (in Inkscape: Path > Object to Path)."
            self._refuse("svg-text", "the SVG contains text, which looks different on every computer", advice)

    def _end(self, _tag: str) -> None:
        if self._css:
            css, self._css = "".join(self._css), []
            if (problem := _css_problem(css)) is not None:
                line, column = self._css_at
                lines = css[: problem[2]].split("\n")
                column = len(lines[-1]) + (column if len(lines) == 1 else 1)
                _refuse(*problem[:2], _REMOVE, line + len(lines) - 1, column)
        self._open.pop()

    def _measure(self, attributes: Mapping[str, str]) -> tuple[int, int]:
        """Width and height of the root: of its viewBox, else of its attributes, else the default."""
        box = attributes.get("viewBox", "").replace(",", " ").split()
        sizes = box[2:] if len(box) == 4 else [attributes.get("width", ""), attributes.get("height", "")]
        width, height = (_length(size) for size in sizes)
        if width == 0 or height == 0:
            self._refuse("image-broken", "the drawing's width or height is zero", _RESAVE)
        return width or height or DEFAULT_SIDE, height or width or DEFAULT_SIDE


def _length(text: str) -> int | None:
    """A positive length of SVG in pixels, rounded up; none for percentages and nonsense."""
    found = _LENGTH.match(text) if len(text) <= 40 else None
    return math.ceil(min(float(found[1]) * _UNITS[found[2].lower()], 1e9)) if found else None


def _css_problem(css: str) -> tuple[str, str, int] | None:
    """Code, message and offset of the first thing in CSS, or in an attribute, that is not inert."""
    if not _CSS_RISK.search(css):
        return None
    if found := _CSS_ANIMATION.search(css):
        return "image-animated", "the SVG is animated with CSS", found.start()
    if found := _CSS_ACTIVE.search(css):
        return "svg-unsafe", f"the SVG's style contains “{found[0]}”", found.start()
    for bracket in re.finditer(r"\(", css):
        at = bracket.start()
        named = _CSS_NAME.search(css[max(0, at - 40) : at])
        name = named[0].lower() if named else ""
        if name == "url" and not _CSS_FRAGMENT.match(css, at):
            return "svg-unsafe", "the SVG's style loads something from elsewhere", at - len(name)
        if name and not _CSS_FUNCTION.fullmatch(name):
            return "svg-unsafe", f"the SVG's style uses {name:.30}(…)", at - len(name)
    return None
