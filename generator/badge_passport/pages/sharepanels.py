"""Share panels of many pages: the template is rendered once, with holes, and filled for every page.

A panel has two dozen texts of the interface, and each costs microseconds to look up. Pages differ in
addresses and codes only, so the rest is made once for each variant that there is: with or without the link
to LinkedIn, a frame, a QR code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup, escape

from badge_passport.pages.viewmodels import Codes, Share, Target

_HOLE: Final = re.compile(r"@@share:(\d+)@@")


class SharePanels:
    """Makes panels in one language; ``render`` is ``share.html`` with the `Share` it is given."""

    def __init__(self, render: Callable[[Share], str]) -> None:
        self._render = render
        self._variants: dict[tuple[object, ...], list[str]] = {}

    def __call__(self, share: Share | None) -> Markup:
        """The panel; nothing for what is not shared."""
        if share is None:
            return Markup("")
        values = _values(share)
        variant = (share.unlisted, *(target.name for target in share.targets), *map(bool, values))
        pieces = self._variants.get(variant)
        if pieces is None:
            pieces = self._variants[variant] = _HOLE.split(self._render(_with_holes(share, values)))
        filled = [escape(values[int(p)]) if at % 2 else p for at, p in enumerate(pieces)]
        return Markup("".join(filled))  # noqa: S704 (pieces of a template, and values that are escaped)


def _values(share: Share) -> list[str]:
    """What differs from page to page, in the order of the holes."""
    codes = share.codes
    return [
        share.address,
        share.title,
        share.linkedin,
        share.mail,
        share.toot,
        share.qr,
        share.file,
        codes.frame,
        codes.html,
        codes.markdown,
        codes.signature,
        *(target.href for target in share.targets),
    ]


def _with_holes(share: Share, values: Sequence[str]) -> Share:
    """The same panel with holes for what differs; what is empty stays empty."""
    hole = [f"@@share:{number}@@" if value else "" for number, value in enumerate(values)]
    return Share(
        address=hole[0],
        title=hole[1],
        linkedin=hole[2],
        targets=[Target(t.name, h) for t, h in zip(share.targets, hole[11:], strict=True)],
        mail=hole[3],
        toot=hole[4],
        codes=Codes(*hole[7:11]),
        qr=hole[5],
        file=hole[6],
        unlisted=share.unlisted,
    )
