"""Charts as SVG, drawn at build: bars, and bars made of parts. Pure functions from numbers to safe markup.

A chart is a picture with a name and a description; the numbers themselves are in a table beside it. Colours
are classes of the theme (``pp-bar``, ``pp-bar--1`` …), so that it follows light and dark. It is drawn 360
units wide, the narrowest screen, with every label in a line of its own: nothing is cut off but long labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

WIDTH = 360
_LINE, _BAR, _GAP = 18, 12, 14
_LABEL = 44  # characters of a label
_COLUMNS = 140  # height of columns


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled number: ``value`` is drawn, ``shown`` is written."""

    label: str
    value: int
    shown: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A labelled sum of parts, in the order of the legend."""

    label: str
    parts: tuple[int, ...]
    shown: str


def bars(title: str, description: str, items: Sequence[Bar], *, key: str, rtl: bool = False) -> Markup:
    """Horizontal bars, one below the other; ``key`` is a word that no other chart of the page has."""
    most = max((item.value for item in items), default=0) or 1
    rows = [
        _row(number, item.label, item.shown, [(0.0, item.value / most, "pp-bar")], rtl)
        for number, item in enumerate(items)
    ]
    return _picture(title, description, Markup("").join(rows), len(items) * (_LINE + _BAR + _GAP), key, rtl)


def stacked(title: str, description: str, items: Sequence[Stack], *, key: str, rtl: bool = False) -> Markup:
    """Horizontal bars of parts; part 1 is drawn as ``pp-bar--1``, as the legend of the page shows it."""
    most = max((sum(item.parts) for item in items), default=0) or 1
    rows = []
    for number, item in enumerate(items):
        start, parts = 0, []
        for kind, value in zip(count(1), item.parts, strict=False):
            if value:
                parts.append((start / most, value / most, f"pp-bar--{kind}"))
            start += value
        rows.append(_row(number, item.label, item.shown, parts, rtl))
    return _picture(title, description, Markup("").join(rows), len(items) * (_LINE + _BAR + _GAP), key, rtl)


def columns(title: str, description: str, items: Sequence[Bar], *, key: str, rtl: bool = False) -> Markup:
    """Upright columns along time, the first and the last labelled, and the highest with its number."""
    most = max((item.value for item in items), default=0) or 1
    step = WIDTH / max(1, len(items))
    foot = _LINE + _COLUMNS
    drawn = []
    for number, item in enumerate(items):
        high = item.value / most * _COLUMNS
        drawn.append(
            Markup(
                '<rect class="pp-bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
            ).format(
                _n(_x(number * step + step * 0.1, step * 0.8, rtl)),
                _n(foot - high),
                _n(step * 0.8),
                _n(high),
                f"{item.label}: {item.shown}",
            )
        )
    drawn.append(Markup('<path class="pp-axis" d="M0 {0}H{1}"/>').format(foot, WIDTH))
    labels = {0: "start", len(items) - 1: "end"} if len(items) > 1 else {0: "start"}
    for number, anchor in labels.items():
        if items:
            far = anchor == "end"
            at = (0 if far else WIDTH) if rtl else (WIDTH if far else 0)
            drawn.append(_text(at, foot + _LINE, items[number].label, anchor))
    if items:
        top = max(items, key=lambda item: item.value)
        middle = items.index(top) * step + step / 2
        # A number at the edge stays inside the picture.
        middle = min(max(WIDTH - middle if rtl else middle, 24), WIDTH - 24)
        drawn.append(_text(middle, 12, top.shown, "middle"))
    return _picture(title, description, Markup("").join(drawn), foot + _LINE + 8, key, rtl)


def _row(number: int, label: str, shown: str, parts: Sequence[tuple[float, float, str]], rtl: bool) -> Markup:
    top = number * (_LINE + _BAR + _GAP)
    start, end = (WIDTH, 0) if rtl else (0, WIDTH)
    text = label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…"
    row = _text(start, top + 13, text, "start") + _text(end, top + 13, shown, "end", "pp-graph__number")
    row += Markup('<rect class="pp-bar--none" x="0" y="{}" width="{}" height="{}"/>').format(
        top + _LINE, WIDTH, _BAR
    )
    for begin, share, name in parts:
        width = max(1.0, share * WIDTH) if share else 0.0
        row += Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            name, _n(_x(begin * WIDTH, width, rtl)), top + _LINE, _n(width), _BAR
        )
    return row


def _picture(title: str, description: str, content: Markup, height: float, key: str, rtl: bool) -> Markup:
    return Markup(
        '<svg class="pp-graph" role="img" viewBox="0 0 {w} {h}" aria-labelledby="{k}-title {k}-desc"{dir}>'
        '<title id="{k}-title">{title}</title><desc id="{k}-desc">{description}</desc>{content}</svg>'
    ).format(
        w=WIDTH,
        h=_n(max(1, height)),
        k=key,
        dir=Markup(' direction="rtl"') if rtl else "",
        title=title,
        description=description,
        content=content,
    )


def _text(x: float, y: float, text: str, anchor: str, name: str = "pp-graph__label") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        name, _n(x), _n(y), anchor, text
    )


def _x(start: float, width: float, rtl: bool) -> float:
    """Where a box begins, counted from the side where reading begins."""
    return WIDTH - start - width if rtl else start


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
