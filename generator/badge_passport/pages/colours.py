"""Colours as numbers: read, written, mixed, and compared for contrast."""

from __future__ import annotations

import re
from typing import Final

Rgb = tuple[int, int, int]
WHITE: Final = (255, 255, 255)
BLACK: Final = (8, 10, 28)
"""A bluish black, which looks less dull than pure black when mixed."""


def rgb(text: str) -> Rgb:
    """``#rgb`` or ``#rrggbb`` as numbers; raises `ValueError` for anything else."""
    if not re.fullmatch(r"#(?:[0-9A-Fa-f]{3}){1,2}", text):
        raise ValueError(f"“{text}” is not a colour like #2563c9.")
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def hexadecimal(color: Rgb) -> str:
    """``#rrggbb``"""
    return "#" + bytes(color).hex()


def mix(color: Rgb, other: Rgb, part: float) -> Rgb:
    """The colour ``part`` (0 to 1) of the way to the other."""
    r, g, b = (round(a + (z - a) * part) for a, z in zip(color, other, strict=True))
    return r, g, b


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    low, high = sorted(_luminance(color) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Rgb) -> float:
    channels = (c / 255 for c in color)
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def darkened(color: Rgb, ratio: float) -> Rgb:
    """The colour, as much darker as white needs to have this contrast on it."""
    steps = (mix(color, BLACK, step / 20) for step in range(21))
    return next((c for c in steps if contrast(c, WHITE) >= ratio), BLACK)
