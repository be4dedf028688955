"""YAML 1.2 core schema, read from the C parser's event stream into plain Python values.

PyYAML's own constructors build an object for every node (8 times slower) and follow YAML 1.1, where
``no`` is false and ``2019-06-18`` a date. Here only the JSON types come out; dates stay text until the
model parses them. Keys are always text. Positions are not kept: `locate` composes a file again when, and
only when, something in it must be pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml import events

from badge_passport.diagnostics import Diagnostic, Keys, Span
from badge_passport.source.yamlmistakes import mistake

MAX_DEPTH = 32
MAX_SCALAR = 100_000  # characters
MAX_ALIASED = 10_000  # nodes that aliases may stand for, all together
MAX_KEYS = 10_000  # of a mapping
MAX_ITEMS = 10_000  # of a list, but for the awards of a cohort
MAX_RECORDS = 1_000_000  # of those

_INT = re.compile(r"[-+]?[0-9]+\Z")
_ZEROS = re.compile(r"[-+]?0[0-9]")
_OCT_HEX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_PLAIN_START = frozenset("-+.0123456789")
_MISSING = object()
_DEEP = f"lists and mappings are nested more than {MAX_DEPTH} deep here"
_DEEP_HELP = "no record of a site needs this; check the brackets and the indentation."
_MANY = "no record of a site needs so many; for very many awards use several files, or a table."


class _Stop(Exception):
    def __init__(self, code: str, message: str, mark: Any, help_: str) -> None:
        super().__init__(message)
        self.code, self.mark, self.help = code, mark, help_


def load(text: str, file: str) -> tuple[Any, list[Diagnostic]]:
    """The value of one YAML document, with ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool``, None.

    Problems: ``yaml-syntax``, ``yaml-tag``, ``yaml-alias``, ``duplicate-key``, ``nesting-too-deep``,
    ``value-too-long``. After the first problem that is not a duplicate key the value is None.
    """
    problems: list[Diagnostic] = []
    separator = None if text.isascii() else _SEPARATOR.search(text)
    if separator is not None:
        # The C parser ends a line here (YAML 1.1), editors do not: no position after it could be told.
        span = _at(text, file, separator.start())
        return None, [
            Diagnostic(
                "control-character",
                f"this text contains the invisible character U+{ord(separator[0]):04X}",
                span,
                "delete it: it ends a line in some programs and not in others.",
            )
        ]
    try:
        return _Builder(yaml.CLoader(text), file, problems).document(), problems
    except _Stop as stop:
        problems.append(Diagnostic(stop.code, str(stop), _span(file, stop.mark), stop.help))
    except yaml.MarkedYAMLError as error:
        what = " ".join(filter(None, [error.context, error.problem]))
        if "nesting depth" in what:  # newer versions of the C parser look so far ahead that they see it first
            where = _span(file, error.problem_mark or error.context_mark)
            problems.append(Diagnostic("nesting-too-deep", _DEEP, where, _DEEP_HELP))
            return None, problems
        found = mistake(text, error)
        marks = (error.context_mark, error.problem_mark)
        mark = next(filter(None, marks if found.at_beginning else marks[::-1]), None)
        problems.append(Diagnostic("yaml-syntax", found.sentence, _span(file, mark), found.help))
    except yaml.reader.ReaderError as error:
        # The C parser counts in bytes.
        before = text.encode("utf-8")[: error.position].decode("utf-8", "ignore")
        problems.append(
            Diagnostic(
                "yaml-syntax",
                "this is not valid YAML: a character that YAML does not allow",
                _at(text, file, len(before)),
                "remove the invisible control character.",
            )
        )
    return None, problems


class _Builder:
    """One pass over the events. ``size`` counts nodes, so that aliases can be bounded before they explode."""

    def __init__(self, parser: yaml.CLoader, file: str, problems: list[Diagnostic]) -> None:
        self.next: Callable[[], Any] = parser.get_event
        self.file, self.problems = file, problems
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.aliased = 0
        self.depth = 0
        self.size = 0

    def document(self) -> Any:
        self.next()  # stream start
        if isinstance(self.next(), events.StreamEndEvent):
            return None
        value = self.value(self.next())
        self.next()  # document end
        more = self.next()
        if not isinstance(more, events.StreamEndEvent):
            raise _Stop(
                "yaml-syntax", "a second document starts here", more.start_mark, "use one file for each."
            )
        return value

    def value(self, event: Any, most: int = MAX_ITEMS) -> Any:
        self.size += 1
        kind = type(event)
        if kind is events.ScalarEvent:
            value = self.scalar(event)
            if event.anchor:
                self.anchor(event, value, 1)
            return value
        if kind is events.AliasEvent:
            return self.alias(event)
        if event.tag is not None:
            raise _tag(event)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Stop("nesting-too-deep", _DEEP, event.start_mark, _DEEP_HELP)
        before = self.size
        value = self.mapping() if kind is events.MappingStartEvent else self.sequence(most)
        if event.anchor:
            # Only now: an alias inside its own anchor would be a value without end.
            self.anchor(event, value, self.size - before + 1)
        self.depth -= 1
        return value

    def anchor(self, event: Any, value: Any, size: int) -> None:
        if event.anchor in self.anchors:
            raise _Stop(
                "yaml-alias",
                f"the anchor &{_short(event.anchor)} stands twice",
                event.start_mark,
                "write the values out.",
            )
        self.anchors[event.anchor] = (value, size)

    def sequence(self, most: int) -> list[Any]:
        items: list[Any] = []
        while type(event := self.next()) is not events.SequenceEndEvent:
            if len(items) == most:
                raise _Stop(
                    "value-too-long", f"this list has more than {most} items", event.start_mark, _MANY
                )
            items.append(self.value(event))
        return items

    def mapping(self) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        number = 0
        while type(event := self.next()) is not events.MappingEndEvent:
            number += 1  # also of a key that stands twice
            if number > MAX_KEYS:
                raise _Stop(
                    "value-too-long", f"this mapping has more than {MAX_KEYS} keys", event.start_mark, _MANY
                )
            if type(event) is not events.ScalarEvent:
                raise _Stop(
                    "yaml-syntax",
                    "a key must be plain text",
                    event.start_mark,
                    "put quotes around a key or value that starts with one of [ { * & ! | >.",
                )
            if event.tag is not None:
                raise _tag(event)
            key = event.value
            if len(key) > MAX_SCALAR:
                raise _long(event)
            if key in mapping:
                self.problems.append(
                    Diagnostic(
                        "duplicate-key",
                        f"the key “{_short(key)}” stands twice in this mapping",
                        _span(self.file, event.start_mark, event.end_mark),
                        "remove one of the two, or put both values in a list.",
                    )
                )
            records = self.depth == 1 and key == "awards"
            mapping[key] = self.value(self.next(), MAX_RECORDS if records else MAX_ITEMS)
        return mapping

    def scalar(self, event: Any) -> Any:
        text = event.value
        if len(text) > MAX_SCALAR:
            raise _long(event)
        if event.tag is not None:
            if event.tag == "tag:yaml.org,2002:str":
                return text
            raise _tag(event)
        return resolve(text) if event.implicit[0] else text

    def alias(self, event: Any) -> Any:
        value, size = self.anchors.get(event.anchor, (_MISSING, 0))
        if value is _MISSING:
            raise _Stop(
                "yaml-alias",
                f"the alias *{_short(event.anchor)} stands for nothing that is finished before it",
                event.start_mark,
                "write the value out.",
            )
        self.aliased += size
        self.size += size
        if self.aliased > MAX_ALIASED:
            raise _Stop(
                "yaml-alias",
                f"aliases repeat more than {MAX_ALIASED} values in this file",
                event.start_mark,
                "write the values out.",
            )
        return value


def _long(event: Any) -> _Stop:
    return _Stop(
        "value-too-long",
        f"this text has {len(event.value)} characters; {MAX_SCALAR} is the most",
        event.start_mark,
        "shorten it, or move it to a Markdown page.",
    )


def resolve(text: str) -> Any:
    """The value of a plain scalar under the YAML 1.2 core schema (section 10.3.2), but for one thing.

    ``0123`` stays a text. Whoever writes the nought means it: it is a name or a code, and the number 123 may
    be somebody else's. Where a number is wanted the model takes it for one.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _PLAIN_START or len(text) > 40:
        return text
    if _INT.match(text):
        return text if _ZEROS.match(text) else int(text)
    if _OCT_HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    return text


