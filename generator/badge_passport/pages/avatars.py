"""A picture for whoever has no photo: a rosette as on banknotes, the same for a person on every page.

It is drawn from a digest of the participant's key and shows nothing of it.
"""

from __future__ import annotations

import hashlib

from markupsafe import Markup


def avatar(key: str) -> Markup:
    """An SVG of 100 × 100 without text, hidden from screen readers: the name stands beside it."""
    digest = hashlib.sha256(f"avatar:{key}".encode()).digest()
    hue, turn, petals = digest[0] * 360 // 256, digest[1] * 90 // 256, 5 + digest[2] % 5
    wide, tall = 30 + digest[3] % 14, 12 + digest[4] % 12
    lines = "".join(
        f'<ellipse cx="50" cy="50" rx="{wide}" ry="{tall}" '
        f'transform="rotate({turn + 180 * n // petals} 50 50)"/>'
        for n in range(petals)
    )
    return Markup(  # noqa: S704 (numbers only)
        f'<svg class="pp-avatar" viewBox="0 0 100 100" aria-hidden="true">'
        f'<rect width="100" height="100" fill="hsl({hue} 45% 30%)"/>'
        f'<g fill="none" stroke="hsl({hue} 70% 82%)" stroke-width="1.2">{lines}'
        f'<circle cx="50" cy="50" r="{wide + 3}"/></g>'
        f'<circle cx="50" cy="50" r="7" fill="hsl({(hue + 40) % 360} 80% 65%)"/></svg>'
    )
