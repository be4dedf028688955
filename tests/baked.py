"""Pictures with a badge inside: put together as a build does it, or as another tool does."""

from __future__ import annotations

from collections.abc import Mapping

import openbadgeslib.baking as other_tool

from badge_passport.credentials.baking import Form, png_pieces, split_png, split_svg, svg_pieces


def png_with(png: bytes, texts: Mapping[Form, str]) -> bytes:
    """A PNG with these texts inside, and no others."""
    head, tail = split_png(png)
    return b"".join((head, *png_pieces(_encoded(texts)), tail))


def svg_with(svg: bytes, documents: Mapping[Form, str], verify: str = "") -> bytes:
    """An SVG with these documents inside, and no others; ``verify`` is the address of an assertion."""
    head, tail = split_svg(svg)
    return b"".join((head, *svg_pieces(_encoded(documents), verify=verify), tail))


def svg_of_address(svg: bytes, address: str) -> bytes:
    """An SVG that has the address of an assertion alone, as many tools write it and ours does not."""
    made: bytes = other_tool.bake_svg(svg, address)
    return made


def _encoded(texts: Mapping[Form, str]) -> dict[Form, bytes]:
    return {form: text.encode("utf-8") for form, text in texts.items()}
