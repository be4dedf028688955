"""Templates are rendered once for all models of a shape, and filled in for each.

Two models have the same *shape* if they differ in nothing but texts that are there in both: the same classes,
lists as long, the same numbers and choices. `Shaped` renders the first as it is, the second with a `Hole`
in the place of every text, and cuts the result at the holes; all that follow are filled in, each text escaped
where the template escaped its hole. A template that computes with a text (asks for its length or a part,
compares it) cannot be filled, and a hole says so: then every model of that shape is rendered as it is. What a
shape makes of its first model is compared with what the template makes of it.

A text that a template chooses by is declared as `Literal` in its model, and belongs to the shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from operator import attrgetter, itemgetter
from typing import Any, Final, Literal, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from markupsafe import Markup, escape

MOST: Final = 4096
"""Shapes that are remembered of one template."""
MOST_KEPT: Final = 50_000
"""Parts of models that are remembered; a badge has some ten."""
V = TypeVar("V")

# A private character and letters of both cases: whatever is done to a hole, it does not stay as it was. The
# angle tells whether it was escaped.
_OPEN: Final = "\ue000"
_HOLE: Final = re.compile(_OPEN + r"xY([0-9]+)(<|&lt;)\ue001")
_LEFT: Final = re.compile(_OPEN + r"|\ue001|%EE%80%8[01]|\\ue00[01]|&#(57344|57345|x[eE]00[01]);")


class Computed(Exception):
    """A template computes with a text, so that other texts would not just take its place."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function from text to text for templates; those of equal ``shape`` may differ in results only."""

    call: Callable[[str], str]
    shape: object = None

    def __call__(self, text: str) -> str:
        return self.call(text)


_compiling: Final[list[Shaped]] = []


class Shaped:
    """What ``render`` makes of its arguments: views, texts, numbers, lists of these, and `Function`s."""

    def __init__(self, render: Callable[..., str]) -> None:
        self._render = render
        self._known: dict[tuple[object, ...], _Filled | bool] = {}  # True: seen once, False: never filled

    def __call__(self, *arguments: object) -> Markup:
        """The same as ``render``, as safe HTML."""
        if _compiling:
            return Markup(self._render(*arguments))  # noqa: S704 (part of what is being compiled)
        key, values, functions = _shape_of(arguments)
        known = self._known.get(key)
        if isinstance(known, _Filled):
            return Markup(known.fill(values, functions))  # noqa: S704 (escaped where the template escapes)
        return Markup(self._made(arguments, key, values, functions))  # noqa: S704 (what the template made)

    def encoded(self, *arguments: object) -> bytes:
        """The same in UTF-8; of what is filled in, only the texts have to be encoded."""
        key, values, functions = _shape_of(arguments)
        known = self._known.get(key)
        if isinstance(known, _Filled):
            return known.encoded(values, functions)
        return self._made(arguments, key, values, functions).encode("utf-8")

    def _made(
        self,
        arguments: Sequence[object],
        key: tuple[object, ...],
        values: list[str],
        functions: Sequence[Function],
    ) -> str:
        """What ``render`` makes; the second time that a shape is seen, it is learnt."""
        made = self._render(*arguments)
        seen = self._known.get(key)
        if seen is None:
            if len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            self._known[key] = True
        elif seen:
            self._known[key] = self._compiled(arguments, len(values)) or False
            filled = self._known[key]
            if isinstance(filled, _Filled) and filled.fill(values, functions) != made:
                self._known[key] = False
        return made

    def _compiled(self, arguments: Sequence[object], number: int) -> _Filled | None:
        holes = _Holes(number)
        _compiling.append(self)
        try:
            made = self._render(*(holes.put(argument) for argument in arguments))
            return _cut(made, number, holes.derived)
        except Computed:
            return None
        finally:
            _compiling.pop()


