"""QR codes: what segno makes, however it was come by, and what a reader that is not ours reads."""

from __future__ import annotations

import io
import itertools
import random
import re
from urllib.parse import unquote

import pytest
import resvg_py
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badge_passport.pages import qr

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def read(svg: str) -> str:
    image = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg))))
    [found] = zxingcpp.read_barcodes(image.convert("RGB"))
    return found.text


def test_many_addresses_of_one_length_have_the_codes_that_segno_makes() -> None:
    random.seed(2)
    for _ in range(3 * qr.FEW):
        text = f"https://badges.example.org/awards/{''.join(random.choices(ALPHABET, k=16))}/"
        assert qr.modules(text) == qr._encoded(text.encode())


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=150))
def test_sums_are_codes_for_any_text(text: str) -> None:
    check_sum(text.encode())


@pytest.mark.parametrize("length", [*qr._CAPACITY, *(most - 1 for most in qr._CAPACITY)])
def test_sums_are_codes_in_every_version(length: int) -> None:
    check_sum(random.Random(length).randbytes(length).translate(bytes(range(128)) * 2))


def check_sum(data: bytes) -> None:
    for other in (b"a" * len(data), data):  # the first of a length is not summed
        assert qr._summed(other) == qr._encoded(other)


def file(text: str) -> str:
    """The SVG file that a link to its code holds."""
    return unquote(qr.qr_link(text).removeprefix("data:image/svg+xml,"))


@pytest.mark.parametrize("length", [1, 14, 15, 62, 63, 122, 123, 213, qr.MOST])
def test_a_reader_reads_the_file(length: int) -> None:
    text = ("https://badges.example.org/fr/awards/" + "0123456789ABCDEF/" * 30)[:length]
    assert read(file(text)) == text


def test_a_row_is_drawn_run_by_run() -> None:
    for word in range(1 << qr._WORD):
        runs = [(bit, len([*run])) for bit, run in itertools.groupby(f"{word:016b}")]
        drawn = "".join(f"h{length}" if bit == "1" else f"m{length},0" for bit, length in runs)
        assert qr._PATTERNS[word] == drawn


def test_the_link_needs_no_escaping_in_an_attribute() -> None:
    text = "https://badges.example.org/?a=1&b=%22#x"
    link = qr.qr_link(text)
    assert read(file(text)) == text
    assert not re.search(r'[\s<>"#&]', link)


def test_the_inline_code_is_labelled_or_hidden() -> None:
    labelled, plain = qr.qr_svg("https://x.example", 'This "page" <b>'), qr.qr_svg("https://x.example")
    assert 'role="img" aria-label="This &#34;page&#34; &lt;b&gt;"' in labelled
    assert 'aria-hidden="true"' in plain
    assert read(str(plain).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="400" ')) == (
        "https://x.example"
    )


def test_too_long_or_no_ascii_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        qr.modules("x" * (qr.MOST + 1))
    with pytest.raises(UnicodeEncodeError):
        qr.modules("https://münchen.example")