def locate(text: str, file: str, path: Keys, *, key: bool = False) -> Span:
    """The span of the value at ``path`` (of its key with ``key``), or of the nearest thing around it."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return Span(file)
    return locate_node(node, file, path, key=key)


def locate_node(node: Any, file: str, path: Keys, *, key: bool = False) -> Span:
    """Like `locate`, in a tree of nodes that has been composed already."""
    found_key = None
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == str(step)]
            if not pairs:
                break
            found_key, node = pairs[-1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found_key, node = None, node.value[step]
        else:
            break
    if key and found_key is not None:
        node = found_key
    if node is None:
        return Span(file)
    if not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        # A block collection is best pointed at by its first line.
        first = node.value[0][0] if isinstance(node, yaml.MappingNode) else node.value[0]
        return _span(file, first.start_mark, first.end_mark)
    return _span(file, node.start_mark, node.end_mark)


def _span(file: str, start: Any, end: Any = None) -> Span:
    if start is None:
        return Span(file)
    end_column = end.column + 1 if end is not None and end.line == start.line else start.column + 2
    return Span(file, start.line + 1, start.column + 1, max(end_column, start.column + 2))


def _at(text: str, file: str, position: int) -> Span:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return Span(file, line, column, column + 1)


def _tag(event: Any) -> _Stop:
    return _Stop(
        "yaml-tag",
        f"the tag {_short(event.tag.replace('tag:yaml.org,2002:', '!!'))} is not used in a site",
        event.start_mark,
        "remove the word that starts with an exclamation mark, or put the text in quotes.",
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