@dataclass(slots=True)
class _Filled:
    """``_format`` with the values that ``_pick`` picks of: the texts, what functions make of some of them,
    those of both that are to be escaped.
    """

    _format: str
    _pick: Callable[[Sequence[str]], tuple[str, ...]]
    _derived: tuple[tuple[int, int], ...]
    _escaped: tuple[int, ...]
    _data: bytes = b""  # the format in UTF-8, once that is asked for

    def fill(self, values: list[str], functions: Sequence[Function]) -> str:
        return self._format % self._picked(values, functions)

    def encoded(self, values: list[str], functions: Sequence[Function]) -> bytes:
        if not self._data:
            self._data = self._format.encode("utf-8")
        return self._data % tuple([text.encode("utf-8") for text in self._picked(values, functions)])

    def _picked(self, values: list[str], functions: Sequence[Function]) -> tuple[str, ...]:
        for function, at in self._derived:
            values.append(functions[function].call(values[at]))
        return self._pick([*values, *_escaped([values[at] for at in self._escaped])])


def _escaped(values: list[str]) -> list[str]:
    """Texts as HTML; all in one call, because each takes longer than what it does."""
    escaped = str(escape("\0".join(values))).split("\0")
    return escaped if len(escaped) == len(values) else [str(escape(value)) for value in values]


def _two_of_nothing(_: Sequence[str]) -> tuple[str, ...]:
    return "", ""


def _cut(made: str, number: int, derived: Sequence[tuple[int, int]]) -> _Filled:
    pieces = _HOLE.split(made)
    literals = pieces[::3]
    if any(_LEFT.search(piece) for piece in literals):
        raise Computed
    holes = [(int(at), angle != "<") for at, angle in zip(pieces[1::3], pieces[2::3], strict=True)]
    escaped = sorted({at for at, is_escaped in holes if is_escaped})
    place = {at: number + len(derived) + rank for rank, at in enumerate(escaped)}
    picked = [place[at] if is_escaped else at for at, is_escaped in holes]
    # Two more, which print nothing, because one alone would be picked as itself.
    pick = itemgetter(*picked, 0, 0) if number else _two_of_nothing
    text = "%s".join(piece.replace("%", "%%") for piece in literals) + "%.0s%.0s"
    return _Filled(text, pick, tuple(derived), tuple(escaped))


# --- The shape of a model -------------------------------------------------------------------------------


def _shape_of(arguments: Sequence[object]) -> tuple[tuple[object, ...], list[str], list[Function]]:
    """The shape of all arguments, their texts and functions."""
    shape: list[object] = []
    values: list[str] = []
    functions: list[Function] = []
    for argument in arguments:
        _read(argument, shape, values, functions)
    return tuple(shape), values, functions


def _read(value: Any, shape: list[object], values: list[str], functions: list[Function]) -> None:
    """Append the shape of a value to ``shape``, and its texts to ``values``."""
    kind = type(value)
    if kind is str or kind is Markup:
        if value:
            shape.append(kind)
            values.append(value)
        else:
            shape.append("")
    elif value is None or kind is bool or kind is int:
        shape.append((kind, value))
    elif (known := _kept.get(id(value))) is not None:
        shape.append(known.shape)
        values += known.values
    elif kind is list or kind is tuple:
        shape.append(len(value))
        for item in value:
            _read(item, shape, values, functions)
    elif kind is dict:
        shape.append(tuple(value))
        for item in value.values():
            _read(item, shape, values, functions)
    elif kind is Function:
        shape.append(value.shape)
        functions.append(value)
    else:
        view = _VIEWS.get(kind) or _view(kind)
        texts = view.texts(value)
        shape += (kind, *view.chosen(value), *map(type, texts))
        if all(texts):
            values += texts
        else:
            shape.append(tuple(map(bool, texts)))
            values += filter(None, texts)
        for item in view.others(value):
            _read(item, shape, values, functions)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A part of models that was read before; while it is here its ``id`` is nobody else's."""

    value: object
    shape: object
    values: list[str]


_kept: Final[dict[int, _Kept]] = {}
_shapes: Final[dict[tuple[object, ...], object]] = {}


