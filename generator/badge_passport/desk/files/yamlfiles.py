"""Changing one record in a file that people wrote: the rest stays as it is, comments included."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

from badge_passport.source import parquet
from badge_passport.source import yaml as ours


class EditError(Exception):
    """A file that cannot be changed without changing more; the message is one plain sentence."""


def text_of(data: bytes) -> str:
    """The text of a file.

    Raises:
        EditError: it is a Parquet table.
    """
    if parquet.is_table(data):
        raise EditError("it is a Parquet table, which is made anew by whoever makes it")
    return data.decode("utf-8")


def edit(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A YAML file after ``change``, which gets the value of the file and changes it in place.

    Our own reader must find in the new file what ``change`` makes of the value it found in the old one:
    two parsers differ on a few texts, and nothing that was published may change by that.

    Raises:
        EditError: the file is no YAML, or holds something that would not stay as it is.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    text = text_of(data)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    keep = yaml.representer.ignore_aliases
    # A day that stands twice is no reason for an anchor; those that people wrote stay.
    yaml.representer.ignore_aliases = lambda data: isinstance(data, datetime.date) or keep(data)
    expected, problems = ours.load(text, "")
    try:
        value = yaml.load(text)
        if problems or value is None:
            raise EditError("the file has mistakes; mend them first")
        change(value)
        out = io.StringIO()
        yaml.dump(value, out)
    except YAMLError:
        raise EditError("the file has mistakes; mend them first") from None
    change(expected)
    found, problems = ours.load(out.getvalue(), "")
    if problems or found != _values(expected):
        raise EditError("the file is written in a way that this change would not keep")
    return out.getvalue().encode("utf-8")


def put(value: Any, key: str, new: Any) -> None:
    """Set a key of a mapping; a mapping or a list that only grows keeps its look and its comments."""
    old = value.get(key)
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [name for name in old if name not in new]:
            take(old, name)
        old.update(new)
    elif isinstance(old, list) and isinstance(new, list) and len(new) > len(old):
        old.extend(_like(old[-1] if old else None, item) for item in new[len(old) :])
    else:
        value[key] = new


def _like(other: Any, new: Any) -> Any:
    """A mapping written as another is, on one line or on several."""
    if not (isinstance(new, dict) and hasattr(other, "fa")):
        return new
    made = type(other)(new)
    if other.fa.flow_style():
        made.fa.set_flow_style()
    return made


def take(value: Any, key: str) -> None:
    """Take a key out of a mapping; comments on lines of their own after it stay, before the next key."""
    keys = list(value)
    if key not in keys:
        return
    after = keys[keys.index(key) + 1 :]
    token = value.ca.items.get(key, [None] * 3)[2] if hasattr(value, "ca") else None
    value.pop(key)
    if token is None or not after:
        return
    lines = [line.strip() for line in token.value.split("\n")[1:]]
    kept = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines if line)
    if kept:
        value.yaml_set_comment_before_after_key(after[0], before=kept)


def _values(value: Any) -> Any:
    """The value as our reader gives it: dates are texts there."""
    if isinstance(value, dict):
        return {key: _values(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_values(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
