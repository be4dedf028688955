"""Colours: mixing them, and how far one stands out from another (WCAG 2.2 contrast ratio)."""

from __future__ import annotations

import re
from functools import lru_cache

Rgb = tuple[int, int, int]
BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
NIGHT: Rgb = (8, 10, 28)
"""A bluish black, which looks less dull than pure black when mixed."""


def parse(text: str) -> Rgb:
    """A colour like ``#2563c9`` or ``#26c``.

    Raises:
        ValueError: it is not one.
    """
    if not re.fullmatch(r"#(?:[0-9A-Fa-f]{3}){1,2}", text):
        raise ValueError(f"“{text}” is not a colour like #2563c9.")
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def to_hex(color: Rgb) -> str:
    """``#rrggbb``."""
    return "#" + bytes(color).hex()


def mix(color: Rgb, other: Rgb, part: float) -> Rgb:
    """A colour with ``part`` (0 to 1) of another in it."""
    r, g, b = (round(a + (z - a) * part) for a, z in zip(color, other, strict=True))
    return r, g, b


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    low, high = sorted(_luminance(color) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=1024)
def readable(text: str, on: str, ratio: float = 4.5) -> str:
    """The colour nearest to ``text`` that can be read on ``on``: mixed with black or white until it can."""
    ground = parse(on)
    end = BLACK if contrast(BLACK, ground) > contrast(WHITE, ground) else WHITE
    return to_hex(toward(parse(text), end, ground, ratio))


def toward(color: Rgb, end: Rgb, ground: Rgb, ratio: float) -> Rgb:
    """The colour with as little of ``end`` in it as it needs to stand out from ``ground``."""
    steps = (mix(color, end, step / 20) for step in range(21))
    return next((found for found in steps if contrast(found, ground) >= ratio), end)


def _luminance(color: Rgb) -> float:
    channels = (c / 255 for c in color)
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