def keep(value: V) -> V:
    """The same value, which is a part of many models, and will not be read anew for each of them."""
    shape: list[object] = []
    values: list[str] = []
    _read(value, shape, values, [])
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    # Equal shapes are one object, which is compared and hashed in no time.
    _kept[id(value)] = _Kept(value, _shapes.setdefault(tuple(shape), object()), values)
    return value


@dataclass(frozen=True, slots=True)
class _View:
    """The fields of a class of views: those that belong to the shape, texts, and others."""

    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    chosen: Callable[[Any], tuple[Any, ...]]
    texts: Callable[[Any], tuple[Any, ...]]
    others: Callable[[Any], tuple[Any, ...]]


_VIEWS: Final[dict[Any, _View]] = {}


def _view(kind: Any) -> _View:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no view: it has no shape")
    names: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name, hint in get_type_hints(kind).items():
        at = 0 if hint in (int, bool) or _is_choice(hint) else 1 if hint in (str, Markup) else 2
        names[at].append(name)
    made = _View((tuple(names[0]), tuple(names[1]), tuple(names[2])), *map(_getter, names))
    _VIEWS[kind] = made
    return made


def _is_choice(hint: object) -> bool:
    return get_origin(hint) is Literal or (bool(get_args(hint)) and all(map(_is_choice, get_args(hint))))


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    one = attrgetter(names[0])
    return lambda view: (one(view),)


class _Holes:
    """Puts a hole in the place of every text, in the order in which `_read` reads them."""

    def __init__(self, number: int) -> None:
        self._number, self._next, self._functions = number, 0, 0
        self.derived: list[tuple[int, int]] = []

    def put(self, value: Any) -> Any:
        kind = type(value)
        if kind is str or kind is Markup:
            if not value:
                return value
            self._next += 1
            return (Hole if kind is str else HtmlHole)(_text(self._next - 1))
        if kind is list or kind is tuple:
            return kind(self.put(item) for item in value)
        if kind is dict:
            return {key: self.put(item) for key, item in value.items()}
        if kind is Function:
            self._functions += 1
            return self._deferred(value, self._functions - 1)
        if not is_dataclass(kind):
            return value
        chosen, texts, others = (_VIEWS.get(kind) or _view(kind)).names
        made = object.__new__(kind)
        for name in chosen:
            object.__setattr__(made, name, getattr(value, name))
        for name in (*texts, *others):
            object.__setattr__(made, name, self.put(getattr(value, name)))
        return made

    def _deferred(self, function: Function, number: int) -> Callable[[str], str]:
        """The function, which waits for the text of a hole."""

        def call(text: str) -> str:
            if isinstance(text, (Hole, HtmlHole)):
                hole = _HOLE.fullmatch(str.__str__(text))
                if hole is None:
                    raise Computed
                self.derived.append((number, int(hole[1])))
                waiting: str = Hole(_text(self._number + len(self.derived) - 1))
                return waiting
            if _OPEN in text:
                raise Computed
            return function(text)

        return call


def _text(number: int) -> str:
    return f"{_OPEN}xY{number}<\ue001"


# --- Holes ----------------------------------------------------------------------------------------------


def _refuse(*_: object, **__: object) -> NoReturn:
    raise Computed


# What a text can do without anybody learning what it says.
_HARMLESS: Final = frozenset(
    {
        "__class__",
        "__doc__",
        "__format__",
        "__getattribute__",
        "__html__",
        "__init__",
        "__init_subclass__",
        "__new__",
        "__repr__",
        "__setattr__",
        "__delattr__",
        "__str__",
        "__subclasshook__",
        "__sizeof__",
        "__dir__",
        "__reduce__",
        "__reduce_ex__",
        "__getnewargs__",
        "__getstate__",
    }
)
_REFUSED: Final = {name: _refuse for name in dir(str) if name not in _HARMLESS}
_TRUE: Final = {"__bool__": lambda _: True}

Hole: Any = type("Hole", (str,), {**_REFUSED, **_TRUE, "__doc__": "A text that templates can only print."})
HtmlHole: Any = type(
    "HtmlHole", (Markup,), {**_REFUSED, **_TRUE, "__doc__": "Safe HTML that templates can only print."}
)
